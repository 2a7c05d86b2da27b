// deploy/proctor.service: how little it leaves open, and that the program needs none of the system calls that it takes away.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'node:test';
import { patient } from './support/fixtures.mjs';
import { keySet, makeSigner } from './support/jwt.mjs';
import { readText, root, serviceId, shippedBinary } from './support/paths.mjs';
import { accessTo, requestFor } from './support/requests.mjs';
import { freePort, startService, writePrivate } from './support/service.mjs';

const unit = join(root, 'deploy/proctor.service');
const analyze = (...args) => spawnSync('systemd-analyze', ['--no-pager', ...args], { encoding: 'utf8' });

test('the exposure of the unit is at most 1.5', (t) => {
  const { status, stdout, stderr } = analyze('security', '--offline=true', '--threshold=15', unit);
  assert.equal(status, 0, stdout + stderr);
  t.diagnostic(stdout.match(/Overall exposure level.*: ([\d.]+)/)[0]);
});

test('systemd understands every line of it', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'proctor-unit-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const copy = join(folder, 'proctor.service');
  writeFileSync(copy, readFileSync(unit, 'utf8').replaceAll('/usr/bin/proctor', '/bin/true'));
  const { status, stdout, stderr } = analyze('verify', '--man=no', copy);
  assert.equal(status, 0, stderr);
  assert.equal(stdout + stderr, '');
});

// As systemd reads it: the first line allows, "~" takes out again; @default is always in.
function allowedCalls() {
  const groups = {};
  let group;
  for (const line of analyze('syscall-filter').stdout.split('\n')) {
    if (line.startsWith('@')) groups[group = line.trim()] = [];
    else if (/^ {4}[@a-z_0-9-]+$/.test(line)) groups[group]?.push(line.trim());
  }
  const calls = (name) => (name.startsWith('@') ? groups[name].flatMap(calls) : [name]);
  const allowed = new Set(calls('@default'));
  for (const [, out, names] of readText('deploy/proctor.service').matchAll(/^SystemCallFilter=(~?)(.*)$/gm))
    for (const call of names.split(' ').flatMap(calls)) allowed[out ? 'delete' : 'add'](call);
  return [...allowed];
}

const withRelease = { skip: existsSync(join(root, 'build/release/proctor')) ? false : 'build/release is not built' };

test('the program makes no system call that the unit takes away', withRelease, async (t) => {
  // Each of those that are not allowed is written down; the rest run at full speed.
  const traced = allowedCalls().filter((call) => call !== 'execve').map((call) => `?${call}`).join();
  const strace = (file) => ['strace', '-D', '-f', '--seccomp-bpf', '-q', '-o', file, '-e', 'signal=none', '-e', `trace=!${traced}`];
  const tried = spawnSync('strace', [...strace('/dev/null').slice(1), 'true'], { encoding: 'utf8' });
  if (tried.error || /PTRACE|not permitted/i.test(tried.stderr)) return t.skip(`strace does not work here: ${tried.error ?? tried.stderr}`);

  const usual = makeSigner({ issuer: 'https://ehr.example' });
  const consolePort = await freePort();
  const metricsPort = await freePort();
  const service = await startService({
    program: shippedBinary,
    within: strace('run/taken-away.txt'),
    signer: usual,
    // The second one's keys are asked for over TLS, from a port where nobody is.
    clients: [{ id: 'usual', issuer: usual.issuer, jwks_file: 'usual.json', fhir_servers: ['https://ehr.example/fhir'] },
      { id: 'north', issuer: 'https://north.example', jwks_url: `https://localhost:${await freePort()}/jwks`, jwks_private: true }],
    settings: { feedback_store: 'run/feedback.sqlite', identity_keys: 'identity.keys', comment_keys: 'comment.keys', keep_comments: true, quiet_days: 30,
      audit_log: 'run/audit.log', audit_key: 'audit.pem', metrics_port: metricsPort, console: { port: consolePort, users: 'users' } },
    prepare: (folder) => {
      writeFileSync(join(folder, 'usual.json'), keySet(usual));
      for (const [name, digit] of [['identity', '1'], ['comment', '2']]) writePrivate(folder, `${name}.keys`, `k1 ${digit.repeat(64)}\n`);
      writePrivate(folder, 'audit.pem', execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519'], { encoding: 'utf8' }));
      writePrivate(folder, 'users', execFileSync(shippedBinary, ['console-user', 'lead', '--role', 'quality'], { input: 'a long password\n', encoding: 'utf8' }));
    },
  });
  try {
    const request = requestFor(await service.describe(), patient('severe-anaemia'));
    const { cards } = (await service.fire(request)).json();
    const feedback = [{ card: cards[0].uuid, outcome: 'overridden', outcomeTimestamp: '2026-06-15T12:00:00Z', overrideReason: { userComment: 'c4n4ry0 said no' } }];
    assert.equal((await service.post(`/cds-services/${serviceId}/feedback`, JSON.stringify({ feedback }))).status, 200);
    // Without its Patient: asked of a FHIR server whose name nobody knows.
    await service.fire({ ...request, prefetch: { ...request.prefetch, patient: undefined },
      ...accessTo('https://ehr.example/fhir', 'c4n4ry0token') });
    assert.equal((await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).status, 200);
    const login = await fetch(`http://127.0.0.1:${consolePort}/api/login`, { method: 'POST', body: JSON.stringify({ user: 'lead', password: 'a long password' }),
      headers: { 'content-type': 'application/json' } });
    assert.equal(login.status, 204);
    service.hangUp();
    const until = async (done) => { for (let i = 0; i < 400 && !done(); ++i) await pause(25); };
    await until(() => service.logs().includes('"event":"reloaded"'));
    process.kill(service.pid(), 'SIGTERM');
    // strace writes its file when all have ended.
    const written = () => readFileSync(join(service.folder, 'run/taken-away.txt'), 'utf8').split('\n').filter(Boolean);
    const ended = `${service.pid()} `;
    await until(() => written().some((line) => line.startsWith(ended) && line.endsWith('+++ exited with 0 +++')));
    assert.match(service.logs(), /"event":"reloaded"[^]*"event":"stopped"/);
    assert.deepEqual(written().filter((line) => !/ execve\(| \+\+\+ exited with 0 \+\+\+$/.test(line)), []);
  } finally {
    await service.stop();
  }
});
