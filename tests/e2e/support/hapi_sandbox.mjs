// The sandbox of fhir_sandbox.mjs, its token, faults and records, in front of HAPI's own JPA server (tests/hapi/Sandbox.java). Its pages are
// of a size that is set at the start, and their links lead to `base?_getpages=...`, without a type.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { json } from './fhir_faults.mjs';
import { startSandbox } from './fhir_sandbox.mjs';
import { hapiSandboxClasspath, root } from './paths.mjs';
import { alive, start, stop } from './processes.mjs';

const seconds = 180;

// Why there is no HAPI on this machine, or false.
export function withoutHapi() {
  if (!existsSync(hapiSandboxClasspath)) return `${hapiSandboxClasspath} is missing: tests/run.sh has the command that makes it`;
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'java is not installed';
  }
}

// {child, port} once it listens.
async function startHapi(folder, pageSize) {
  const args = ['-Xmx1g', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
    '-cp', readFileSync(hapiSandboxClasspath, 'utf8').trim(), join(root, 'tests/hapi/Sandbox.java'), String(pageSize)];
  const child = start(folder, 'hapi', 'java', args, { input: 'pipe' });  // it ends with its input, should this process be killed
  for (let i = 0; i < seconds * 10 && alive(child); ++i) {
    const port = /^listening (\d+)$/m.exec(child.log())?.[1];
    if (port) return { child, port };
    await pause(100);
  }
  await stop(child);
  throw new Error(`HAPI did not start within ${seconds} s:\n${child.log()}`);
}

// A chart as one transaction. HAPI refuses a urn:uuid of what is not in it (Synthea's organizations): such a reference becomes a logical one.
async function load(origin, bundle) {
  const entry = bundle.entry.map(({ resource }) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } }));
  const text = JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry });
  const body = text.replace(/"reference":"(urn:uuid:[^"]+)"/g, '"identifier":{"value":"$1"}');
  const answer = await fetch(`${origin}/fhir`, { method: 'POST', headers: { 'content-type': json }, body });
  if (!answer.ok) throw new Error(`HAPI took no chart: ${await answer.text()}`);
}

const engineAt = (origin) => async (url) => {
  const headers = { accept: 'application/fhir+json', 'x-forwarded-host': url.host, 'x-forwarded-proto': 'https' };
  const answer = await fetch(origin + url.pathname + url.search, { headers });
  return { status: answer.status, headers: { 'content-type': answer.headers.get('content-type') }, body: Buffer.from(await answer.arrayBuffer()) };
};

// As startSandbox, with `stop` for both. `pageSize` cannot change later.
export async function startHapiSandbox({ bundles = [], token = null, pageSize = 1000 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'hapi-sandbox-'));
  let hapi;
  const stopHapi = async () => {
    await stop(hapi?.child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    hapi = await startHapi(folder, pageSize);
    const origin = `http://127.0.0.1:${hapi.port}`;
    for (const bundle of bundles) await load(origin, bundle);
    return await startSandbox({ engine: engineAt(origin), token, stopEngine: stopHapi });
  } catch (error) {
    await stopHapi();
    throw error;
  }
}
