// The real nginx with deploy/nginx.conf and the real program behind it, on a free port of loopback and in a folder of their own. Several may
// run at once. They are ended by process id, and nothing is left.
import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Canary } from './canary.mjs';
import { makeCertificate } from './certificate.mjs';
import { client } from './client.mjs';
import { keySet, makeSigner } from './jwt.mjs';
import { nginxConfiguration } from './nginx.mjs';
import { binary, readText, root, serviceId } from './paths.mjs';
import { alive, start, stop } from './processes.mjs';

export const asRoot = process.getuid() === 0;
const number = (flag, name) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
// The service refuses to run as root. As in deploy/run.sh: it as daemon, nginx's workers as www-data, the socket for that group.
export const user = asRoot ? { uid: number('-u', 'daemon'), gid: number('-g', 'www-data') } : {};

// Below those that the system gives to outgoing connections: nothing takes it before it is used.
export async function freePort() {
  for (;;) {
    const port = randomInt(10_000, 32_768);
    const server = createServer().listen(port, '127.0.0.1');
    if (!await once(server, 'listening').then(() => true, () => false)) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

// The program and its content where the service's user can read them, wherever the checkout lies.
function makeFolder(program) {
  if (!existsSync(program)) throw new Error(`${program} is not built; set PROCTOR_BINARY, or build the preset release`);
  const folder = mkdtempSync(join(tmpdir(), 'proctor-'));
  chmodSync(folder, 0o755);
  for (const name of ['run', 'nginx']) mkdirSync(join(folder, name));
  if (asRoot) chownSync(join(folder, 'run'), user.uid, user.gid);
  copyFileSync(program, join(folder, 'proctor'));
  cpSync(join(root, 'cards'), join(folder, 'cards'), { recursive: true });
  makeCertificate(folder);
  execFileSync('chmod', ['-R', 'go-w,a+rX', join(folder, 'cards'), join(folder, 'proctor')]);
  return folder;
}

// A file that only the service's user may read: keys.
export function writePrivate(folder, name, text) {
  const file = join(folder, name);
  writeFileSync(file, text, { mode: 0o600 });
  chmodSync(file, 0o600);
  if (asRoot) chownSync(file, user.uid, user.gid);
}

// What clients call, as their tokens name it; nginx's port is not known before the program starts.
export const baseUrl = 'https://cds.example';

// What the unit sets for the program.
export const unitEnvironment = Object.fromEntries([...readText('deploy/proctor.service').matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));

// The client that answers are asked as unless a test registers its own.
const usual = makeSigner({ issuer: 'https://ehr.example' });

function startProgram(folder, { demo, asOf, origins = [], trusts, settings = {}, clients: given, within = [], env = {} }) {
  const clients = typeof given === 'function' ? given() : given;
  writeFileSync(join(folder, 'jwks.json'), keySet(usual));
  const trust = { base_url: baseUrl, replay_store: 'run/replay.sqlite', origins, clients: clients ?? [{ id: 'usual', issuer: usual.issuer, jwks_file: 'jwks.json' }] };
  const config = { content: 'cards', socket: 'run/proctor.sock', accept_unapproved: true, ...(trusts && { ca_file: 'ca.pem' }), ...(demo ? {} : trust), ...settings };
  writeFileSync(join(folder, 'proctor.json'), JSON.stringify(config));
  const [command, ...args] = [...within, join(folder, 'proctor'), 'serve', '--config', 'proctor.json', ...(demo ? ['--demo'] : []), ...(asOf ? ['--as-of', asOf] : [])];
  return start(folder, 'proctor', command, args, { ...user, env: { ...process.env, ...unitEnvironment, ...env } });
}

function startNginx(folder, port, options) {
  writeFileSync(join(folder, 'nginx.conf'), nginxConfiguration({ folder, port, ...options }));
  return start(folder, 'nginx', 'nginx', ['-p', `${folder}/nginx/`, '-e', 'stderr', '-c', join(folder, 'nginx.conf')],
    { env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } });
}

async function ready(ask, children) {
  for (let i = 0; i < 1200; ++i) {
    if (!children.every(alive)) return false;
    const answer = await ask({ path: '/health/ready' }).catch(() => null);
    if (answer?.status === 200) return true;
    await pause(50);
  }
  return false;
}

// Another process may take the port between our look and nginx's: then once more.
async function startBoth(folder, options) {
  const program = startProgram(folder, options);
  for (let attempt = 0; ; ++attempt) {
    const port = await freePort();
    const door = startNginx(folder, port, options);
    const ask = client(port, readFileSync(join(folder, 'cert.pem')));
    if (await ready(ask, [program, door])) return { program, door, ask, port };
    await stop(door, 'SIGQUIT');
    if (attempt === 4 || !alive(program)) {
      await stop(program);
      throw new Error(`did not start:\n${program.log()}\n${door.log()}`);
    }
  }
}

// Every file below a folder.
export const filesBelow = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((one) => {
  const path = join(folder, one.name);
  return one.isDirectory() ? filesBelow(path) : one.isFile() ? [path] : [];
});

// What was there before anybody called.
const isOurs = (folder, file) => /^(proctor|(cards|patients)\/.*|cert\.pem|key\.pem)$/.test(relative(folder, file));

// Whatever a test does: no token of a call, and nothing of a patient, is found in a log, a store or any other file of the service afterwards
// (SECURITY.md, Privacy).
function expectForgotten(folder, secrets, canary) {
  const words = canary.words();
  for (const file of filesBelow(folder)) {
    if (isOurs(folder, file)) continue;
    const bytes = readFileSync(file);
    for (const secret of secrets) if (bytes.includes(secret)) throw new Error(`a token is kept in ${file}`);
    for (const word of words) if (bytes.includes(word)) throw new Error(`${JSON.stringify(word)}, of a patient, is kept in ${file}`);
  }
}

// What needs a token gets one of the client's, unless a test brings its own (or null for none).
const signed = (ask, signer, secrets, canary) => (call) => {
  const { authorization, ...headers } = call.headers ?? {};
  const path = call.path.split('?')[0];
  const needed = path.startsWith('/cds-services') && call.method !== 'OPTIONS';
  const token = authorization === undefined && needed ? `Bearer ${signer.token({ aud: baseUrl + path })}` : authorization;
  // The signature and the claims, each by itself.
  for (const part of token ? token.replace('Bearer ', '').split('.').slice(1) : []) if (part.length > 20) secrets.add(part);
  for (const [, secret] of String(call.body ?? '').matchAll(/"access_token":"([^"]+)"/g)) secrets.add(secret);
  canary.add(call.body);
  return ask({ ...call, headers: token ? { ...headers, authorization: token } : headers });
};

// options: origins (CORS), demo, asOf (an instant; with demo), settings (members of the configuration), clients (of the configuration, instead
// of the usual one) and signer (whose tokens are used), trusts: a server of ours that the program may call, by its certificate, prepare(folder):
// called before the program starts, program: another one than PROCTOR_BINARY, within: the command that it is run by, such as ['prlimit', '--nofile=64', '--'], env: more variables for it.
export async function startService(options = {}) {
  const folder = makeFolder(options.program ?? binary);
  if (options.trusts) copyFileSync(options.trusts.certificate, join(folder, 'ca.pem'));
  await options.prepare?.(folder);
  let { program, door, ask: plainAsk, port } = await startBoth(folder, options).catch((error) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  const secrets = new Set();
  const canary = new Canary();
  const ask = options.demo ? plainAsk : signed(plainAsk, options.signer ?? usual, secrets, canary);
  const post = (path, body, headers = {}) => ask({ method: 'POST', path, body, headers: { 'content-type': 'application/json', ...headers } });
  const service = {
    port,
    folder,
    ca: readFileSync(join(folder, 'cert.pem')),
    pid: () => program.pid,
    doorPid: () => door.pid,
    running: () => alive(program),
    hangUp: () => program.kill('SIGHUP'),
    // Ends the program and starts it again behind the same nginx.
    restart: async (signal) => {
      await stop(program, signal);
      program = startProgram(folder, options);
      if (!(await ready(plainAsk, [program, door]))) throw new Error(`did not start again:\n${program.log()}`);
    },
    ask,
    post,
    get: (path, headers = {}) => ask({ path, headers }),
    // A hook: a request object, or bytes as they are.
    fire: (body, headers) =>
      post(`/cds-services/${serviceId}`, typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body), headers),
    describe: async () => (await ask({ path: '/cds-services' })).json().services.find((one) => one.id === serviceId),
    logs: () => program.log() + door.log(),
    stop: async () => {
      await stop(door, 'SIGQUIT');
      await stop(program);
      try {
        expectForgotten(folder, secrets, canary);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
      return program.exitCode;
    },
  };
  return service;
}
