// Every rule and what becomes of its cards.
import { empty, h } from '../dom.js';
import { count, nothing, plural, share } from '../format.js';
import { icon } from '../icons.js';
import { load } from '../load.js';
import { chip, choice, heading, shareBar, statusChip } from '../parts.js';
import { askedFor, figures, kept, noStore, spans } from '../rule_figures.js';
import { sortableTable } from '../table.js';

export const title = 'Rules';

const ruleLink = ({ rule }) =>
  h(
    'a',
    { href: `#/rules/${encodeURIComponent(rule.rule)}`, class: 'rule-link' },
    h('span', { class: 'rule-code' }, rule.rule),
    h('span', {}, rule.title),
  );
const ruleCell = (row) =>
  h(
    'span',
    { class: 'rule-cell' },
    ruleLink(row),
    row.rule.flagged ? chip('warning', 'flag', 'Often overridden') : null,
    statusChip(row.rule.status),
  );
const counted = (label, name) => ({ label, numeric: true, value: (row) => row[name], cell: (row) => count(row[name]) });

const columns = [
  { label: 'Rule', value: ({ rule }) => rule.rule, cell: ruleCell },
  { label: 'Version', value: ({ versions }) => versions, cell: ({ versions }) => versions || nothing },
  counted('Shown', 'shown'),
  counted('Accepted', 'accepted'),
  counted('Overridden', 'overridden'),
  {
    label: 'Overridden share',
    numeric: true,
    value: ({ share: value }) => value,
    cell: ({ rule, share: value }) => shareBar(value, rule.flagged),
  },
  counted('Unanswered', 'unanswered'),
];

const rowOf = (rule) => ({ rule, ...figures(rule), versions: rule.versions.map(({ version }) => version).join(', ') });
const matches = ({ rule }, words) =>
  words.every((word) => `${rule.rule} ${rule.id} ${rule.title} ${rule.flagged ? 'often overridden' : ''}`.toLowerCase().includes(word));

// How often data were missing is worth a look, though it is no rule.
const otherCards = (others) => {
  const said = others.map(({ title: name, shown }) => `“${name}” was shown ${plural(shown, 'time')}`);
  return said.length ? ` Cards of no single rule are not in the table: ${said.join(', ')}.` : null;
};

function listing(area, { rules, overridePercent, others = [] }) {
  const rows = rules.map(rowOf);
  if (!rows.length) return area.append(empty('There is no rule, and none has shown a card in this time.'));
  const table = sortableTable('Rules and what became of their cards', columns, kept.order);
  const found = h('p', { class: 'soft small', role: 'status' });
  const noMatch = empty('No rule matches the filter.');
  const filter = () => {
    const words = kept.filter.toLowerCase().split(/\s+/).filter(Boolean);
    const some = rows.filter((row) => matches(row, words));
    table.show(some);
    noMatch.hidden = some.length > 0;
    table.element.hidden = some.length === 0;
    found.textContent =
      some.length === rows.length ? plural(rows.length, 'rule') : `${count(some.length)} of ${plural(rows.length, 'rule')}`;
  };
  const box = h('input', { type: 'search', id: 'filter', autocomplete: 'off', oninput: () => ((kept.filter = box.value), filter()) });
  box.value = kept.filter;
  area.append(
    h('div', { class: 'table-tools' }, h('div', { class: 'field field-inline' }, h('label', { for: 'filter' }, 'Filter'), box), found),
    h('div', { class: 'panel panel-table' }, table.element, noMatch),
    h(
      'p',
      { class: 'soft small' },
      '“Often overridden” marks a rule with at least 20 answered cards of which more than ',
      `${share(overridePercent / 100)} were overridden. The share is of answered cards.`,
      otherCards(others),
    ),
  );
  filter();
}

const download = (text, query) => h('a', { class: 'button', href: `/api/export?${query}`, download: true }, icon('download'), text);

function exports_({ roles = [] }) {
  const rows = roles.includes('export')
    ? [download('Rows, CSV', `format=csv&days=${kept.days}`), download('Rows, NDJSON', `format=ndjson&days=${kept.days}`)]
    : h('p', { class: 'soft' }, 'Rows need the role “export”, which your user does not have.');
  return h(
    'section',
    { class: 'panel' },
    h('h2', {}, 'Export'),
    h(
      'div',
      { class: 'two' },
      h(
        'div',
        {},
        h('h3', {}, 'Counts, de-identified'),
        h('p', { class: 'soft' }, 'By rule, version, outcome, reason, client and month, for 12 months. Cells under 11 are suppressed.'),
        h(
          'div',
          { class: 'buttons' },
          download('Counts, CSV', 'format=csv&months=12&deidentified=true'),
          download('Counts, NDJSON', 'format=ndjson&months=12&deidentified=true'),
        ),
      ),
      h(
        'div',
        {},
        h('h3', {}, 'A row for each card'),
        h(
          'p',
          { class: 'soft' },
          `What was shown and answered in ${spans.find(([days]) => days === kept.days)[1]}. Handle it as patient data.`,
        ),
        h('div', { class: 'buttons' }, rows),
      ),
    ),
  );
}

export function open(main, { session }) {
  const area = h('div', { class: 'stack' });
  const ends = h('div');
  const draw = (answer) => {
    if (!answer.available) return area.append(empty(noStore));
    listing(area, answer);
    ends.replaceChildren(exports_(session));
  };
  const ask = () => load(area, askedFor(), draw);
  main.append(
    heading(
      title,
      choice('Time counted', 'days', spans, kept.days, (days) => ((kept.days = days), ask())),
    ),
    area,
    ends,
  );
  ask();
}
