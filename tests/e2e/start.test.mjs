// What `proctor serve` refuses to start with (SECURITY.md, Starting), one fault at a time in a configuration that is fine
// otherwise. The program as it is shipped, as the service's user.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { keySet, makeSigner } from './support/jwt.mjs';
import { root, shippedBinary } from './support/paths.mjs';
import { freePort, writePrivate } from './support/service.mjs';

const asRoot = process.getuid() === 0;
const id = (flag, name) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
const user = asRoot ? { uid: id('-u', 'daemon'), gid: id('-g', 'www-data') } : {};
const folder = mkdtempSync(join(tmpdir(), 'proctor-start-'));
const inFolder = (name) => join(folder, name);
const own = (name, mode) => {
  if (asRoot) chownSync(inFolder(name), user.uid, user.gid);
  chmodSync(inFolder(name), mode);
};
const jwks = keySet(makeSigner({ issuer: 'https://ehr.example' }));
const client = { id: 'usual', issuer: 'https://ehr.example', jwks_file: 'jwks.json' };
const fine = { content: 'cards', socket: 'run/proctor.sock', accept_unapproved: true, base_url: 'https://cds.example', replay_store: 'run/replay.sqlite', clients: [client] };
const configure = (change) => writeFileSync(inFolder('proctor.json'), JSON.stringify({ ...fine, ...change }));
const command = ['serve', '--config', 'proctor.json'];

// Ended when it is still there after half a minute: then it did not refuse.
const run = (args = command, as = user) => spawnSync(inFolder('proctor'), args, { cwd: folder, encoding: 'utf8', timeout: 30_000, ...as });
const refused = ({ status, stderr }, message) => {
  assert.equal(status, 3, stderr);
  assert.match(stderr, message);
  assert.equal(stderr.trim().split('\n').length, 1, stderr);
};

before(() => {
  chmodSync(folder, 0o755);
  mkdirSync(inFolder('run'));
  own('run', 0o750);
  copyFileSync(shippedBinary, inFolder('proctor'));
  cpSync(join(root, 'cards'), inFolder('cards'), { recursive: true });
  execFileSync('chmod', ['-R', 'go-w,a+rX', inFolder('cards'), inFolder('proctor')]);
  writeFileSync(inFolder('jwks.json'), jwks, { mode: 0o644 });
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('the configuration that the faults are put into starts, and SIGTERM ends it', async () => {
  configure({});
  const program = spawn(inFolder('proctor'), command, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], ...user });
  let log = '';
  for await (const part of program.stderr) {
    log += part;
    if (log.includes('"event":"started"')) program.kill('SIGTERM');
  }
  if (program.exitCode === null) await once(program, 'exit');
  assert.equal(program.exitCode, 0, log);
});

const settings = [
  ['no client', { clients: [] }, /clients: no client is registered/],
  ['a port, which would be plain HTTP', { socket: undefined, port: 8080 }, /port: plain HTTP on a port is for --demo only/],
  ['no socket', { socket: undefined }, /socket: a socket is required/],
  ['an unknown member', { sokcet: 'x' }, /sokcet: unknown member, did you mean "socket"/],
  ['an unknown member of a client', { clients: [{ ...client, issuers: [] }] }, /clients\/0\/issuers: unknown member/],
  ['an unknown member of the console', { console: { address: '0.0.0.0' } }, /address unknown member/],
  ['metrics on an address that is not loopback', { metrics_port: '0.0.0.0:9100' }, /metrics_port: must be a whole number/],
  ['a console on an address that is not loopback', { console: { port: '0.0.0.0:8090' } }, /console: .*port must be a whole number/],
  ['a console without users', { console: { port: 8090 } }, /console\/users: a console needs a file of users/],
  ['a FHIR server without TLS', { clients: [{ ...client, fhir_servers: ['http://ehr.example/fhir'] }] }, /fhir_servers: must be a list of https/],
  ['a private FHIR server without TLS', { clients: [{ ...client, private_fhir_servers: ['http://10.0.0.1/fhir'] }] }, /private_fhir_servers: must be a list of https/],
  ['a key set without TLS', { clients: [{ id: 'a', issuer: 'b', jwks_url: 'http://ehr.example/jwks' }] }, /jwks_url: must be an https/],
  ['an address of its own without TLS', { base_url: 'http://cds.example' }, /base_url: must be an https/],
  ['replays in a database without TLS', { replay_store: 'postgresql://db.example/proctor' }, /replay_store: a database on another host needs sslmode=verify-full/],
  ['feedback in a database without TLS', { feedback_store: 'postgresql://db.example/proctor?sslmode=require', feedback_spool: 'run/spool.sqlite' },
    /feedback_store: a database on another host needs sslmode=verify-full/],
  ['a password in the configuration', { replay_store: 'postgresql://proctor:secret@/proctor' }, /replay_store: a password belongs into a passfile/],
  ['every origin', { origins: ['*'] }, /origins: "\*" is for --demo only/],
  ['keys that are none', { clients: [client, { id: 'north', issuer: 'https://north.example', jwks_file: 'cards/manifest.json' }] },
    /cards\/manifest\.json: not a JWK Set in strict JSON \(client north\)/],
  ['authorities that are none', { ca_file: 'cards/manifest.json' }, /cards\/manifest\.json: ca_file cannot be read, or holds no certificates/],
  ['authorities that are not there', { ca_file: 'nowhere.pem' }, /nowhere\.pem: /],
  ['content that is not approved', { accept_unapproved: undefined }, /no clinician has approved/],
  ['tokens that would not be remembered', { replay_store: undefined }, /replay_store: a file or database is required/],
];
for (const [name, change, message] of settings) {
  test(`refused: ${name}`, () => {
    configure(change);
    refused(run(), message);
  });
}

