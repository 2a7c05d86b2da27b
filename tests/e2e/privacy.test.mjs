// The privacy canary (SECURITY.md, Privacy): a marker in every text of requests, tokens, headers, FHIR replies and feedback, with everything
// switched on that keeps something; afterwards it is in no log, store, audit trail, temporary file or refusal. Cards, which are for the
// clinician, and the export of comments are the only places for it. Metrics and the console have their own in metrics and console_api.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import * as faults from './support/fhir_faults.mjs';
import { startSandbox } from './support/fhir_sandbox.mjs';
import { patient } from './support/fixtures.mjs';
import { keySet, makeSigner } from './support/jwt.mjs';
import { serviceId } from './support/paths.mjs';
import { accessTo, requestFor } from './support/requests.mjs';
import { baseUrl, filesBelow, startService, writePrivate } from './support/service.mjs';

const marker = 'c4n4ry0marker';
const signer = makeSigner({ issuer: 'https://ehr.example' });
const hook = `/cds-services/${serviceId}`;

// Members that decide whether a request is understood at all.
const structure = /^(resourceType|hook|hookInstance|fhirServer|scope|token_type|system|code|status|type|unit|comparator|id|reference|patientId|subject|relation|url|mode|outcome|card|outcomeTimestamp)$|Date|DateTime|Time|Period|date|issued|start|end/;
// Every text gets the marker; `all`: those too by which it is understood, so that it is refused.
const marked = (value, all = false) => JSON.parse(JSON.stringify(value), (key, text) => {
  if (typeof text !== 'string' || (!all && structure.test(key))) return text;
  return `${text} ${marker}`;
});
// Ids with the marker in them that still belong together.
const withIds = (request) => JSON.parse(JSON.stringify(request).replaceAll(request.context.patientId, `${request.context.patientId}-${marker}`));

let sandbox;
let service;
let describe;
before(async () => {
  sandbox = await startSandbox({ bundles: [marked(patient('severe-anaemia'))] });
  service = await startService({
    signer,
    clients: [{ id: 'ehr', issuer: signer.issuer, jwks_file: 'ehr.json', private_fhir_servers: [sandbox.base], keep_comments: true, quiet_days: 7 }],
    settings: {
      deadline_ms: 5000, feedback_store: 'run/feedback.sqlite', identity_keys: 'identity.keys', comment_keys: 'comment.keys',
      audit_log: 'run/audit.jsonl',
    },
    trusts: sandbox,
    prepare: (folder) => {
      writeFileSync(join(folder, 'ehr.json'), keySet(signer));
      for (const name of ['identity', 'comment']) writePrivate(folder, `${name}.keys`, `k1 ${'7'.repeat(64)}\n`);
    },
  });
  describe = await service.describe();
});
after(async () => {
  try {
    await service?.stop();
  } finally {
    await sandbox?.stop();
  }
});

const request = (change) => withIds(marked(requestFor(describe, patient('severe-anaemia'), change)));
const claims = { sub: marker, name: marker, tenant_name: marker, nested: { text: marker } };
const token = (path, more = {}) => `Bearer ${signer.token({ aud: baseUrl + path, ...claims, ...more })}`;
const headers = { 'user-agent': marker, referer: `https://ehr.example/${marker}`, cookie: `a=${marker}`, 'x-forwarded-for': marker, traceparent: `00-${marker}`, 'x-request-id': marker };
const fire = (body, more = {}) => service.post(`${hook}?patient=${marker}`, typeof body === 'string' ? body : JSON.stringify(body), { ...headers, authorization: token(hook), ...more });
const refusedWithout = (answer) => {
  assert.ok(answer.status >= 400, `${answer.status}`);
  assert.ok(!answer.body.includes(marker) && !JSON.stringify(answer.headers).includes(marker), answer.body);
};

