// What prefetch did not bring is read from the EHR's FHIR server: however the data come, the cards are the same; what does not come is said.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { client } from './support/client.mjs';
import * as faults from './support/fhir_faults.mjs';
import { startSandbox } from './support/fhir_sandbox.mjs';
import { patient, patientNames } from './support/fixtures.mjs';
import { startHapiSandbox, withoutHapi } from './support/hapi_sandbox.mjs';
import { keySet, makeSigner } from './support/jwt.mjs';
import { serviceId, syntheaFolder } from './support/paths.mjs';
import { accessTo, requestFor } from './support/requests.mjs';
import { baseUrl, startService } from './support/service.mjs';
import { chart, syntheaFiles } from './support/synthea.mjs';

const token = 'token-of-the-fhir-server-7f3a';
const signer = makeSigner({ issuer: 'https://ehr.example' });

// The charts end in the past: their dates are moved so that 2018 is now.
const moved = Math.floor((Date.now() - Date.parse('2018-01-01T12:00:00Z')) / 86_400_000) * 86_400_000;
function toNow(bundle) {
  const text = JSON.stringify(bundle).replace(/"(\d{4}-\d\d-\d\d)(T[^"]+)?"/g, (all, date, time) => {
    const instant = new Date(Date.parse(date + (time ?? 'T00:00:00Z')) + moved);
    return Number.isNaN(instant.getTime()) ? all : JSON.stringify(time ? instant.toISOString() : instant.toISOString().slice(0, 10));
  });
  const known = JSON.parse(text);
  const time = (one) => one.recordedDate ?? one.effectiveDateTime ?? one.authoredOn ?? one.performedPeriod?.start ?? one.period?.start;
  known.entry = known.entry.filter(({ resource }) => !time(resource) || new Date(time(resource)) <= new Date());
  return known;
}

const synthea = syntheaFiles().map((file) => toNow(chart(file)));
const fixtures = patientNames().map((name) => [name, patient(name)]);
const bundles = [...fixtures.map(([, bundle]) => bundle), ...synthea];
const idOf = (bundle) => bundle.entry.find((one) => one.resource.resourceType === 'Patient').resource.id;

// signers: of its clients, by their id.
const serviceFor = (at, settings = { deadline_ms: 20_000 }, signers = { ehr: signer }) => startService({
  signer,
  settings,
  trusts: at,
  clients: Object.entries(signers).map(([id, { issuer }]) => ({ id, issuer, jwks_file: `${id}.json`, private_fhir_servers: [at.base] })),
  prepare: (folder) => {
    for (const [id, its] of Object.entries(signers)) writeFileSync(join(folder, `${id}.json`), keySet(its));
  },
});

let sandbox;
let service;
let template;
before(async () => {
  sandbox = await startSandbox({ bundles, token });
  service = await serviceFor(sandbox);
  template = await service.describe();
});
after(async () => {
  await service?.stop();
  await sandbox?.stop();
});
afterEach(() => {
  sandbox.heal();
  sandbox.pageSize = 1000;
});

const access = (at, scope) => accessTo(at.base, token, scope);

// What a clinician sees, without the instant at which it was asked.
const seen = (answer) => answer.body.replace(/"authoredOn":"[^"]*"/g, '').replace(/evaluated [^,]* UTC/g, '');

// Prefetch as an EHR makes it: the templates of discovery, answered by its own server.
async function prefetchFrom(at, id) {
  const get = client(at.port, at.ca);
  const answers = await Promise.all(Object.entries(template.prefetch).map(async ([key, query]) => {
    const answer = await get({ path: `/fhir/${query.replace('{{context.patientId}}', id)}`, headers: { authorization: `Bearer ${token}` } });
    assert.equal(answer.status, 200, `${key}: ${answer.body}`);
    return [key, answer.json()];
  }));
  return Object.fromEntries(answers);
}

async function fire(bundle, change, at = sandbox, through = service, headers = {}) {
  return through.fire(requestFor(template, bundle, (request) => {
    request.hookInstance = 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea';
    Object.assign(request, access(at));
    change(request);
  }), headers);
}
const whole = () => {};
const nothing = (request) => { delete request.prefetch; };
const keepEvery = (n, of) => (request) => {
  request.prefetch = Object.fromEntries(Object.entries(request.prefetch).filter((_, i) => i % of === n));
};

