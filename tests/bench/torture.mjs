// tests/bench/torture.sh: how long callers wait while the service is attacked, overloaded and stopped. Shares its swarms with tests/e2e.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { goodBody, hook, signer, startShipped, token } from '../e2e/support/shipped.mjs';
import { startSwarm } from '../e2e/support/swarm.mjs';
import { load as wrk, writeTokens } from './load.mjs';

const rows = [];
const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const quantiles = (times) => {
  const sorted = [...times].sort((a, b) => a - b);
  return { p50: at(sorted, 0.5), p99: at(sorted, 0.99), most: sorted.at(-1) };
};
const ms = (value) => (value === undefined ? 'none' : value.toFixed(1));
function add(what, { p50, p99, most }, goal, value, note = '') {
  const met = goal === undefined ? '' : value === undefined ? 'not seen' : value <= goal ? 'met' : 'missed';
  rows.push(`| ${what} | ${ms(p50)} | ${ms(p99)} | ${ms(most)} | ${goal === undefined ? '' : goal} | ${met} | ${note} |`);
  console.error(rows.at(-1));
}

// A caller who goes on as before: hooks over one kept connection, one after the other. Gives the times of the answers.
async function probe(service, body, count = 400) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const once_ = () => new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), authorization: `Bearer ${token()}` };
    const start = performance.now();
    const call = request({ host: '127.0.0.1', port: service.port, servername: 'localhost', ca: service.ca, agent, method: 'POST', path: hook, headers }, (answer) => {
      answer.resume().on('end', () => (answer.statusCode === 200 ? resolve(performance.now() - start) : reject(new Error(`answered with ${answer.statusCode}`))));
    });
    call.on('error', reject);
    call.end(body);
  });
  const times = [];
  for (let i = 0; i < count + 20; ++i) {
    times.push(await once_());
    await pause(5);
  }
  agent.destroy();
  return times.slice(20);
}

// What nginx logged of hooks so far; its times do not hold what the caller itself is late on these processors.
const loggedHooks = (service) => service.logs().split('\n').filter((line) => line.includes(`"path":"${hook}","status":`));

// wrk's run, and ms by status as nginx logged them.
async function load(service, body, how, tokenCount) {
  const folder = mkdtempSync(join(tmpdir(), 'proctor-torture-'));
  const [file, tokens] = [join(folder, 'body'), join(folder, 'tokens')];
  writeFileSync(file, body);
  writeTokens(tokens, signer, tokenCount);
  const before = loggedHooks(service).length;
  try {
    const run = await wrk({ port: service.port, cpu: () => 0 }, { body: file, tokens, ...how });
    const times = {};
    for (const line of loggedHooks(service).slice(before)) {
      const { status, seconds } = JSON.parse(line);
      (times[status] ??= []).push(seconds * 1000);
    }
    return { ...run, times };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function attacks(service, body) {
  const alone = quantiles(await probe(service, body));
  add('a hook, nothing else happens', alone, undefined, undefined);
  for (const [kind, count] of [['idle', 10_000], ['idle after a request', 2000], ['slow handshake', 2000], ['slow head', 2000], ['slow body', 1999]]) {
    const swarm = await startSwarm(service, { kind, count }).catch((error) => error);
    if (swarm instanceof Error) {
      add(`a hook during ${count}: ${kind}`, {}, 10, undefined, swarm.message);
      continue;
    }
    const closed = swarm.closed();
    const during = quantiles(await probe(service, body));
    add(`a hook during ${count}: ${kind}`, during, 10, during.p99, `${swarm.open()} open at the end, ${swarm.closed() - closed} closed by nginx and opened again meanwhile`);
    await swarm.stop();
    await pause(1000);
  }
}

async function twiceTheCapacity(service, body) {
  const most = await load(service, body, { connections: 64, seconds: 5 }, 60_000);
  add('a hook, 64 connections as fast as they are answered', quantiles(most.times[200]), undefined, undefined, `${most.rate.toFixed(0)} a second: the capacity`);
  const connections = 1200; // about twice what threads and queue hold, and who was refused asks again at once
  const seconds = 8;
  const twice = await load(service, body, { connections, seconds }, most.rate * 40);
  const [accepted, refused] = [twice.times[200] ?? [], twice.times[503] ?? []];
  const others = Object.keys(twice.times).filter((status) => !['200', '503', '499'].includes(status)); // 499: the caller has gone, at the end of the run
  const note = `${twice.rate.toFixed(0)} a second for ${seconds} s: ${accepted.length} accepted, ${refused.length} refused, other answers: ${others.join() || 'none'}; as callers saw all of them: p50 ${ms(twice.p50)}, p99 ${ms(twice.p99)}`;
  add(`accepted, of ${connections} connections as fast as they are answered`, quantiles(accepted), 500, quantiles(accepted).p99, note);
  add(`503, of ${connections} connections as fast as they are answered`, quantiles(refused), 50, quantiles(refused).p99);
}

async function stopping(service, body) {
  const time = async () => {
    const start = performance.now();
    const pid = service.pid();
    process.kill(pid, 'SIGTERM');
    while (service.running()) await pause(1);
    return performance.now() - start;
  };
  const idle = await time();
  await service.restart();
  const loading = load(service, body, { seconds: 4, connections: 80 }, 40_000);
  await pause(2500);
  const loaded = await time();
  await loading;
  add('SIGTERM to exit, idle', { most: idle }, 5000, idle);
  add('SIGTERM to exit, 80 connections that ask all the time', { most: loaded }, 5000, loaded);
}

const service = await startShipped({ clientSettings: { in_flight: 64 } });
try {
  const body = await goodBody(service);
  await attacks(service, body);
  await twiceTheCapacity(service, body);
  await stopping(service, body);
  console.log(`${cpus().length} processors, load ${loadavg().map((one) => one.toFixed(1)).join(', ')}; body of ${body.length} bytes, ES256 tokens; callers on the same processors. Milliseconds.\n`);
  console.log('| what | p50 | p99 | most | goal | | |\n|---|---|---|---|---|---|---|');
  console.log(rows.join('\n'));
} finally {
  await service.stop();
}
