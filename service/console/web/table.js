// Tables: plain ones, and such as are sorted by a click or a key on a heading. On a narrow screen a row becomes a block with its headings
// beside the values (style.css); the roles keep it a table for a screen reader.
import { h } from './dom.js';

const cellClass = (column) => (column.numeric ? 'number' : undefined);

function bodyRow(columns, row) {
  const cells = columns.map((column, index) => {
    const content = h('span', { class: 'cell' }, column.cell(row));
    const attributes = { class: cellClass(column), 'data-label': column.label };
    return index === 0
      ? h('th', { scope: 'row', role: 'rowheader', ...attributes }, content)
      : h('td', { role: 'cell', ...attributes }, content);
  });
  return h('tr', { role: 'row' }, cells);
}

const make = (name, caption, headings, body) =>
  h(
    'table',
    { role: 'table', class: name },
    h('caption', { class: 'unseen' }, caption),
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, headings)),
    body,
  );

// columns: {label, numeric, cell(row)}; name: "wide" for what is too wide for a phone
export function plainTable(caption, columns, rows, name) {
  const headings = columns.map((column) => h('th', { scope: 'col', role: 'columnheader', class: cellClass(column) }, column.label));
  return make(
    name,
    caption,
    headings,
    h(
      'tbody',
      { role: 'rowgroup' },
      rows.map((row) => bodyRow(columns, row)),
    ),
  );
}

const compare = (a, b) => {
  if (a === b) return 0;
  // What is not known comes last, whichever way.
  if (a === null || a === undefined) return 1;
  if (b === null || b === undefined) return -1;
  return typeof a === 'string' ? a.localeCompare(b, 'en', { numeric: true }) : a - b;
};

export function sortRows(rows, column, down) {
  const known = (row) => column.value(row) !== null && column.value(row) !== undefined;
  const sorted = rows.filter(known).sort((a, b) => compare(column.value(a), column.value(b)) * (down ? -1 : 1));
  return [...sorted, ...rows.filter((row) => !known(row))];
}

// columns also have value(row). order: {label, down}, which is kept up to date so that a page can come back to it. show(rows) draws other rows.
export function sortableTable(caption, columns, order) {
  const body = h('tbody', { role: 'rowgroup' });
  let rows = [];
  const draw = () => {
    const column = columns.find(({ label }) => label === order.label);
    body.replaceChildren(...sortRows(rows, column, order.down).map((row) => bodyRow(columns, row)));
    headings.forEach((heading, index) => {
      if (columns[index] === column) heading.setAttribute('aria-sort', order.down ? 'descending' : 'ascending');
      else heading.removeAttribute('aria-sort');
    });
  };
  // Numbers start with the largest.
  const sortBy = ({ label, numeric }) => {
    order.down = order.label === label ? !order.down : Boolean(numeric);
    order.label = label;
    draw();
  };
  const headings = columns.map((column) =>
    h(
      'th',
      { scope: 'col', role: 'columnheader', class: cellClass(column) },
      h(
        'button',
        { type: 'button', class: 'sort', onclick: () => sortBy(column) },
        column.label,
        h('span', { class: 'sort-mark', 'aria-hidden': 'true' }),
      ),
    ),
  );
  return { element: make('wide sortable', caption, headings, body), show: (some) => ((rows = some), draw()) };
}
