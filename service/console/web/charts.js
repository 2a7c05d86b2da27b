// Charts: a picture (Chart.js) with its gist in words, a legend of our own, and the same numbers as a table. Colours come from the style
// sheet, and each series also has a pattern or a dash, so that none is told by colour alone.
import { h, plain, empty } from './dom.js';
import { plainTable } from './table.js';
import { count } from './format.js';

// pattern: of areas; dash and point: of lines. The colours are the style sheet's --fill-NAME.
const styles = {
  answered: {},
  refused: { pattern: 'stripes' },
  errors: { pattern: 'cross' },
  critical: {},
  warning: { pattern: 'stripes' },
  info: { pattern: 'dots' },
  accepted: {},
  overridden: { pattern: 'stripes' },
  shown: { dash: [], point: 'circle' },
  p50: { dash: [], point: 'circle' },
  p95: { dash: [7, 4], point: 'triangle' },
  p99: { dash: [2, 3], point: 'rect' },
};

const live = new Set();
addEventListener('themechange', () => live.forEach((one) => one.paint()));

// A colour as the page has it now; the probe settles variables and light-dark().
function colours() {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const read = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const all = Object.fromEntries(
    ['ink', 'soft', 'line', 'surface', ...Object.keys(styles).map((name) => `fill-${name}`)].map((name) => [name, read(name)]),
  );
  probe.remove();
  return all;
}

const strokes = {
  stripes: [
    [-2, 2, 2, -2],
    [-2, 10, 10, -2],
    [6, 10, 10, 6],
  ],
  cross: [
    [0, 0, 8, 8],
    [8, 0, 0, 8],
  ],
};

// An area: the colour, and over it the pattern in the colour of what lies behind.
function fill(name, colour) {
  const { pattern } = styles[name];
  if (!pattern) return colour[`fill-${name}`];
  const tile = Object.assign(document.createElement('canvas'), { width: 8, height: 8 });
  const pen = tile.getContext('2d');
  pen.fillStyle = colour[`fill-${name}`];
  pen.fillRect(0, 0, 8, 8);
  pen.fillStyle = pen.strokeStyle = colour.surface;
  pen.lineWidth = 1.4;
  for (const [x, y, toX, toY] of strokes[pattern] ?? []) {
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(toX, toY);
    pen.stroke();
  }
  if (pattern === 'dots')
    for (const [x, y] of [
      [2, 2],
      [6, 6],
    ])
      pen.fillRect(x - 0.8, y - 0.8, 1.6, 1.6);
  return pen.createPattern(tile, 'repeat');
}

// A line without neighbours would not be seen without its point.
const lonely = (data, index) => data[index - 1] === null && data[index + 1] === null;

function dataset(series, values, colour) {
  const paint = colour[`fill-${series.style}`];
  const common = { label: series.name, data: values };
  if (series.line === undefined)
    return {
      ...common,
      type: 'bar',
      backgroundColor: fill(series.style, colour),
      stack: 'all',
      maxBarThickness: 28,
      borderRadius: 2,
      order: 2,
    };
  const { dash, point } = styles[series.style];
  const radius = ({ dataIndex }) => (values.length <= 32 ? 2.5 : lonely(values, dataIndex) ? 2 : 0);
  return {
    ...common,
    type: 'line',
    borderColor: paint,
    backgroundColor: paint,
    borderDash: dash,
    borderWidth: 2,
    pointStyle: point,
    pointRadius: radius,
    tension: 0.2,
    order: 1,
  };
}

const font = () => ({ family: getComputedStyle(document.body).fontFamily, size: 12 });

// Two lines of what there is little room for.
function narrow(text) {
  const at = text.length > 17 ? text.lastIndexOf(' ', 17) : -1;
  const lines = at > 0 ? [text.slice(0, at), text.slice(at + 1)] : [text];
  return lines.map((line) => (line.length > 18 ? `${line.slice(0, 17)}…` : line));
}

// Names at length where there is room for them.
const isWide = (chart) => chart.width > 640;
const nameOf = (full) =>
  function name(index) {
    return isWide(this.chart) ? plain(full[index]) : narrow(this.getLabelForValue(index));
  };