test('refused: root', (t) => {
  configure({});
  if (asRoot) return refused(run(command, {}), /the service does not run as root/);
  const become = spawnSync('unshare', ['--user', '--map-root-user', inFolder('proctor'), ...command], { cwd: folder, encoding: 'utf8' });
  if (become.error || /unshare/.test(become.stderr)) return t.skip('nobody can be root here');
  return refused(become, /the service does not run as root/);
});

test('refused: what decides over cards or callers, where everybody can write it', () => {
  writeFileSync(inFolder('map.json'), '{"resourceType":"ConceptMap"}');
  writeFileSync(inFolder('ca.pem'), '');
  for (const [place, mode, change] of [['proctor.json', 0o644], ['cards', 0o755], ['cards/facts.json', 0o644], ['jwks.json', 0o644],
    ['map.json', 0o644, { concept_maps: ['map.json'] }], ['ca.pem', 0o644, { ca_file: 'ca.pem' }]]) {
    configure(change);
    chmodSync(inFolder(place), mode | 0o002);
    refused(run(), new RegExp(`${place}: can be written by everybody`));
    chmodSync(inFolder(place), mode);
  }
  symlinkSync('cards', inFolder('linked'));
  configure({ content: 'linked' });
  chmodSync(inFolder('cards'), 0o757);
  refused(run(), /linked: can be written by everybody/);
  chmodSync(inFolder('cards'), 0o755);
});

test('refused: what links lead to, and what is in a folder where everybody can put something else', () => {
  const refusedFor = (place, change = {}) => {
    configure(change);
    refused(run(), new RegExp(`${place}: can be written by everybody`));
  };
  mkdirSync(inFolder('open'));
  cpSync(inFolder('cards'), inFolder('linking'), { recursive: true });
  renameSync(inFolder('linking/facts.json'), inFolder('open/facts.json'));
  symlinkSync('../open/facts.json', inFolder('linking/facts.json'));
  chmodSync(inFolder('open/facts.json'), 0o646);
  refusedFor('linking/facts.json', { content: 'linking' });
  chmodSync(inFolder('open/facts.json'), 0o644);
  chmodSync(inFolder('open'), 0o757);
  refusedFor('open', { content: 'linking' });
  chmodSync(inFolder('open'), 0o755);
  renameSync(inFolder('linking/rules'), inFolder('open/rules'));
  symlinkSync('../open/rules', inFolder('linking/rules'));
  chmodSync(inFolder('open/rules'), 0o757);
  refusedFor('linking/rules', { content: 'linking' });
  chmodSync(inFolder('open/rules'), 0o755);
  chmodSync(folder, 0o757);
  refusedFor(folder);
  chmodSync(folder, 0o1757); // sticky, as /tmp is
  configure({ content: 'linking', accept_unapproved: undefined });
  refused(run(), /no clinician has approved/); // and not for its links
  chmodSync(folder, 0o755);
});

