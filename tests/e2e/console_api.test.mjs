// What the console tells over HTTP after real hooks and real feedback, to whom, and that nothing of a patient is in it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Canary } from './support/canary.mjs';
import { patient } from './support/fixtures.mjs';
import { client } from './support/client.mjs';
import { binary, readText, root, serviceId } from './support/paths.mjs';
import { start, stop } from './support/processes.mjs';
import { requestFor } from './support/requests.mjs';
import { freePort, startService } from './support/service.mjs';

const password = 'a password of some length';
let service;
let port;
let outside; // the port of nginx
let cookie;
let chart;
const canary = new Canary();

// One call to the console, as a browser makes it.
const ask = ({ method = 'GET', path, body, headers = {} }) => new Promise((resolve, reject) => {
  const bytes = body === undefined ? undefined : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const json = bytes ? { 'content-type': 'application/json', 'content-length': bytes.length } : {};
  const call = request({ host: '127.0.0.1', port, method, path, agent: false, headers: { host: `localhost:${port}`, cookie: cookie ?? '', ...json, ...headers } });
  call.on('error', reject);
  call.on('response', (answer) => {
    const chunks = [];
    answer.on('data', (chunk) => chunks.push(chunk));
    answer.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      resolve({ status: answer.statusCode, headers: answer.headers, body: text, json: () => JSON.parse(text) });
    });
  });
  call.end(bytes);
});
const post = (path, body, headers) => ask({ method: 'POST', path, body, headers });
const get = async (path) => {
  const answer = await ask({ path });
  assert.equal(answer.status, 200, `${path}: ${answer.body}`);
  return answer.json();
};
async function logIn(user) {
  cookie = undefined;
  const answer = await post('/api/login', { user, password });
  assert.equal(answer.status, 204, answer.body);
  [cookie] = answer.headers['set-cookie'][0].split(';');
}

// Lines of `proctor console-user`, for the service's user alone.
function writeUsers(folder, mode = 0o600) {
  const line = (name, ...roles) => execFileSync(binary, ['console-user', name, ...roles.flatMap((role) => ['--role', role])], { input: `${password}\n` });
  const file = join(folder, 'run/console-users');
  writeFileSync(file, Buffer.concat([line('anna', 'quality', 'export'), line('ben', 'quality')]));
  chmodSync(file, mode);
  if (process.getuid() === 0) chownSync(file, Number(execFileSync('id', ['-u', 'daemon'])), 0);
}

before(async () => {
  port = await freePort();
  outside = await freePort();
  const hosts = [`console.example:${outside}`];
  service = await startService({
    settings: { feedback_store: 'run/feedback.sqlite', console: { port, hosts, users: 'run/console-users', patients: 'patients' } },
    prepare: (folder) => {
      writeUsers(folder);
      mkdirSync(join(folder, 'patients'));
      cpSync(join(root, 'fhir-fixtures/patients/severe-anaemia.json'), join(folder, 'patients/severe-anaemia.json'));
    },
  });
  chart = requestFor(await service.describe(), patient('severe-anaemia'));
  canary.add(JSON.stringify(chart));
});
after(() => service?.stop());

test('nobody is told anything without logging in, and a wrong password does not help', async () => {
  for (const path of ['/api/session', '/api/overview', '/api/rules', '/api/clients', '/api/patients', '/api/export?format=csv'])
    assert.equal((await ask({ path })).status, 401, path);
  assert.equal((await post('/api/login', { user: 'anna', password: 'not the password' })).status, 401);
  assert.equal((await ask({ path: '/' })).status, 200);
});

