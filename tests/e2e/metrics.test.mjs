// The operator's port: what was fired is what is counted, nothing of a patient is in it, and health says why it is degraded. Traces go through.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startSandbox } from './support/fhir_sandbox.mjs';
import { patient } from './support/fixtures.mjs';
import { keySet, makeSigner } from './support/jwt.mjs';
import { serviceId } from './support/paths.mjs';
import { accessTo, requestFor } from './support/requests.mjs';
import { freePort, startService } from './support/service.mjs';

const token = 'token-of-the-fhir-server-5c1d';
const signer = makeSigner({ issuer: 'https://north.example' });
const canary = 'c4n4ry0metrics';

let port;
let sandbox;
let service;
let describe;
before(async () => {
  port = await freePort();
  sandbox = await startSandbox({ bundles: [patient('severe-anaemia')], token });
  service = await startService({
    signer,
    clients: [{ id: 'north', issuer: signer.issuer, jwks_file: 'north.json', private_fhir_servers: [sandbox.base] }],
    settings: { metrics_port: port, feedback_store: 'run/feedback.sqlite', deadline_ms: 20_000 },
    trusts: sandbox,
    prepare: (folder) => writeFileSync(join(folder, 'north.json'), keySet(signer)),
  });
  describe = await service.describe();
});
after(async () => {
  await service?.stop();
  await sandbox?.stop();
});

const ask = (path, options = {}) => new Promise((resolve, reject) => {
  const call = get({ host: '127.0.0.1', port, path, agent: false, ...options }, (answer) => {
    let body = '';
    answer.on('data', (chunk) => { body += chunk; });
    answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body }));
  });
  call.on('error', reject);
});

// Sums of a name over all series that have these labels.
async function scrape() {
  const { status, headers, body } = await ask('/metrics');
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  const series = body.split('\n').filter((line) => line && !line.startsWith('#')).map((line) => {
    const [, name, labels = '', value] = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line);
    return { name, labels: Object.fromEntries([...labels.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, key, text]) => [key, text])), value: Number(value) };
  });
  const of = (name, labels = {}) => series
    .filter((one) => one.name === name && Object.entries(labels).every(([key, text]) => one.labels[key] === text))
    .reduce((sum, one) => sum + one.value, 0);
  return { body, series, of };
}

const fire = (headers, change = (request) => request) => service.fire(change(requestFor(describe, patient('severe-anaemia'))), headers);
const logged = () => service.logs().split('\n').filter((line) => line.includes('"event":"request"')).map((line) => JSON.parse(line));

test('what was fired is what is counted', async () => {
  const first = await scrape();
  const cards = (await fire()).json().cards;
  await fire();
  await service.fire('{');
  await service.fire({}, { authorization: null });
  const time = '2026-06-15T12:00:00Z';
  const feedback = [{ card: cards[0].uuid, outcome: 'overridden', outcomeTimestamp: time }];
  for (let i = 0; i < 2; ++i) assert.equal((await service.post(`/cds-services/${serviceId}/feedback`, JSON.stringify({ feedback }))).status, 200);
  const second = await scrape();
  const more = (name, labels) => second.of(name, labels) - first.of(name, labels);
  const hook = { client: 'north', service: serviceId, hook: describe.hook };
  assert.equal(more('proctor_requests_total', { ...hook, status_class: '2xx' }), 2);
  assert.equal(more('proctor_requests_total', { client: 'north', status_class: '4xx' }), 1);
  assert.equal(more('proctor_requests_total', { client: '', reason: 'noToken', status_class: '4xx' }), 1);
  assert.equal(more('proctor_request_duration_seconds_count', hook), 2);
  assert.equal(more('proctor_request_duration_seconds_bucket', { ...hook, le: '+Inf' }), 2);
  assert.equal(more('proctor_cards_total'), 2 * cards.length);
  for (const indicator of new Set(cards.map((card) => card.indicator)))
    assert.equal(more('proctor_cards_total', { indicator }), 2 * cards.filter((card) => card.indicator === indicator).length, indicator);
  assert.equal(more('proctor_feedback_total', { outcome: 'overridden' }), 1);
  assert.equal(more('proctor_feedback_repeated_total'), 1);
  assert.ok(more('proctor_codings_total') > 0);
  assert.equal(second.of('proctor_content_info'), 1);
  assert.equal(second.of('proctor_keys_stale', { client: 'north' }), 0);
  assert.ok(second.of('process_resident_memory_bytes') > 1e6);
  assert.ok(second.of('process_start_time_seconds') <= Date.now() / 1000);
});

