// The FHIR sandbox by itself: it finds what a chart has, pages to the end, wants its token, and does wrong exactly what it is told to.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { client } from './support/client.mjs';
import * as faults from './support/fhir_faults.mjs';
import { startSandbox } from './support/fhir_sandbox.mjs';
import { patient, patientNames } from './support/fixtures.mjs';
import { syntheaFolder } from './support/paths.mjs';
import { found, medications, names, newestFirst, resourcesOf, searches, walk, wanted } from './support/searches.mjs';
import { chart, syntheaFiles } from './support/synthea.mjs';

const token = 'a-token-of-the-sandbox';
const charts = syntheaFiles().map(chart);
const bundles = [...patientNames().map((name) => patient(name)), medications('healthy'), ...charts];
const resources = resourcesOf(bundles);
const idOf = (bundle) => bundle.entry.find((one) => one.resource.resourceType === 'Patient').resource.id;

let sandbox;
let ask;
before(async () => {
  sandbox = await startSandbox({ bundles, token });
  ask = client(sandbox.port, sandbox.ca);
});
after(() => sandbox?.stop());
afterEach(() => {
  sandbox.heal();
  sandbox.pageSize = 1000;
});

const authorization = `Bearer ${token}`;
const get = (url, headers = { authorization }) => ask({ path: url.replace(/^https:\/\/localhost:\d+/, ''), headers });
const fhir = (path, headers) => get(`/fhir/${path}`, headers);

async function expectEverySearch(id) {
  for (const search of searches) {
    const list = found(await walk(get, `/fhir/${search.replace('{id}', id)}`));
    assert.deepEqual(names(list), names(wanted(search, id, resources)), `${search} of ${id}`);
    assert.ok(newestFirst(list), `${search} of ${id}`);
  }
}

test('the searches of discovery find what the chart has, newest first', async () => {
  for (const id of ['healthy', 'bleeding-on-apixaban', 'fit-120-colonoscopy-ordered']) await expectEverySearch(id);
});

test('real charts are found, too', { skip: syntheaFolder() ? false : 'the Synthea charts are not on this machine (PROCTOR_SYNTHEA)' }, async () => {
  for (const bundle of charts) await expectEverySearch(idOf(bundle));
});

test('a patient is read by id, and is 404 where there is none', async () => {
  assert.equal((await fhir('Patient/healthy')).json().id, 'healthy');
  const none = await fhir('Patient/nobody');
  assert.equal(none.status, 404);
  assert.equal(none.json().resourceType, 'OperationOutcome');
});

test('a code, with its system or without, narrows a search', async () => {
  const { system, code } = wanted('Observation?', 'healthy', resources)[0].code.coding[0];
  const same = wanted('Observation?', 'healthy', resources).filter((one) => one.code.coding[0].code === code);
  for (const value of [code, `${system}|${code}`]) {
    assert.deepEqual(names(found(await walk(get, `/fhir/Observation?patient=healthy&code=${encodeURIComponent(value)}`))), names(same));
  }
  assert.equal((await fhir('Observation?patient=healthy&code=no-such-code')).json().total, 0);
});

test('a patient whom nobody knows has an empty Bundle', async () => {
  const answer = await fhir('Condition?patient=nobody&_count=5');
  assert.equal(answer.status, 200);
  assert.equal(answer.json().total, 0);
  assert.equal(answer.json().entry, undefined);
});

test('what the engine does not know is 400, not an empty Bundle', async () => {
  for (const path of ['Observation?patient=healthy&catgeory=exam', 'Observtion?patient=healthy']) assert.equal((await fhir(path)).status, 400, path);
});

test('pages are as small as the client or the server wants, and their links lead to the end', async () => {
  const search = searches[1].replace('{id}', 'healthy');
  const all = found(await walk(get, `/fhir/${search}`)).map((one) => one.id);
  assert.ok(all.length > 5);
  for (const [own, asked] of [[1000, 3], [3, 500], [3, 7]]) {
    sandbox.pageSize = own;
    const pages = await walk(get, `/fhir/${search.replace(/_count=\d+/, `_count=${asked}`)}`);
    assert.equal(pages.length, Math.ceil(all.length / Math.min(own, asked)));
    assert.deepEqual(found(pages).map((one) => one.id), all);
  }
});

test('without the token nothing is told', async () => {
  for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: `Basic ${token}` }]) {
    const answer = await fhir('Patient/healthy', headers);
    assert.equal(answer.status, 401);
    assert.equal(answer.headers['www-authenticate'], 'Bearer');
    assert.equal(answer.json().resourceType, 'OperationOutcome');
  }
});

test('requests are recorded with method, path and query, headers and token', async () => {
  sandbox.requests.length = 0;
  await fhir('Condition?patient=healthy', { authorization, accept: 'application/fhir+json' });
  await fhir('Patient/healthy', { authorization: 'Bearer other' });
  assert.deepEqual(sandbox.requests.map(({ method, path, token: seen }) => [method, path, seen]),
    [['GET', '/fhir/Condition?patient=healthy', token], ['GET', '/fhir/Patient/healthy', 'other']]);
  assert.equal(sandbox.requests[0].headers.accept, 'application/fhir+json');
});

test('it is read only, and nothing is beside the base', async () => {
  const answer = await ask({ method: 'POST', path: '/fhir/Patient', headers: { authorization }, body: '{}' });
  assert.equal(answer.status, 405);
  assert.equal((await get('/Patient/healthy')).status, 404);
});

