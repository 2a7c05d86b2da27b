// The whole service over TLS, beside nginx alone, the service with a handler that ignores the body, and Node that only parses it.
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { makeSigner } from '../e2e/support/jwt.mjs';
import { load, writeTokens } from './load.mjs';
import { fixed, median, spread, table } from './numbers.mjs';
import { startStand } from './stand.mjs';

const algorithms = ['RS384', 'ES384'];
const halfOf = (rate, connections, p50) => Math.max(0, Math.round((2000 * connections) / rate - p50));

export async function startStands({ build, replies }) {
  const signers = algorithms.map((alg) => makeSigner({ issuer: `https://${alg}.example`, alg, kid: alg }));
  const proctor = join(build, 'proctor');
  const ignored = join(build, 'tests/bench/body_ignored');
  const run = (folder, ...more) => [join(folder, 'program'), ['serve', '--config', 'proctor.json', ...more]];
  const ignore = (folder, ...more) => [join(folder, 'program'), ['proctor.json', 'reply.json', ...more]];
  const node = (processes) => () => [process.execPath, [new URL('node_parser.mjs', import.meta.url).pathname, 'run/proctor.sock', 'reply.json', processes]];
  return {
    signers,
    nginx: await startStand({}),
    nodeOne: await startStand({ command: node(1), reply: replies }),
    node: await startStand({ command: node(availableParallelism()), reply: replies }),
    open: await startStand({ command: (folder) => run(folder, '--demo'), program: proctor }),
    openIgnored: await startStand({ command: (folder) => ignore(folder, '--demo'), program: ignored, reply: replies }),
    closed: await startStand({ command: (folder) => run(folder), program: proctor, signers }),
    closedIgnored: await startStand({ command: (folder) => ignore(folder), program: ignored, signers, reply: replies }),
  };
}

export const stopStands = async ({ signers, ...stands }) => {
  for (const stand of Object.values(stands)) await stand.stop();
};

// Runs by "what|size|connections".
class Runs {
  kept = new Map();
  add(key, run) {
    this.kept.set(key, [...(this.kept.get(key) ?? []), run]);
  }
  all(key, field) {
    return (this.kept.get(key) ?? []).map((run) => run[field]);
  }
  of(key, field) {
    return this.kept.has(key) ? median(this.all(key, field)) : undefined;
  }
}

// A token that is sent again is refused, so a run in which they ran out is made anew with more.
async function loadWithTokens(stand, signer, { folder, enough, ...how }) {
  const tokens = join(folder, 'tokens');
  for (let pool = Math.ceil(enough); ; pool *= 2) {
    writeTokens(tokens, signer, pool);
    const run = await load(stand, { ...how, tokens });
    rmSync(tokens);
    if (!run.ranOut) return run;
  }
}

async function measureTokens(runs, stands, signer, place, how) {
  for (const [name, stand] of [[`${signer.alg} ignored`, stands.closedIgnored], [signer.alg, stands.closed]]) {
    const known = Math.max(0, ...runs.all(`${name}|${place}`, 'rate'));
    const rate = known ? known * 1.3 : Math.min(runs.of(`open ignored|${place}`, 'rate') * 1.1, 6000);
    runs.add(`${name}|${place}`, await loadWithTokens(stand, signer, { ...how, enough: rate * how.seconds + 500 }));
  }
}

// Everything side by side, round by round, so that what the machine does besides falls on all alike.
export async function measureService(stands, { sizes, connections, rounds, seconds, folder, say }) {
  const runs = new Runs();
  for (let round = 1; round <= rounds; ++round) {
    for (const { size, body } of sizes) {
      for (const count of connections) {
        say(`round ${round} of ${rounds}: ${size}, ${count} connections`);
        const how = { body, connections: count, seconds };
        const place = `${size}|${count}`;
        for (const [name, stand] of [['nginx', stands.nginx], ['node one', stands.nodeOne], ['node', stands.node], ['open ignored', stands.openIgnored], ['open', stands.open]])
          runs.add(`${name}|${place}`, await load(stand, how));
        for (const signer of stands.signers) await measureTokens(runs, stands, signer, place, { ...how, folder });
      }
      // At half of what it can do, where waiting for a core is not what is measured; and what this machine makes of callers who ask as often of the
      // references.
      const delay = halfOf(runs.of(`open|${size}|64`, 'rate'), 64, runs.of(`open|${size}|1`, 'p50'));
      for (const [what, , stand] of halves)
        runs.add(`${what}|${size}|64`, await load(stands[stand], { body, connections: 64, seconds: seconds + 1, delay }));
    }
  }
  return runs;
}

