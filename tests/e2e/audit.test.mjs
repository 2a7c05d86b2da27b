// The audit trail of the real service: an event for everything that is done, through a kill, a reload and a rotation, and `proctor audit verify`,
// which finds whatever is changed in it.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, closeSync, constants, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { patient } from './support/fixtures.mjs';
import { binary, serviceId } from './support/paths.mjs';
import { requestFor } from './support/requests.mjs';
import { assertValidR4 } from './support/schemas.mjs';
import { startService, user } from './support/service.mjs';

const hook = `/cds-services/${serviceId}`;
const keys = generateKeyPairSync('ed25519');

let service;
let request;
let describe;
before(async () => {
  service = await startService({
    settings: { audit_log: 'run/audit.log', audit_key: 'audit.pem', feedback_store: 'run/feedback.sqlite' },
    prepare: (folder) => {
      const file = join(folder, 'audit.pem');
      writeFileSync(file, keys.privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
      const { uid, gid } = statSync(join(folder, 'run'));  // the service's user
      chownSync(file, uid, gid);
      writeFileSync(join(folder, 'audit.pub'), keys.publicKey.export({ format: 'pem', type: 'spki' }));
    },
  });
  describe = await service.describe();
  request = requestFor(describe, patient('severe-anaemia'));
});
after(() => service?.stop());

const trail = () => join(service.folder, 'run/audit.log');
const lines = (file = trail()) => readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
const events = (file) => lines(file).filter((line) => line.event).map((line) => line.event);
const detail = (event, type) => event.entity[0].detail?.find((one) => one.type === type)?.valueString;
const act = ({ type, subtype }) => [type.code, ...(subtype ?? []).map((one) => one.code)].join('/');
const verify = (...args) => {
  const { status, stdout, stderr } = spawnSync(binary, ['audit', 'verify', ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
};
const key = () => ['--key', join(service.folder, 'audit.pub')];

async function until(condition) {
  for (let i = 0; i < 1200 && !condition(); ++i) await pause(50);
  assert.ok(condition());
}

test('every call is an event before its answer: who, what, how it went', async () => {
  const before = events().length;
  const answer = await service.fire(request);
  const [event, ...more] = events().slice(before);
  assert.equal(more.length, 0);
  assert.equal(act(event), 'rest/operation');
  assert.equal(event.outcome, '0');
  assert.deepEqual(event.agent, [{ altId: 'usual', requestor: true }]);
  assert.equal(event.entity[0].name, serviceId);
  assert.equal(detail(event, 'hook'), describe.hook);
  assert.equal(detail(event, 'cards'), String(answer.json().cards.length));

  const [card] = answer.json().cards;
  const feedback = { feedback: [{ card: card.uuid, outcome: 'overridden', outcomeTimestamp: '2026-06-15T12:00:00Z' }] };
  assert.equal((await service.post(`${hook}/feedback`, JSON.stringify(feedback))).status, 200);
  assert.equal((await service.post(`${hook}/feedback`, '{"feedback":')).status, 400);
  assert.equal((await service.fire('{}')).status, 400);
  assert.deepEqual(events().slice(before + 1).map((one) => [act(one), one.outcome]),
    [['rest/create', '0'], ['rest/create', '4'], ['rest/operation', '4']]);
});

test('health and discovery are no events, and callers that are not known are counted', async () => {
  const before = lines().length;
  assert.equal((await service.get('/health/ready')).status, 200);
  assert.equal((await service.get('/cds-services')).status, 200);
  for (let i = 0; i < 5; ++i) assert.equal((await service.fire(request, { authorization: null })).status, 401);
  assert.equal(lines().length, before);
});

test('a server that the client is not registered with is an event of its own', async () => {
  const before = events().length;
  const elsewhere = { ...request, prefetch: {}, fhirServer: 'https://elsewhere.example/fhir',
    fhirAuthorization: { access_token: 'c4n4ry0token', token_type: 'Bearer', expires_in: 300, scope: 'user/*.read', subject: 'cds' } };
  await service.fire(elsewhere);
  const made = events().slice(before);
  assert.deepEqual(made.map(act), ['rest/operation', '110113/110132']);
  assert.equal(made[1].outcomeDesc, 'notAllowed');
});

test('what a command takes out of a store or puts into one is an event of the same trail, beside the running service', async () => {
  const before = events().length;
  const options = { encoding: 'utf8', timeout: 60_000, cwd: service.folder, ...user };
  const store = (task, config, ...more) => {
    const { status, stderr } = spawnSync('./proctor', ['store', task, '--config', config, ...more], options);
    assert.equal(status, 0, stderr);
  };
  const other = { ...JSON.parse(readFileSync(join(service.folder, 'proctor.json'), 'utf8')), feedback_store: 'run/other.sqlite' };
  writeFileSync(join(service.folder, 'other.json'), JSON.stringify(other));
  store('export', 'proctor.json');
  store('backup', 'proctor.json', 'run/backup.ndjson');
  store('restore', 'other.json', 'run/backup.ndjson');
  await service.fire(request);
  const made = events().slice(before);
  assert.deepEqual(made.slice(0, 5).map((one) => [act(one), one.action, detail(one, 'reason'), detail(one, 'state') ?? (detail(one, 'rows') && 'counted')]), [
    ['110106', 'R', 'rows', 'begun'], ['110106', 'R', 'rows', 'counted'], ['110106', 'R', 'backup', 'begun'], ['110106', 'R', 'backup', 'counted'],
    ['110107', 'C', 'backup', 'counted']]);
  assert.equal(act(made[5]), 'rest/operation');
  const broken = spawnSync('sh', ['-c', './proctor store export --config proctor.json > /dev/full'], options);
  assert.equal(broken.status, 1, broken.stderr);
  assert.deepEqual([act(events().at(-1)), detail(events().at(-1), 'reason'), detail(events().at(-1), 'state')], ['110106', 'rows', undefined], 'what was cut off, too');
  // Into a pipe that is full, so that it waits until a signal ends it.
  const pipe = join(service.folder, 'run/pipe');
  execFileSync('mkfifo', ['-m', '666', pipe]);
  const full = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  assert.throws(() => { for (;;) writeSync(full, Buffer.alloc(4096)); }, { code: 'EAGAIN' });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    const count = events().length;
    const waiting = spawn('./proctor', ['store', 'export', '--config', 'proctor.json'], { ...options, stdio: ['ignore', openSync(pipe, 'r+'), 'ignore'] });
    await until(() => events().length > count);
    await pause(200);
    waiting.kill(signal);
    assert.equal((await once(waiting, 'exit'))[1], signal);
    assert.equal(events().length, count + 1);
    assert.deepEqual([act(events().at(-1)), detail(events().at(-1), 'reason'), detail(events().at(-1), 'state')], ['110106', 'rows', 'begun'], 'and what a signal ended');
  }
  closeSync(full);
  rmSync(pipe);
  assert.equal(verify(trail(), ...key()).status, 0);
});

test('a kill loses nothing that was answered, and the next start says that there was no stop', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => service.fire(request)));
  const answered = events().length;
  assert.ok(answers.length <= answered);
  await service.restart('SIGKILL');
  const start = events()[answered];
  assert.equal(act(start), '110100/110120');
  assert.equal(detail(start, 'trail'), 'did not end with a stop');
  assert.equal(verify(trail(), ...key()).status, 0);
});

