// proctor store over what a running service kept: comments of clinicians are in no file in clear, every command does what it says beside the
// service, and a backup fills the other kind of store with the same.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { patient } from './support/fixtures.mjs';
import { serviceId } from './support/paths.mjs';
import { requestFor } from './support/requests.mjs';
import { filesBelow, startService, writePrivate } from './support/service.mjs';

const canary = 'c4n4ry0comment, she said "no"';
const writeKeys = (folder, name, text) => writePrivate(folder, `${name}.keys`, text);
const keyOf = (id, digit) => `${id} ${digit.repeat(64)}\n`;

let service;
let user;
let cards;
before(async () => {
  service = await startService({
    settings: { feedback_store: 'run/feedback.sqlite', identity_keys: 'identity.keys', comment_keys: 'comment.keys', keep_comments: true },
    prepare: (folder) => {
      user = statSync(join(folder, 'run'));
      for (const [name, digit] of [['identity', '1'], ['comment', '2']]) writeKeys(folder, name, keyOf('k1', digit));
    },
  });
  const describe = await service.describe();
  cards = (await service.fire(requestFor(describe, patient('severe-anaemia')))).json().cards;
  const time = '2026-06-15T12:00:00Z';
  const feedback = [
    { card: cards[0].uuid, outcome: 'overridden', outcomeTimestamp: time, overrideReason: { reason: { system: 'urn:a', code: 'not-now' }, userComment: canary } },
    { card: '00000000-0000-4000-8000-000000000000', outcome: 'overridden', outcomeTimestamp: time },
  ];
  const answer = await service.post(`/cds-services/${serviceId}/feedback`, JSON.stringify({ feedback }));
  assert.equal(answer.status, 200, answer.body);
});
after(() => service?.stop());

const inFolder = (name) => join(service.folder, name);
// As the service's user, beside it.
const run = (...args) => spawnSync(inFolder('proctor'), ['store', ...args], { encoding: 'utf8', cwd: inFolder('run'), timeout: 60_000,
  ...(process.getuid() === 0 ? { uid: user.uid, gid: user.gid } : {}) });
const config = (name = 'proctor.json') => ['--config', inFolder(name)];
const otherConfig = (name, change) => {
  writeFileSync(inFolder(name), JSON.stringify({ ...JSON.parse(readFileSync(inFolder('proctor.json'))), ...change }));
  return config(name);
};
const fine = (result) => {
  assert.equal(result.status, 0, result.stderr);
  return result;
};

test('a comment is in no file of the service in clear', () => {
  for (const file of filesBelow(service.folder)) assert.ok(!readFileSync(file).includes('c4n4ry0comment'), file);
});

test('verify counts what is there', () => {
  const { stdout } = fine(run('verify', ...config()));
  assert.equal(stdout, `feedback 2, cards ${cards.length}, comments 1 (opened 1, key not at hand 0), feedback whose card has gone 0\n` +
    'wrong keys 0, wrong matches 0, damaged comments 0\n');
  assert.match(run('verify', ...otherConfig('locked.json', { comment_keys: undefined, keep_comments: false })).stdout, /key not at hand 1/);
});

test('export gives a row a card, with hashes for people, and comments only when asked for', () => {
  const { stdout, stderr } = fine(run('export', ...config()));
  const lines = stdout.split('\r\n').filter(Boolean);
  assert.equal(lines.length, 1 + cards.length);
  assert.equal(lines[0], 'date,client,tenant,user,service,hook,rule,row,version,content,indicator,card,action,answered,reason');
  const [said] = lines.filter((line) => line.includes(cards[0].uuid));
  assert.match(said, /,usual,,k1:[0-9a-f]{64},/);
  assert.ok(said.endsWith(`,${cards[0].uuid},overridden,2026-06-15T12:00:00Z,not-now`), said);
  assert.match(stderr, new RegExp(`"event":"exporting","reason":"rows"}\\n.*"event":"exported","reason":"rows","rows":${cards.length}\\b`));
  assert.ok(!stdout.includes('c4n4ry0comment'));
  const opened = fine(run('export', ...config(), '--comments', '--format', 'ndjson'));
  const rows = opened.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  assert.equal(rows.find((row) => row.card === cards[0].uuid).comment, canary);
  assert.match(opened.stderr, /"reason":"comments"/);
  assert.equal(fine(run('export', ...config(), '--since', '2999-01-01T00:00:00Z')).stdout, `${lines[0]}\r\n`);
});

