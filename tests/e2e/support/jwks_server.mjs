// An address with a client's key set: HTTPS on a free port of loopback, which counts what it is asked and fails when told to.
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from './certificate.mjs';

export async function startJwksServer(body) {
  const folder = mkdtempSync(join(tmpdir(), 'jwks-'));
  chmodSync(folder, 0o755);
  makeCertificate(folder);
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => readFileSync(join(folder, name)));
  const keys = { body, asked: 0, answer: null };
  const server = createServer({ key, cert }, (request, response) => {
    ++keys.asked;
    if (keys.answer) return keys.answer(response);
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'max-age=60' });
    response.end(keys.body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(keys, {
    url: `https://localhost:${server.address().port}/jwks.json`,
    certificate: join(folder, 'cert.pem'),
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  });
}
