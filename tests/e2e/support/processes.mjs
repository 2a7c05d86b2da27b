// Programs that a test starts in a folder and ends by process id.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// Output goes to a file: nginx opens /dev/stdout by name, which a pipe of node's does not allow.
export function start(folder, name, command, args, { input = 'ignore', ...options } = {}) {
  const file = join(folder, `${name}.log`);
  const output = openSync(file, 'a');
  const child = spawn(command, args, { cwd: folder, stdio: [input, output, output], ...options });
  closeSync(output);
  child.on('error', (error) => appendFileSync(file, error.message));
  child.log = () => readFileSync(file, 'utf8');
  return child;
}

export async function stop(child, signal = 'SIGTERM') {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(late);
}

export const alive = (child) => child.exitCode === null && child.signalCode === null;

// Of a process, as /proc has it.
export const status = (pid, name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
export const children = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