test('content as Kubernetes mounts it: links to a folder of links, and a mode that says nothing on a read-only mount', (t) => {
  cpSync(inFolder('cards'), inFolder('mounted/..2026'), { recursive: true });
  symlinkSync('..2026', inFolder('mounted/..data'));
  for (const name of readdirSync(inFolder('cards'))) symlinkSync(`..data/${name}`, inFolder(`mounted/${name}`));
  configure({ content: 'mounted', accept_unapproved: undefined });
  refused(run(), /no clinician has approved/);
  configure({ content: 'mounted/..data', accept_unapproved: undefined });
  chmodSync(inFolder('mounted'), 0o777);
  refused(run(), /mounted: can be written by everybody/);
  if (!asRoot) return t.skip('nobody can mount here');
  const mounted = spawnSync('unshare', ['--mount', 'sh', '-c', 'mount --bind mounted mounted && mount -o remount,bind,ro mounted && exec setpriv "$@"', 'sh',
    '--reuid', user.uid, '--regid', user.gid, '--clear-groups', inFolder('proctor'), ...command].map(String), { cwd: folder, encoding: 'utf8', timeout: 30_000 });
  if (/unshare|mount:/.test(mounted.stderr)) return t.skip('nobody can mount here');
  return refused(mounted, /no clinician has approved/);
});

test('refused: files of keys, users or stores that a group or everybody may read', () => {
  const key = `k1 ${'1'.repeat(64)}\n`;
  writePrivate(folder, 'audit.pem', execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519'], { encoding: 'utf8' }));
  for (const [name, text, mode, change] of [
    ['identity.keys', key, 0o640, { feedback_store: 'run/feedback.sqlite', identity_keys: 'identity.keys' }],
    ['comment.keys', key, 0o604, { feedback_store: 'run/feedback.sqlite', comment_keys: 'comment.keys' }],
    ['audit.pem', null, 0o640, { audit_log: 'run/audit.log', audit_key: 'audit.pem' }],
    ['users', '', 0o604, { console: { port: 8090, users: 'users' } }],
    ['run/replay.sqlite', '', 0o640, {}],
    ['run/feedback.sqlite', '', 0o604, { feedback_store: 'run/feedback.sqlite' }],
    ['run/audit.log', '', 0o640, { audit_log: 'run/audit.log' }],
  ]) {
    if (text !== null) writePrivate(folder, name, text);
    own(name, mode);
    configure(change);
    refused(run(), /others than the owner may use/);
    own(name, 0o600);
  }
});

test('refused: a socket or a port that is taken', async () => {
  rmSync(inFolder('run/replay.sqlite'), { force: true });
  const port = await freePort();
  writePrivate(folder, 'lead', execFileSync(shippedBinary, ['console-user', 'lead', '--role', 'quality'], { input: 'a long password\n', encoding: 'utf8' }));
  for (const [place, change, message] of [
    [inFolder('run/proctor.sock'), {}, /run\/proctor\.sock: another server is listening here/],
    [{ host: '127.0.0.1', port }, { metrics_port: port }, /127\.0\.0\.1:\d+: .*in use/],
    [{ host: '127.0.0.1', port }, { console: { port, users: 'lead' } }, /127\.0\.0\.1:\d+: .*in use/],
  ]) {
    const other = createServer().listen(place);
    await once(other, 'listening');
    if (typeof place === 'string') chmodSync(place, 0o777);
    configure(change);
    // Not spawnSync: the other has to answer.
    const program = spawn(inFolder('proctor'), command, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], ...user });
    let stderr = '';
    program.stderr.on('data', (part) => { stderr += part; });
    const [status] = await once(program, 'close');
    other.close();
    await once(other, 'close');
    refused({ status, stderr }, message);
  }
});

test('refused: stores of another version, which stay as they are', () => {
  const change = { feedback_store: 'run/versions.sqlite' };
  configure(change);
  const made = run(['store', 'migrate', '--config', 'proctor.json']);
  assert.equal(made.status, 0, made.stderr);
  assert.ok(existsSync(inFolder('run/versions.sqlite')));
  const set = (file, pragma) => execFileSync('python3', ['-c', 'import sqlite3,sys; sqlite3.connect(sys.argv[1]).execute(sys.argv[2])', inFolder(file), pragma], { ...user });
  for (const [pragma, message] of [['user_version = 1', /of an older version; stop the service and run `proctor store migrate`/],
    ['user_version = 99', /made by a newer version/], ['application_id = 7', /no feedback store, or one of another version/]]) {
    set('run/versions.sqlite', `PRAGMA ${pragma}`);
    refused(run(), message);
  }
});
