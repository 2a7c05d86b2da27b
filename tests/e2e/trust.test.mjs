// Who gets in, through nginx and over TLS: registered clients with a fresh token for the very address that they call, and nobody else. The whole
// attack list is run against the verifier itself (tests/auth); here is what only the shipped service can show.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { makeCertificate } from './support/certificate.mjs';
import { patient } from './support/fixtures.mjs';
import { startJwksServer } from './support/jwks_server.mjs';
import { keySet, makeSigner } from './support/jwt.mjs';
import { serviceId } from './support/paths.mjs';
import { requestFor } from './support/requests.mjs';
import { baseUrl, filesBelow, startService } from './support/service.mjs';

const hook = `/cds-services/${serviceId}`;
const north = makeSigner({ issuer: 'https://north.example' });
const south = makeSigner({ issuer: 'https://south.example', alg: 'RS384' });
const stranger = makeSigner({ issuer: 'https://stranger.example' });
const impostor = makeSigner({ issuer: north.issuer });  // the same iss and kid, another key

const clients = [
  { id: 'north', issuer: north.issuer, jwks_file: 'north.json', origins: ['https://north.example'], rules_off: ['ADC-12'] },
  { id: 'south', issuer: south.issuer, jwks_file: 'south.json', tenants: ['s1', 's2'], pilot: true },
];
function prepare(folder) {
  writeFileSync(join(folder, 'north.json'), keySet(north));
  writeFileSync(join(folder, 'south.json'), keySet(south));
}

let service;
let request;
before(async () => {
  service = await startService({ clients, signer: north, prepare, origins: [] });
  request = requestFor(await service.describe(), patient('visible-bleeding-alone'));
});
after(() => service?.stop());

const aud = baseUrl + hook;
const fire = (token, headers = {}) => service.fire(request, { authorization: token === null ? null : `Bearer ${token}`, ...headers });
const lastLine = () => JSON.parse(service.logs().split('\n').filter((line) => line.includes('"event":"request"')).pop());

test('a token opens discovery and hooks, each for its own address', async () => {
  assert.equal((await service.get('/cds-services', { authorization: `Bearer ${north.token({ aud: `${baseUrl}/cds-services` })}` })).status, 200);
  assert.equal((await fire(north.token({ aud }))).status, 200);
  assert.equal((await fire(north.token({ aud: [aud] }))).status, 200);
});

const now = () => Math.floor(Date.now() / 1000);
const refusals = {
  'no token': [() => null, 'noToken'],
  'a word': [() => 'abc', 'malformedToken'],
  'an unknown issuer': [() => stranger.token({ aud }), 'unknownIssuer'],
  'the key of somebody else': [() => impostor.token({ aud }), 'signature'],
  'the discovery address': [() => north.token({ aud: `${baseUrl}/cds-services` }), 'audience'],
  'the base address': [() => north.token({ aud: baseUrl }), 'audience'],
  'another service': [() => north.token({ aud: `${baseUrl}/cds-services/anorectal-drug-safety` }), 'audience'],
  'several addresses': [() => north.token({ aud: [aud, 'https://other.example'] }), 'audience'],
  'one that has expired': [() => north.token({ aud, iat: now() - 400, exp: now() - 100 }), 'expired'],
  'one that lives too long': [() => north.token({ aud, exp: now() + 86_400 }), 'expired'],
  'no jti': [() => north.token({ aud, jti: undefined }), 'jti'],
  'an unknown kid': [() => north.token({ aud }, { kid: 'key-2' }), 'unknownKey'],
  'a jku of its own': [() => north.token({ aud }, { jku: 'https://evil.example/jwks.json' }), 'jku'],
  'alg none': [() => { const [, body] = north.token({ aud }).split('.'); return `${Buffer.from('{"alg":"none","typ":"JWT","kid":"key-1"}').toString('base64url')}.${body}.`; }, /malformedToken|algorithm/],
  'no tenant where one is needed': [() => south.token({ aud }), 'tenant'],
  "somebody else's tenant": [() => south.token({ aud, tenant: 's3' }), 'tenant'],
};
for (const [name, [token, reason]] of Object.entries(refusals)) {
  test(`refused: ${name}`, async () => {
    const answer = await fire(token());
    assert.equal(answer.status, 401);
    assert.equal(answer.headers['www-authenticate'], 'Bearer');
    assert.deepEqual(answer.json().issue.map((one) => [one.code, one.diagnostics]), [['login', 'The caller is not known here']]);
    assert.match(lastLine().reason, reason instanceof RegExp ? reason : new RegExp(`^${reason}$`));
  });
}

