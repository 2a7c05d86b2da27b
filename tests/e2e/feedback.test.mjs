// Feedback over TLS: what was shown is on the disk before the reply, feedback before its 200, each once, and what the store does wrong never
// keeps a card from a clinician.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { patient } from './support/fixtures.mjs';
import { keySet, makeSigner } from './support/jwt.mjs';
import { serviceId } from './support/paths.mjs';
import { requestFor } from './support/requests.mjs';
import { baseUrl, filesBelow, startService } from './support/service.mjs';
import { lock, select as selectFrom } from './support/sqlite.mjs';

const hook = `/cds-services/${serviceId}`;
const north = makeSigner({ issuer: 'https://north.example' });
const south = makeSigner({ issuer: 'https://south.example' });
const clients = [
  { id: 'north', issuer: north.issuer, jwks_file: 'north.json' },
  { id: 'south', issuer: south.issuer, jwks_file: 'south.json' },
];

let service;
let describe;
before(async () => {
  service = await startService({
    clients,
    signer: north,
    settings: { feedback_store: 'run/feedback.sqlite' },
    prepare: (folder) => {
      writeFileSync(join(folder, 'north.json'), keySet(north));
      writeFileSync(join(folder, 'south.json'), keySet(south));
    },
  });
  describe = await service.describe();
});
after(() => service?.stop());

const store = () => join(service.folder, 'run/feedback.sqlite');
const select = (sql) => selectFrom(store(), sql);
const cardsOf = async (name = 'severe-anaemia') => (await service.fire(requestFor(describe, patient(name)))).json().cards;
const send = (feedback, headers) => service.post(`${hook}/feedback`, JSON.stringify({ feedback }), headers);
const lastLine = () => JSON.parse(service.logs().split('\n').filter((line) => line.includes('"event":"request"')).pop());
const counts = ({ accepted, overridden, unmatched, repeated }) => ({ accepted, overridden, unmatched, repeated });
const time = '2026-06-15T12:00:00Z';
const accepted = (card) => ({ card: card.uuid, outcome: 'accepted', acceptedSuggestions: [{ id: card.suggestions[0].uuid }], outcomeTimestamp: time });
const overridden = (card) => ({ card: card.uuid, outcome: 'overridden', outcomeTimestamp: time,
  overrideReason: { reason: { system: card.overrideReasons[0].system, code: card.overrideReasons[0].code }, userComment: 'c4n4ry0comment' } });

test('what was shown is kept before the reply: rule, row and revision of every card', async () => {
  const cards = await cardsOf();
  const kept = select(`SELECT card || ' ' || rule || ' ' || hook || ' ' || client FROM shown WHERE content <> '' AND service = '${serviceId}'`);
  for (const card of cards) {
    const [line] = kept.filter((one) => one.startsWith(card.uuid));
    assert.ok(line, 'a card is not there');
    assert.ok(line.replaceAll('-', '').includes(` ${card.source.topic.code.replaceAll('-', '')} `), line);
    assert.ok(line.endsWith(`${describe.hook} north`));
  }
});

test('a batch over hook instances, accepted and overridden, counts once however often it is sent', async () => {
  const first = (await cardsOf()).find((one) => one.suggestions?.length);
  const second = (await cardsOf()).find((one) => one.overrideReasons?.length);
  assert.notEqual(first.uuid, second.uuid);
  const batch = [accepted(first), overridden(second)];
  const answer = await send(batch);
  assert.deepEqual([answer.status, answer.body], [200, '']);
  assert.deepEqual(counts(lastLine()), { accepted: 1, overridden: 1, unmatched: 0, repeated: 0 });
  assert.equal((await send([...batch, batch[0]])).status, 200);
  assert.deepEqual(counts(lastLine()), { accepted: 0, overridden: 0, unmatched: 0, repeated: 3 });
  assert.deepEqual(select(`SELECT count(*) FROM feedback WHERE card IN ('${first.uuid}', '${second.uuid}')`), ['2']);
});

test('a token for the service opens its feedback, too, and one for another address does not', async () => {
  const [card] = await cardsOf();
  const feedback = [{ card: card.uuid, outcome: 'overridden', outcomeTimestamp: time }];
  const as = (aud) => send(feedback, { authorization: `Bearer ${north.token({ aud })}` });
  assert.equal((await as(`${baseUrl}${hook}`)).status, 200);
  assert.equal((await as(`${baseUrl}${hook}/feedback`)).status, 200);
  for (const aud of [`${baseUrl}/cds-services`, baseUrl, `${baseUrl}/cds-services/anorectal-drug-safety/feedback`])
    assert.equal((await as(aud)).status, 401, aud);
  assert.equal((await send(feedback, { authorization: null })).status, 401);
  const asHook = await service.fire('{}', { authorization: `Bearer ${north.token({ aud: `${baseUrl}${hook}/feedback` })}` });
  assert.equal(asHook.status, 401, 'a token for feedback opens no hook');
});

