// Runs every measurement, one after the other, and writes one report, to the terminal and to a file. tests/bench/run.sh builds what it needs.
//   node report.mjs BUILD OUTPUT [--quick] [--soak MINUTES]
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root, serviceId } from '../e2e/support/paths.mjs';
import { measureBatch } from './batch.mjs';
import { measureMemory } from './memory.mjs';
import { fixed, table } from './numbers.mjs';
import { measureService, serviceGoals, serviceTable, startStands, stopStands, tokenTable } from './service.mjs';
import { startStand } from './stand.mjs';

const { values: options, positionals } = parseArgs({ options: { quick: { type: 'boolean' }, soak: { type: 'string', default: '0' } }, allowPositionals: true });
const [build, output] = positionals.map((path) => resolve(path));
const full = !options.quick;
const began = Date.now();
const say = (text) => process.stderr.write(`[${Math.round((Date.now() - began) / 1000)} s] ${text}\n`);
const folder = mkdtempSync(join(tmpdir(), 'proctor-report-'));
chmodSync(folder, 0o755);
const now = `${new Date().toISOString().slice(0, 19)}Z`;
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

function write(name, ...args) {
  const file = join(folder, name);
  writeFileSync(file, execFileSync(join(build, 'tests/bench/write_request'), args.map(String), { maxBuffer: 1 << 30 }));
  return file;
}

function machine() {
  const changed = git('status', '--porcelain', '--', 'service', 'cards', 'tests/bench', ':!tests/bench/results.md') ? ', with changes that are not committed' : '';
  return `${now.slice(0, 10)}, commit ${git('rev-parse', '--short=12', 'HEAD')}${changed}. ${availableParallelism()} cores of ${cpus()[0].model.trim()}, ` +
    `${fixed(totalmem() / 1e9, 0)} GB of memory. Client, nginx and program share them. ${full ? 'Full' : 'Quick'} run.`;
}

// The requests of this moment: the service judges by the time of day.
const requests = () => ({ small: write('6kB.json', 6000, now), usual: write('60kB.json', 60_000, now), large: write('600kB.json', 600_000, now) });

async function answerOf(body) {
  const stand = await startStand({ command: (at) => [join(at, 'program'), ['serve', '--config', 'proctor.json', '--demo']], program: join(build, 'proctor') });
  const answer = await stand.ask({ method: 'POST', path: `/cds-services/${serviceId}`, body: readFileSync(body), headers: { 'content-type': 'application/json' } });
  await stand.stop();
  if (answer.status !== 200) throw new Error(`the request was answered with ${answer.status}: ${answer.body}`);
  return answer.body;
}