test('the body of a caller who is not known is not read', async () => {
  const answer = await service.fire('{"not json', { authorization: 'Bearer x' });
  assert.equal(answer.status, 401);
});

test('a token is accepted once', async () => {
  const token = north.token({ aud });
  assert.equal((await fire(token)).status, 200);
  assert.equal((await fire(token)).status, 401);
  assert.equal(lastLine().reason, 'replayed');
});

test('of many uses of one token at the same time one is accepted', async () => {
  const token = north.token({ aud });
  const answers = await Promise.all(Array.from({ length: 40 }, () => fire(token)));
  assert.equal(answers.filter((one) => one.status === 200).length, 1);
  assert.equal(answers.filter((one) => one.status === 401).length, 39);
});

test('a used token stays used over a stop, a kill and on a second instance', async (t) => {
  const used = north.token({ aud });
  assert.equal((await fire(used)).status, 200);
  const second = await startService({ clients, signer: north, prepare, settings: { replay_store: join(service.folder, 'run/replay.sqlite') } });
  t.after(() => second.stop());
  assert.equal((await second.fire(request, { authorization: `Bearer ${used}` })).status, 401, 'on a second instance');
  const shared = north.token({ aud });
  assert.equal((await second.fire(request, { authorization: `Bearer ${shared}` })).status, 200);
  assert.equal((await fire(shared)).status, 401, 'on the first');
  await service.restart('SIGKILL');
  assert.equal((await fire(used)).status, 401, 'after a kill');
  await service.restart('SIGTERM');
  assert.equal((await fire(used)).status, 401, 'after a stop');
  assert.equal((await fire(north.token({ aud }))).status, 200);
});

test('health needs no token, and neither does a preflight', async () => {
  const ready = (await service.get('/health/ready')).json();
  assert.deepEqual([ready.status, ready.keys, ready.replayStore], ['ok', { north: 'fresh', south: 'fresh' }, 'ok']);
  const preflight = await service.ask({ method: 'OPTIONS', path: hook, headers: { origin: 'https://north.example', 'access-control-request-method': 'POST' } });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers['access-control-allow-origin'], 'https://north.example');
});

test('a refusal carries the CORS headers of a registered origin, an answer those of its own client', async () => {
  const origin = 'https://north.example';
  assert.equal((await fire('x', { origin })).headers['access-control-allow-origin'], origin);
  assert.equal((await fire(north.token({ aud }), { origin })).headers['access-control-allow-origin'], origin);
  assert.equal((await fire(south.token({ aud, tenant: 's1' }), { origin })).headers['access-control-allow-origin'], undefined);
});

test("a client's own choices hold for it alone: rules switched off, a pilot that shows no card", async () => {
  assert.deepEqual((await fire(north.token({ aud }))).json(), { cards: [] }, 'the one rule that fires is switched off');
  const anaemia = await service.fire(requestFor(await service.describe(), patient('severe-anaemia')));
  assert.ok(anaemia.json().cards.length > 0, 'the others go on');
  const pilot = await fire(south.token({ aud, tenant: 's1' }));
  assert.deepEqual(pilot.json(), { cards: [] });
  const line = lastLine();
  assert.equal(line.client, 'south');
  assert.ok(line.withheld > 0);
});

test('the log names the client and no token, issuer, key or patient', async () => {
  const token = north.token({ aud });
  await fire(token);
  const line = lastLine();
  assert.equal(line.client, 'north');
  assert.match(line.token, /^[0-9a-f]{12}$/);
  const logs = service.logs();
  for (const secret of [token, token.split('.')[2], 'key-1', 'visible-bleeding-alone']) assert.ok(!logs.includes(secret), secret);
});

