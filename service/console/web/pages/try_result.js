// What Try it got: cards, then the rules with their explanations.
import { announce, empty, h } from '../dom.js';
import { drawCard } from '../card.js';
import { moment, plural } from '../format.js';
import { chip, choice, indicatorChip, indicatorOf } from '../parts.js';

const states = {
  fired: ({ indicator }) => chip(indicatorOf(indicator), indicatorOf(indicator), 'Fired'),
  'not-fired': () => chip('plain', 'none', 'Not fired'),
  'could-not-check': () => chip('warning', 'unknown', 'Could not check'),
  off: () => chip('plain', 'none', 'Switched off'),
  draft: () => chip('plain', 'info', 'Draft'),
};
const stateChip = (rule) => (Object.hasOwn(states, rule.state) ? states[rule.state](rule) : chip('plain', 'none', rule.state));

const filters = [
  ['fired', 'Fired'],
  ['could-not-check', 'Could not check'],
  ['all', 'All'],
];
const none = { all: 'There are no rules.', fired: 'No rule fired.', 'could-not-check': 'Every rule could be checked.' };
let filter = 'fired';

function drawRule(rule) {
  const summary = h(
    'summary',
    {},
    h('span', { class: 'rule-name' }, h('span', { class: 'rule-code' }, rule.rule), ' ', rule.title),
    stateChip(rule),
  );
  const row = rule.row
    ? h('p', { class: 'soft small' }, 'Row ', h('code', {}, rule.row), ' ', rule.indicator ? indicatorChip(rule.indicator) : null)
    : null;
  const text = rule.explanation
    ? h('pre', { tabindex: '0', role: 'region', 'aria-label': `Explanation of ${rule.rule}` }, rule.explanation)
    : empty('There is no explanation.');
  return h('details', { class: 'rule' }, summary, row, text);
}

function ruleList(rules) {
  const list = h('div', { class: 'rule-list' });
  const draw = () => {
    const some = rules.filter(({ state }) => filter === 'all' || state === filter);
    list.replaceChildren(...(some.length ? some.map(drawRule) : [empty(none[filter])]));
    announce(plural(some.length, 'rule'));
  };
  const labels = filters.map(([value, text]) => [
    value,
    `${text} (${value === 'all' ? rules.length : rules.filter(({ state }) => state === value).length})`,
  ]);
  draw();
  return h(
    'section',
    { class: 'panel' },
    h(
      'div',
      { class: 'panel-head' },
      h('h2', {}, 'Rules'),
      choice('Rules shown', 'rule-filter', labels, filter, (value) => ((filter = value), draw())),
    ),
    list,
  );
}

export function drawResult(area, { cards, rules, asOf }) {
  const heading = h('h2', { tabindex: '-1' }, cards.length ? plural(cards.length, 'card') : 'No cards');
  area.replaceChildren(
    h(
      'section',
      { class: 'cards' },
      h('div', { class: 'panel-head' }, heading, h('p', { class: 'soft small' }, `As of ${moment(asOf)}`)),
      cards.length
        ? h(
            'p',
            { id: 'no-effect', class: 'soft small' },
            'As an EHR would show them. Suggestions and override reasons have no effect here.',
          )
        : empty('No rule has anything to say about this patient. Choose “All” below to see why.'),
      cards.map(drawCard),
    ),
    ruleList(rules),
  );
  heading.focus();
  announce(`${plural(cards.length, 'card')}, ${plural(rules.length, 'rule')}`);
}