function axes({ sideways, stacked, format }, { full, sparse }, colour) {
  const ticks = { color: colour.soft, font: font() };
  const names = {
    stacked,
    grid: { display: false },
    border: { color: colour.line },
    ticks: {
      ...ticks,
      ...(sideways ? { callback: nameOf(full) } : {}),
      maxRotation: 0,
      autoSkip: !sideways && !sparse,
      autoSkipPadding: 16,
    },
  };
  const numbers = {
    stacked,
    beginAtZero: true,
    grid: { color: colour.line },
    border: { display: false },
    ticks: { ...ticks, maxTicksLimit: 6, callback: (value) => format(value), ...(format === count ? { precision: 0 } : {}) },
  };
  return sideways ? { x: numbers, y: names } : { x: names, y: numbers };
}

function tooltip(spec, full, colour) {
  return {
    backgroundColor: colour.ink,
    titleColor: colour.surface,
    bodyColor: colour.surface,
    titleFont: { ...font(), weight: 600 },
    bodyFont: font(),
    padding: 10,
    cornerRadius: 6,
    filter: ({ raw }) => raw !== null,
    callbacks: {
      title: ([first]) => (first ? full[first.dataIndex] : ''),
      label: ({ dataset: { label }, raw }) => ` ${label}: ${spec.format(raw)}`,
    },
  };
}

const settings = (spec, data, full) => {
  const colour = colours();
  return {
    data: { labels: data.labels.map(plain), datasets: spec.series.map((series, index) => dataset(series, data.values[index], colour)) },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      indexAxis: spec.sideways ? 'y' : 'x',
      interaction: { mode: 'index', axis: spec.sideways ? 'y' : 'x', intersect: false },
      scales: axes(spec, { ...data, full }, colour),
      plugins: { legend: { display: false }, tooltip: tooltip(spec, full, colour) },
    },
  };
};

const legend = (spec, totals) =>
  h(
    'ul',
    { class: 'legend' },
    spec.series.map(({ name, style }, index) =>
      h(
        'li',
        {},
        h('span', { class: `swatch swatch-${style}`, 'aria-hidden': 'true' }),
        name,
        totals ? h('span', { class: 'legend-number' }, spec.format(totals[index])) : null,
      ),
    ),
  );

// The numbers; so many rows scroll in a box that the keyboard reaches.
function numbers(spec, data, full) {
  const first = { label: spec.first, cell: (row) => full[row] };
  const columns = [
    first,
    ...spec.series.map(({ name }, index) => ({ label: name, numeric: true, cell: (row) => spec.format(data.values[index][row]) })),
  ];
  return h(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `Numbers of: ${spec.title}` },
    plainTable(
      spec.title,
      columns,
      full.map((_, row) => row),
    ),
  );
}

// spec: title, first (heading of the names), series [{name, style, line}], format, sideways, stacked.
// update({labels, full, sparse, values, gist, totals, empty}): values by series; full are the names at length, where they differ from the
// labels; sparse: labels are left out by hand; empty is said instead of a chart. It keeps what the reader opened. close() when the page goes.
export function chart(spec) {
  const canvas = h('canvas', { role: 'img' });
  const frame = h('div', { class: 'canvas' }, canvas);
  const gist = h('p', { class: 'gist' });
  const key = h('div');
  const table = h('div');
  const details = h('details', { class: 'numbers' }, h('summary', {}, 'Numbers as a table'), table);
  const body = h('div', { class: 'chart-body' });
  const element = h('section', { class: 'panel chart' }, h('h2', {}, spec.title), gist, body);
  let drawn = null;
  let last = null;

  const paint = () => {
    if (!last || last.empty) return;
    const { data, options } = settings(spec, last, last.full ?? last.labels);
    if (spec.sideways) frame.style.blockSize = `${last.labels.length * 34 + 40}px`;
    if (!drawn) drawn = new Chart(canvas, { type: 'bar', data, options });
    else Object.assign(drawn, { data, options }).update('none');
  };
  const update = (data) => {
    last = data;
    gist.textContent = plain(data.gist);
    gist.hidden = Boolean(data.empty);
    if (data.empty) return body.replaceChildren(empty(data.empty));
    if (!frame.isConnected) body.replaceChildren(key, frame, details);
    canvas.setAttribute('aria-label', plain(`${spec.title}. ${data.gist}`));
    key.replaceChildren(legend(spec, data.totals));
    const scrolled = table.firstChild?.scrollTop ?? 0;
    table.replaceChildren(numbers(spec, data, data.full ?? data.labels));
    table.firstChild.scrollTop = scrolled;
    paint();
  };
  const close = () => {
    live.delete(one);
    drawn?.destroy();
  };
  const one = { element, update, paint, close };
  live.add(one);
  return one;
}
