// The program as a site installs it, behind nginx, for tests that hurt it; what it holds; and requests as bytes.
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { patient } from './fixtures.mjs';
import { keySet, makeSigner } from './jwt.mjs';
import { serviceId, shippedBinary } from './paths.mjs';
import { children, status } from './processes.mjs';
import { requestFor } from './requests.mjs';
import { baseUrl, startService } from './service.mjs';

export const hook = `/cds-services/${serviceId}`;
export const signer = makeSigner({ issuer: 'https://ehr.example', alg: 'ES256' });
export const token = () => signer.token({ aud: baseUrl + hook });

// options: as startService's; clientSettings: members of its one client; fhirServer: a sandbox, at which that client may let us read.
export const startShipped = ({ clientSettings = {}, fhirServer, prepare, ...options } = {}) => startService({
  program: shippedBinary,
  signer,
  clients: () => [{
    id: 'ehr',
    issuer: signer.issuer,
    jwks_file: 'ehr.json',
    ...(fhirServer && { private_fhir_servers: [fhirServer.base] }),
    ...(typeof clientSettings === 'function' ? clientSettings() : clientSettings),
  }],
  trusts: fhirServer,
  prepare: (folder) => {
    writeFileSync(join(folder, 'ehr.json'), keySet(signer));
    return prepare?.(folder);
  },
  ...options,
});

// A request that is answered with one card; `bytes`: padded to about so many.
export async function goodBody(service, bytes = 0) {
  const body = JSON.stringify(requestFor(await service.describe(), patient('visible-bleeding-alone')));
  const pad = Math.max(0, bytes - Buffer.byteLength(body) - 30);
  return pad === 0 ? body : body.replace('{', `{"extension":{${pads(pad)}},`);
}
// Texts of at most a megabyte, which is what one may have.
const pads = (bytes) => Array.from({ length: Math.ceil(bytes / 1e6) }, (_, i) => `"p${i}":"${'x'.repeat(Math.min(1e6, bytes - i * 1e6))}"`).join();

// Head and body of a POST; headers: lines, each with its end. Without `authorization` it is refused with 401.
export const post = (headers, body = '', path = hook) => `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${headers}\r\n${body}`;
export const authorization = () => `Authorization: Bearer ${token()}\r\n`;
export const hookRequest = (body, headers = '') => post(`${authorization()}Content-Length: ${Buffer.byteLength(body)}\r\n${headers}`, body);

const descriptors = (pid) => readdirSync(`/proc/${pid}/fd`).length;

// What the program and nginx's workers hold.
export const held = (service) => ({
  descriptors: descriptors(service.pid()),
  doorDescriptors: children(service.doorPid()).reduce((sum, pid) => sum + descriptors(pid), 0),
  threads: status(service.pid(), 'Threads'),
  kilobytes: status(service.pid(), 'VmRSS'),
});

// Until it holds; a minute at most.
export async function eventually(holds, what) {
  for (const end = Date.now() + 60_000; Date.now() < end; await pause(50)) if (await holds()) return;
  assert.fail(`never: ${what}`);
}

// Lines of the logs that have all of these words.
export const logged = (service, ...words) => service.logs().split('\n').filter((line) => words.every((word) => line.includes(word))).length;

// Whatever happens in `work`: afterwards the same process answers, with the descriptors, threads and (within a tenth and 4 MB) the memory of before,
// and what it must remember: a used token until it expires, in less than a kilobyte.
export async function unharmed(service, work) {
  const body = await goodBody(service);
  const answers = async (count) => {
    for (const answer of await Promise.all(Array.from({ length: count }, () => service.fire(body)))) assert.equal(answer.status, 200, answer.body);
  };
  await answers(24); // every thread has its memory
  const pid = service.pid();
  const before = held(service);
  const usedTokens = () => logged(service, '"token":');
  const usedBefore = usedTokens();
  const result = await work(before);
  assert.ok(service.running(), service.logs().slice(-2000));
  await answers(1);
  for (const name of ['descriptors', 'doorDescriptors', 'threads'])
    await eventually(() => held(service)[name] <= before[name], `${name} back to ${before[name]}, now ${held(service)[name]}`);
  const used = usedTokens() - usedBefore;
  assert.ok(held(service).kilobytes <= before.kilobytes * 1.1 + 4096 + used, `${before.kilobytes} kB before, ${held(service).kilobytes} kB after, ${used} tokens`);
  assert.equal(service.pid(), pid);
  return result;
}