test('a stop writes what was counted and signs the end', async () => {
  for (let i = 0; i < 3; ++i) assert.equal((await service.fire(request, { authorization: null })).status, 401);
  const before = events().length;
  await service.restart('SIGTERM');
  const [refused, stop, start] = events().slice(before);
  assert.deepEqual([refused, stop, start].map(act), ['110114/110126', '110100/110121', '110100/110120']);
  assert.deepEqual([refused.outcomeDesc, detail(refused, 'count'), refused.agent[0].name], ['noToken', '3', 'unknown']);
  assert.equal(detail(start, 'trail'), undefined);
  const head = lines().filter((line) => line.head).at(-2);
  assert.equal(head.head.closed, true);
});

test('SIGHUP goes on in a new file, and both are one trail', async () => {
  const old = join(service.folder, 'run/audit.log.1');
  const last = lines().at(-1);
  renameSync(trail(), old);
  await service.fire(request);
  service.hangUp();
  await until(() => service.logs().includes('"event":"reloaded"'));
  await service.fire(request);
  await until(() => events().length >= 2);
  assert.deepEqual(events().slice(0, 2).map(act), ['110100/110131', 'rest/operation']);
  assert.ok(lines(old).length > last.n - lines(old)[0].n + 1, 'what came between is in the old file');
  assert.equal(verify(old, trail(), ...key()).status, 0);
  const alone = verify(trail());
  assert.equal(alone.status, 1);
  assert.match(alone.stderr, /audit\.log:1: line \d+ comes after line 0/);
  const at = /ends at (\S+)/.exec(verify(old).stdout)[1];
  assert.equal(verify(trail(), '--after', at, ...key()).status, 0);
});

