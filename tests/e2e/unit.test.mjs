// deploy/proctor.service, and nginx before it, as a site installs them by the commands of deploy/install.md, under a real systemd on a machine of its own.
import assert from 'node:assert/strict';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { makeCertificate } from './support/certificate.mjs';
import { socketClient } from './support/client.mjs';
import { keySet } from './support/jwt.mjs';
import { bootMachine } from './support/machine.mjs';
import { readText, root, serviceId, shippedBinary } from './support/paths.mjs';
import { asRoot, baseUrl } from './support/service.mjs';
import { eventually, goodBody, hook, signer, token } from './support/shipped.mjs';

const skip = !asRoot ? 'not root' : !existsSync(shippedBinary) ? 'build/release is not built' : false;

// What the guide begins with: a checkout with the program; then a configuration with a client, and a certificate.
function stage(at) {
  const place = (name, copy) => {
    mkdirSync(dirname(join(at, name)), { recursive: true });
    copy(join(at, name));
  };
  place('checkout/build/release/proctor', (file) => copyFileSync(shippedBinary, file));
  for (const name of ['cards', 'deploy']) place(`checkout/${name}`, (file) => cpSync(join(root, name), file, { recursive: true }));
  place('etc/nginx/proctor.pem', (file) => {
    makeCertificate(dirname(file));
    renameSync(join(dirname(file), 'cert.pem'), file);
    renameSync(join(dirname(file), 'key.pem'), file.replace('.pem', '.key'));
  });
  place('etc/proctor/ehr.json', (file) => writeFileSync(file, keySet(signer)));
  const client = JSON.stringify({ id: 'ehr', issuer: signer.issuer, jwks_file: 'ehr.json' });
  place('etc/proctor/proctor.json', (file) => writeFileSync(file, readText('deploy/proctor.json')
    .replace('"accept_unapproved": false', '"accept_unapproved": true')
    .replace('"clients": [', `"clients": [${client}`)));
}
// The commands below a heading of the guide.
const commands = (step) => readText('deploy/install.md').split(`## ${step}. `)[1].split('\n## ')[0].split('\n').filter((line) => line.startsWith('    ')).join('\n');
const install = `cd /checkout\nchmod -R u=rwX,go=rX /etc/proctor .\n${commands(2)}\n${commands(4)}\n`;