// `pageSize`: of the server once the prefetch is made (HAPI's is fixed).
async function expectSameCards(bundle, at, through, ways, pageSize = 1000) {
  at.pageSize = 1000;
  const prefetch = await prefetchFrom(at, idOf(bundle));
  const fireWith = (way) => fire(bundle, (request) => { request.prefetch = prefetch; way(request); }, at, through);
  at.pageSize = pageSize;
  const expected = await fireWith(whole);
  assert.equal(expected.status, 200, expected.body);
  for (const way of ways) {
    const answer = await fireWith(way);
    assert.equal(answer.status, 200, answer.body);
    assert.equal(seen(answer), seen(expected), idOf(bundle));
  }
  return expected.json().cards.length;
}

test('full, no and partial prefetch give the same cards for the patients of this project', async () => {
  let cards = 0;
  for (const [, bundle] of fixtures) cards += await expectSameCards(bundle, sandbox, service, [nothing, keepEvery(0, 2), keepEvery(1, 2)]);
  assert.ok(cards > fixtures.length, 'the comparison saw cards');
});

test('and for charts that nobody here wrote', { skip: syntheaFolder() ? false : 'the Synthea charts are not on this machine' }, async () => {
  let cards = 0;
  for (const bundle of synthea) cards += await expectSameCards(bundle, sandbox, service, [nothing, keepEvery(0, 3)]);
  assert.ok(cards > 0, 'the comparison saw cards');
});

test('pages are followed to the end, of what was fetched and of what was prefetched', async () => {
  for (const [, bundle] of fixtures.slice(0, 12)) await expectSameCards(bundle, sandbox, service, [nothing, keepEvery(0, 2)], 2);
  const bundle = patient('severe-anaemia');
  const first = await fetchFirstPage(`Observation?patient=${idOf(bundle)}&category=laboratory&_sort=-date&_count=5`);
  assert.ok(first.link.some((one) => one.relation === 'next'), 'the fixture has several pages');
  const answer = await fire(bundle, (request) => { request.prefetch.laboratory = first; });
  assert.deepEqual(summaries(answer), summaries(await fire(bundle, whole)));
});

const summaries = (answer) => answer.json().cards.map((card) => `${card.indicator} ${card.summary}`);

async function fetchFirstPage(path) {
  return (await client(sandbox.port, sandbox.ca)({ path: `/fhir/${path}`, headers: { authorization: `Bearer ${token}` } })).json();
}

test('only what is missing is asked for, with the token of the request', async () => {
  sandbox.requests.length = 0;
  await fire(patient('severe-anaemia'), (request) => { delete request.prefetch.conditions; });
  assert.deepEqual(sandbox.requests.map((one) => one.path.split('?')[0]), ['/fhir/Condition']);
  assert.equal(sandbox.requests[0].token, token);
  sandbox.requests.length = 0;
  await fire(patient('severe-anaemia'), whole);
  assert.equal(sandbox.requests.length, 0);
});

test('a server that the client is not registered with is never called', async () => {
  for (const fhirServer of [`${sandbox.base}/../other`, sandbox.base.replace('localhost', '127.0.0.1'), 'https://169.254.169.254/latest', `${sandbox.base}x`, 'http://localhost/fhir']) {
    sandbox.requests.length = 0;
    const answer = await fire(patient('severe-anaemia'), (request) => { nothing(request); request.fhirServer = fhirServer; });
    assert.equal(answer.status, 412, fhirServer);
    assert.equal(sandbox.requests.length, 0, fhirServer);
  }
  sandbox.requests.length = 0;
  const withSlash = await fire(patient('severe-anaemia'), (request) => { nothing(request); request.fhirServer += '/'; });
  assert.equal(withSlash.status, 200);
});

test('scopes of SMART 1 and 2 are both taken, and so is an expires_in in words', async () => {
  for (const scope of ['patient/*.read', 'patient/*.rs', 'patient/Observation.rs?category=laboratory user/Patient.read', '']) {
    const answer = await fire(patient('severe-anaemia'), (request) => {
      nothing(request);
      request.fhirAuthorization = { ...request.fhirAuthorization, scope, expires_in: '300', token_type: 'bearer' };
    });
    assert.equal(answer.status, 200, scope);
  }
});

test('a token for another patient is refused', async () => {
  const answer = await fire(patient('severe-anaemia'), (request) => { request.fhirAuthorization.patient = 'somebody-else'; });
  assert.equal(answer.status, 412);
});