test('counts are of closed months alone: today is in none', () => {
  const { stdout, stderr } = fine(run('export', ...config(), '--counts'));
  assert.equal(stdout, 'month,client,rule,version,outcome,reason,cards\r\n');
  assert.match(stderr, /"event":"exported","reason":"counts","rows":0/);
});

test('a backup is a new file of the owner alone, and fills another store with the same', () => {
  const file = inFolder('run/backup.ndjson');
  assert.equal(fine(run('backup', ...config(), file)).stdout, `feedback 2, cards ${cards.length}\n`);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.ok(!readFileSync(file, 'utf8').includes('c4n4ry0comment'));
  const again = run('backup', ...config(), file);
  assert.equal(again.status, 1);
  assert.match(again.stderr, /is there already/);
  assert.match(run('restore', ...config(), file).stderr, /not empty/);
  const other = otherConfig('other.json', { feedback_store: 'run/other.sqlite' });
  const restored = fine(run('restore', ...other, file));
  assert.equal(restored.stdout, `feedback 2, cards ${cards.length}\n`);
  assert.match(restored.stderr, new RegExp(`"event":"restored","reason":"backup","rows":${cards.length + 2}\\b`));
  assert.equal(run('export', ...other, '--comments').stdout, run('export', ...config(), '--comments').stdout);
  fine(run('verify', ...other));
  writeFileSync(file, readFileSync(file, 'utf8').replace('not-now', 'not-today'));
  const third = otherConfig('third.json', { feedback_store: 'run/third.sqlite' });
  const refused = run('restore', ...third, file);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /backup\.ndjson line \d+/);
  assert.match(run('verify', ...third).stdout, /feedback 0, cards 0/);
});

test('a store that is not there, or was emptied, is not made by what only reads', () => {
  const missing = otherConfig('missing.json', { feedback_store: 'run/missing.sqlite' });
  const emptied = otherConfig('emptied.json', { feedback_store: 'emptied.sqlite' });
  writePrivate(service.folder, 'emptied.sqlite', '');
  for (const [task, ...more] of [['verify'], ['export'], ['backup', inFolder('run/of-nothing.ndjson')]]) {
    for (const where of [missing, emptied]) {
      const { status, stderr } = run(task, ...where, ...more);
      assert.deepEqual([status, /there is no feedback store/.test(stderr), existsSync(inFolder('run/missing.sqlite'))], [1, true, false], `${task}: ${stderr}`);
    }
  }
  assert.equal(statSync(inFolder('emptied.sqlite')).size, 0);
});

test('migrate may be repeated', () => {
  fine(run('migrate', ...config()));
  fine(run('verify', ...config()));
});

test('a new key goes first, on SIGHUP, and the old one still opens', async () => {
  const line = fine(run('new-key', 'k2')).stdout;
  assert.match(line, /^k2 [0-9a-f]{64}\n$/);
  assert.notEqual(fine(run('new-key', 'k2')).stdout, line);
  writeKeys(service.folder, 'comment', line + keyOf('k1', '2'));
  service.hangUp();
  for (let i = 0; i < 200 && !service.logs().includes('"event":"reloaded"'); ++i) await new Promise((done) => setTimeout(done, 50));
  const feedback = [{ card: cards[0].uuid, outcome: 'overridden', outcomeTimestamp: '2026-06-15T13:00:00Z', overrideReason: { userComment: 'c4n4ry0comment again' } }];
  assert.equal((await service.post(`/cds-services/${serviceId}/feedback`, JSON.stringify({ feedback }))).status, 200);
  assert.match(fine(run('verify', ...config())).stdout, /comments 2 \(opened 2, key not at hand 0\)/);
});

