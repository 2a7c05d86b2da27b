// What a card suggests can be filed as it is: judged by two independent FHIR R4 validators.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { patient, patientNames } from './support/fixtures.mjs';
import { requestFor } from './support/requests.mjs';
import { assertValidR4 } from './support/schemas.mjs';
import { startService } from './support/service.mjs';

let service;
let all;
before(async () => {
  service = await startService();
  all = [];
  for (const name of patientNames()) {
    const bundle = patient(name);
    const answer = await service.fire(requestFor(await service.describe(), bundle));
    for (const card of answer.json().cards) all.push({ name, card, bundle });
  }
});
after(() => service?.stop());

const actions = () => all.flatMap(({ card, ...rest }) =>
  (card.suggestions ?? []).flatMap((suggestion) => suggestion.actions.map((action) => ({ ...rest, card, action }))));

test('there is something to judge', () => assert.ok(actions().length > 20));

test('suggested orders are valid R4', () => {
  for (const { action } of actions()) assertValidR4(action.resource);
});

test('they are drafts of service requests for this patient', () => {
  for (const { name, action: { type, resource } } of actions()) {
    assert.equal(type, 'create');
    assert.equal(resource.resourceType, 'ServiceRequest');
    assert.equal(resource.status, 'draft');
    assert.ok(['proposal', 'plan', 'order'].includes(resource.intent));
    assert.equal(resource.subject.reference, `Patient/${name}`);
    assert.equal(resource.id, undefined);
  }
});

test('the reasons they give are resources of the chart, of types that FHIR allows there', () => {
  const allowed = ['Condition', 'Observation', 'DiagnosticReport', 'DocumentReference'];
  for (const { bundle, action: { resource } } of actions()) {
    for (const { reference } of resource.reasonReference ?? []) {
      const [type, id] = reference.split('/');
      assert.ok(allowed.includes(type), reference);
      assert.ok(bundle.entry.some((one) => one.resource.resourceType === type && one.resource.id === id), reference);
    }
  }
});

test('no order is suggested twice on one card', () => {
  for (const name of patientNames()) {
    const codes = actions().filter((one) => one.name === name).map(({ card, action }) => card.uuid + JSON.stringify(action.resource.code.coding));
    assert.equal(new Set(codes).size, codes.length, name);
  }
});
