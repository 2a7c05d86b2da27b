// What is no proper request gets the right status and an OperationOutcome that names the fault and repeats nothing of the body.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { patient } from './support/fixtures.mjs';
import { serviceId } from './support/paths.mjs';
import { requestFor } from './support/requests.mjs';
import { assertValidR4 } from './support/schemas.mjs';
import { startService } from './support/service.mjs';

const canary = 'CANARY-7f3a';
let service;
let description;
before(async () => {
  service = await startService();
  description = await service.describe();
});
after(() => service?.stop());

const good = (change) => requestFor(description, patient('visible-bleeding-alone'), change);
const without = (...path) => good((request) => {
  const last = path.pop();
  delete path.reduce((node, name) => node[name], request)[last];
});

function assertOutcome(answer, status) {
  assert.equal(answer.status, status, answer.body);
  const outcome = answer.json();
  assert.equal(outcome.resourceType, 'OperationOutcome');
  assertValidR4(outcome);
  assert.ok(outcome.issue.every((issue) => ['error', 'fatal'].includes(issue.severity) && issue.diagnostics));
  assert.ok(!answer.body.includes(canary), 'repeats the request');
}

test('a good request is answered', async () => assert.equal((await service.fire(good())).status, 200));

const bodies = {
  'no JSON': () => `{"hook": "${canary}`,
  'an empty body': () => '',
  'a list': () => '[]',
  'a text': () => `"${canary}"`,
  'no hook': () => without('hook'),
  'another hook': () => good((request) => { request.hook = `order-${canary}`; }),
  'no hookInstance': () => without('hookInstance'),
  'a hookInstance that is no UUID': () => good((request) => { request.hookInstance = canary; }),
  'no context': () => without('context'),
  'no patientId': () => without('context', 'patientId'),
  'a patientId of the wrong type': () => good((request) => { request.context.patientId = 7; }),
  'a context of the wrong type': () => good((request) => { request.context = canary; }),
  'fhirAuthorization without fhirServer': () => good((request) => {
    request.fhirAuthorization = { access_token: canary, token_type: 'Bearer', expires_in: 300, scope: 'x', subject: 'x' };
  }),
};
for (const [name, body] of Object.entries(bodies)) {
  test(`400 for ${name}`, async () => assertOutcome(await service.fire(body()), 400));
}

test('every fault of an envelope is named at once', async () => {
  const answer = await service.fire(good((request) => { delete request.hookInstance; delete request.context.patientId; }));
  assertOutcome(answer, 400);
  assert.ok(answer.json().issue.length >= 2, answer.body);
});

test('404 for an unknown service and an unknown address', async () => {
  assertOutcome(await service.post('/cds-services/no-such-service', JSON.stringify(good())), 404);
  assertOutcome(await service.get('/elsewhere'), 404);
});

test('405 for a wrong method, and which one is right', async () => {
  const answer = await service.get(`/cds-services/${serviceId}`);
  assertOutcome(answer, 405);
  assert.match(answer.headers.allow, /POST/);
  assertOutcome(await service.post('/cds-services', '{}'), 405);
  assertOutcome(await service.ask({ method: 'DELETE', path: '/cds-services' }), 405);
});

test('412 names what is missing when nothing can be decided', async () => {
  const noPatient = await service.fire(without('prefetch', 'patient'));
  assertOutcome(noPatient, 412);
  assert.match(noPatient.body, /patient/);
  const nothing = await service.fire(good((request) => { request.prefetch = { patient: request.prefetch.patient }; }));
  assertOutcome(nothing, 412);
  assert.match(nothing.body, /conditions/);
  assertOutcome(await service.fire(without('prefetch')), 412);
});

test('413 for a body beyond the limit', async () => {
  const body = JSON.stringify(good((request) => { request.extension = { pad: canary.repeat(900_000) }; }));
  assertOutcome(await service.fire(body), 413);
});

test('415 for another content type and for a compressed body', async () => {
  const body = JSON.stringify(good());
  assertOutcome(await service.fire(body, { 'content-type': 'text/plain' }), 415);
  assertOutcome(await service.fire(body, { 'content-encoding': 'gzip' }), 415);
  assert.equal((await service.fire(body, { 'content-type': 'application/json; charset=utf-8' })).status, 200);
});

test('EHRs that deviate are understood', async () => {
  const liberal = {
    'Patient/ before the id': (request) => { request.context.patientId = `Patient/${request.context.patientId}`; },
    'a trailing slash in fhirServer': (request) => { request.fhirServer = 'https://ehr.example/r4/'; },
    'an extension': (request) => { request.extension = { 'com.example.trigger': { id: 12 } }; },
    'no userId': (request) => { request.context.userId = 'Nurse/1'; },
    'upper case hookInstance': (request) => { request.hookInstance = request.hookInstance.toUpperCase(); },
  };
  for (const [name, change] of Object.entries(liberal)) {
    const answer = await service.fire(good(change));
    assert.equal(answer.status, 200, `${name}: ${answer.body}`);
    assert.equal(answer.json().cards.length, 1, name);
  }
});