// A server that goes wrong: without the Patient nothing can be said (412); without one search the cards say what was not checked.
const wrongs = {
  'a status of 500': faults.status(500),
  'a status of 429': faults.status(429),
  'a status of 403': faults.status(403),
  'a status of 404': faults.status(404),
  'a redirection': faults.redirect('https://169.254.169.254/latest/meta-data'),
  'an OperationOutcome as the answer': faults.outcomeAsBody(),
  'an OperationOutcome in the Bundle': faults.outcomeInBundle(),
  'a wrong content type': faults.contentType('text/html'),
  garbage: faults.garbage(),
  'half an answer': faults.truncated(),
  'a connection that dies': faults.closeMidBody(),
  'a compressed answer': faults.gzip(),
  'an answer of 9 MiB': faults.oversized(9 << 20),
};
for (const [name, fault] of Object.entries(wrongs)) {
  test(`a FHIR server with ${name} is named as not checked, or refused when the Patient is missing`, async () => {
    const bundle = patient('severe-anaemia');
    sandbox.fail('Condition', fault);
    const answer = await fire(bundle, (request) => { delete request.prefetch.conditions; });
    assert.equal(answer.status, 200);
    assert.match(answer.body, /[Nn]ot checked|could not be checked/, name);
    sandbox.heal();
    if (name.includes('in the Bundle')) return;
    sandbox.fail('Patient', fault);
    const refused = await fire(bundle, nothing);
    assert.equal(refused.status, 412, name);
    assert.equal(refused.json().resourceType, 'OperationOutcome');
  });
}

test("somebody else's data are nobody's, and the search does not count as answered", async () => {
  const bundle = patient('healthy');
  sandbox.fail('Condition', faults.wrongPatient(idOf(patient('severe-anaemia'))));
  const answer = await fire(bundle, (request) => { delete request.prefetch.conditions; });
  assert.equal(answer.status, 200);
  assert.doesNotMatch(answer.body, /Hemorrhoids/);
  assert.match(answer.body, /[Nn]ot checked|could not be checked/);
});

test('a page elsewhere is not followed', async () => {
  sandbox.fail('Condition', faults.nextPage('https://evil.example/fhir/Condition?page=2'));
  const answer = await fire(patient('severe-anaemia'), (request) => { delete request.prefetch.conditions; });
  assert.equal(answer.status, 200);
  assert.match(answer.body, /[Nn]ot checked|could not be checked/);
});

test('a server that hangs or drips is left at the deadline', async (t) => {
  const quick = await serviceFor(sandbox, {});
  t.after(() => quick.stop());
  for (const fault of [faults.hang(), faults.drip(16, 200)]) {
    sandbox.fail('Condition', fault);
    const answer = await fire(patient('severe-anaemia'), (request) => { delete request.prefetch.conditions; }, sandbox, quick);
    assert.equal(answer.status, 200);
    assert.match(answer.body, /[Nn]ot checked|could not be checked/);
    sandbox.heal();
  }
});

// A client chooses its token and its paging links: it can make its own requests fail, and nobody else's.
test('a server that failed for one client is asked for another', async (t) => {
  const other = makeSigner({ issuer: 'https://other.example' });
  const shared = await serviceFor(sandbox, undefined, { ehr: signer, other });
  t.after(() => shared.stop());
  const fireAs = (who) => fire(patient('severe-anaemia'), nothing, sandbox, shared,
    { authorization: `Bearer ${who.token({ aud: `${baseUrl}/cds-services/${serviceId}` })}` });
  sandbox.fail(/./, faults.status(500));
  for (let i = 0; i < 5; ++i) assert.equal((await fireAs(signer)).status, 412);
  sandbox.heal();
  sandbox.requests.length = 0;
  assert.equal((await fireAs(signer)).status, 412);
  assert.equal(sandbox.requests.length, 0, 'it is left alone');
  assert.equal((await fireAs(other)).status, 200);
});

test('the log says how much was fetched and why not, never where or with what', async () => {
  sandbox.fail('Condition', faults.status(500));
  await fire(patient('severe-anaemia'), (request) => { delete request.prefetch.conditions; });
  const logs = service.logs();
  assert.match(logs, /"fetches":1,"fetchesFailed":1,"fetch":"status"/);
  for (const secret of [token, sandbox.base, 'severe-anaemia']) assert.ok(!logs.includes(secret), secret);
});

test('the same with HAPI FHIR', { skip: withoutHapi() }, async (t) => {
  const charts = fixtures.slice(0, 8).map(([, bundle]) => bundle);
  const hapi = await startHapiSandbox({ bundles: charts, token, pageSize: 3 });
  t.after(() => hapi.stop());
  const through = await serviceFor(hapi);
  t.after(() => through.stop());
  let cards = 0;
  for (const bundle of charts) cards += await expectSameCards(bundle, hapi, through, [nothing, keepEvery(0, 2)]);
  assert.ok(cards > 0);
});