test('no part of a token is found in any file of the service', async () => {
  const marker = 'c4n4ry0token';
  await fire(north.token({ aud, jti: marker }));
  await fire(`${marker}.${marker}.${marker}`);
  await fire(north.token({ aud, tenant: marker }, { kid: marker }));
  for (const file of filesBelow(service.folder)) assert.ok(!readFileSync(file).includes(marker), file);
});

test('a reload takes new key files, and broken ones change nothing', async () => {
  const next = makeSigner({ issuer: north.issuer, kid: 'key-2' });
  const settled = async (event) => {
    const count = () => service.logs().split(`"event":"${event}"`).length;
    const before = count();
    service.hangUp();
    for (let i = 0; i < 600 && count() === before; ++i) await pause(50);
  };
  writeFileSync(join(service.folder, 'north.json'), keySet(north, next));
  await settled('reloaded');
  assert.equal((await fire(next.token({ aud }))).status, 200);
  writeFileSync(join(service.folder, 'north.json'), '{"keys": [');
  await settled('reloadRefused');
  assert.equal((await service.get('/health/ready')).json().reload.reason, 'keys');
  assert.match(service.logs(), /"event":"keysFailed","reason":"keyFile","client":"north"/);
  assert.equal((await fire(next.token({ aud }))).status, 200);
  writeFileSync(join(service.folder, 'north.json'), keySet(next));
  await settled('reloaded');
  assert.equal((await fire(north.token({ aud }))).status, 401, 'its key is gone');
});

// A service whose one client has its key set at an address of this machine.
const startEast = (signer, keys, inside = true) => startService({
  signer,
  trusts: keys,
  clients: [{ id: 'east', issuer: signer.issuer, jwks_url: keys.url, jwks_private: inside, in_flight: 64 }],  // a whole crowd at a time
});

test('a key set is fetched from its address, kept while that fails, and fetched once for a crowd', async (t) => {
  const signer = makeSigner({ issuer: 'https://east.example' });
  const keys = await startJwksServer(keySet(signer));
  t.after(() => keys.stop());
  const east = await startEast(signer, keys);
  t.after(() => east.stop());
  const call = (token) => east.fire(request, { authorization: `Bearer ${token}` });
  assert.equal((await call(signer.token({ aud }))).status, 200);
  const before = keys.asked;
  const next = makeSigner({ issuer: signer.issuer, kid: 'key-2' });
  keys.body = keySet(signer, next);
  const crowd = await Promise.all(Array.from({ length: 60 }, () => call(next.token({ aud }))));
  assert.ok(crowd.every((one) => one.status === 200), 'a key that is new is asked for');
  assert.equal(keys.asked - before, 1, 'once');
  keys.answer = (response) => response.destroy();
  assert.equal((await call(next.token({ aud }))).status, 200, 'a kept key needs nobody');
  assert.equal((await call(makeSigner({ issuer: signer.issuer, kid: 'key-3' }).token({ aud }))).status, 401);
});

