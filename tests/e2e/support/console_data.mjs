// What a console's service could answer: the contract's shapes with the content's own rules, and figures that are made up but the same each time.
import { readdirSync } from 'node:fs';
import { injections } from './injections.mjs';
import { readJson } from './paths.mjs';

export const now = Date.parse('2026-06-15T12:20:00Z');
const hour = 3_600_000;
const iso = (time) => new Date(time).toISOString().replace('.000', '');
// 0 to 1, the same for the same numbers.
const wave = (...numbers) => {
  const value = Math.sin(numbers.reduce((all, one, index) => all + one * (12.9898 + index * 65.233), 0.5)) * 43758.5453;
  return value - Math.floor(value);
};
const sum = (list, name) => list.reduce((all, one) => all + one[name], 0);

const ruleFiles = readdirSync(new URL('../../../cards/rules', import.meta.url)).map((name) => readJson('cards/rules', name, 'rule.json'));
const reasonNames = readJson('cards/override-reasons.json');
export const content = ruleFiles
  .map(({ id, code, title, status, version, overrideReasons = [], relatedArtifact = [], decide }) => ({
    id,
    rule: code,
    title,
    status,
    version,
    reasons: overrideReasons,
    row: decide?.[0]?.id ?? 'first',
    indicator: decide?.[0]?.indicator ?? 'info',
    evidence: relatedArtifact.map(({ label, url }) => ({ label, url: url ?? null })),
  }))
  .sort((a, b) => a.rule.localeCompare(b.rule, 'en', { numeric: true }));

function hourAt(at) {
  const time = new Date(at);
  const busy = [1, 6].includes(time.getUTCDay() % 6) ? 0.4 : 1;
  const day = Math.max(0, Math.sin(((time.getUTCHours() - 5) / 15) * Math.PI));
  const away = time.getUTCHours() === 3; // nothing is answered; what is refused or fails is counted apart
  const hooks = away ? 0 : Math.round((day * 88 + 2) * busy * (0.75 + wave(at / hour) / 2));
  const slow = 1 + wave(at / hour, 3);
  return {
    at: iso(at),
    hooks,
    errors: away ? 2 : wave(at / hour, 4) > 0.86 ? Math.round(hooks / 40) : 0,
    refused: away ? 4 : Math.round(hooks * 0.05 * wave(at / hour, 5)),
    notChecked: Math.round(hooks * 0.11 * wave(at / hour, 6)),
    cards: { critical: Math.round(hooks * 0.03), warning: Math.round(hooks * 0.11), info: Math.round(hooks * 0.06) },
    quiet: Math.round(hooks * 0.04),
    latencyMs: hooks ? { p50: 0.9 * slow, p95: 2.4 * slow, p99: 5.5 * slow + (wave(at / hour, 7) > 0.9 ? 14 : 0) } : null,
  };
}

export function overview(hours) {
  const newest = Math.floor(now / hour) * hour;
  const list = Array.from({ length: hours }, (_, index) => hourAt(newest - (hours - 1 - index) * hour));
  const cards = Object.fromEntries(
    ['critical', 'warning', 'info'].map((name) => [name, list.reduce((all, one) => all + one.cards[name], 0)]),
  );
  const totals = {
    ...Object.fromEntries(['hooks', 'errors', 'refused', 'notChecked', 'quiet'].map((name) => [name, sum(list, name)])),
    cards,
    latencyMs: { p50: 1.3, p95: 3.4, p99: 8.2 },
  };
  const rules = ['ADC-12', 'ADC-26', 'ADC-25', 'ADC-27', 'ADC-02', 'ADC-13', 'ADC-23', 'ADC-20', 'ADC-10', 'ADC-DQ'].map((code, index) => {
    const { rule, title, indicator } = content.find((one) => one.rule === code);
    const card = Math.round((cards.critical + cards.warning + cards.info) * 0.26 * 0.74 ** index);
    return {
      rule,
      title,
      critical: 0,
      warning: 0,
      info: 0,
      [indicator]: card - (index % 3 ? 0 : card >> 2),
      ...(index % 3 ? {} : { [indicator === 'info' ? 'warning' : 'info']: card >> 2 }),
    };
  });
  const state = { status: 'ok', reasons: [], feedbackStore: 'ok', replayStore: 'ok', keys: { north: 'fresh', harbour: 'fresh' } };
  return { since: '2026-06-02T06:00:00Z', now: iso(now), hours: list, totals, rules, state };
}
// Totals of a service that fails more often than it answers.
export const failing = { hooks: 3, errors: 9, refused: 5 };
export const degraded = {
  status: 'degraded',
  reasons: ['contentRefused', 'keys:harbour', 'feedbackSpooling'],
  feedbackStore: 'spooling',
  replayStore: 'ok',
  keys: { north: 'fresh', harbour: 'stale' },
};