test('the check tells how much it is, finds a changed byte at its line and a cut end by what was noted', async () => {
  const files = [join(service.folder, 'run/audit.log.1'), trail()];
  const whole = verify(...files, ...key());
  assert.equal(whole.status, 0, whole.stderr);
  assert.match(whole.stdout, /^\d+ events, from 20\S+Z to 20\S+Z\n\d+ signed heads; .*\n.*\nends at \d+:[0-9a-f]{64}\nOK\n$/);
  const noted = /ends at (\S+)/.exec(whole.stdout)[1];

  const copy = join(service.folder, 'copy.log');
  const text = readFileSync(files[0], 'utf8').split('\n');
  writeFileSync(copy, text.map((line, i) => (i === 4 ? line.replace('"recorded":"2', '"recorded":"1') : line)).join('\n'));
  const changed = verify(copy, ...key());
  assert.equal(changed.status, 1);
  assert.match(changed.stderr, /copy\.log:5: the line was changed/);

  writeFileSync(copy, `${text.slice(0, 4).join('\n')}\n`);
  assert.equal(verify(copy, '--known', noted).status, 1);
  assert.equal(verify(copy, '--known', 'nonsense').status, 2);
  assert.equal(verify(join(service.folder, 'none')).status, 1);
  const stranger = generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' });
  writeFileSync(join(service.folder, 'stranger.pub'), stranger);
  assert.match(verify(...files, '--key', join(service.folder, 'stranger.pub')).stderr, /signed with another key/);
});

test('what it holds are valid AuditEvents, and nothing of a patient', () => {
  const old = join(service.folder, 'run/audit.log.1');
  const all = [...events(old), ...events()];
  assert.ok(new Set(all.map(act)).size >= 7);
  for (const event of all) assertValidR4(event);
  const text = readFileSync(old, 'utf8') + readFileSync(trail(), 'utf8');
  const ids = Object.values(request.prefetch).flatMap((one) => [one?.id, ...(one?.entry ?? []).map((entry) => entry.resource.id)]).filter((id) => id?.length > 8);
  for (const secret of ['c4n4ry0', 'elsewhere.example', request.context.userId, request.context.patientId, request.hookInstance, ...ids])
    assert.ok(!text.includes(secret), secret);
});

test('without standard input, output and error the trail is not taken for one of them', async () => {
  for (const within of ['2>&-', '<&- >&- 2>&-'].map((closed) => ['sh', '-c', `exec "$@" ${closed}`, 'sh'])) {
    const silent = await startService({ settings: { audit_log: 'run/audit.log' }, within });
    try {
      await silent.fire('{}');
      await silent.restart('SIGTERM');
      const { status, stderr } = verify(join(silent.folder, 'run/audit.log'));
      assert.equal(status, 0, stderr);
    } finally {
      await silent.stop();
    }
  }
});

test('the service does not start with a trail or a key that others may read, or a trail that is broken', () => {
  const folder = service.folder;
  // Tests may run as root, and only a demonstration starts then; it looks at its trail as well.
  const refused = (settings) => {
    const { content, audit_key } = JSON.parse(readFileSync(join(folder, 'proctor.json'), 'utf8'));
    writeFileSync(join(folder, 'other.json'), JSON.stringify({ content, audit_key, socket: 'run/other.sock', ...settings }));
    const { status, stderr } = spawnSync(binary, ['serve', '--demo', '--config', join(folder, 'other.json')], { encoding: 'utf8', timeout: 60_000 });
    assert.equal(status, 3, stderr);
    return stderr;
  };
  writeFileSync(join(folder, 'open.log'), '', { mode: 0o644 });
  assert.match(refused({ audit_log: 'open.log' }), /open\.log: others than the owner may use the file/);
  writeFileSync(join(folder, 'broken.log'), `${readFileSync(trail(), 'utf8')}{}\n`, { mode: 0o600 });
  assert.match(refused({ audit_log: 'broken.log' }), /broken\.log: the last lines are no whole chain/);
  writeFileSync(join(folder, 'open.pem'), readFileSync(join(folder, 'audit.pem')), { mode: 0o644 });
  assert.match(refused({ audit_log: 'new.log', audit_key: 'open.pem' }), /open\.pem: others than the owner may use the file/);
});
