// Feedback that got its 200 is in the store once, whoever is killed meanwhile; and while the store cannot be written clinicians get their cards.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { compare, FeedbackLoad } from './support/feedback_load.mjs';
import { patient } from './support/fixtures.mjs';
import { keySet, makeSigner } from './support/jwt.mjs';
import { serviceId } from './support/paths.mjs';
import { postgresInstalled, startPostgres } from './support/postgres.mjs';
import { requestFor } from './support/requests.mjs';
import { startService } from './support/service.mjs';
import { addOldFeedback, damage, lock, select } from './support/sqlite.mjs';

const address = `/cds-services/${serviceId}/feedback`;
const signer = makeSigner({ issuer: 'https://north.example', alg: 'ES256' });
const start = (settings) => startService({
  clients: [{ id: 'north', issuer: signer.issuer, jwks_file: 'north.json', in_flight: 64 }],
  signer,
  settings,
  prepare: (folder) => writeFileSync(join(folder, 'north.json'), keySet(signer)),
});
const send = (service) => (feedback) => service.post(address, JSON.stringify({ feedback }));

const kills = 12;
const between = 850; // acknowledged before each
const batches = 100; // acknowledged by the spool before and after the service is killed, too

// What clients heard, and the cards of the store's rows. What was never acknowledged in spite of all is not there to be compared: the load
// does not end before it is.
function expectEachOnce(t, load, rows) {
  const found = compare(load.acknowledged, rows);
  t.diagnostic(JSON.stringify({ ...found, sentAgain: load.sentAgain, refused: [...load.refused] }));
  assert.ok(found.acknowledged >= 10_000);
  assert.deepEqual([found.lost, found.doubled, found.rows], [0, 0, found.acknowledged]);
}

test('SQLite: over twelve kills nothing that was acknowledged is lost, and nothing is kept twice', async (t) => {
  const service = await start({ feedback_store: 'run/feedback.sqlite' });
  t.after(() => service.stop());
  const load = new FeedbackLoad(send(service));
  for (let i = 0; i < kills; ++i) {
    await load.acknowledgedMore(between);
    await load.whileAway(service.restart('SIGKILL'));
  }
  await load.end();
  expectEachOnce(t, load, select(join(service.folder, 'run/feedback.sqlite'), 'SELECT card FROM feedback'));
});

// The unit kills what has not ended after ten seconds.
test('a stop does not wait until all rows that are too old are deleted, and nothing is told after it', async (t) => {
  const service = await start({ feedback_store: 'run/feedback.sqlite', audit_log: 'run/audit.log' });
  t.after(() => service.stop());
  const rows = 200_000;
  const file = join(service.folder, 'run/feedback.sqlite');
  addOldFeedback(file, rows);
  await service.restart('SIGTERM');
  for (let i = 0; i < 1200 && Number(select(file, 'SELECT count(*) FROM feedback')[0]) === rows; ++i) await pause(50);
  await service.restart('SIGTERM');
  const events = readFileSync(join(service.folder, 'run/audit.log'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line).event);
  const types = events.map((event) => event.subtype?.[0].display ?? event.type.code);
  const purged = types.indexOf('destroy');
  assert.deepEqual(types.slice(purged, purged + 3), ['destroy', 'Application Stop', 'Application Start']);
  const [{ valueString: deleted }] = events[purged].entity[0].detail.filter(({ type }) => type === 'rows');
  assert.ok(deleted > 0 && deleted < rows, deleted);
});

test('PostgreSQL: the same, though it is killed, too, and the service while it is away', { skip: !postgresInstalled() && 'it is not installed' }, async (t) => {
  const postgres = await startPostgres();
  t.after(() => postgres.stop());
  const service = await start({ feedback_store: postgres.url, feedback_spool: 'run/spool.sqlite' });
  t.after(() => service.stop());
  const load = new FeedbackLoad(send(service));
  const killService = () => load.whileAway(service.restart('SIGKILL'));
  const spooled = () => ['shown', 'feedback'].flatMap((table) => select(join(service.folder, 'run/spool.sqlite'), `SELECT card FROM ${table}`)).length;
  for (let i = 0; i < kills; ++i) {
    await load.acknowledgedMore(between);
    if (i % 4 !== 3) {
      await killService();
      continue;
    }
    await postgres.kill(async () => {
      await load.acknowledgedMore(batches);
      assert.ok(spooled() > 0);
      await killService();
      await load.acknowledgedMore(batches);
    });
  }
  await load.end();
  while (spooled() > 0) await pause(50);
  expectEachOnce(t, load, postgres.select('SELECT card FROM feedback'));
});

// Each sets something wrong with the store's file, and gives what sets it right again; nothing where that cannot be had.
const faults = {
  'the disk is full': ({ file, pid }) => {
    const { uid, gid } = statSync(file); // the service's: a process may change the limits of its own user's
    const limit = (bytes) => execFileSync('prlimit', ['--pid', pid, `--fsize=${bytes}:`], { uid, gid });
    limit(0);
    return () => limit('unlimited');
  },
  'somebody locks it': ({ file }) => lock(file),
  'it may only be read': ({ file }) => {
    const change = (how) => spawnSync('chattr', [how, file, `${file}-wal`]).status === 0;
    return change('+i') ? () => change('-i') : undefined; // of root, on file systems that know it
  },
  'its pages are damaged': ({ file, restart }) => {
    const repair = damage(file);
    return () => { // from a copy; what a process has read it may believe until it ends
      repair();
      return restart('SIGKILL');
    };
  },
};

describe('while the store fails feedback gets 503, hooks go on, and it recovers', () => {
  let service;
  let request;
  before(async () => {
    service = await start({ feedback_store: 'run/feedback.sqlite' });
    const described = await service.describe();
    request = () => service.fire(requestFor(described, patient('severe-anaemia')));
  });
  after(() => service?.stop());
  const feedbackStore = async () => (await service.get('/health/ready')).json().feedbackStore;
  const item = (card) => [{ card, outcome: 'overridden', outcomeTimestamp: '2026-06-15T12:00:00Z' }];

  for (const [name, fail] of Object.entries(faults)) {
    test(name, async (t) => {
      const file = join(service.folder, 'run/feedback.sqlite');
      const [before, card, later] = Array.from({ length: 3 }, () => randomUUID());
      assert.equal((await send(service)(item(before))).status, 200);
      const heal = await fail({ file, pid: service.pid(), restart: service.restart });
      if (!heal) return t.skip('not to be had here');
      try {
        const refused = await send(service)(item(card));
        assert.equal(refused.status, 503);
        assert.equal(refused.headers['retry-after'], '1');
        assert.equal(refused.json().resourceType, 'OperationOutcome');
        const answer = await request();
        assert.equal(answer.status, 200);
        assert.ok(answer.json().cards.length > 0, 'the clinician gets the card');
        assert.equal(await feedbackStore(), 'away');
      } finally {
        await heal();
      }
      assert.equal((await send(service)(item(later))).status, 200);
      assert.equal(await feedbackStore(), 'ok');
      const rows = select(file, `SELECT card FROM feedback WHERE card IN ('${before}', '${card}', '${later}')`);
      assert.deepEqual(rows.sort(), [before, later].sort(), 'what was acknowledged, and no more');
    });
  }
});
