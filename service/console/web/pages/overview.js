// How the service is doing: state, figures, the hours, the cards by rule. Asked again every half minute while somebody looks.
import { call } from '../api.js';
import { chart } from '../charts.js';
import { announce, h } from '../dom.js';
import { count, dayAndHour, hourOfDay, milliseconds, moment, plural, secondOfDay, share, sum, weekday, zone } from '../format.js';
import { icon } from '../icons.js';
import { failure } from '../load.js';
import { choice, heading, tile } from '../parts.js';
import { stateBanner } from './state.js';

export const title = 'Overview';
const refreshEvery = 30_000;

// As the reader left them.
let hours = 24;
let paused = false;

const indicators = ['critical', 'warning', 'info'];
const cardsOf = (cards) => sum(indicators.map((name) => cards?.[name]));
const part = (some, all) => (all > 0 ? some / all : NaN);

function tiles({ totals, since }) {
  const { hooks, errors, refused, notChecked, cards, quiet, latencyMs } = totals;
  const noted = (all, note) => (all > 0 ? note : null);
  const latency = (name, meaning) => tile(`Latency ${name}`, milliseconds(latencyMs?.[name]), noted(hooks, meaning));
  const byIndicator = indicators.map((name) => `${count(cards?.[name])} ${name}`).join(', ');
  return [
    tile('Hooks', count(hooks), `${plural(refused, 'refused', 'refused')}; counted since ${moment(since)}`),
    tile('Errors', count(errors), noted(hooks + errors, `${share(part(errors, hooks + errors))} of hooks failed in the service`)),
    tile('Could not check', share(part(notChecked, hooks)), noted(hooks, `${plural(notChecked, 'hook')} with a rule that lacked data`)),
    tile('Cards', count(cardsOf(cards)), noted(cardsOf(cards) + quiet, `${byIndicator}; ${count(quiet)} held back`)),
    latency('p50', 'half of the hooks are faster'),
    latency('p95', '19 of 20 are faster'),
    latency('p99', '99 of 100 are faster'),
  ];
}

// A week has the day's name at its midnight.
const labelOf = (at) => (hours === 24 ? hourOfDay(at) : new Date(at).getHours() ? '' : weekday(at));
const names = (list) => ({ sparse: hours !== 24, labels: list.map(({ at }) => labelOf(at)), full: list.map(({ at }) => dayAndHour(at)) });

// The service counts apart what it answered (hooks), what it refused and what failed: none is part of another.
function hookFigures({ hours: list, totals }) {
  const busiest = list.reduce((most, one) => (one.hooks > most.hooks ? one : most), list[0] ?? { hooks: 0 });
  if (!(totals.hooks + totals.refused + totals.errors)) return { empty: 'No hook has been called in this time.' };
  const of = (name) => list.map((one) => one[name]);
  return {
    ...names(list),
    values: [of('hooks'), of('refused'), of('errors')],
    totals: [totals.hooks, totals.refused, totals.errors],
    gist: totals.hooks
      ? `${plural(totals.hooks, 'hook')} answered, most at ${dayAndHour(busiest.at)} (${count(busiest.hooks)}).`
      : 'No hook has been answered in this time.',
  };
}

function latencyFigures({ hours: list, totals }) {
  if (!totals.latencyMs) return { empty: 'No hook has been answered in this time, so none took any.' };
  const all = (name) => list.map(({ latencyMs }) => latencyMs?.[name] ?? null);
  const slowest = Math.max(...all('p99').filter((value) => value !== null));
  const { p50, p95, p99 } = totals.latencyMs;
  return {
    ...names(list),
    values: [all('p50'), all('p95'), all('p99')],
    totals: [p50, p95, p99],
    gist: `Half take under ${milliseconds(p50)}; the slowest hour’s p99 is ${milliseconds(slowest)}.`,
  };
}

