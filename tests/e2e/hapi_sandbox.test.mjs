// HAPI's server behind the sandbox's door, by itself: an engine that is not Medplum's finds the same, and pages in its own way.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { client } from './support/client.mjs';
import * as faults from './support/fhir_faults.mjs';
import { patient } from './support/fixtures.mjs';
import { startHapiSandbox, withoutHapi } from './support/hapi_sandbox.mjs';
import { found, medications, names, newestFirst, resourcesOf, searches, walk, wanted } from './support/searches.mjs';
import { chart, syntheaFiles } from './support/synthea.mjs';

const skip = withoutHapi();
const token = 'a-token-of-the-sandbox';
const pageSize = 7;
const ids = ['healthy', 'bleeding-on-apixaban', 'fit-120-colonoscopy-ordered', 'data-that-cannot-be-used'];
const charts = syntheaFiles().slice(0, 2).map(chart);
const bundles = [...ids.map((id) => patient(id)), medications('healthy'), ...charts];
const resources = resourcesOf(bundles);
const everyId = resources.filter((one) => one.resourceType === 'Patient').map((one) => one.id);

let sandbox;
let ask;
before(async () => {
  if (skip) return;
  sandbox = await startHapiSandbox({ bundles, token, pageSize });
  ask = client(sandbox.port, sandbox.ca);
});
after(() => sandbox?.stop());

const get = (url, headers = { authorization: `Bearer ${token}` }) => ask({ path: url.replace(/^https:\/\/localhost:\d+/, ''), headers });
const fhir = (path, headers) => get(`/fhir/${path}`, headers);

test('the searches of discovery find what the chart has, newest first, over many pages', { skip }, async () => {
  for (const id of everyId) {
    for (const search of searches) {
      const list = found(await walk(get, `/fhir/${search.replace('{id}', id)}`));
      assert.deepEqual(names(list), names(wanted(search, id, resources)), `${search} of ${id}`);
      assert.ok(newestFirst(list), `${search} of ${id}`);
    }
  }
});

test('pages are no larger than the server wants, and the next one is at the base, without a type', { skip }, async () => {
  const pages = await walk(get, `/fhir/${searches[1].replace('{id}', 'healthy')}`);
  const all = wanted(searches[1], 'healthy', resources);
  assert.equal(pages.length, Math.ceil(all.length / pageSize));
  assert.ok(pages.length > 1);
  const next = new URL(pages[0].link.find((one) => one.relation === 'next').url);
  assert.equal(next.href.split('?')[0], sandbox.base);
  assert.ok(next.searchParams.has('_getpages'));
});

test('a patient is read by id, and is 404 where there is none', { skip }, async () => {
  assert.equal((await fhir('Patient/healthy')).json().id, 'healthy');
  const none = await fhir('Patient/nobody');
  assert.equal(none.status, 404);
  assert.equal(none.json().resourceType, 'OperationOutcome');
});

test('a parameter that FHIR does not have is 400', { skip }, async () => assert.equal((await fhir('Condition?patient=healthy&catgeory=x')).status, 400));

test('without the token nothing is told', { skip }, async () => {
  for (const headers of [{}, { authorization: 'Bearer wrong' }]) assert.equal((await fhir('Patient/healthy', headers)).status, 401);
});

test('the faults of the sandbox work before HAPI, too', { skip }, async () => {
  sandbox.fail('Condition', faults.status(503), 1);
  sandbox.fail(/_getpages/, faults.truncated(), 1);
  assert.equal((await fhir('Condition?patient=healthy')).status, 503);
  assert.equal((await fhir('Condition?patient=healthy')).status, 200);
  const next = (await fhir('Observation?patient=healthy')).json().link.find((one) => one.relation === 'next').url;
  assert.throws((await get(next)).json);
  assert.equal((await get(next)).json().resourceType, 'Bundle');
});
