// proctor evaluate over NDJSON: how fast with one thread and with more, whether the bytes are the same, and how much memory it takes.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fixed, median, spread, table } from './numbers.mjs';

// The most memory that the program had when it was last looked at, in MB.
function watchMemory(pid) {
  let most = 0;
  const timer = setInterval(() => {
    try {
      most = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? most * 1024) / 1024;
    } catch { /* it has ended */ }
  }, 10);
  return () => (clearInterval(timer), most);
}

async function evaluate(program, threads, { file, asOf, cards }) {
  const began = process.hrtime.bigint();
  const child = spawn(program, ['evaluate', '--cards', cards, '--as-of', asOf, '--threads', String(threads), file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const most = watchMemory(child.pid);
  const hash = createHash('sha256');
  child.stdout.on('data', (chunk) => hash.update(chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`proctor evaluate ended with ${code}`);
  return { seconds: Number(process.hrtime.bigint() - began) / 1e9, most: most(), digest: hash.digest('hex') };
}

// files: { file, patients, bytes }, the second several times as large as the first; its speed counts.
export async function measureBatch(program, files, { rounds, asOf, cards, say }) {
  const rows = [];
  const found = {};
  const digests = new Set();
  for (const [place, { file, patients, bytes }] of files.entries()) {
    const runs = { 1: [], 2: [] };
    for (let round = 0; round < rounds; ++round) {
      for (const threads of [1, 2]) {
        say(`proctor evaluate: ${fixed(bytes / 1e6, 0)} MB, ${threads} threads`);
        runs[threads].push(await evaluate(program, threads, { file, asOf, cards }));
      }
    }
    for (const threads of [1, 2]) {
      const rates = runs[threads].map((run) => bytes / 1e6 / run.seconds);
      const most = Math.max(...runs[threads].map((run) => run.most));
      runs[threads].forEach((run) => digests.add(`${place} ${run.digest}`));
      found[`${place} ${threads}`] = { rate: median(rates), most };
      rows.push([`${fixed(bytes / 1e6, 0)} MB, ${patients} patients`, threads, fixed(median(rates), 1), spread(rates),
        fixed((median(rates) / bytes) * 1e6 * patients, 0), fixed(most, 1)]);
    }
  }
  const goals = [
    ['files whose result differs between 1 and 2 threads', digests.size - files.length, '<=', 0],
    ['speed of 2 threads over 1', found['1 2'].rate / found['1 1'].rate, '>=', 1],
    ['memory for the large file over that for the small one, 2 threads', found['1 2'].most / found['0 2'].most, '<=', 1.1],
  ];
  return { text: table(['input', 'threads', 'MB/s', 'spread', 'patients/s', 'most MB'], rows), goals };
}
