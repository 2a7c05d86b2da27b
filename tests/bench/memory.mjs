// What the service keeps in memory: idle, after many requests, under large ones, and over a soak.
import { setTimeout as pause } from 'node:timers/promises';
import { load } from './load.mjs';
import { fixed, table } from './numbers.mjs';

// Large bodies at once; the most that is resident while they are answered.
async function underLarge(stand, body, seconds) {
  let most = 0;
  let running = true;
  const watch = (async () => {
    for (; running; await pause(20)) most = Math.max(most, stand.resident());
  })();
  const run = await load(stand, { body, connections: 64, seconds });
  running = false;
  await watch;
  return { most, run };
}

// Resident MB in each part of so many minutes, while 6 kB and 60 kB take turns.
async function soak(stand, bodies, minutes, say) {
  const resident = [];
  for (let part = 0; part < minutes * 6; ++part) {
    await load(stand, { body: bodies[part % bodies.length], connections: 32, seconds: 10 });
    resident.push(stand.resident());
    stand.forgetLogs();
    if (part % 6 === 5) say(`soak: ${(part + 1) / 6} of ${minutes} minutes, ${fixed(stand.resident(), 1)} MB`);
  }
  return resident;
}

// `stand` was just started.
export async function measureMemory(stand, { small, usual, large, requests, seconds, minutes, say }) {
  const rows = [['idle, after the start', fixed(stand.resident(), 1)]];
  let done = 0;
  let failed = 0;
  while (done < requests) {
    const run = await load(stand, { body: small, connections: 32, seconds });
    done += run.requests;
    failed += run.failed;
    stand.forgetLogs();
    if (rows.length === 1) rows.push([`after ${done} requests of 6 kB`, fixed(stand.resident(), 1)]);
    say(`memory: ${done} of ${requests} requests, ${fixed(stand.resident(), 1)} MB`);
  }
  rows.push([`after ${done} requests of 6 kB (${failed} failed)`, fixed(stand.resident(), 1)]);
  const { most, run } = await underLarge(stand, large, seconds);
  rows.push([`the most under 64 connections x 600 kB (${run.requests} requests, ${run.failed} failed)`, fixed(most, 1)]);
  await load(stand, { body: small, connections: 1, seconds: 1 });
  rows.push(['afterwards', fixed(stand.resident(), 1)]);
  const goals = [];
  if (minutes > 0) {
    const resident = await soak(stand, [small, usual], minutes, say);
    const early = Math.max(...resident.slice(0, Math.ceil(resident.length / 5)));
    const late = Math.max(...resident.slice(-Math.ceil(resident.length / 5)));
    rows.push([`soak of ${minutes} minutes, the most in its first fifth`, fixed(early, 1)], ['the most in its last fifth', fixed(late, 1)]);
    goals.push([`soak of ${minutes} minutes: the last fifth's memory over the first's`, late / early, '<=', 1.05]);
  }
  return { text: table(['resident', 'MB'], rows), goals };
}
