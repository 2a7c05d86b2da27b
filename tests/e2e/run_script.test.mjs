// deploy/run.sh --once: what a newcomer types first. It builds Release, unless that is done; shows cards; leaves nothing running.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import { root } from './support/paths.mjs';
import { freePort } from './support/service.mjs';

const run = (...args) => spawnSync('bash', ['deploy/run.sh', ...args], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const folders = () => ['/tmp', '/dev/shm'].flatMap((place) => readdirSync(place).filter((name) => name.startsWith('proctor-run.'))).sort();
const processes = () => execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n').filter((line) => /proctor-run\./.test(line));

test('it shows cards, exits with 0 and leaves nothing', async () => {
  const before = folders();
  const { status, stdout, stderr } = run('--once', '--port', String(await freePort()), 'bleeding-with-shock', 'healthy');
  assert.equal(status, 0, stderr);
  assert.match(stdout, /Rectal bleeding with signs of instability/);
  assert.match(stdout, /healthy/);
  assert.deepEqual(folders(), before);
  assert.deepEqual(processes(), []);
});

test('a busy port is one clear sentence', async () => {
  const busy = createServer().listen(0, '127.0.0.1');
  await once(busy, 'listening');
  const { status, stdout, stderr } = run('--once', '--port', String(busy.address().port));
  busy.close();
  assert.notEqual(status, 0);
  assert.equal(stdout, '');
  assert.match(stderr.trim(), /^run\.sh: port \d+ is in use[^\n]*$/);
});

test('an unknown patient and an unknown option are refused', () => {
  assert.match(run('--once', 'nobody').stderr, /no patient "nobody"/);
  assert.equal(run('--nonsense').status, 2);
});
