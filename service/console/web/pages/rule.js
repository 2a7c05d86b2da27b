// One rule: what became of its cards, why they were overridden, week by week, version by version, and what it rests on.
import { chart } from '../charts.js';
import { empty, h, link, plain } from '../dom.js';
import { count, plural, share, sum, week } from '../format.js';
import { icon } from '../icons.js';
import { load } from '../load.js';
import { choice, heading, panel, shareBar, statusChip, tile } from '../parts.js';
import { askedFor, figures, kept, noStore, reasons, spans } from '../rule_figures.js';
import { plainTable } from '../table.js';

export const title = 'Rule';

function reasonFigures(rule) {
  const list = reasons(rule);
  if (!list.length) return { empty: 'No card of this rule was overridden in this time.' };
  const all = sum(list.map(({ cards }) => cards));
  return {
    labels: list.map(({ display }) => display),
    values: [list.map(({ cards }) => cards)],
    totals: [all],
    gist: `“${list[0].display}” is the most frequent: ${count(list[0].cards)} of ${count(all)}.`,
  };
}

function weekFigures({ trend = [] }) {
  const shown = sum(trend.map((one) => one.shown));
  if (!shown) return { empty: 'No card of this rule was shown in this time.' };
  const of = (name) => trend.map((one) => one[name]);
  const first = trend[0];
  const last = trend[trend.length - 1];
  return {
    labels: trend.map((one) => week(one.week).replace(/ \d{4}$/, '')),
    full: trend.map((one) => `Week of ${week(one.week)}`),
    values: ['shown', 'accepted', 'overridden'].map(of),
    totals: ['shown', 'accepted', 'overridden'].map((name) => sum(of(name))),
    gist: `${plural(shown, 'card')} in ${plural(trend.length, 'week')}: ${count(first.shown)} in the first, ${count(last.shown)} in the last.`,
  };
}

const charts = () => [
  chart({
    title: 'Why cards were overridden',
    first: 'Reason',
    format: count,
    sideways: true,
    series: [{ name: 'Cards overridden', style: 'overridden' }],
  }),
  chart({
    title: 'Week by week',
    first: 'Week',
    format: count,
    stacked: false,
    series: [
      { name: 'Shown', style: 'shown', line: true },
      { name: 'Accepted', style: 'accepted' },
      { name: 'Overridden', style: 'overridden' },
    ],
  }),
];

const counted = (label, name) => ({ label, numeric: true, cell: (version) => count(version[name]) });
const versionColumns = [
  { label: 'Version', cell: ({ version }) => version },
  counted('Shown', 'shown'),
  counted('Held back', 'quiet'),
  counted('Accepted', 'accepted'),
  counted('Overridden', 'overridden'),
  { label: 'Overridden share', numeric: true, cell: ({ overrideShare }) => shareBar(overrideShare) },
  counted('Unanswered', 'unanswered'),
];

function versions(rule) {
  return panel(
    'Versions compared',
    rule.versions.length
      ? plainTable('Versions compared', versionColumns, rule.versions, 'wide')
      : empty('No version of this rule has shown a card in this time.'),
  );
}

function grounds({ evidence = [], page }) {
  const list = evidence.length
    ? h(
        'ul',
        { class: 'plain-list' },
        evidence.map(({ label, url }) => h('li', {}, link(label, url))),
      )
    : empty('No evidence is named.');
  return panel('Evidence', list, page ? h('p', {}, link('The rule in the catalogue', page)) : null);
}

function flagNote({ flagged }, { answered, overridden, share: value }, overridePercent) {
  if (!flagged) return null;
  return h(
    'div',
    { class: 'notice notice-warning' },
    icon('flag'),
    h(
      'p',
      {},
      h('strong', {}, 'Often overridden. '),
      `${count(overridden)} of ${plural(answered, 'answered card')} (${share(value)}) were overridden; the mark is ${share(overridePercent / 100)}. `,
      'Look at the reasons before the next version.',
    ),
  );
}

function tiles({ shown, quiet, accepted, overridden, unanswered, share: value }) {
  return h(
    'dl',
    { class: 'tiles' },
    tile('Shown', count(shown), quiet ? `${count(quiet)} more held back as already answered` : null),
    tile('Accepted', count(accepted)),
    tile('Overridden', count(overridden), `${share(value)} of those answered`),
    tile('Unanswered', count(unanswered)),
  );
}

function draw(area, drawn, answer, { of: code, setTitle }) {
  if (!answer.available) return area.append(empty(noStore));
  const rule = answer.rules.find((one) => one.rule === code);
  if (!rule) return area.append(empty(`There is no rule ${code}.`));
  const all = figures(rule);
  const name = `${code} ${rule.title}`;
  document.querySelector('h1').textContent = plain(name);
  setTitle(name);
  area.append(
    ...[
      rule.status === 'active' ? null : h('p', {}, statusChip(rule.status)),
      flagNote(rule, all, answer.overridePercent),
      tiles(all),
      h(
        'div',
        { class: 'two' },
        drawn.map(({ element }) => element),
      ),
      versions(rule),
      grounds(rule),
    ].filter(Boolean),
  );
  drawn[0].update(reasonFigures(rule));
  drawn[1].update(weekFigures(rule));
}

export function open(main, context) {
  const { of: code, setTitle } = context;
  const area = h('div', { class: 'stack' });
  const drawn = charts();
  const ask = () => load(area, askedFor(), (answer) => draw(area, drawn, answer, context));
  setTitle(`Rule ${code}`);
  main.append(
    h('p', { class: 'back' }, h('a', { href: '#/rules', class: 'with-icon' }, icon('back'), 'All rules')),
    heading(
      code,
      choice('Time counted', 'days', spans, kept.days, (days) => ((kept.days = days), ask())),
    ),
    area,
  );
  ask();
  return () => drawn.forEach((one) => one.close());
}