// Nothing is accepted that a key set of this kind would have to vouch for; what was fetched before is another test's.
const wrongKeySets = {
  'a status of 500': ['status', (response) => response.writeHead(500).end()],
  'a redirection': ['redirect', (response) => response.writeHead(302, { location: 'https://169.254.169.254/jwks.json' }).end()],
  'a page': ['contentType', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')],
  garbage: ['keySet', (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"keys": [}')],
  'more than a key set holds': ['tooLarge', (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(`{"keys": [], "x": "${'x'.repeat(300_000)}"}`)],
  'a connection that dies': ['protocol', (response) => response.destroy()],
  'half an answer': ['protocol', (response) => { response.writeHead(200, { 'content-type': 'application/json', 'content-length': 500 }); response.write('{"keys"'); response.socket.end(); }],
  'no answer': ['timeout', () => {}],
  'an answer that drips': ['timeout', (response) => { response.writeHead(200, { 'content-type': 'application/json' }); response.write('{'); const more = setInterval(() => response.write(' '), 100); response.on('close', () => clearInterval(more)); }],
};
test('key sets that go wrong let nobody in, and health names the client', async (t) => {
  const signer = makeSigner({ issuer: 'https://east.example' });
  for (const [name, [reason, wrong]] of Object.entries(wrongKeySets)) {
    const keys = await startJwksServer(keySet(signer));
    t.after(() => keys.stop());
    keys.answer = wrong;
    const east = await startEast(signer, keys);
    const answer = await east.fire(request, { authorization: `Bearer ${signer.token({ aud })}` });
    assert.equal(answer.status, 401, name);
    assert.equal((await east.get('/health/ready')).json().keys.east, 'unavailable', name);
    const said = east.logs().match(/"event":"keysFailed".*/g);
    assert.equal(said[0], `"event":"keysFailed","reason":"${reason}","client":"east"}`, name);
    await east.stop();
  }
});

test('an address for keys inside the network is not called unless the configuration says so', async (t) => {
  const signer = makeSigner({ issuer: 'https://east.example' });
  const keys = await startJwksServer(keySet(signer));
  t.after(() => keys.stop());
  const east = await startEast(signer, keys, false);
  t.after(() => east.stop());
  assert.equal((await east.fire(request, { authorization: `Bearer ${signer.token({ aud })}` })).status, 401);
  assert.equal(keys.asked, 0);
  assert.match(east.logs(), /"event":"keysFailed","reason":"address","client":"east"/);
  assert.equal((await east.get('/health/ready')).json().keys.east, 'unavailable');
});

test('with certificates registered a call needs one of them, and its token', async (t) => {
  const signer = makeSigner({ issuer: 'https://west.example' });
  let folder;
  const west = await startService({
    signer,
    mutualTls: true,
    clients: () => [{ id: 'west', issuer: signer.issuer, jwks_file: 'west.json', certificates: [fingerprint(join(folder, 'client/cert.pem'))] }],
    prepare: (at) => {
      folder = at;
      writeFileSync(join(at, 'west.json'), keySet(signer));
      for (const name of ['client', 'other']) {
        execFileSync('mkdir', [join(at, name)]);
        makeCertificate(join(at, name));
      }
    },
  });
  t.after(() => west.stop());
  const fireAs = (name, token) => new Promise((resolve, reject) => {
    const pem = (file) => readFileSync(join(folder, name, file));
    const call = httpsRequest({ host: '127.0.0.1', port: west.port, servername: 'localhost', ca: west.ca, method: 'POST', path: hook, agent: false,
      ...(name ? { cert: pem('cert.pem'), key: pem('key.pem') } : {}),
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}), 'proctor-client-certificate': encodeURIComponent(readFileSync(join(folder, 'client/cert.pem'), 'utf8')) } },
    (answer) => { answer.resume(); resolve(answer.statusCode); });
    call.on('error', reject);
    call.end(JSON.stringify(request));
  });
  assert.equal(await fireAs('client', signer.token({ aud })), 200);
  assert.equal(await fireAs('other', signer.token({ aud })), 401);
  assert.equal(await fireAs('', signer.token({ aud })), 401, 'a header of the caller proves nothing');
  assert.equal(await fireAs('client', null), 401);
});

const fingerprint = (file) => execFileSync('openssl', ['x509', '-in', file, '-noout', '-fingerprint', '-sha256'], { encoding: 'utf8' }).trim().split('=')[1];

test('a store that is away: hooks go on and health says so; strict, they wait', async (t) => {
  for (const strict of [false, true]) {
    const one = await startService({ clients, signer: north, prepare, settings: { replay_store: 'postgresql:///nobody?host=/nowhere', replay_strict: strict } });
    t.after(() => one.stop());
    const answer = await one.fire(request);
    assert.equal(answer.status, strict ? 503 : 200);
    if (strict) assert.ok(answer.headers['retry-after']);
    const ready = (await one.get('/health/ready')).json();
    assert.deepEqual([ready.status, ready.replayStore], ['degraded', 'away']);
  }
});
