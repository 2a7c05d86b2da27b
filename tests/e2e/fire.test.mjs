// proctor fire against the real service behind the real nginx, and against services that answer badly.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { keySet, makeSigner } from './support/jwt.mjs';
import { binary, root, serviceId } from './support/paths.mjs';
import { baseUrl, startService } from './support/service.mjs';

const issuer = 'https://analyst.example';
const signers = ['ES384', 'ES256', 'RS384', 'RS256'].map((alg) => makeSigner({ issuer, kid: `key-${alg}`, alg }));
const [signer] = signers;
const request = spawnSync(binary, ['request', join(root, 'fhir-fixtures/patients/severe-anaemia.json')], { encoding: 'utf8' }).stdout;

let service;
before(async () => {
  service = await startService({
    signer,
    clients: [{ id: 'analyst', issuer, jwks_file: 'analyst.json' }],
    prepare: (folder) => writeFileSync(join(folder, 'analyst.json'), keySet(...signers)),
  });
  for (const { alg, pem } of signers) file(`${alg}.pem`, pem);
  file('request.json', request);
});
after(() => service?.stop());

const file = (name, text) => { writeFileSync(join(service.folder, name), text); return join(service.folder, name); };

// A configuration of the analyst's: what it must say, and changes (null: without that member).
function config(changes = {}) {
  const members = {
    service: `https://localhost:${service.port}/cds-services/${serviceId}`, audience: `${baseUrl}/cds-services/${serviceId}`,
    issuer, key_file: 'ES384.pem', kid: signer.kid, ca_file: 'cert.pem', ...changes,
  };
  const kept = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
  return file('client.json', `// the analyst's client\n${JSON.stringify(kept)}`);
}

async function fire(args, input = '') {
  const child = spawn(binary, ['fire', ...args]);
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) child[stream].setEncoding('utf8').on('data', (text) => { output[stream] += text; });
  child.stdin.on('error', () => {}).end(input);
  const [status] = await once(child, 'close');
  assert.doesNotMatch(output.stdout + output.stderr, /eyJ|PRIVATE KEY/, 'neither token nor key');
  return { status, ...output };
}
const fireWith = (changes, body = join(service.folder, 'request.json'), ...more) => fire(['--config', config(changes), ...more, body]);

test('a service that is as it should be: 0, a checklist, and the cards', async () => {
  const result = await fireWith({});
  assert.equal(result.status, 0, result.stdout + result.stderr);
  assert.match(result.stdout, /^ok {4}discovery: 200 in \d+ ms$/m);
  assert.match(result.stdout, /^ok {4}discovery: lists "anorectal-alarms" for the hook patient-view$/m);
  assert.match(result.stdout, /^ok {4}answer: 200 in \d+ ms$/m);
  assert.doesNotMatch(result.stdout, /^fault/m);
  assert.match(result.stdout, /CRITICAL/);
  assert.equal(result.stderr, '');
});

test('the request comes from standard input, too', async () => {
  assert.equal((await fire(['--config', config(), '-'], request)).status, 0);
});

test('every algorithm signs what the service accepts', async () => {
  for (const { alg, kid } of signers) {
    const result = await fireWith({ alg, kid, key_file: `${alg}.pem` });
    assert.equal(result.status, 0, alg + result.stdout);
  }
});

test('hookInstance is fresh unless it is to be kept', async () => {
  const { hookInstance } = JSON.parse(request);
  const path = join(service.folder, 'request.json');
  const sent = async (...flags) => (await fireWith({}, path, '--show-request', ...flags)).stdout;
  assert.ok((await sent('--keep-instance')).includes(hookInstance));
  const fresh = (text) => text.match(/"hookInstance":"([0-9a-f-]{36})"/)[1];
  const [one, two] = [fresh(await sent()), fresh(await sent())];
  assert.equal(new Set([one, two, hookInstance]).size, 3);
});

