// Loads a stand with wrk: requests of one body, each with a token of its own where tokens count.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { baseUrl } from '../e2e/support/service.mjs';
import { root, serviceId } from '../e2e/support/paths.mjs';

const path = `/cds-services/${serviceId}`;

// Tokens signed beforehand: a file, one a line. They count within five minutes.
export function writeTokens(file, signer, count) {
  const lines = Array.from({ length: count }, () => signer.token({ aud: baseUrl + path }));
  writeFileSync(file, lines.join('\n') + '\n');
}

// Requests a second, latencies in ms, requests that failed, whether the tokens ran out, and the program's CPU in µs for a request.
export async function load(stand, { body, connections, seconds, tokens = 'none', delay = 0 }) {
  const threads = Math.min(connections, availableParallelism());
  const before = stand.cpu();
  const wrk = spawn('wrk', ['-t', threads, '-c', connections, '-d', `${seconds}s`, '--timeout', '10s', '-s', join(root, 'tests/bench/load.lua'),
    `https://127.0.0.1:${stand.port}`, '--', path, body, tokens, threads, delay].map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  wrk.stdout.on('data', (chunk) => (text += chunk));
  const [code] = await once(wrk, 'close');
  if (code !== 0) throw new Error(`wrk failed:\n${text}`);
  const run = JSON.parse(text.trim().split('\n').at(-1));
  return {
    requests: run.requests,
    failed: run.failed,
    ranOut: run.ranOut,
    rate: run.requests / (run.us / 1e6),
    p50: run.p50 / 1000,
    p99: run.p99 / 1000,
    cpu: ((stand.cpu() - before) * 1e6) / run.requests,
  };
}