test('an alarm that was answered is not shown again to the same patient, and to another it is', async (t) => {
  const quiet = await startService({
    settings: { feedback_store: 'run/feedback.sqlite', identity_keys: 'identity.keys', quiet_days: 30 },
    prepare: (folder) => writeKeys(folder, 'identity', keyOf('k1', '1')),
  });
  t.after(() => quiet.stop());
  const describe = await quiet.describe();
  // Rendered once: other dates would be other evidence.
  const chart = patient('visible-bleeding-alone');
  // Another hook instance each time; `change` may make it another patient's.
  const fire = async (change = (text) => text) => {
    const request = { ...requestFor(describe, chart), hookInstance: randomUUID() };
    return (await quiet.fire(change(JSON.stringify(request)))).json().cards.filter((card) => card.indicator !== 'critical' && card.overrideReasons);
  };
  const topics = (shown) => shown.map((card) => card.source.topic.code);
  const first = await fire();
  assert.ok(first.length > 0);
  const feedback = first.map((card) => ({ card: card.uuid, outcome: 'overridden', outcomeTimestamp: '2026-06-15T12:00:00Z',
    overrideReason: { reason: { system: card.overrideReasons[0].system, code: 'already-ordered' } } }));
  assert.equal((await quiet.post(`/cds-services/${serviceId}/feedback`, JSON.stringify({ feedback }))).status, 200);
  assert.deepEqual(topics(await fire()), []);
  const id = requestFor(describe, chart).context.patientId;
  assert.deepEqual(topics(await fire((text) => text.replaceAll(id, 'somebody-else'))), topics(first));
  // And explain says why.
  writePrivate(quiet.folder, 'request.json', JSON.stringify(requestFor(describe, chart)));
  const said = spawnSync(join(quiet.folder, 'proctor'), ['explain', '--config', 'proctor.json', '--client', 'usual', '--rule', first[0].source.topic.code, 'request.json'],
    { encoding: 'utf8', cwd: quiet.folder, timeout: 60_000, ...(process.getuid() === 0 ? { uid: user.uid, gid: user.gid } : {}) });
  rmSync(join(quiet.folder, 'request.json'));
  assert.match(said.stdout, /^card: held back, answered .* \(overridden, already-ordered\) on the same evidence; shown again from /m, said.stderr);
});

test('what cannot be done is said in one sentence', () => {
  const none = otherConfig('none.json', { feedback_store: undefined });
  const lines = [
    [1, /names no feedback_store/, ['verify', ...none]],
    [1, /comment_keys/, ['export', '--comments', ...otherConfig('keyless.json', { comment_keys: undefined })]],
    [1, /--since/, ['export', '--since', 'yesterday', ...config()]],
    [2, /excludes|requires/i, ['export', '--counts', '--comments', ...config()]],
    [2, /requires/i, ['export', '--months', '3', ...config()]],
    [2, /id is up to 32/, ['new-key', 'a b']],
    [2, /subcommand/, []],
  ];
  for (const [status, message, args] of lines) {
    const result = run(...args);
    assert.equal(result.status, status, args.join(' '));
    assert.match(result.stderr + result.stdout, message);
  }
});

test('without its keys, or with keys that others may read, the service does not start', () => {
  const text = readFileSync(inFolder('comment.keys'), 'utf8');
  const serve = (change) => spawnSync(inFolder('proctor'), ['serve', ...otherConfig('start.json', { socket: 'run/other.sock', ...change })],
    { encoding: 'utf8', cwd: service.folder, timeout: 60_000, ...(process.getuid() === 0 ? { uid: user.uid, gid: user.gid } : {}) });
  assert.match(serve({ comment_keys: undefined }).stderr, /comment_keys is required/);
  assert.match(serve({ comment_keys: 'none.keys' }).stderr, /none\.keys: cannot be read/);
  writeKeys(service.folder, 'open', text);
  chmodSync(inFolder('open.keys'), 0o644);
  const refused = serve({ comment_keys: 'open.keys' });
  assert.equal(refused.status, 3);
  assert.match(refused.stderr, /others than the owner may use the file/);
  assert.ok(existsSync(inFolder('open.keys')));
});
