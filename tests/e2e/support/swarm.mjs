// Thousands of connections that do as little as they can, from processes of their own: one may hold 20,000 descriptors, and whoever probes the
// service meanwhile should not wait for them.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { eventually } from './shipped.mjs';

const perProcess = 5000;

// kind: of swarm_client.mjs. Resolves once so many came and, since nginx closes what is too slow and they have to come again, most of them are there
// at once; localAddress: nginx counts requests by address.
export async function startSwarm(service, { kind, count, localAddress = '127.0.0.2', request }) {
  const length = Math.ceil(count / perProcess);
  const processes = Array.from({ length }, (_, i) => {
    const child = fork(join(root, 'tests/e2e/support/swarm_client.mjs'));
    child.state = { open: 0, opened: 0, closed: 0, failed: 0, statuses: {} };
    child.on('message', (state) => { child.state = state; });
    child.send({ kind, count: Math.floor((count * (i + 1)) / length) - Math.floor((count * i) / length), port: service.port, localAddress, ca: service.ca.toString(), request });
    return child;
  });
  const sum = (name) => processes.reduce((all, { state }) => all + state[name], 0);
  const swarm = {
    open: () => sum('open'),
    closed: () => sum('closed'), // by the server
    failed: () => sum('failed'),
    statuses: () => [...new Set(processes.flatMap(({ state }) => Object.keys(state.statuses)))],
    stop: () => Promise.all(processes.map((child) => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      return ended;
    })),
  };
  try {
    await eventually(() => sum('opened') >= count && swarm.open() >= count * 0.7, `${count} connections, ${kind}`);
  } catch (error) {
    await swarm.stop();
    throw new Error(`${error.message}: ${swarm.open()} open, ${swarm.failed()} failed`);
  }
  return swarm;
}
