// Medians, spreads and tables of what was measured.
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// Of the runs, between the lowest and the highest, as part of the median.
export const spread = (values) => `±${Math.round(((Math.max(...values) - Math.min(...values)) / 2 / median(values)) * 100)} %`;

export const fixed = (value, digits = 2) => (value === undefined || Number.isNaN(value) ? '' : value.toFixed(digits));

export const table = (head, rows) =>
  [head, head.map((_, i) => (i ? '--:' : '---')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n') + '\n';