test('hooks, feedback and refusals are in the figures of the overview, the rules and the client', async () => {
  const { cards } = (await service.fire(chart)).json();
  const feedback = cards.map(({ uuid, overrideReasons }) => ({
    card: uuid, outcome: 'overridden', outcomeTimestamp: new Date().toISOString(), overrideReason: { reason: overrideReasons[0], userComment: 'c4n4ry0comment' } }));
  assert.equal((await service.post(`/cds-services/${serviceId}/feedback`, JSON.stringify({ feedback }))).status, 200);
  const lacking = { ...chart, hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea', prefetch: { ...chart.prefetch, laboratory: undefined, conditions: undefined } };
  assert.equal((await service.fire(lacking)).status, 200);
  assert.equal((await service.fire({ ...chart, prefetch: {} })).status, 412);
  assert.equal((await service.fire(chart, { authorization: 'Bearer none' })).status, 401);

  await logIn('anna');
  assert.deepEqual((await get('/api/session')).roles, ['export', 'quality']);
  const overview = await get('/api/overview?hours=24');
  assert.equal(overview.hours.length, 24);
  const { hooks, refused, notChecked } = overview.totals;
  assert.deepEqual({ hooks, refused, notChecked }, { hooks: 2, refused: 2, notChecked: 1 });
  assert.ok(overview.totals.latencyMs.p99 > 0);
  assert.equal(overview.rules.find((one) => one.rule === 'ADC-02').critical, 1);
  assert.deepEqual(overview.state.keys, { usual: 'fresh' });
  assert.equal(overview.state.feedbackStore, 'ok');

  const { rules } = await get('/api/rules?days=30');
  const [version] = rules.find((one) => one.rule === 'ADC-02').versions;
  assert.deepEqual([version.shown, version.overridden, version.overrideShare, version.unanswered], [1, 1, 1, 0]);
  assert.notEqual(version.reasons[0].display, version.reasons[0].code);

  const { clients: [usual], strangers } = await get('/api/clients');
  assert.equal(usual.id, 'usual');
  assert.equal(usual.calls, 3);
  assert.deepEqual(usual.errors, [{ reason: 'dataMissing', count: 1 }]);
  assert.equal(strangers.length, 1);
  assert.equal(usual.missing.find((one) => one.source === 'laboratory').calls, 2);
  assert.ok(usual.codings.all >= usual.codings.read && usual.codings.read > 0);
});

test('a code that nobody reads is told once five patients had it, and what is no code never', async () => {
  const lost = structuredClone(chart);
  const add = (system, code) => lost.prefetch.conditions.entry.push({ resource: {
    resourceType: 'Condition', id: `extra-${code.length}`, subject: { reference: `Patient/${chart.context.patientId}` }, code: { coding: [{ system, code }] } } });
  add('https://ehr.example/codes', 'LOCAL-1');
  add('https://ehr.example/codes', 'c4n4ry0 of a patient');
  const codes = async () => (await get('/api/clients')).clients[0].codesLost.filter((one) => one.system === 'https://ehr.example/codes');
  const of = (i) => JSON.parse(JSON.stringify(lost).replaceAll(chart.context.patientId, `${chart.context.patientId}-${i}`));
  for (let i = 0; i < 4; ++i) assert.equal((await service.fire(of(i))).status, 200);
  for (let i = 0; i < 4; ++i) assert.equal((await service.fire(of(0))).status, 200);
  assert.deepEqual(await codes(), [], 'however often one patient comes');
  assert.equal((await service.fire(of(4))).status, 200);
  assert.deepEqual(await codes(), [{ system: 'https://ehr.example/codes', code: 'LOCAL-1', calls: 9 }]);
});

test('a patient is tried as a client would be answered, and nothing of it is counted, kept or logged', async () => {
  const before = [(await get('/api/overview')).totals, await get('/api/clients'), service.logs()];
  assert.deepEqual((await get('/api/patients')).patients, [{ id: 'severe-anaemia', title: 'Severe anaemia' }]);
  for (const body of [{ patient: 'severe-anaemia' }, { bundle: patient('severe-anaemia'), client: 'usual' }, { request: chart }]) {
    const answer = await post('/api/try', body);
    assert.equal(answer.status, 200, answer.body);
    const { cards, rules } = answer.json();
    assert.equal(cards[0].indicator, 'critical');
    const rule = rules.find((one) => one.rule === 'ADC-02');
    assert.equal(rule.state, 'fired');
    assert.match(rule.explanation, /^ADC-02 Severe anaemia: fires/);
  }
  const refused = await post('/api/try', { request: { ...chart, prefetch: {} } });
  assert.equal(refused.status, 412);
  assert.equal(refused.json().error, 'refused');
  assert.equal((await post('/api/try', { patient: '../../run/console-users' })).status, 400);
  assert.deepEqual([(await get('/api/overview')).totals, await get('/api/clients'), service.logs()], before);
});

test('nothing of a patient is told, and nothing of a password or session is logged', async () => {
  const words = [...canary.words(), 'c4n4ry0'];
  for (const path of ['/api/session', '/api/overview?hours=168', '/api/rules?days=365', '/api/clients', '/api/patients']) {
    const { body } = await ask({ path });
    const told = body.replace(/"week":"[-\d]+"/g, ''); // the calendar's, and a chart has dates, too
    for (const word of words) assert.ok(!told.includes(word), `${path} tells ${word}`);
  }
  const logs = service.logs();
  assert.ok(logs.includes('"event":"login"'));
  for (const secret of [password, 'not the password', cookie.split('=')[1]]) assert.ok(!logs.includes(secret));
});

test('rows leave with the role for it alone, and every export is in the log', async () => {
  const rows = await ask({ path: '/api/export?format=ndjson&days=30' });
  assert.equal(rows.status, 200, rows.body);
  assert.match(rows.headers['content-disposition'], /^attachment/);
  const lines = rows.body.trim().split('\n').map((line) => JSON.parse(line));
  assert.equal(lines.filter((one) => one.rule === 'ADC-02' && one.action === 'overridden').length, 1);
  for (const word of [...canary.words(), 'c4n4ry0']) assert.ok(!rows.body.includes(word), word);
  assert.match(service.logs(), /"event":"exported".*"user":"anna","reason":"rows"/);
  await logIn('ben');
  assert.equal((await ask({ path: '/api/export?format=csv&days=30' })).status, 403);
  assert.equal((await ask({ path: '/api/export?format=csv&months=12&deidentified=true' })).status, 200);
});

test('another host, another origin and another type of body are refused', async () => {
  assert.equal((await ask({ path: '/', headers: { host: `evil.example:${port}` } })).status, 421);
  assert.equal((await post('/api/logout', '{}', { origin: 'https://evil.example' })).status, 403);
  assert.equal((await post('/api/logout', '{}', { 'content-type': 'text/plain' })).status, 415);
  assert.equal((await post('/api/logout', '{}', { origin: `http://localhost:${port}` })).status, 204);
  assert.equal((await ask({ path: '/api/session' })).status, 401);
});

test('the console is not behind the door of hooks, and the hooks are not behind that of the console', async () => {
  assert.equal((await service.get('/api/session')).status, 404);
  assert.equal((await ask({ path: '/cds-services' })).status, 404);
  assert.equal((await ask({ path: '/health/ready' })).status, 404);
});

// The example of deploy/nginx.conf, with the ports, the certificate and the network of this test.
function exampleOfNginx() {
  const example = readText('deploy/nginx.conf').match(/^    # server \{\n(?:    # .*\n)+/m)[0].replace(/^    # /gm, '');
  const values = { 'listen 443': `listen 127.0.0.1:${outside}`, '127.0.0.1:8090': `127.0.0.1:${port}`, 'console-key.pem': 'key.pem', 'console.pem': 'cert.pem', '10.0.0.0/8': '127.0.0.1' };
  return Object.entries(values).reduce((text, [from, to]) => text.replace(from, to), `pid nginx/console.pid;\nevents {}\nhttp {\naccess_log off;\n${example}}\n`);
}

test('behind nginx, as its example is written, people log in at any port, and other origins do not', async () => {
  writeFileSync(join(service.folder, 'console.conf'), exampleOfNginx());
  const door = start(service.folder, 'console-nginx', 'nginx', ['-p', service.folder, '-e', 'stderr', '-g', 'daemon off;', '-c', join(service.folder, 'console.conf')],
    { env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } });
  try {
    const call = client(outside, service.ca);
    const host = `console.example:${outside}`;
    for (let i = 0; i < 100 && !(await call({ path: '/', headers: { host } }).catch(() => null)); ++i) await pause(50);
    const enter = (origin, to = host) => call({ method: 'POST', path: '/api/login', body: JSON.stringify({ user: 'ben', password }), headers: { host: to, origin, 'content-type': 'application/json' } });
    const entered = await enter(`https://${host}`);
    assert.equal(entered.status, 204, entered.body + door.log());
    assert.match(entered.headers['set-cookie'][0], /; Secure$/);
    for (const other of ['https://console.example', `https://console.example:${outside + 1}`, 'https://evil.example']) assert.equal((await enter(other)).status, 403, other);
    assert.equal((await enter(`https://evil.example:${outside}`, `evil.example:${outside}`)).status, 421);
  } finally {
    await stop(door, 'SIGQUIT');
  }
});

test('users that others may read stop the start', async () => {
  const options = { settings: { console: { port: await freePort(), users: 'run/console-users' } }, prepare: (folder) => writeUsers(folder, 0o644) };
  await assert.rejects(startService(options).then((one) => one.stop()), /console-users: others than the owner may use the file/);
});
