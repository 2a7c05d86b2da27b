// tests/bench/torture.sh: how long callers wait while the service is attacked, overloaded and stopped. Shares its swarms with tests/e2e.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:https';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from '../e2e/support/paths.mjs';
import { goodBody, hook, startShipped, token } from '../e2e/support/shipped.mjs';
import { startSwarm } from '../e2e/support/swarm.mjs';

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

async function load(service, body, { rate, seconds, connections, processes = 2, tokens }) {
  const results = await Promise.all(Array.from({ length: processes }, async (_, i) => {
    const child = fork(join(root, 'tests/bench/torture_load.mjs'));
    const share = tokens.filter((one, n) => n % processes === i);
    child.send({ port: service.port, ca: service.ca.toString(), path: hook, body, tokens: share, connections: connections / processes, rate: rate / processes, seconds });
    const [result] = await once(child, 'message');
    return result;
  }));
  const times = {};
  for (const one of results) for (const [status, list] of Object.entries(one.times)) (times[status] ??= []).push(...list);
  const sum = (name) => results.reduce((all, one) => all + one[name], 0);
  return { times, sent: sum('sent'), lost: sum('lost'), unsent: sum('unsent'), took: Math.max(...results.map((one) => one.took)) };
}
const sign = (count) => Array.from({ length: Math.ceil(count) }, token);

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
  const closed = await load(service, body, { rate: 0, seconds: 5, connections: 80, tokens: sign(40_000) });
  const capacity = (closed.times[200]?.length ?? 0) / closed.took;
  add('a hook, 80 connections as fast as they are answered', quantiles(closed.times[200]), undefined, undefined, `${capacity.toFixed(0)} a second: the capacity`);
  const seconds = 8;
  const rate = 2 * capacity;
  const open = await load(service, body, { rate, seconds, connections: 800, tokens: sign(rate * seconds + 1000) });
  const [accepted, refused] = [open.times[200] ?? [], open.times[503] ?? []];
  const others = Object.keys(open.times).filter((status) => !['200', '503'].includes(status));
  const note = `${rate.toFixed(0)} a second for ${seconds} s: ${accepted.length} accepted, ${refused.length} refused, ${open.unsent} not sent for want of a connection, ${open.lost} lost, other answers: ${others.join() || 'none'}`;
  add('accepted, at twice the capacity', quantiles(accepted), 500, quantiles(accepted).p99, note);
  add('503, at twice the capacity', quantiles(refused), 50, quantiles(refused).p99);
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
  const loading = load(service, body, { rate: 0, seconds: 4, connections: 80, tokens: sign(40_000) });
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