function ruleFigures({ rules }) {
  if (!rules.length) return { empty: 'No card has been sent in this time.' };
  const of = (name) => rules.map((rule) => rule[name] ?? 0);
  return {
    labels: rules.map(({ rule }) => rule),
    full: rules.map(({ rule, title: name }) => `${rule} ${name}`),
    values: indicators.map(of),
    totals: indicators.map((name) => sum(of(name))),
    gist: `${rules[0].title ? `${rules[0].rule} (${rules[0].title})` : rules[0].rule} comes most often: ${plural(sum(indicators.map((name) => rules[0][name])), 'card')}.`,
  };
}

const charts = () => ({
  hooks: chart({
    title: 'Hooks per hour',
    first: 'Hour',
    format: count,
    stacked: true,
    series: [
      { name: 'Answered', style: 'answered' },
      { name: 'Refused', style: 'refused' },
      { name: 'Errors', style: 'errors' },
    ],
  }),
  latency: chart({
    title: 'Latency per hour',
    first: 'Hour',
    format: milliseconds,
    series: ['p50', 'p95', 'p99'].map((name) => ({ name, style: name, line: true })),
  }),
  rules: chart({
    title: 'Cards by rule',
    first: 'Rule',
    format: count,
    stacked: true,
    sideways: true,
    series: [
      { name: 'Critical', style: 'critical' },
      { name: 'Warning', style: 'warning' },
      { name: 'Info', style: 'info' },
    ],
  }),
});

export function open(main) {
  const banner = h('div');
  const problem = h('div');
  const figures = h('dl', { class: 'tiles' });
  const drawn = charts();
  const body = h(
    'div',
    { class: 'stack', hidden: true },
    figures,
    h('div', { class: 'two' }, drawn.hooks.element, drawn.latency.element),
    drawn.rules.element,
    h('p', { class: 'soft small' }, `Times are in ${zone()}.`),
  );
  const loading = h('p', { class: 'loading' }, 'Loading');
  const stamp = h('span', { class: 'soft small stamp' });
  const pause = h('button', { type: 'button', class: 'button', onclick: () => ((paused = !paused), paintPause()) });
  let asked = 0;
  let last = 0;

  const paintPause = () => pause.replaceChildren(icon(paused ? 'play' : 'pause'), paused ? 'Go on refreshing' : 'Pause refreshing');
  const draw = (answer) => {
    banner.replaceChildren(stateBanner(answer.state));
    figures.replaceChildren(...tiles(answer));
    body.hidden = false;
    loading.remove();
    drawn.hooks.update(hookFigures(answer));
    drawn.latency.update(latencyFigures(answer));
    drawn.rules.update(ruleFigures(answer));
    stamp.textContent = `As of ${secondOfDay(answer.now)}`;
  };
  // An answer that was overtaken by another question is not drawn.
  const refresh = async () => {
    const mine = ++asked;
    last = Date.now();
    try {
      const answer = await call(`/api/overview?hours=${hours}`);
      if (mine !== asked || !main.isConnected) return;
      problem.replaceChildren();
      draw(answer);
    } catch (error) {
      if (error.status === undefined) throw error;
      if (mine !== asked || error.status === 401) return;
      loading.remove();
      problem.replaceChildren(failure(error, refresh));
    }
  };
  const changeHours = async (value) => {
    hours = value;
    await refresh();
    announce(`Showing the last ${hours === 24 ? '24 hours' : '7 days'}`);
  };

  main.append(
    heading(
      title,
      choice(
        'Time shown',
        'hours',
        [
          [24, '24 hours'],
          [168, '7 days'],
        ],
        hours,
        changeHours,
      ),
      pause,
      stamp,
    ),
    banner,
    problem,
    loading,
    body,
  );
  paintPause();
  refresh();
  const due = () => document.visibilityState === 'visible' && !paused && Date.now() - last >= refreshEvery;
  const tick = () => due() && refresh();
  const timer = setInterval(tick, 1000);
  document.addEventListener('visibilitychange', tick);
  return () => {
    ++asked;
    clearInterval(timer);
    document.removeEventListener('visibilitychange', tick);
    Object.values(drawn).forEach((one) => one.close());
  };
}
