// Browser clients: headers for the origins that are configured, on successes and on errors, and for nobody else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { patient } from './support/fixtures.mjs';
import { serviceId } from './support/paths.mjs';
import { requestFor } from './support/requests.mjs';
import { startService } from './support/service.mjs';

const origin = 'https://ehr.example';
const path = `/cds-services/${serviceId}`;
let service;
before(async () => { service = await startService({ origins: [origin] }); });
after(() => service?.stop());

const allowed = (answer) => answer.headers['access-control-allow-origin'];

test('discovery and answers carry the header', async () => {
  const headers = { origin };
  assert.equal(allowed(await service.get('/cds-services', headers)), origin);
  const answer = await service.fire(requestFor(await service.describe(), patient('healthy')), headers);
  assert.equal(answer.status, 200);
  assert.equal(allowed(answer), origin);
  assert.match(answer.headers.vary, /Origin/i);
});

test('errors carry it too, whoever refuses', async () => {
  const headers = { origin };
  const answers = {
    400: await service.fire('{', headers),
    404: await service.get('/nowhere', headers),
    405: await service.get(path, headers),
    413: await service.fire(`"${'x'.repeat(9 << 20)}"`, headers),
    415: await service.fire('{}', { ...headers, 'content-type': 'text/plain' }),
  };
  for (const [status, answer] of Object.entries(answers)) {
    assert.equal(answer.status, Number(status));
    assert.equal(allowed(answer), origin, status);
  }
});

test('a preflight is allowed without credentials', async () => {
  const headers = { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' };
  const answer = await service.ask({ method: 'OPTIONS', path, headers });
  assert.ok([200, 204].includes(answer.status), String(answer.status));
  assert.equal(allowed(answer), origin);
  assert.match(answer.headers['access-control-allow-methods'], /POST/);
  assert.match(answer.headers['access-control-allow-headers'], /authorization/i);
  assert.match(answer.headers['access-control-allow-headers'], /content-type/i);
});

test('another origin gets no header', async () => {
  for (const other of ['https://ehr.example.evil.example', 'https://EHR.example:444', 'null', 'http://ehr.example']) {
    assert.equal(allowed(await service.get('/cds-services', { origin: other })), undefined, other);
    assert.equal(allowed(await service.get('/nowhere', { origin: other })), undefined, other);
  }
});