test('cards come, and feedback about them with a comment', async () => {
  const answer = await fire(request());
  assert.equal(answer.status, 200, answer.body);
  assert.ok(answer.body.includes(marker), 'a clinician sees the chart');
  const feedback = answer.json().cards.filter((card) => card.overrideReasons).map((card) => ({
    card: card.uuid, outcome: 'overridden', outcomeTimestamp: '2026-06-15T12:00:00Z',
    overrideReason: { reason: { system: card.overrideReasons[0].system, code: card.overrideReasons[0].code, display: marker }, userComment: `she said ${marker}` },
  }));
  const path = `${hook}/feedback`;
  assert.equal((await service.post(path, JSON.stringify({ feedback }), { ...headers, authorization: token(path) })).status, 200);
  refusedWithout(await service.post(path, JSON.stringify(marked({ feedback }, true)), { ...headers, authorization: token(path) }));
});

test('what is fetched is marked, and so is what goes wrong with it', async () => {
  const bundle = marked(patient('severe-anaemia'));
  const access = accessTo(sandbox.base, `${marker}.secret`);
  const bare = { ...requestFor(describe, bundle), prefetch: {}, ...access };
  bare.context.userId = `Practitioner/${marker}`;
  assert.equal((await fire(bare)).status, 200);
  for (const fault of [faults.garbage(), faults.truncated(), faults.outcomeAsBody(), faults.status(500, { 'x-why': marker }), faults.redirect(`https://${marker}.example/`)]) {
    sandbox.fail(/./, fault);
    refusedWithout(await fire(bare));
    sandbox.heal();
  }
  assert.equal((await fire({ ...bare, fhirServer: `https://${marker}.example/fhir` })).status, 412);
});

test('refusals repeat nothing of what was sent', async () => {
  const good = JSON.stringify(request());
  refusedWithout(await fire(marked(requestFor(describe, patient('severe-anaemia')), true)));
  for (const broken of [good.slice(0, -20), good.replace('"patient-view"', `"${marker}"`), good.replace('{', `{"${marker}":1,"${marker}":2,`), `"${marker}"`, good.replace('"Patient"', `"${marker}"`)])
    refusedWithout(await fire(broken));
  refusedWithout(await fire(good, { 'content-type': `text/${marker}` }));
  refusedWithout(await fire(good, { authorization: `Bearer ${marker}.${marker}.${marker}` }));
  for (const more of [{ iss: `https://${marker}.example` }, { aud: `https://${marker}.example` }, { jti: marker, exp: 1 }, { tenant: 7 }])
    refusedWithout(await fire(good, { authorization: token(hook, more) }));
  refusedWithout(await service.post(`/cds-services/${marker}`, good, { authorization: token(`/cds-services/${marker}`) }));
  refusedWithout(await service.get(`/${marker}?${marker}`));
});

test('nginx logs the path of every service, and no other', async () => {
  const { services } = (await service.ask({ path: '/cds-services' })).json();
  assert.ok(services.length >= 2);
  for (const { id } of services) {
    await service.post(`/cds-services/${id}/feedback`, '{}');
    // nginx logs after it has answered.
    for (let i = 0; i < 100 && !service.logs().includes(`"path":"/cds-services/${id}/feedback"`); ++i) await pause(20);
    assert.ok(service.logs().includes(`"path":"/cds-services/${id}/feedback"`), id);
  }
});

test('while the service is away nginx logs nothing of what was asked', async () => {
  process.kill(service.pid(), 'SIGTERM');
  for (let i = 0; i < 500 && service.running(); ++i) await pause(20);
  assert.ok(!service.running());
  refusedWithout(await fire(request()));
  refusedWithout(await service.get(`/cds-services/${marker}?${marker}`, headers));
  await pause(200); // nginx logs after it has answered
  assert.ok(service.logs().includes('"status":502'));
  assert.deepEqual(service.logs().split('\n').filter((line) => line.includes(marker)), []);
  await service.restart('SIGTERM');
});

test('after a crash there is no core, and the marker is in no file and no log', async () => {
  await service.restart('SIGABRT');
  assert.equal((await fire(request())).status, 200);
  assert.deepEqual(service.logs().split('\n').filter((line) => line.includes(marker)), []);
  for (const file of filesBelow(service.folder)) assert.ok(!readFileSync(file).includes(marker), file);
  assert.ok(!filesBelow(service.folder).some((file) => /(^|\/)core(\.|$)/.test(file)), 'a core was dumped');
});
