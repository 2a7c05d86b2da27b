// Who calls, and what is wrong or lost in what they send.
import { empty, h, none } from '../dom.js';
import { count, moment, plural, share } from '../format.js';
import { load } from '../load.js';
import { chip, heading, panel, shareBar, tile } from '../parts.js';
import { plainTable } from '../table.js';

export const title = 'Clients';

const keyChips = {
  fresh: () => chip('good', 'good', 'Keys fresh'),
  stale: () => chip('warning', 'warning', 'Keys stale: last known ones used'),
  none: () => chip('critical', 'critical', 'No keys: calls are refused'),
};

// Every reason of the log, in plain words.
const reasonWords = {
  noToken: 'No token',
  malformedToken: 'Malformed token',
  algorithm: 'Algorithm not allowed',
  unknownIssuer: 'Unknown issuer',
  audience: 'Token is for another address',
  expired: 'Token expired or too long-lived',
  jti: 'Token without a proper jti',
  tenant: 'Unknown tenant',
  jku: 'Key address not registered',
  unknownKey: 'Key not in the key set',
  keyUnfit: 'Key does not fit the algorithm',
  signature: 'Signature does not verify',
  replayed: 'Token used before',
  beforeRestart: 'Token older than the start',
  keysUnavailable: 'Key set not available',
  replayUnavailable: 'Store of used tokens away',
  certificate: 'Not the client’s certificate',
  tooManyFailures: 'Too many failures',
  badRequest: 'Request not as it should be',
  dataMissing: 'Essential data missing',
  clientBusy: 'Too many calls at a time',
  unavailable: 'Could not be answered',
  malformed: 'HTTP request malformed',
  lengthRequired: 'No Content-Length',
  bodyTooLarge: 'Request too large',
  targetTooLong: 'Address too long',
  unsupportedType: 'Not application/json, or compressed',
  busy: 'Service busy',
  internalError: 'Service failed',
};
const words = (reason) => (Object.hasOwn(reasonWords, reason) ? reasonWords[reason] : reason);

function callChip(silent, lastCall) {
  if (silent) return chip('warning', 'warning', lastCall ? 'Silent: no call for 24 hours' : 'Silent: no call yet');
  return lastCall ? chip('good', 'good', 'Calling') : chip('plain', 'info', 'No call yet');
}

function chips({ silent, pilot, keys, lastCall }) {
  return [
    callChip(silent, lastCall),
    Object.hasOwn(keyChips, keys) ? keyChips[keys]() : null,
    pilot ? chip('plain', 'info', 'Pilot: cards are counted, not sent') : null,
  ];
}

const calls = { label: 'Calls', numeric: true, cell: (row) => count(row.calls) };
const list = (name, columns, rows, otherwise) =>
  h('section', {}, h('h3', {}, name), rows.length ? plainTable(name, columns, rows) : none(otherwise));
const errors = (rows) =>
  list(
    'Refused or failed, by reason',
    [
      { label: 'Reason', cell: ({ reason }) => words(reason) },
      { label: 'Calls', numeric: true, cell: (row) => count(row.count) },
    ],
    rows,
    'None.',
  );
// Where no call has come, nothing is known to be fine.
const nothingCame = 'Nothing has come yet.';
const missing = (rows, lastCall) =>
  list(
    'Missing prefetch',
    [{ label: 'Source', cell: ({ source }) => source }, calls],
    rows,
    lastCall ? 'Everything that was asked for came.' : nothingCame,
  );
const lost = (rows, lastCall) =>
  list(
    'Codes that no rule reads',
    [{ label: 'Code', cell: ({ system, code }) => [h('code', {}, code), h('span', { class: 'soft small block' }, system)] }, calls],
    rows,
    lastCall ? 'None that at least 5 patients had.' : nothingCame,
  );

function drawClient(client) {
  const { id, lastCall, quietDays, codings = {} } = client;
  const failed = client.errors.reduce((all, one) => all + one.count, 0);
  const read = codings.all > 0 ? codings.read / codings.all : NaN;
  return h(
    'section',
    { class: 'panel client', 'aria-label': `Client ${id}` },
    h('div', { class: 'panel-head' }, h('h2', {}, id), h('div', { class: 'chips' }, chips(client))),
    h(
      'dl',
      { class: 'tiles tiles-flat' },
      tile('Last call', lastCall ? moment(lastCall) : 'None yet'),
      tile('Calls', count(client.calls)),
      tile('Refused or failed', count(failed), 'calls of any kind'),
      tile(
        'Codings read',
        codings.all > 0 ? shareBar(read) : share(NaN),
        codings.all > 0 ? `${count(codings.read)} of ${count(codings.all)}; ${count(codings.lost)} lost` : 'no coding has come',
      ),
      tile('Answered cards held back', quietDays ? `for ${plural(quietDays, 'day')}` : 'No'),
    ),
    h('div', { class: 'three' }, errors(client.errors), missing(client.missing, lastCall), lost(client.codesLost, lastCall)),
  );
}

// Refused before it was known who called.
const drawStrangers = (rows) => panel('Calls of nobody we know', errors(rows));

export function open(main) {
  const area = h('div', { class: 'stack' });
  main.append(heading(title), area);
  load(area, '/api/clients', ({ clients, since, strangers = [] }) => {
    if (clients.length) area.append(h('p', { class: 'lead' }, `${plural(clients.length, 'client')}; counted since ${moment(since)}.`));
    else area.append(empty('No client is registered, so nobody gets in. Clients are named in the configuration.'));
    area.append(...clients.map(drawClient));
    if (strangers.length) area.append(drawStrangers(strangers));
  });
}
