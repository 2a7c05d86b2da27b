// The network door (SECURITY.md, The door): nginx and the program as shipped against every attack of the list that is made of bytes. The
// program runs with small stacks, which must not matter. What is made of many connections or of time is in overload.test.mjs.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeCertificate } from './support/certificate.mjs';
import { drain, exchange, open } from './support/raw.mjs';
import { authorization, goodBody, hook, hookRequest, post, startShipped, token, unharmed } from './support/shipped.mjs';

const mebi = 1 << 20;
let service;
let body;
before(async () => {
  service = await startShipped({ within: ['sh', '-c', 'ulimit -s 1024; exec "$@"', 'sh'] });
  body = await goodBody(service);
});
after(() => service?.stop());

const get = (headers = 'Host: localhost\r\n', path = '/cds-services') => `GET ${path} HTTP/1.1\r\n${headers}\r\n`;
const smuggled = get('Host: localhost\r\nConnection: close\r\n', '/smuggled');
const statuses = ({ replies }) => replies.map((one) => one.status);

// One refusal, and the connection is closed: whatever follows is nobody's request.
async function expectRefused(bytes, allowed = [400, 501]) {
  const answer = await exchange(service, bytes);
  assert.ok(answer.ended, 'the connection stays open');
  assert.equal(answer.replies.length, 1, `${statuses(answer)} ${answer.rest.slice(0, 200)}`);
  assert.ok(allowed.includes(answer.replies[0].status), `${statuses(answer)}`);
  assert.equal(JSON.parse(answer.replies[0].body).resourceType, 'OperationOutcome');
}

const empty = '0\r\n\r\n';
const length = (text) => post(`Content-Length: ${text}\r\n`, `{}   ${smuggled}`);
const chunked = (text, headers = '') => post(`Transfer-Encoding: chunked\r\n${headers}`, text + smuggled);
const encoded = (text) => post(`Transfer-Encoding: ${text}\r\n`, empty + smuggled);

const refused = {
  'framing that two readers could read in two ways': {
    'length and chunks': () => post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', empty + smuggled),
    'chunks and length': () => chunked(empty, 'Content-Length: 0\r\n'),
    'two lengths': () => post('Content-Length: 2\r\nContent-Length: 0\r\n', `{}${smuggled}`),
    'the same length twice': () => post('Content-Length: 2\r\nContent-Length: 2\r\n', `{}${smuggled}`),
    xchunked: () => encoded('xchunked'),
    'gzip, chunked': () => encoded('gzip, chunked'),
    'chunked, identity': () => encoded('chunked, identity'),
    '%63hunked': () => encoded('%63hunked'),
    'two encodings': () => chunked(empty, 'Transfer-Encoding: identity\r\n'),
    'a space before the colon': () => post('Content-Length : 2\r\n', `{}${smuggled}`),
    'a space before the other colon': () => post('Transfer-Encoding : chunked\r\n', empty + smuggled),
    'a folded line': () => post('X-Fold: y\r\n Content-Length: 2\r\n', `{}${smuggled}`),
    'a folded encoding': () => post('Transfer-Encoding:\r\n chunked\r\n', empty + smuggled),
    'a CR alone': () => post('X-Return: y\rTransfer-Encoding: chunked\r\n', empty + smuggled),
    'chunks in HTTP/1.0': () => chunked(empty).replace('HTTP/1.1', 'HTTP/1.0'),
    'no Host': () => get('') + smuggled,
    'two Hosts': () => get('Host: a\r\nHost: b\r\n') + smuggled,
    'a NUL in a name': () => get('Host: a\r\nX\0y: b\r\n') + smuggled,
    'a NUL in a value': () => get('Host: a\r\nX: b\0c\r\n') + smuggled,
    'no HTTP': () => `hello\r\n\r\n${smuggled}`,
  },
  'lengths that are none': Object.fromEntries(['-1', '+5', '0x5', '5 5', '5,5', 'abc', '%30', '', '18446744073709551615', '18446744073709551618']
    .map((text) => [`"${text}"`, () => length(text)])),
  'chunks that are none': {
    'more than the size': () => chunked(`2\r\n{}X\r\n${empty}`),
    '0x2': () => chunked(`0x2\r\n{}\r\n${empty}`),
    'a negative size': () => chunked(`-fffffffffffffffb\r\n{}   \r\n${empty}`),
    '2zz': () => chunked(`2zz\r\n{}\r\n${empty}`),
    'a size that overflows': () => chunked(`10000000000000002\r\n{}\r\n${empty}`),
  },
  'bodies where none may be': {
    'a length with GET': () => get(`Host: a\r\nContent-Length: ${smuggled.length}\r\n`) + smuggled + smuggled,
    'chunks with GET': () => get('Host: a\r\nTransfer-Encoding: chunked\r\n') + empty + smuggled,
    'a length with DELETE': () => get(`Host: a\r\nContent-Length: ${smuggled.length}\r\n`).replace('GET', 'DELETE') + smuggled + smuggled,
  },
};
for (const [what, cases] of Object.entries(refused)) {
  describe(`${what} are refused once, and what follows is not run`, () => {
    for (const [name, bytes] of Object.entries(cases)) test(name, () => expectRefused(bytes()));
  });
}

