// A FHIR R4 server for tests: HTTPS on a free port of loopback, with a certificate of its own, a Bearer token, pages as small as a test wants,
// faults (fhir_faults.mjs), and a record of what it was asked. The searches are answered by Medplum's engine (fhir_engine.mjs).
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from './certificate.mjs';
import { makeEngine } from './fhir_engine.mjs';
import { answerWith, outcome } from './fhir_faults.mjs';

const bearer = (headers) => /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];

function send(response, { status, headers, body }) {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(body);
}

// A type's name, or an expression for the path with its query as the client sent it.
const applies = (where, base, { path }) =>
  where instanceof RegExp ? where.test(path) : new URL(path, base).href.slice(base.length + 1).split(/[/?]/)[0] === where;

class Sandbox {
  requests = [];  // {method, path, headers, token} in the order in which they came; path with the query
  busiest = 0;    // how many were being answered at once, at most
  #faults = [];
  #open = 0;

  constructor({ engine, stopEngine, token, pageSize, folder, server }) {
    Object.assign(this, { engine, stopEngine, token, pageSize, folder, server });
    this.port = server.address().port;
    this.base = `https://localhost:${this.port}/fhir`;
    this.certificate = join(folder, 'cert.pem');  // the file that a client trusts; `ca` is its text
    this.ca = readFileSync(this.certificate);
  }

  // `fault` for every request to `where`, or for the next `times` of them.
  fail(where, fault, times = Infinity) { this.#faults.push({ where, fault, times }); }
  heal() { this.#faults = []; }

  #faultsOf(request) {
    const found = this.#faults.filter((one) => one.times > 0 && applies(one.where, this.base, request));
    for (const one of found) --one.times;
    return found.map((one) => one.fault);
  }

  async #answer(request, url) {
    if (this.token && request.token !== this.token) {
      return answerWith(401, outcome('error', 'login', 'the token is not the expected one'), { 'www-authenticate': 'Bearer' });
    }
    if (request.method !== 'GET') return answerWith(405, outcome('error', 'not-supported', 'this server is read only'), { allow: 'GET' });
    if (!['/', '?'].some((end) => url.href.startsWith(this.base + end))) return answerWith(404, outcome('error', 'not-found', 'nothing is here'));
    return this.engine(url, this.base, this.pageSize);
  }

  async handle({ method, url: path, headers }, response) {
    const request = { method, path, headers, token: bearer(headers) };
    this.requests.push(request);
    this.busiest = Math.max(this.busiest, ++this.#open);
    response.on('close', () => --this.#open);
    const faults = this.#faultsOf(request);
    const url = faults.reduce((asked, fault) => fault.ask?.(asked) ?? asked, new URL(path, this.base));
    const right = await this.#answer(request, url);
    const answer = faults.reduce((given, fault) => fault.change?.(given) ?? given, right);
    const way = faults.reduceRight((next, fault) => (fault.send ? (to, given) => fault.send(to, given, next) : next), send);
    await way(response, answer);
  }

  async stop() {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
    await this.stopEngine?.();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

// Bundles: charts of any number of patients. Without a token everybody may read. keepAlive: false: each connection is closed after one answer.
// `engine` answers in place of Medplum's.
export async function startSandbox({ bundles = [], token = null, pageSize = 1000, keepAlive = true, engine, stopEngine } = {}) {
  engine ??= await makeEngine(bundles.flatMap((bundle) => bundle.entry.map((one) => one.resource)));
  const folder = mkdtempSync(join(tmpdir(), 'fhir-sandbox-'));
  chmodSync(folder, 0o755);  // so that a service of another user can read the certificate
  makeCertificate(folder);
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => readFileSync(join(folder, name)));
  const server = createServer({ key, cert }, (request, response) => {
    response.on('error', () => {});  // the client went
    if (!keepAlive) response.shouldKeepAlive = false;
    sandbox.handle(request, response).catch((error) =>
      response.headersSent ? response.destroy() : send(response, answerWith(500, outcome('fatal', 'exception', String(error)))));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sandbox = new Sandbox({ engine, stopEngine, token, pageSize, folder, server });
  return sandbox;
}