function reader() {
  say('reading and evaluating, beside plain On-Demand');
  const time = full ? [] : ['--benchmark_repetitions=1'];
  const text = execFileSync(join(build, 'tests/bench/reader_bench'), time, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const rows = [...text.matchAll(/^ *(\d+) bytes   read ([\d.]+)   read_and_evaluate ([\d.]+)   nlohmann_dom ([\d.]+)$/gm)];
  const exponent = Number(/read_and_evaluate ([\d.]+), plain/.exec(text)[1]);
  return {
    text: table(['body, bytes', 'read', 'read and evaluate', 'nlohmann DOM, parse alone'], rows.map((row) => row.slice(1))),
    goals: [...rows.map((row) => [`throughput of reading and evaluating ${row[1]} bytes over plain On-Demand`, Number(row[3]), '>=', 0.5]),
      ['growth exponent of reading and evaluating, 60 kB to 6 MB', exponent, '<=', 1.05]],
  };
}

function countInstructions(...how) {
  const ran = spawnSync('python3', [join(root, 'tests/bench/instructions.py'), join(build, 'tests/bench/instructions'), ...how], { encoding: 'utf8' });
  const counts = [...ran.stdout.matchAll(/^(.*): ([\d,]+) instructions(?:, kept ([\d,]+))?/gm)].map(([, ...row]) => row);
  if (counts.length === 0) throw new Error(`instructions.py: ${ran.stdout}${ran.stderr}`);
  return counts;
}

function instructions() {
  say('instructions');
  const here = new Map(countInstructions('--here'));
  const rows = countInstructions().map(([name, count, kept]) => [name, here.get(name), count, kept]);
  const of = (name) => Number(here.get(name).replaceAll(',', ''));
  return {
    text: table(['request, without token', 'on this processor', 'on any', 'kept in instructions.json'], rows),
    goals: [['6 kB, no card', 220_000], ['6 kB', 220_000], ['60 kB', 1_200_000]].map(([name, most]) => [`instructions, ${name}`, of(name), '<=', most]),
  };
}

async function service({ small, usual }) {
  const how = {
    sizes: [{ size: '6 kB', body: small }, { size: '60 kB', body: usual }],
    connections: full ? [1, 8, 64, 256] : [1, 64],
    rounds: full ? 3 : 1,
    seconds: full ? 3 : 1,
    folder,
    say,
  };
  const stands = await startStands({ build, replies: await answerOf(small) });
  try {
    const runs = await measureService(stands, how);
    return { text: serviceTable(runs, how), tokens: tokenTable(runs, how), goals: serviceGoals(runs, how) };
  } finally {
    await stopStands(stands);
  }
}

async function memory(bodies) {
  const stand = await startStand({ command: (at) => [join(at, 'program'), ['serve', '--config', 'proctor.json', '--demo']], program: join(build, 'proctor') });
  try {
    return await measureMemory(stand, { ...bodies, requests: full ? 1_000_000 : 10_000, seconds: full ? 10 : 2, minutes: Number(options.soak), say });
  } finally {
    await stand.stop();
  }
}

async function batch() {
  const counts = full ? [500, 3000] : [200, 800];
  const files = counts.map((patients) => {
    const file = write(`${patients}.ndjson`, 40_000, now, patients);
    return { file, patients, bytes: statSync(file).size };
  });
  return measureBatch(join(build, 'proctor'), files, { rounds: full ? 3 : 1, asOf: now, cards: join(root, 'cards'), say });
}

const met = (value, sign, goal) => (sign === '>=' ? value >= goal : sign === '>' ? value > goal : value <= goal);
const show = (value) => (Number.isInteger(value) && (value === 0 || value > 100) ? value.toLocaleString('en') : fixed(value));
const goalTable = (goals) =>
  table(['goal', 'measured', 'wanted', ''], goals.map(([name, value, sign, goal]) => [name, show(value), `${sign} ${show(goal)}`, met(value, sign, goal) ? 'met' : '**not met**']));

async function report() {
  const bodies = requests();
  const parts = { instructions: instructions(), reader: reader(), batch: await batch(), memory: await memory(bodies), service: await service(bodies) };
  const goals = [parts.service, parts.instructions, parts.reader, parts.memory, parts.batch].flatMap((part) => part.goals);
  return `# Measurements

Written by \`bash tests/bench/run.sh\`. ${machine()}

Ratios were measured side by side in this run. Each figure is the median of its runs, the spread half of what lies between the lowest and the highest.

## Goals

${goalTable(goals)}
## The service over TLS, behind nginx as shipped

${parts.service.text}
wrk on the same cores, as fast as it can, each request with a token of its own. "Body ignored" is the same server, log and token check with a handler that
reads the body and answers as many bytes as Proctor; Node looks at no token, and "/ Node" is over one for each core. "CPU µs" is that of the
program for a request, without nginx. With one client, \`in_flight\` is 64.

## What a token costs

${parts.service.tokens}
## Instructions of the service for a request

${parts.instructions.text}
Counted by callgrind between the request's bytes and the answer's, without sockets. Libraries choose their code by the processor: what this one runs
(of which valgrind knows AVX2, no later), and what any x86-64 since 2010 does.

## Reading and evaluating all rules, plain simdjson On-Demand = 1

${parts.reader.text}
## Memory of the service

${parts.memory.text}
## proctor evaluate

${parts.batch.text}`;
}

try {
  const text = await report();
  writeFileSync(output, text);
  process.stdout.write(text);
  say(`written to ${output}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