test('what may be read in one way only is read so: the request after it is the next one', async () => {
  const first = (headers, text) => post(`${authorization()}${headers}`, text);
  const size = Buffer.byteLength(body).toString(16);
  const chunks = (extension, trailer) => first('Transfer-Encoding: chunked\r\n', `${size}${extension}\r\n${body}\r\n0\r\n${trailer}\r\n`);
  for (const [name, bytes] of Object.entries({
    'a length': first(`Content-Length: ${Buffer.byteLength(body)}\r\n`, body),
    'one chunk': chunks('', ''),
    'a chunk extension': chunks(';a=b', ''),
    'an extension of a megabyte': chunks(`;${'a'.repeat(mebi)}`, ''),
    trailers: chunks('', 'Authorization: Bearer x\r\nContent-Length: 99\r\nContent-Type: text/plain\r\n'),
    'line feeds alone': first(`Content-Length: ${Buffer.byteLength(body)}\r\n`, '').replaceAll('\r\n', '\n') + body,
  })) assert.deepEqual(statuses(await exchange(service, bytes + smuggled)), [200, 404], name);
});

test('a body whose token is refused is swallowed, not run', async () => {
  assert.deepEqual(statuses(await exchange(service, post(`Content-Length: ${smuggled.length}\r\n`, smuggled) + smuggled)), [401, 404]);
});

test('two requests in one record are both answered, in order', async () => {
  const answer = await exchange(service, hookRequest(body) + get(undefined, '/health/live') + smuggled);
  assert.deepEqual(statuses(answer), [200, 200, 404]);
  assert.ok(JSON.parse(answer.replies[0].body).cards);
});

const lines = (count) => Array.from({ length: count }, (_, i) => `X-${i}: y\r\n`).join('');
const pathOf = (size) => `/${'a'.repeat(size - 1)}`;

