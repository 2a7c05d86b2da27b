// Small pictures. Each indicator and state has a shape of its own, so that none is told by colour alone.
const shapes = {
  critical: ['M5.3 1h5.400L15 5.300v5.400L10.7 15H5.300L1 10.700V5.300z', 'M8 4.300v4.400M8 11.200v.2'],
  warning: ['M8 1.5 15.2 14H.8z', 'M8 6v3.600M8 11.700v.1'],
  info: ['M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z', 'M8 7.300v4M8 4.600v.1'],
  good: ['M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z', 'M4.8 8.200l2.2 2.2 4.2-4.6'],
  none: ['M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z', 'M5 8h6'],
  unknown: ['M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z', 'M6 6.200a2 2 0 1 1 2.9 1.800c-.7.3-.9.7-.9 1.300M8 11.700v.1'],
  flag: ['M3.5 1.500v13M3.5 2.500h9l-2 3 2 3h-9'],
  sun: [
    'M8 4.800a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.400zM8 .8v1.400M8 13.800v1.400M.8 8h1.400M13.8 8h1.400M2.9 2.900l1 1M12.1 12.100l1 1M13.1 2.900l-1 1M3.9 12.100l-1 1',
  ],
  moon: ['M13.8 9.800A6.2 6.2 0 0 1 6.2 2.200a6.2 6.2 0 1 0 7.6 7.600z'],
  pause: ['M5.5 3v10M10.5 3v10'],
  play: ['M4.5 2.500v11l9-5.500z'],
  download: ['M8 1.500v8.500M4.5 7 8 10.5 11.5 7M2 13.500h12'],
  back: ['M10 3 5 8l5 5'],
};

export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  for (const d of shapes[name]) {
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}