test('nothing of a patient or a caller is in it, and its series do not grow with the calls', async () => {
  await fire();
  await service.fire('{"hook": 1}');
  await service.get(`/${canary}`);
  const before = await scrape();
  for (let i = 0; i < 5; ++i) {
    await fire({ traceparent: canary, origin: `https://${canary}${i}.example`, 'user-agent': canary }, (request) => {
      const text = JSON.stringify(request).replaceAll('severe-anaemia', `${canary}${i}`);
      return JSON.parse(text);
    });
    await service.fire(JSON.stringify({ hook: `${canary}${i}`, context: { patientId: `${canary}${i}` } }));
    await service.get(`/${canary}${i}?${canary}`);
  }
  const { body, series } = await scrape();
  assert.ok(!body.includes(canary));
  assert.equal(series.length, before.series.length);
  assert.ok(!service.logs().split('\n').some((line) => line.includes('"event"') && line.includes(canary)));
});

test('health says why it is degraded, on both ports, and stays ready', async () => {
  const file = join(service.folder, 'run/feedback.sqlite');
  const locker = spawn('python3', ['-u', '-c', "import sqlite3,sys\ndb=sqlite3.connect(sys.argv[1],isolation_level=None)\ndb.execute('BEGIN IMMEDIATE')\nprint('locked')\nsys.stdin.read()", file]);
  await once(locker.stdout, 'data');
  try {
    assert.equal((await fire()).status, 200);
    const own = await ask('/health/ready');
    assert.equal(own.status, 200);
    assert.deepEqual(JSON.parse(own.body).reasons, ['feedbackStore']);
    assert.deepEqual((await service.get('/health/ready')).json().reasons, ['feedbackStore']);
    assert.equal((await scrape()).of('proctor_feedback_store_away'), 1);
  } finally {
    locker.stdin.end();
    await once(locker, 'exit');
  }
});

test('the port has three addresses that take GET', async () => {
  for (const [path, method, status] of [['/health/live', 'GET', 200], ['/', 'GET', 404], ['/cds-services', 'GET', 404], ['/metrics', 'DELETE', 405],
    ['/metrics/../cds-services', 'GET', 404]]) assert.equal((await ask(path, { method })).status, status, `${method} ${path}`);
});

test('the port is not open to other hosts, and nginx does not pass it on', async () => {
  const outside = Object.values(networkInterfaces()).flat().filter((one) => one.family === 'IPv4' && !one.internal).map((one) => one.address);
  for (const host of ['127.0.0.2', ...outside]) {
    const socket = connect({ host, port });
    const refused = await new Promise((resolve) => {
      socket.on('error', () => resolve(true));
      socket.on('connect', () => resolve(false));
    });
    socket.destroy();
    assert.ok(refused, host);
  }
  assert.equal((await service.get('/metrics')).status, 404);
});

test('a port that is taken refuses the start', async () => {
  await assert.rejects(startService({ settings: { metrics_port: port } }), new RegExp(`127\\.0\\.0\\.1:${port}.*in use|in use.*127\\.0\\.0\\.1:${port}`));
});

const id = '0af7651916cd43dd8448eb211c80319c';
const access = () => accessTo(sandbox.base, token);

test('the trace of a caller is in the log and goes on to its FHIR server, with a parent of our own', async () => {
  const asked = sandbox.requests.length;
  await fire({ traceparent: `00-${id}-b7ad6b7169203331-01`, tracestate: canary }, (request) => ({ ...request, prefetch: undefined, ...access() }));
  assert.equal(logged().pop().trace, id);
  const sent = sandbox.requests.slice(asked);
  assert.ok(sent.length > 0);
  for (const { headers } of sent) {
    assert.match(headers.traceparent, new RegExp(`^00-${id}-[0-9a-f]{16}-01$`));
    assert.ok(!headers.traceparent.includes('b7ad6b7169203331'));
    assert.ok(!JSON.stringify(headers).includes(canary));
  }
});

test('without a trace, or with what is none, there is one of our own', async () => {
  const wrong = [undefined, '', 'Smith', `01-${id}-b7ad6b7169203331-01`, `00-${id.toUpperCase()}-b7ad6b7169203331-01`, `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-${id}-b7ad6b7169203331-01-x`];
  const seen = new Set();
  for (const traceparent of wrong) {
    const asked = sandbox.requests.length;
    await fire(traceparent === undefined ? {} : { traceparent }, (request) => ({ ...request, prefetch: undefined, ...access() }));
    const { trace } = logged().pop();
    assert.match(trace, /^[0-9a-f]{32}$/);
    assert.notEqual(trace, id);
    for (const { headers } of sandbox.requests.slice(asked)) assert.match(headers.traceparent, new RegExp(`^00-${trace}-[0-9a-f]{16}-00$`));
    seen.add(trace);
  }
  assert.equal(seen.size, wrong.length);
});