describe('limits: what is at them is taken, one more is not, and far more is no worse', () => {
  const withHeaders = (count) => get(`Host: localhost\r\nConnection: close\r\n${lines(count - 2)}`, '/nowhere');
  const withLine = (size) => get(`Host: localhost\r\nConnection: close\r\nX: ${'a'.repeat(size - 5)}\r\n`, '/nowhere');
  const withHead = (size) => get(`Host: localhost\r\nConnection: close\r\nX: ${'a'.repeat(8000)}\r\nY: ${'a'.repeat(size - 8000)}\r\n`, '/nowhere');
  const withTarget = (size) => get('Host: localhost\r\nConnection: close\r\n', pathOf(size));
  const ofBytes = (size) => hookRequest(body + ' '.repeat(size - Buffer.byteLength(body)), 'Connection: close\r\n');
  const inChunks = (size) => post(`${authorization()}Transfer-Encoding: chunked\r\nConnection: close\r\n`, `${size.toString(16)}\r\n${body}${' '.repeat(size - Buffer.byteLength(body))}\r\n${empty}`);
  for (const [name, make, rows] of [
    ['64 headers', withHeaders, [[64, 404], [65, 431], [300_000, 431]]],
    ['a header line of 8 KiB', withLine, [[8190, 404], [8200, 431], [24 * mebi, 431]]],
    ['a head of 17 kB', withHead, [[16_000, 404], [17_500, 431]]],
    ['a target of 1024 bytes', withTarget, [[1024, 404], [1025, 414], [8000, 414], [24 * mebi, 414]]],
    ['a body of 8 MiB', ofBytes, [[8 * mebi, 200], [8 * mebi + 1, 413]]],
    ['a body of 8 MiB in chunks', inChunks, [[8 * mebi, 200], [8 * mebi + 1, 413], [64 * mebi, 413]]],
  ]) test(name, () => unharmed(service, async () => {
    for (const [size, status] of rows) assert.deepEqual(statuses(await exchange(service, make(size))), [status], `${size}`);
  }));
  test('a body that is announced with a gigabyte', () => expectRefused(post(`Content-Length: ${1024 * mebi}\r\n`, smuggled), [413]));
  test('a POST without any length', async () => assert.equal(statuses(await exchange(service, post('', smuggled)))[0], 411));
});

test('a compressed body is not unpacked', async () => {
  const bomb = (encoding) => service.fire(Buffer.alloc(255 * 1024), { 'content-encoding': encoding });
  for (const encoding of ['gzip', 'deflate', 'br', 'identity, gzip', 'x']) assert.equal((await bomb(encoding)).status, 415, encoding);
});

test('texts that would be regular expressions or forms in the library are refused or ignored, on a small stack', async () => {
  const long = 'a'.repeat(8000);
  assert.equal((await service.fire(body, { 'content-type': `multipart/form-data; boundary=${'b'.repeat(60)}` })).status, 415);
  assert.equal((await service.fire(`--b\r\nContent-Disposition: form-data; name="${long}"\r\n\r\nx\r\n--b--`, { 'content-type': 'multipart/form-data; boundary=b' })).status, 415);
  assert.equal((await service.fire(body, { 'content-type': 'application/x-www-form-urlencoded' })).status, 415);
  assert.equal((await service.fire(body, { range: `bytes=${'0-,'.repeat(2000)}0-` })).status, 200);
});

test('ranges are ignored', async () => {
  const whole = await service.get('/cds-services');
  for (const range of ['bytes=0-1', `bytes=${'0-,'.repeat(2000)}0-`]) {
    const answer = await service.get('/cds-services', { range });
    assert.deepEqual([answer.status, answer.body.length], [200, whole.body.length]);
  }
});

test('headers with names of the library, of nginx or of CGI change nothing', async () => {
  const names = ['REMOTE_ADDR', 'LOCAL_ADDR', 'REMOTE_PORT', 'X-Forwarded-For', 'X-Real-IP', 'Forwarded', 'Proctor-Remote-Address', 'EXCEPTION_WHAT'];
  const answer = await exchange(service, hookRequest(body, names.map((name) => `${name}: 10.9.8.7\r\n`).join('') + 'Connection: close\r\n'));
  assert.deepEqual(statuses(answer), [200]);
  assert.ok(!service.logs().includes('10.9.8.7'));
});

test('what is percent-encoded in a header is decoded by nobody: it is refused where the service would see it, and dropped elsewhere', async () => {
  const evil = 'a%0d%0aSet-Cookie: evil=1%00z';
  const withHeader = async (name, value) => statuses(await exchange(service, hookRequest(body, `${name}: ${value}\r\nConnection: close\r\n`)));
  for (const name of ['Origin', 'traceparent', 'Access-Control-Request-Method', 'Access-Control-Request-Headers']) assert.deepEqual(await withHeader(name, evil), [400], name);
  for (const name of ['Accept', 'X-Request-Id', 'Cookie', 'User-Agent']) assert.deepEqual(await withHeader(name, evil), [200], name);
  const encodedToken = post(`Authorization: Bearer%20${token()}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n`, body);
  assert.deepEqual(statuses(await exchange(service, encodedToken)), [400]);
  assert.ok(!service.logs().includes('evil'));
});