test('a refusal is 1, with what was said and where to look', async () => {
  const refusals = [
    [{ kid: 'other' }, request, /fault discovery: 401[^]*fault answer: 401[^]*The caller is not known here[^]*Compare issuer/],
    [{ audience: null }, request, /fault answer: 401/],
    [{ issuer: 'https://other.example' }, request, /fault answer: 401/],
    [{}, JSON.stringify({ ...JSON.parse(request), prefetch: undefined }), /fault answer: 412[^]*prefetch/],
    [{}, JSON.stringify({ ...JSON.parse(request), context: {} }), /fault answer: 400/],
    [{}, JSON.stringify({ ...JSON.parse(request), hook: 'order-dispatch' }), /fault discovery: does not list[^]*fault answer: 400/],
  ];
  for (const [changes, body, expected] of refusals) {
    const result = await fireWith(changes, file('refused.json', body));
    assert.equal(result.status, 1, result.stdout);
    assert.match(result.stdout, expected);
  }
});

test('what keeps a call from coming through is said in plain words', async () => {
  const result = await fireWith({ ca_file: null });
  assert.equal(result.status, 1);
  assert.match(result.stdout, /fault discovery: .*certificate is not trusted.*ca_file/);
});

test('a wrong file or command line is 2, with the reason on standard error', async () => {
  file('open.pem', 'x');
  const mistakes = [
    [[], /config/],
    [['--config', config()], /REQUEST/],
    [['--config', join(service.folder, 'missing.json'), '-'], /missing\.json/],
    [['--config', config({ kidd: 'x' }), '-'], /kidd: unknown member, did you mean "kid"/],
  ];
  for (const [args, expected] of mistakes) {
    const result = await fire(args);
    assert.equal(result.status, 2, args.join(' '));
    assert.match(result.stderr, expected);
    assert.equal(result.stdout, '');
  }
  for (const [changes, expected] of [[{ key_file: 'missing.pem' }, /missing\.pem: cannot be read/], [{ key_file: 'open.pem' }, /open\.pem: holds no private key/],
    [{ alg: 'RS384' }, /ES384\.pem: its key does not fit RS384/]]) {
    const result = await fireWith(changes);
    assert.equal(result.status, 2);
    assert.match(result.stderr, expected);
  }
  for (const body of ['x', '[]', '{"hook": 5}']) assert.equal((await fireWith({}, file('bad.json', body))).status, 2);
});

// Answers the discovery document and the hook with these texts.
async function badService(discovery, answer) {
  const options = { key: readFileSync(join(service.folder, 'key.pem')), cert: service.ca };
  const server = createServer(options, (call, reply) => {
    call.resume();
    reply.writeHead(200, { 'content-type': 'application/json' }).end(call.method === 'GET' ? discovery : answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

test('a service that deviates from the specification: 1, each fault with its place', async () => {
  const server = await badService('{"services": [{"hook": "patient-view", "id": "a"}]}', '{"cards": [{"summary": "S", "indicator": "high"}]}');
  const result = await fireWith({ service: `https://localhost:${server.address().port}/cds-services/a`, audience: null });
  server.close();
  assert.equal(result.status, 1);
  assert.match(result.stdout, /fault discovery: \/services\/0: description is REQUIRED/);
  assert.match(result.stdout, /ok {4}discovery: lists "a"/);
  assert.match(result.stdout, /fault answer: \/cards\/0\/indicator: indicator SHALL be one of/);
  assert.match(result.stdout, /fault answer: \/cards\/0: source is REQUIRED/);
});

test('--public-keys writes the key set that the client is registered with, and nothing secret', async () => {
  const result = await fire(['--config', config(), '--public-keys']);
  assert.equal(result.status, 0, result.stderr);
  const { keys } = JSON.parse(result.stdout);
  assert.deepEqual(keys.map(({ kid, alg, x, y, d }) => [kid, alg, x, y, d]), [[signer.kid, signer.alg, signer.jwk.x, signer.jwk.y, undefined]]);
  assert.equal((await fire(['--config', config()])).status, 2, 'otherwise a request is needed');
});