function versionOf({ rule, reasons }, version, index, size) {
  const shown = Math.round(size * (0.2 + wave(index, 1)));
  const answered = Math.round(shown * 0.45);
  const overridden = Math.round(answered * wave(index, version.length, 2) ** 2 * 0.8);
  const given = [...reasons.map((code) => ({ code, display: reasonNames[code] })), { code: '', display: 'No reason given' }];
  let left = overridden;
  const counted = given.map((one, at) => {
    const cards = at === given.length - 1 ? left : Math.round(left * 0.5);
    left -= cards;
    return { ...one, cards };
  });
  return {
    rule,
    version,
    shown,
    quiet: Math.round(shown * 0.06),
    accepted: answered - overridden,
    overridden,
    unanswered: shown - answered,
    overrideShare: answered ? overridden / answered : null,
    reasons: counted.filter(({ cards }) => cards > 0),
  };
}

export function rules(days) {
  const weeks = Math.round(days / 7);
  const list = content.map((one, index) => {
    const size = index % 11 === 7 ? 0 : Math.round((days * 4) / (1 + (index % 9)));
    const versions = [...(index % 5 === 1 ? ['0.9.0'] : []), one.version]
      .map((version, at) => versionOf(one, version, index + at * 100, size))
      .filter(({ shown }) => shown > 0);
    const answered = sum(versions, 'accepted') + sum(versions, 'overridden');
    const trend = Array.from({ length: weeks }, (_, at) => {
      const shown = Math.round((sum(versions, 'shown') / weeks) * (0.6 + wave(index, at) * 0.8));
      return {
        week: iso(Date.parse('2026-06-15') - (weeks - 1 - at) * 168 * hour).slice(0, 10),
        shown,
        accepted: Math.round(shown * 0.2),
        overridden: Math.round(shown * 0.22),
      };
    });
    return {
      rule: one.rule,
      id: one.id,
      title: one.title,
      status: one.status,
      page: `/catalogue/${one.rule}.html`,
      evidence: one.evidence,
      versions,
      trend,
      flagged: answered >= 20 && sum(versions, 'overridden') / answered > 0.5,
    };
  });
  const others = [
    { code: 'ADC-MORE', title: 'Further findings', shown: 1 },
    { code: 'ADC-NC', title: 'Could not check', shown: days * 14 },
  ];
  return { available: true, days, overridePercent: 50, rules: list, others };
}

export const patients = {
  'bleeding-with-shock': 'Bleeding with shock',
  'data-that-cannot-be-used': 'Data that cannot be used',
  'melaena-on-aspirin': 'Melaena on aspirin',
  healthy: 'Healthy',
};
export const patientList = () => ({ patients: Object.entries(patients).map(([id, title]) => ({ id, title })) });

const explanation = ({ rule, title, row, indicator }, fires) =>
  [
    `${rule} ${title}: ${fires}`,
    `row "${row}" (${indicator})`,
    '  all of: no',
    '    anorectal-symptom (any of): yes',
    '      anorectal lesion recorded within a year: yes',
    '        - Condition/example-condition-4',
    '    haemoglobin within 7 days (newest of 7 days) below 70 g/L: no',
    'codes by code system (codings, of which known, who reads the system):',
    '  http://loinc.org: 61, 28, read by the rules',
    '',
  ].join('\n');

export function tried(patient) {
  const cards =
    patient === 'healthy'
      ? []
      : readJson('tests/golden/cards', `${patient}.json`).cards.map((card, index) => ({
          ...card,
          uuid: `00000000-0000-4000-8000-00000000000${index}`,
        }));
  const fired = new Set(cards.map(({ source }) => source.topic?.code?.replace(/^ADC(\d)/, 'ADC-$1')));
  const list = content.map((one, index) => {
    const state = fired.has(one.rule)
      ? 'fired'
      : one.status !== 'active'
        ? 'draft'
        : index % 17 === 5
          ? 'could-not-check'
          : index % 19 === 11
            ? 'off'
            : 'not-fired';
    return {
      rule: one.rule,
      title: one.title,
      state,
      ...(state === 'fired' ? { row: one.row, indicator: one.indicator } : {}),
      explanation: explanation(one, state === 'fired' ? 'fires' : 'does not fire'),
    };
  });
  return { cards, rules: list, asOf: iso(now) };
}

