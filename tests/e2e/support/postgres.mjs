// A PostgreSQL server of a test's own, from Debian's package: on a Unix socket in a short folder, never on the network. It refuses to run as root.
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { start as startProgram, stop as stopProgram } from './processes.mjs';

const programs = '/usr/lib/postgresql/15/bin';
const number = (flag) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
const user = process.getuid() === 0 ? { uid: number('-u'), gid: number('-g') } : {};

export const postgresInstalled = () => existsSync(join(programs, 'postgres'));

export async function startPostgres() {
  const folder = mkdtempSync(join(tmpdir(), 'proctor-pg-'));
  chmodSync(folder, 0o755); // the service's user connects here
  if (user.uid) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const run = (program, args) => execFileSync(join(programs, program), args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 26, ...user });
  run('initdb', ['-D', data, '-U', 'proctor', '-A', 'trust', '--no-sync', '--no-locale', '-E', 'UTF8']);
  const start = () => startProgram(folder, 'postgres', join(programs, 'postgres'), ['-D', data, '-k', folder, '-c', 'listen_addresses='], user);
  const ask = (sql) => run('psql', ['-h', folder, '-U', 'proctor', '-d', 'postgres', '-XAtc', sql]).split('\n').filter(Boolean);
  // Processes of one that was killed may still hold its shared memory: then it is started once more.
  const ready = async () => {
    for (let i = 0; i < 600; ++i) {
      if (server.exitCode !== null) server = start();
      try {
        return ask('SELECT 1');
      } catch {
        await pause(50);
      }
    }
    throw new Error(`PostgreSQL did not start:\n${readFileSync(join(folder, 'postgres.log'), 'utf8')}`);
  };
  let server = start();
  await ready();
  return {
    url: `postgresql:///postgres?host=${folder}&user=proctor`,
    select: ask, // rows of one column, as text
    // Ends it without any chance to tidy up, and starts it again once `meanwhile` is done.
    kill: async (meanwhile = async () => {}) => {
      await stopProgram(server, 'SIGKILL');
      await meanwhile();
      server = start();
      await ready();
    },
    stop: async () => {
      await stopProgram(server, 'SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