test('as the guide installs it, the unit starts, answers alone and behind nginx, reloads, comes back after a kill, remembers and stops', { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'proctor-unit-'));
  let machine;
  t.after(async () => {
    await machine?.end?.();
    rmSync(folder, { recursive: true, force: true });
  });
  machine = await bootMachine(folder, { stage, install });
  if (machine.refused) return t.skip(machine.refused);
  const systemctl = (...args) => machine.run('systemctl', '--no-pager', ...args);
  const show = (name) => systemctl('show', '--value', '--property', name, 'proctor').stdout.trim();
  const journal = () => machine.run('journalctl', '--no-pager', '--output=cat', '--unit=proctor').stdout;
  // As nginx asks, for a client without a certificate.
  const call = socketClient(machine.path('/run/proctor/proctor.sock'));
  const as = (bearer) => ({ host: 'proctor', connection: 'close', authorization: `Bearer ${bearer}` });
  const fire = (body, bearer = token()) => call({ method: 'POST', path: hook, body, headers: { ...as(bearer), 'content-type': 'application/json' } });
  const ready = () => call({ path: '/health/ready' }).then(({ status }) => status === 200, () => false);

  // ---- it starts, and answers
  const started = systemctl('start', 'proctor');
  assert.equal(started.status, 0, started.stderr + journal());
  await eventually(ready, 'ready');
  const services = await call({ path: '/cds-services', headers: as(signer.token({ aud: `${baseUrl}/cds-services` })) });
  const body = await goodBody({ describe: async () => services.json().services.find((one) => one.id === serviceId) });
  const used = token();
  const answer = await fire(body, used);
  assert.equal(answer.status, 200, answer.body);
  assert.equal(answer.json().cards.length, 1);

  // ---- behind nginx
  const nginxJournal = () => machine.run('journalctl', '--no-pager', '--output=cat', '--unit=nginx').stdout;
  const health = () => machine.run('curl', '--silent', '--show-error', '--insecure', '--resolve', 'cds.example:443:127.0.0.1', 'https://cds.example/health/ready');
  const begun = systemctl('start', 'nginx');
  assert.equal(begun.status, 0, begun.stderr + nginxJournal());
  await eventually(() => health().status === 0, 'nginx');
  assert.match(health().stdout, /"status":"ok"/);
  assert.equal(systemctl('reload', 'nginx').status, 0, nginxJournal());
  assert.match(health().stdout, /"status":"ok"/);
  await eventually(() => nginxJournal().includes('"path":"/health/ready","status":200'), 'its log');
  assert.equal(systemctl('stop', 'nginx').status, 0);
  assert.equal(systemctl('show', '--value', '--property', 'Result', 'nginx').stdout.trim(), 'success');

  // ---- as nobody who could do anything else
  const pid = () => show('MainPID');
  const said = (file) => readFileSync(machine.path(`/proc/${pid()}/${file}`), 'utf8');
  const field = (name) => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(said('status'))[1];
  assert.equal(machine.run('stat', '--format=%U:%G %a', `/proc/${pid()}`, '/run/proctor', '/var/lib/proctor', '/run/proctor/proctor.sock', '/var/lib/proctor/replay.sqlite').stdout,
    'proctor:www-data 555\nproctor:www-data 750\nproctor:www-data 700\nproctor:www-data 660\nproctor:www-data 600\n');
  for (const name of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) assert.equal(Number(`0x${field(name)}`), 0, name);
  assert.equal(field('NoNewPrivs'), '1');
  assert.equal(field('Seccomp'), '2'); // a filter
  assert.match(said('environ'), /GLIBC_TUNABLES=glibc\.malloc\.tcache_count=64/);
  assert.match(said('limits'), /Max core file size +0 +0/);
  const mounts = said('mountinfo').split('\n').map((line) => line.split(' '));
  const writable = mounts.filter((line) => line[5]?.startsWith('rw')).map((line) => line[4]);
  for (const place of ['/', '/etc', '/usr', '/home', '/root']) assert.ok(!writable.includes(place), `${place} may be written`);
  assert.ok(mounts.some((line) => line[4] === '/home'), 'home is hidden');

  // ---- with all its threads at work it stays far below its limits
  const crowd = await Promise.all(Array.from({ length: 600 }, () => fire(body)));
  const counts = (status) => crowd.filter((one) => one.status === status).length;
  assert.ok(counts(200) >= 64, `${counts(200)} answered`);
  assert.equal(counts(200) + counts(503), 600);
  const group = show('ControlGroup');
  const limit = (...files) => files.map((name) => machine.path(`/sys/fs/cgroup${name}`)).filter(existsSync).map((name) => Number(readFileSync(name, 'utf8')));
  // In a hierarchy of version 1, or in one of version 2 that has the controller; some machines have neither for us.
  const memory = limit(`/memory${group}/memory.limit_in_bytes`, `${group}/memory.max`);
  const tasks = limit(`/pids${group}/pids.max`, `${group}/pids.max`);
  t.diagnostic(`limits in force: ${memory} bytes, ${tasks} tasks; now ${show('MemoryCurrent')} and ${show('TasksCurrent')}`);
  for (const bytes of memory) assert.equal(bytes, 2 ** 31);
  for (const count of tasks) assert.equal(count, 128);
  assert.ok(Number(field('Threads')) < 100, `${field('Threads')} threads`);
  assert.ok(parseInt(field('VmRSS')) < 256 * 1024, field('VmRSS'));

  // ---- it reads its rules and keys again
  const first = pid();
  assert.equal(systemctl('reload', 'proctor').status, 0);
  await eventually(() => journal().includes('"event":"reloaded"'), 'reloaded');
  assert.equal(pid(), first);

  // ---- killed, it comes back, and a used token stays used
  assert.equal(systemctl('kill', '--signal=KILL', '--kill-whom=main', 'proctor').status, 0);
  await eventually(async () => pid() !== first && await ready(), 'started again');
  assert.equal(show('NRestarts'), '1');
  assert.equal((await fire(body, used)).status, 401);
  assert.equal((await fire(body)).status, 200);

  // ---- it stops, well and at once
  assert.equal(systemctl('stop', 'proctor').status, 0);
  assert.deepEqual([show('Result'), show('ExecMainStatus'), show('ActiveState')], ['success', '0', 'inactive']);
  assert.match(journal(), /"event":"stopped"/);
  assert.ok(!journal().includes(signer.issuer) && !journal().includes(used.split('.')[2]), 'no token in the journal');
});
