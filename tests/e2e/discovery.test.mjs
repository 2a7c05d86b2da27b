import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertGolden } from './support/golden.mjs';
import { serviceId } from './support/paths.mjs';
import { assertSchema } from './support/schemas.mjs';
import { startService } from './support/service.mjs';

let service;
let discovery;
before(async () => {
  service = await startService();
  discovery = (await service.get('/cds-services')).json();
});
after(() => service?.stop());

test('discovery is what was agreed', () => {
  assertGolden('discovery.json', `${JSON.stringify(discovery, null, 2)}\n`);
});

test('discovery follows the specification', () => assertSchema('discovery', discovery));

test('discovery needs no trailing slash, no query and no credentials', async () => {
  assert.equal((await service.get('/cds-services')).status, 200);
  assert.match((await service.get('/cds-services')).headers['content-type'], /^application\/json/);
});

test('prefetch templates can be resolved by a 2.0 client', () => {
  const { prefetch } = discovery.services.find((one) => one.id === serviceId);
  for (const template of Object.values(prefetch)) {
    assert.deepEqual([...new Set(template.match(/{{[^}]*}}/g))], ['{{context.patientId}}'], template);
    const names = [...new URLSearchParams(template.split('?')[1] ?? '').keys()];
    assert.equal(new Set(names).size, names.length, `each parameter once: ${template}`);
  }
});

test('discovery says that no clinician has approved the content', () => {
  for (const one of discovery.services) assert.match(one.description, /not yet approved/i);
});

test('health says what is running', async () => {
  assert.equal((await service.get('/health/live')).status, 200);
  const ready = await service.get('/health/ready');
  assert.equal(ready.status, 200);
  assert.equal(ready.json().content.approved, false);
});
