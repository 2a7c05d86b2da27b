// Hooks, feedback, metrics and health all at once, by several clients, while the content is reloaded: every call is answered, and what was
// acknowledged is there. It asserts little by itself; with ThreadSanitizer (tests/full.sh) a data race anywhere is found.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { get } from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { patient } from './support/fixtures.mjs';
import { serviceId } from './support/paths.mjs';
import { requestFor } from './support/requests.mjs';
import { freePort, startService } from './support/service.mjs';

const reloads = 4;
const hook = `/cds-services/${serviceId}`;

let service;
let metricsPort;
let requests;
before(async () => {
  metricsPort = await freePort();
  service = await startService({
    settings: { metrics_port: metricsPort, feedback_store: 'run/feedback.sqlite', audit_log: 'run/audit.log' },
  });
  const discovery = await service.describe();
  requests = ['severe-anaemia', 'visible-bleeding-alone', 'healthy'].map((name) => requestFor(discovery, patient(name)));
});
after(() => service?.stop());

async function scrape() {
  const [answer] = await once(get({ host: '127.0.0.1', port: metricsPort, path: '/metrics', agent: false }), 'response');
  answer.resume();
  await once(answer, 'end');
  return answer.statusCode;
}

const item = () => ({ card: randomUUID(), outcome: 'overridden', outcomeTimestamp: '2026-06-15T12:00:00Z' });
const calls = [
  async (i) => (await service.fire(requests[i % requests.length])).status,
  async () => (await service.post(`${hook}/feedback`, JSON.stringify({ feedback: [item(), item()] }))).status,
  async () => (await service.get('/health/ready')).status,
  async () => (await service.get('/cds-services')).status,
  scrape,
];

// Calls without a pause until told to stop; how many were answered.
function keepCalling(call) {
  let more = true;
  const loop = (async () => {
    let answered = 0;
    for (; more; ++answered) assert.equal(await call(answered), 200);
    return answered;
  })();
  return () => {
    more = false;
    return loop;
  };
}

const reloaded = () => service.logs().split('\n').filter((line) => line.includes('"event":"reloaded"')).length;

test('everything at once, and reloads meanwhile: every call is answered', async () => {
  const stops = calls.flatMap((call) => [keepCalling(call), keepCalling(call)]);
  for (let done = reloaded(), i = 0; i < reloads; ++i, ++done) {
    service.hangUp();
    for (let waited = 0; waited < 1200 && reloaded() === done; ++waited) await pause(50);
  }
  for (const answered of await Promise.all(stops.map((stop) => stop()))) assert.ok(answered > 0);
  assert.ok(reloaded() >= reloads);
  assert.doesNotMatch(service.logs(), /Sanitizer|runtime error|internalError/);
});