const row = (runs, what, place, ignored) => {
  const key = `${what}|${place}`;
  const ratio = (other) => fixed(runs.of(key, 'rate') / runs.of(`${other}|${place}`, 'rate'));
  return [fixed(runs.of(key, 'rate'), 0), spread(runs.all(key, 'rate')), fixed(runs.of(key, 'p50')), fixed(runs.of(key, 'p99')), ratio('nginx'),
    ignored ? ratio(ignored) : '', ratio('node'), what.endsWith('nginx') ? '' : fixed(runs.of(key, 'cpu'), 0), Math.max(...runs.all(key, 'failed'))];
};

const names = [['nginx', 'nginx by itself'], ['node one', 'Node, one process'], ['node', 'Node, one for each core'], ['open ignored', 'body ignored, no token'], ['RS384 ignored', 'body ignored, RS384'],
  ['ES384 ignored', 'body ignored, ES384'], ['open', '**Proctor, no token**'], ['RS384', '**Proctor, RS384**'], ['ES384', '**Proctor, ES384**']];

const halves = [['half', 'Proctor, no token, half its capacity', 'open'], ['half ignored', 'body ignored, asked as often', 'openIgnored'], ['half nginx', 'nginx by itself, asked as often', 'nginx']];

export function serviceTable(runs, { sizes, connections }) {
  const rows = [];
  for (const { size } of sizes) {
    for (const count of connections) {
      for (const [what, title] of names) {
        const ignored = ['open', ...algorithms].includes(what) ? `${what} ignored` : null;
        rows.push([size, count, title, ...row(runs, what, `${size}|${count}`, ignored)]);
      }
    }
    for (const [what, title] of halves) {
      const half = row(runs, what, `${size}|64`, null);
      rows.push([size, 64, title, ...half.slice(0, 4), '', '', '', ...half.slice(7)]);
    }
  }
  return table(['body', 'connections', 'what', 'req/s', 'spread', 'p50 ms', 'p99 ms', '/ nginx', '/ body ignored', '/ Node', 'CPU µs', 'failed'], rows);
}

// What a token costs: the program's CPU for a request with one, less that without, where it is busy.
export function tokenTable(runs, { sizes, connections }) {
  const count = connections.at(-1);
  const rows = sizes.flatMap(({ size }) => algorithms.map((alg) => {
    const [open, closed] = ['open', alg].map((what) => `${what}|${size}|${count}`);
    return [size, alg, fixed(runs.of(closed, 'cpu') - runs.of(open, 'cpu'), 0), fixed(runs.of(closed, 'rate') / runs.of(open, 'rate'))];
  }));
  return table(['body', 'token', 'CPU µs for it', 'req/s with / without'], rows);
}

export function serviceGoals(runs, { connections }) {
  const many = connections.includes(64) ? 64 : connections.at(-1);
  const over = (what, other, size) => runs.of(`${what}|${size}|${many}`, 'rate') / runs.of(`${other}|${size}|${many}`, 'rate');
  const late = (what, size) => runs.of(`${what}|${size}|64`, 'p99') / runs.of(`open|${size}|1`, 'p50');
  const goals = algorithms.map((alg) => [`req/s, 6 kB, ${alg}, over the service that ignores the body`, over(alg, `${alg} ignored`, '6 kB'), '>=', 0.8]);
  for (const [node, processes] of [['node one', 'one process'], ['node', 'one for each core']]) {
    for (const [what, token] of [['open', 'no token'], ['RS384', 'RS384']])
      goals.push([`req/s, 60 kB, ${token}, over Node that parses, ${processes}`, over(what, node, '60 kB'), '>', 3]);
  }
  for (const size of ['6 kB', '60 kB']) {
    goals.push([`p99 of 64 connections as fast as they can, ${size}, over p50 of one`, late('open', size), '<=', 10]);
    goals.push([`p99 of 64 connections at half the capacity, ${size}, over p50 of one`, late('half', size), '<=', 10]);
  }
  const failed = [...runs.kept.values()].flat().reduce((sum, run) => sum + run.failed, 0);
  goals.push(['requests of all runs that were not answered with 200', failed, '<=', 0]);
  return goals;
}
