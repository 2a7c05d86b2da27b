// A browser client of another origin: TLS, preflight, CORS and tokens as a real browser sees them.
import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { patient } from './support/fixtures.mjs';
import { keySet, makeSigner } from './support/jwt.mjs';
import { root, serviceId } from './support/paths.mjs';
import { requestFor } from './support/requests.mjs';
import { baseUrl, startService } from './support/service.mjs';

const executablePath = '/usr/bin/chromium';
const skip = existsSync(executablePath) ? false : 'Chromium is not installed';
const signer = makeSigner({ issuer: 'https://browser.example' });
const hook = `/cds-services/${serviceId}`;

const pages = createServer((request, response) => {
  const file = join(root, 'tests/e2e/browser', request.url === '/' ? 'client.html' : request.url.slice(1));
  if (!existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, { 'content-type': extname(file) === '.mjs' ? 'text/javascript' : 'text/html' }).end(readFileSync(file));
});

let service;
let browser;
let request;
let origin;
before(async () => {
  if (skip) return;
  pages.listen(0, '127.0.0.1');
  await once(pages, 'listening');
  origin = `http://localhost:${pages.address().port}`;
  service = await startService({
    signer,
    origins: [origin],
    settings: { feedback_store: 'run/feedback.sqlite' },
    clients: [{ id: 'browser', issuer: signer.issuer, jwks_file: 'browser.json' }],
    prepare: (folder) => writeFileSync(join(folder, 'browser.json'), keySet(signer)),
  });
  request = requestFor(await service.describe(), patient('severe-anaemia'));
  // Trusts the service's certificate and no other.
  const spki = createHash('sha256').update(new X509Certificate(service.ca).publicKey.export({ type: 'spki', format: 'der' })).digest('base64');
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', `--ignore-certificate-errors-spki-list=${spki}`] });
});
after(async () => {
  await browser?.close();
  await service?.stop();
  pages.close();
});

async function open(from = origin) {
  const page = await browser.newPage();
  await page.goto(from);
  return page;
}
const client = () => ({ url: `https://localhost:${service.port}`, base: baseUrl, issuer: signer.issuer, kid: signer.kid, jwk: signer.privateJwk });
const calls = {
  discovery: () => ({ name: 'discovery', method: 'GET', path: '/cds-services' }),
  hook: () => ({ name: 'hook', method: 'POST', path: hook, body: request }),
  feedback: (feedback = []) => ({ name: 'feedback', method: 'POST', path: `${hook}/feedback`, body: { feedback } }),
};
const run = (page, name, as = client(), ...more) => page.evaluate(([who, what]) => window.call(who, what), [as, calls[name](...more)]);

test('discovery and hook are read by the page, which shows the cards', { skip }, async () => {
  const page = await open();
  const discovery = await run(page, 'discovery');
  assert.equal(discovery.status, 200);
  assert.ok(discovery.json.services.length > 0);
  const answer = await run(page, 'hook');
  assert.equal(answer.status, 200);
  assert.match(await page.locator('#cards').innerText(), /critical: Severe anaemia/);
  if (process.env.PROCTOR_SCREENSHOTS) await page.screenshot({ path: join(process.env.PROCTOR_SCREENSHOTS, 'browser-client.png') });
});

test('the page sends feedback for a card that it got', { skip }, async () => {
  const page = await open();
  const [card] = (await run(page, 'hook')).json.cards;
  const feedback = [{ card: card.uuid, outcome: 'overridden', outcomeTimestamp: new Date().toISOString() }];
  assert.deepEqual(await run(page, 'feedback', client(), feedback), { status: 200, json: null });
  assert.match(service.logs(), /"overridden":1,"unmatched":0/);
});

test('a refusal can be read by the page, too', { skip }, async () => {
  const page = await open();
  assert.equal((await run(page, 'hook', { ...client(), token: 'x' })).status, 401);
  const feedback = await run(page, 'feedback');
  assert.equal(feedback.status, 400);
  assert.equal(feedback.json.resourceType, 'OperationOutcome');
});

test('a page of an origin that is not registered reads nothing', { skip }, async () => {
  const page = await open(origin.replace('localhost', '127.0.0.1'));
  assert.ok((await run(page, 'discovery')).blocked);
  assert.ok((await run(page, 'hook')).blocked);
});