export const refusal = {
  error: 'refused',
  message: 'The request cannot be used.',
  faults: [
    { code: 'required', diagnostics: 'context.patientId is missing', expression: 'context.patientId' },
    { code: 'value', diagnostics: 'hookInstance is no UUID', expression: ['hookInstance'] },
  ],
};

export const clients = () => ({
  since: '2026-06-02T06:00:00Z',
  strangers: [{ reason: 'unknownIssuer', count: 7 }],
  clients: [
    {
      id: 'north',
      pilot: false,
      quietDays: 0,
      keys: 'fresh',
      lastCall: '2026-06-15T12:18:40Z',
      silent: false,
      calls: 18240,
      errors: [
        { reason: 'expired', count: 41 },
        { reason: 'signature', count: 3 },
        { reason: 'badRequest', count: 2 },
        { reason: 'dataMissing', count: 1 },
        { reason: 'unavailable', count: 1 },
      ],
      missing: [
        { source: 'laboratory', calls: 312 },
        { source: 'survey', calls: 58 },
      ],
      codesLost: [
        { system: 'http://north.example/codes/findings', code: 'STUHL-BLUT', calls: 96 },
        { system: 'http://north.example/codes/lab', code: 'HB-KAP', calls: 31 },
      ],
      codings: { all: 412800, read: 371520, lost: 9310 },
    },
    {
      id: 'harbour',
      pilot: true,
      quietDays: 14,
      keys: 'stale',
      lastCall: '2026-06-15T11:02:10Z',
      silent: false,
      calls: 1204,
      errors: [],
      missing: [],
      codesLost: [],
      codings: { all: 30110, read: 29900, lost: 12 },
    },
    {
      id: 'vale',
      pilot: true,
      quietDays: 0,
      keys: 'fresh',
      lastCall: null,
      silent: false,
      calls: 0,
      errors: [],
      missing: [],
      codesLost: [],
      codings: { all: 0, read: 0, lost: 0 },
    },
    {
      id: 'hill',
      pilot: false,
      quietDays: 0,
      keys: 'none',
      lastCall: null,
      silent: true,
      calls: 0,
      errors: [{ reason: 'keysUnavailable', count: 12 }],
      missing: [],
      codesLost: [],
      codings: { all: 0, read: 0, lost: 0 },
    },
  ],
});

// Nothing has happened yet.
export const empty = {
  overview: (hours) => {
    const { hours: list, ...usual } = overview(hours);
    const none = { hooks: 0, errors: 0, refused: 0, notChecked: 0, cards: { critical: 0, warning: 0, info: 0 }, quiet: 0, latencyMs: null };
    return {
      ...usual,
      hours: list.map(({ at }) => ({ at, ...none })),
      totals: none,
      rules: [],
      state: { ...usual.state, feedbackStore: 'none', replayStore: 'none', keys: {} },
    };
  },
  rules: () => ({ available: false }),
  patients: () => ({ patients: [] }),
  clients: () => ({ since: '2026-06-02T06:00:00Z', clients: [] }),
  tried: () => ({ cards: [], rules: [], asOf: iso(now) }),
};

// Every text that can reach the page is one of the corpus, in turn. Words that a client chooses from (states, times, numbers) stay.
const kept = new Set([
  'at',
  'since',
  'now',
  'asOf',
  'lastCall',
  'week',
  'state',
  'status',
  'indicator',
  'keys',
  'user',
  'roles',
  'type',
  'resourceType',
]);
export function poison(value, name = '', at = { next: 0 }) {
  if (Array.isArray(value)) return value.map((one) => poison(one, name, at));
  if (value && typeof value === 'object' && !(name === 'state'))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, poison(one, key, at)]));
  return typeof value === 'string' && !kept.has(name) ? injections[at.next++ % injections.length] : value;
}

// The whole corpus at once, where markdown is read.
export const hostileCards = () =>
  injections.map((text, index) => ({
    uuid: `00000000-0000-4000-8000-0000000000${10 + index}`,
    summary: text,
    detail: `**Found**\n\n- ${text}\n\n${text}`,
    indicator: index % 2 ? text : 'critical',
    source: { label: text, url: text, topic: { system: 'x', code: 'x', display: text } },
    suggestions: [{ label: text, uuid: 'x', actions: [{ type: 'create', description: text }] }],
    overrideReasons: [{ system: 'x', code: text, display: text }],
    links: [{ label: text, url: text, type: 'absolute' }],
  }));
