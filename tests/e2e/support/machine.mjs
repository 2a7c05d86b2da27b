// A machine of its own, on which a unit runs under a real systemd (machine.sh).
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from './paths.mjs';
import { alive, children, start, stop } from './processes.mjs';

// Empty control groups, innermost first.
function removeGroups(name) {
  const found = spawnSync('find', ['/sys/fs/cgroup', '-depth', '-type', 'd', '-path', `*/${name}*`], { encoding: 'utf8' });
  for (const folder of found.stdout.split('\n').filter(Boolean)) spawnSync('rmdir', [folder]);
}

// folder: for what it needs outside; stage(root): lays files where they belong on the new machine; install: shell commands run there before
// it starts. Why there cannot be one here is { refused }; else `run` is spawnSync there, `path` names its files from here.
export async function bootMachine(folder, { stage, install }) {
  const at = (...names) => join(folder, ...names);
  for (const name of ['machine', 'stage', 'stage/root']) mkdirSync(at(name));
  stage(at('stage/root'));
  writeFileSync(at('stage/install'), install);
  const group = `proctor-test-${process.pid}`;
  const outer = start(folder, 'machine', 'bash', [join(root, 'tests/e2e/support/machine.sh'), at('machine'), at('stage'), group]);
  const end = async () => {
    await stop(outer, 'SIGKILL'); // its child, process 1 there, with it, and so all
    for (let i = 0; i < 100 && existsSync(`/proc/${first}`); ++i) await pause(20);
    removeGroups(group);
  };
  let first = 0;
  const run = (command, ...args) =>
    spawnSync('nsenter', ['-t', first, '--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--root', '--wd=/', '--', command, ...args], { encoding: 'utf8' });
  for (let i = 0; i < 200 && alive(outer); ++i, await pause(50)) {
    [first] = children(outer.pid);
    if (first && /^(running|degraded)$/.test(run('systemctl', 'is-system-running').stdout.trim())) return { run, end, path: (name) => `/proc/${first}/root${name}` };
  }
  const said = outer.log().trim();
  await end();
  return { refused: `no machine of its own can be started here: ${said || 'systemd does not come up'}` };
}