test("feedback of another client about the same card is kept, and is nobody's", async () => {
  const [card] = await cardsOf();
  const authorization = `Bearer ${south.token({ aud: `${baseUrl}${hook}/feedback` })}`;
  assert.equal((await send([{ card: card.uuid, outcome: 'overridden', outcomeTimestamp: time }], { authorization })).status, 200);
  assert.deepEqual(counts(lastLine()), { accepted: 0, overridden: 1, unmatched: 1, repeated: 0 });
  assert.equal(lastLine().client, 'south');
  assert.deepEqual(select(`SELECT client || matched FROM feedback WHERE card = '${card.uuid}'`), ['south0']);
});

test('malformed feedback refuses the whole batch and names every fault', async () => {
  const [card] = await cardsOf();
  const good = { card: card.uuid, outcome: 'overridden', outcomeTimestamp: time };
  const answer = await send([good, { ...good, card: 'c4n4ry0comment' }, { ...good, outcome: 'accepted' }, { ...good, outcomeTimestamp: 'c4n4ry0comment' }]);
  assert.equal(answer.status, 400);
  assert.deepEqual(answer.json().issue.flatMap((one) => one.expression),
    ['Feedback.feedback[1].card', 'Feedback.feedback[2].acceptedSuggestions', 'Feedback.feedback[3].outcomeTimestamp']);
  assert.ok(!answer.body.includes('c4n4ry0comment'));
  assert.deepEqual(select(`SELECT count(*) FROM feedback WHERE card = '${card.uuid}'`), ['0']);
  assert.equal((await service.post(`${hook}/feedback`, '{"feedback":')).status, 400);
  assert.equal((await service.post(`${hook}/feedback`, ' '.repeat(1_048_577))).status, 413);
});

test('what was acknowledged outlives a kill', async () => {
  const cards = (await Promise.all(Array.from({ length: 20 }, () => cardsOf()))).flat();
  const answers = await Promise.all(cards.map((card) => send([{ card: card.uuid, outcome: 'overridden', outcomeTimestamp: time }])));
  // More at a time than one client may have are refused, and not acknowledged.
  const acknowledged = cards.filter((_, i) => answers[i].status === 200);
  assert.ok(acknowledged.length >= 10);
  await service.restart('SIGKILL');
  const kept = new Set(select('SELECT card FROM feedback'));
  assert.ok(acknowledged.every((card) => kept.has(card.uuid)));
  assert.equal((await send([{ card: acknowledged[0].uuid, outcome: 'overridden', outcomeTimestamp: time }])).status, 200);
  assert.equal(lastLine().repeated, 1);
});

test('while the store cannot be written feedback gets 503, hooks go on, and it recovers by itself', async () => {
  const [card] = await cardsOf();
  const feedback = [{ card: card.uuid, outcome: 'overridden', outcomeTimestamp: time }];
  const free = await lock(store());
  try {
    const refused = await send(feedback);
    assert.equal(refused.status, 503);
    assert.equal(refused.headers['retry-after'], '1');
    assert.equal(refused.json().resourceType, 'OperationOutcome');
    assert.ok((await cardsOf()).length > 0, 'the clinician gets the card');
    assert.equal(lastLine().feedbackStore, 'away');
    const ready = (await service.get('/health/ready')).json();
    assert.deepEqual([ready.status, ready.feedbackStore], ['degraded', 'away']);
  } finally {
    await free();
  }
  assert.equal((await send(feedback)).status, 200);
  assert.deepEqual(counts(lastLine()), { accepted: 0, overridden: 1, unmatched: 0, repeated: 0 });
  const ready = (await service.get('/health/ready')).json();
  assert.deepEqual([ready.status, ready.feedbackStore], ['ok', 'ok']);
});

test('neither comment nor patient nor card text is found in any file of the service', async () => {
  const [card] = await cardsOf();
  assert.equal((await send([overridden({ ...card, overrideReasons: [{ system: 'urn:a', code: 'b' }] })])).status, 200);
  const chart = requestFor(describe, patient('severe-anaemia'));
  const ids = Object.values(chart.prefetch).flatMap((one) => [one?.id, ...(one?.entry ?? []).map((entry) => entry.resource.id)]).filter((id) => id?.length > 8);
  for (const file of filesBelow(join(service.folder, 'run')).concat(join(service.folder, 'proctor.log'), join(service.folder, 'nginx.log'))) {
    const text = readFileSync(file);
    for (const secret of ['c4n4ry0comment', card.summary, chart.context.userId, ...ids]) assert.ok(!text.includes(secret), file);
  }
});

test('without a store there is no such address', async (t) => {
  const plain = await startService();
  t.after(() => plain.stop());
  assert.equal((await plain.post(`${hook}/feedback`, '{"feedback":[]}')).status, 404);
  assert.equal((await plain.get('/health/ready')).json().feedbackStore, undefined);
});