const search = 'Condition?patient=healthy';
const changed = [
  ['status', faults.status(503, { 'retry-after': '7' }), (answer) => {
    assert.equal(answer.status, 503);
    assert.equal(answer.headers['retry-after'], '7');
    assert.equal(answer.json().resourceType, 'OperationOutcome');
  }],
  ['redirect', faults.redirect('https://elsewhere.example/fhir'), (answer) => {
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.location, 'https://elsewhere.example/fhir');
  }],
  ['outcomeAsBody', faults.outcomeAsBody(), (answer) => assert.deepEqual([answer.status, answer.json().resourceType], [200, 'OperationOutcome'])],
  ['contentType', faults.contentType('text/html'), (answer) => {
    assert.equal(answer.headers['content-type'], 'text/html');
    assert.equal(answer.json().resourceType, 'Bundle');
  }],
  ['garbage', faults.garbage(), (answer) => assert.throws(answer.json)],
  ['truncated', faults.truncated(), (answer, right) => {
    assert.throws(answer.json);
    assert.ok(right.body.startsWith(answer.body));
  }],
  ['oversized', faults.oversized(3_000_000), (answer, right) => {
    assert.equal(answer.body.length, 3_000_000);
    assert.deepEqual(answer.json(), right.json());
  }],
  ['gzip', faults.gzip(), (answer, right) => {
    assert.equal(answer.headers['content-encoding'], 'gzip');
    assert.equal(gunzipSync(answer.bytes).toString(), right.body);
  }],
  ['outcomeInBundle', faults.outcomeInBundle(), (answer, right) => {
    assert.equal(answer.json().entry.length, (right.json().entry ?? []).length + 1);
    assert.deepEqual(answer.json().entry.at(-1).search, { mode: 'outcome' });
  }],
  ['extraEntry', faults.extraEntry({ resourceType: 'Condition', id: 'stray' }), (answer) => assert.equal(answer.json().entry.at(-1).resource.id, 'stray')],
  ['nextPage', faults.nextPage('https://elsewhere.example/fhir?page=2'), (answer) =>
    assert.equal(answer.json().link.find((one) => one.relation === 'next').url, 'https://elsewhere.example/fhir?page=2')],
  ['wrongPatient', faults.wrongPatient('bleeding-with-shock'), (answer) =>
    assert.deepEqual(names(found([answer.json()])), names(wanted(search, 'bleeding-with-shock', resources)))],
  ['drip', faults.drip(500, 1), (answer, right) => assert.equal(answer.body, right.body)],
  ['delay', faults.delay(1), (answer, right) => assert.equal(answer.body, right.body)],
];
for (const [name, fault, expect] of changed) {
  test(`fault: ${name}, and right again when healed`, async () => {
    const right = await fhir(search);
    sandbox.fail('Condition', fault);
    expect(await fhir(search), right);
    sandbox.heal();
    assert.equal((await fhir(search)).body, right.body);
  });
}

test('fault: the wrong patient, where one is read', async () => {
  sandbox.fail('Patient', faults.wrongPatient('bleeding-denied'));
  assert.equal((await fhir('Patient/healthy')).json().id, 'bleeding-denied');
});

test('fault: closed in the middle of the body', async () => {
  sandbox.fail('Condition', faults.closeMidBody());
  await assert.rejects(fhir(search), { code: 'ECONNRESET' });
});

test('fault: held until the promise is kept, while others are answered', async () => {
  let open;
  sandbox.fail('Condition', faults.hold(new Promise((resolve) => { open = resolve; })));
  let answered = false;
  const held = fhir(search).then((answer) => { answered = true; return answer; });
  while (!sandbox.requests.at(-1)?.path.startsWith('/fhir/Condition')) await fhir('Patient/healthy');
  assert.equal((await fhir('Patient/healthy')).status, 200);
  assert.equal(answered, false);
  open();
  assert.equal((await held).status, 200);
  assert.ok(sandbox.busiest >= 2);
});

test('fault: a hanging answer ends with the sandbox', async () => {
  const own = await startSandbox({ bundles: [patient('healthy')] });
  own.fail('Patient', faults.hang());
  const hanging = client(own.port, own.ca)({ path: '/fhir/Patient/healthy' });
  const failed = assert.rejects(hanging, { code: 'ECONNRESET' });
  const other = client(own.port, own.ca);
  while (own.requests.length === 0) await other({ path: '/fhir/Condition?patient=healthy' });
  await own.stop();
  await failed;
});

test('a fault meets only its type or path, and only as often as it is meant to', async () => {
  sandbox.fail('Condition', faults.status(500), 2);
  sandbox.fail(/category=exam/, faults.status(429));
  sandbox.fail('Enc', faults.status(418));
  const statuses = [];
  for (const path of [search, search, search, 'Observation?patient=healthy&category=exam', 'Observation?patient=healthy&category=survey', 'Encounter?patient=healthy']) {
    statuses.push((await fhir(path)).status);
  }
  assert.deepEqual(statuses, [500, 500, 200, 429, 200, 200]);
});

test('faults work in the order given: a small answer that grows', async () => {
  sandbox.fail('Condition', faults.oversized(5_000_000));
  sandbox.fail('Condition', faults.gzip());
  const answer = await fhir(search);
  assert.ok(answer.bytes.length < 50_000);
  assert.equal(gunzipSync(answer.bytes).length, 5_000_000);
});
