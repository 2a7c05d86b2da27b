// Every hook but patient-view, over TLS through nginx: fhir-fixtures/hooks.json, contexts that deviate, and those that are wrong.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { context, patient } from './support/fixtures.mjs';
import { binary, readJson, root } from './support/paths.mjs';
import { requestFor } from './support/requests.mjs';
import { assertSchema, assertValidR4 } from './support/schemas.mjs';
import { startService } from './support/service.mjs';

const rows = readJson('fhir-fixtures/hooks.json');
let service;
let services;
before(async () => {
  service = await startService();
  services = (await service.get('/cds-services')).json().services;
});
after(() => service?.stop());

const serviceOf = (hook) => services.find((one) => one.hook === hook);
const request = (row, change = () => {}) =>
  requestFor(serviceOf(row.hook), patient(row.patient), (made) => {
    Object.assign(made.context, context(row.context));
    change(made);
  });
const post = (row, body) => service.post(`/cds-services/${serviceOf(row.hook).id}`, JSON.stringify(body));
const topics = (answer) => answer.json().cards.map((card) => card.source.topic.code).sort();
const rowWith = (name, hook) => rows.find((row) => row.context === name && row.hook === hook);

test('discovery lists each hook once, and one id where one answer replaces the other', () => {
  assert.deepEqual(services.map(({ hook, id }) => [hook, id]), [
    ['patient-view', 'anorectal-alarms'],
    ['encounter-start', 'anorectal-alarms'],
    ['encounter-discharge', 'anorectal-alarms'],
    ['order-select', 'anorectal-drug-safety'],
    ['order-sign', 'anorectal-drug-safety'],
    ['problem-list-item-create', 'anorectal-benign-label'],
  ]);
});

for (const row of rows) {
  test(`${row.hook}: ${row.title}`, async () => {
    const answer = await post(row, request(row));
    assert.equal(answer.status, 200, answer.body);
    assertSchema('cards', answer.json());
    const told = answer.json().cards.map((card) => card.detail).join('\n');
    for (const rule of row.rules) assert.ok(told.includes(rule), `${rule} is told`);
    assert.equal(answer.json().cards.length > 0, row.rules.length > 0, answer.body);
    const resources = answer.json().cards.flatMap((card) => card.suggestions ?? []).flatMap((one) => one.actions).map((action) => action.resource);
    resources.forEach(assertValidR4);
    for (const code of row.notSuggested ?? []) assert.ok(!resources.some((one) => one.code.coding.some((coding) => coding.code === code)), code);
  });
}

test('without the blood count among the drafts it is suggested', async () => {
  const answer = await post(rowWith('draft-apixaban', 'order-sign'), request(rowWith('draft-apixaban', 'order-sign')));
  assert.ok(answer.body.includes('58410-2'));
});

test('contexts that real EHRs send are understood', async () => {
  const sign = rowWith('draft-apixaban', 'order-sign');
  const select = rowWith('select-paracetamol', 'order-select');
  const leave = rowWith('leave', 'encounter-discharge');
  const same = [
    [sign, (made) => { made.context.patientId = `Patient/${made.context.patientId}`; }],
    [sign, (made) => { made.context.draftOrders = made.context.draftOrders.entry.map((entry) => entry.resource); }],
    [sign, (made) => { made.context.draftOrders.type = 'searchset'; }],
    [sign, (made) => { delete made.context.draftOrders.entry[0].resource.subject; }],
    [sign, (made) => {
      const draft = made.context.draftOrders.entry[0].resource;
      delete draft.medicationCodeableConcept;
      draft.medicationReference = { reference: 'Medication/m1', display: 'APIXABAN 5 MG PO TABS' };
    }],
    [sign, (made) => { made.prefetch.conditions = { response: { status: '200 OK' }, resource: made.prefetch.conditions }; }],
    [select, (made) => { made.context.selection = made.context.selections; delete made.context.selections; }],
    [leave, (made) => { made.context.encounterId = `Encounter/${made.context.encounterId}`; }],
  ];
  for (const [row, change] of same) {
    const [plain, deviant] = [await post(row, request(row)), await post(row, request(row, change))];
    assert.equal(deviant.status, 200, deviant.body);
    assert.deepEqual(topics(deviant), topics(plain), change.toString());
  }
});

test('a context without what its hook requires is refused, and says what is missing', async () => {
  const wrong = [
    ['draft-apixaban', 'order-sign', 'draftOrders', 'required'],
    ['draft-apixaban', 'order-sign', 'userId', 'required'],
    ['select-apixaban', 'order-select', 'selections', 'required'],
    ['select-apixaban', 'order-select', 'draftOrders', 'required'],
    ['add-haemorrhoids', 'problem-list-item-create', 'conditions', 'required'],
    ['leave', 'encounter-start', 'encounterId', 'required'],
    ['leave', 'encounter-discharge', 'encounterId', 'required'],
  ];
  for (const [name, hook, member, code] of wrong) {
    const row = rowWith(name, hook);
    const answer = await post(row, request(row, (made) => { delete made.context[member]; }));
    assert.equal(answer.status, 400, `${hook} without ${member}`);
    assert.deepEqual(answer.json().issue, [{ severity: 'error', code, diagnostics: `context.${member} is missing`, expression: [`Request.context.${member}`] }]);
  }
  const shape = await post(rowWith('draft-apixaban', 'order-sign'), request(rowWith('draft-apixaban', 'order-sign'), (made) => { made.context.draftOrders = 'Smith'; }));
  assert.equal(shape.status, 400);
  assert.deepEqual(shape.json().issue.map(({ code, expression }) => [code, expression]), [['structure', ['Request.context.draftOrders']]]);
  assert.ok(!shape.body.includes('Smith'));
  const stranger = await service.post('/cds-services/anorectal-alarms', JSON.stringify(request(rowWith('draft-apixaban', 'order-sign'))));
  assert.equal(stranger.status, 400);
  assert.equal(stranger.json().issue[0].expression[0], 'Request.hook');
});

test("the program's own requests are answered like those of an EHR", async () => {
  for (const row of rows) {
    const own = execFileSync(binary, ['request', `fhir-fixtures/patients/${row.patient}.json`, '--hook', row.hook, '--context', `fhir-fixtures/contexts/${row.context}.json`],
      { cwd: root, encoding: 'utf8' });
    assert.deepEqual(topics(await post(row, JSON.parse(own))), topics(await post(row, request(row))), row.title);
  }
});

test('examples of the specification for these hooks are answered, never with a server error', async (t) => {
  const folder = resolve(root, '../shared/fixtures/cds-hooks-examples');
  if (!existsSync(folder)) return t.skip('the CDS Hooks examples are not here');
  let asked = 0;
  for (const file of readdirSync(folder).filter((name) => /^request-.*json$/.test(name))) {
    const example = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    for (const { hook, id } of services) {
      const answer = await service.post(`/cds-services/${id}`, JSON.stringify({ ...example, hook }));
      assert.ok(answer.status < 500, `${file} at ${hook}: ${answer.status}`);
      ++asked;
    }
  }
  assert.ok(asked > 0);
});