test('methods that are not ours are refused as everything is', async () => {
  for (const method of ['TRACE', 'PUT', 'BREW', 'CONNECT']) {
    const { replies: [reply] } = await exchange(service, `${method} ${hook} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    assert.ok([400, 405].includes(reply.status), `${method}: ${reply.status}`);
    assert.equal(JSON.parse(reply.body).resourceType, 'OperationOutcome', method);
  }
});

const handshake = async (options) => {
  const socket = await open(service, options).catch((error) => error);
  if (socket instanceof Error) return socket.code ?? socket.message;
  const answer = drain(socket);
  socket.write(smuggled);
  return `${socket.getProtocol()} ${statuses(await answer)}`;
};
test('TLS 1.2 and 1.3 are spoken and nothing older, with ciphers of today alone', async () => {
  const weak = 'ALL:@SECLEVEL=0';
  for (const version of ['TLSv1.2', 'TLSv1.3']) assert.equal(await handshake({ minVersion: version, maxVersion: version }), `${version} 404`);
  for (const version of ['TLSv1', 'TLSv1.1']) assert.match(await handshake({ minVersion: version, maxVersion: version, ciphers: weak }), /^E/, version);
  for (const ciphers of ['AES128-SHA', 'ECDHE-ECDSA-AES128-SHA', 'NULL:eNULL', 'aNULL'].map((name) => `${name}:@SECLEVEL=0`))
    assert.match(await handshake({ maxVersion: 'TLSv1.2', ciphers }), /^E/, ciphers);
});

test('a caller cannot have the handshake again', async () => {
  const socket = await open(service, { maxVersion: 'TLSv1.2' });
  const outcome = await new Promise((resolve) => {
    socket.on('close', () => resolve('closed'));
    socket.on('error', () => resolve('closed'));
    socket.renegotiate({ rejectUnauthorized: false }, (error) => resolve(error ? 'refused' : 'done'));
  });
  assert.notEqual(outcome, 'done');
  socket.destroy();
});

test('a session with a client certificate is resumed, with the certificate', async (t) => {
  let client;
  const west = await startShipped({
    mutualTls: true,
    clientSettings: () => ({ certificates: [client.fingerprint256] }),
    prepare: (folder) => { client = makeClientCertificate(folder); },
  });
  t.after(() => west.stop());
  const ask = async (options) => {
    const socket = await open(west, options);
    const resumed = socket.isSessionReused();
    let session = socket.getSession(); // TLS 1.3 sends it later
    socket.on('session', (one) => { session = one; });
    const answer = drain(socket);
    socket.write(hookRequest(body, 'Connection: close\r\n'));
    return { status: statuses(await answer)[0], resumed, session };
  };
  for (const version of ['TLSv1.2', 'TLSv1.3']) {
    const options = { minVersion: version, maxVersion: version };
    const first = await ask({ ...options, cert: client.cert, key: client.key });
    assert.deepEqual([first.status, first.resumed], [200, false], version);
    const second = await ask({ ...options, cert: client.cert, key: client.key, session: first.session });
    assert.deepEqual([second.status, second.resumed], [200, true], version);
    assert.equal((await ask(options)).status, 401, 'without one');
  }
});

function makeClientCertificate(folder) {
  const own = join(folder, 'client');
  mkdirSync(own);
  makeCertificate(own);
  const [cert, key] = ['cert.pem', 'key.pem'].map((name) => readFileSync(join(own, name)));
  return { cert, key, fingerprint256: new X509Certificate(cert).fingerprint256 };
}
