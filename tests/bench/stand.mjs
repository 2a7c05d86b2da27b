// One thing that is measured: nginx with deploy/nginx.conf, and a program behind it, in a folder of their own. Ended by process id.
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeCertificate } from '../e2e/support/certificate.mjs';
import { client } from '../e2e/support/client.mjs';
import { keySet } from '../e2e/support/jwt.mjs';
import { nginxConfiguration } from '../e2e/support/nginx.mjs';
import { root } from '../e2e/support/paths.mjs';
import { alive, children, start, status, stop } from '../e2e/support/processes.mjs';
import { asRoot, baseUrl, freePort, unitEnvironment, user } from '../e2e/support/service.mjs';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

// 64 threads answer; one client may keep them all busy, or 64 connections of one EHR would be refused.
const configuration = (signers) => JSON.stringify({
  content: 'cards', socket: 'run/proctor.sock', accept_unapproved: true,
  ...(signers.length ? { base_url: baseUrl, replay_store: 'run/replay.sqlite' } : {}),
  clients: signers.map((signer) => ({ id: signer.alg, issuer: signer.issuer, jwks_file: `${signer.alg}.json`, in_flight: 64 })),
});

function makeFolder({ program, signers, reply }) {
  const folder = mkdtempSync(join(tmpdir(), 'proctor-bench-'));
  chmodSync(folder, 0o755);
  for (const name of ['run', 'nginx']) mkdirSync(join(folder, name));
  if (asRoot) chownSync(join(folder, 'run'), user.uid, user.gid);
  if (program) copyFileSync(program, join(folder, 'program'));
  cpSync(join(root, 'cards'), join(folder, 'cards'), { recursive: true });
  execFileSync('chmod', ['-R', 'go-w,a+rX', folder]);
  makeCertificate(folder);
  for (const signer of signers) writeFileSync(join(folder, `${signer.alg}.json`), keySet(signer));
  writeFileSync(join(folder, 'reply.json'), reply ?? '{"cards":[]}');
  const config = configuration(signers);
  writeFileSync(join(folder, 'proctor.json'), signers.length ? config : config.replace(',"clients":[]', ''));
  return folder;
}

// nginx as shipped, or the same answering by itself.
function nginxText(folder, port, alone) {
  const text = nginxConfiguration({ folder, port, demo: true });
  const answer = 'default_type application/json; return 200 \'{"cards":[]}\';';
  return alone ? text.replaceAll('proxy_pass http://proctor;', answer) : text;
}

const cpuOf = (pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ').slice(11, 13).reduce((sum, ticks) => sum + Number(ticks), 0);
const memoryOf = (pid, field) => status(pid, field) / 1024;

// options: command(folder): what runs behind nginx, none: nginx answers; program: a file that is copied to folder/program; signers: clients
// whose tokens count, none: a demonstration; reply: what programs answer that do nothing.
export async function startStand({ command, program, signers = [], reply }) {
  const folder = makeFolder({ program, signers, reply });
  const env = { ...process.env, ...(program ? unitEnvironment : {}) };
  const child = command && start(folder, 'program', ...command(folder), { ...user, env });
  const port = await freePort();
  writeFileSync(join(folder, 'nginx.conf'), nginxText(folder, port, !command));
  const door = start(folder, 'nginx', 'nginx', ['-p', `${folder}/nginx/`, '-e', 'stderr', '-c', join(folder, 'nginx.conf')],
    { env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } });
  const ask = client(port, readFileSync(join(folder, 'cert.pem')));
  for (let i = 0; ; ++i) {
    const answer = await ask({ path: '/health/ready' }).catch(() => null);
    if (answer?.status === 200) break;
    if (i > 300 || !alive(door) || (child && !alive(child))) throw new Error(`did not start:\n${child?.log() ?? ''}${door.log()}`);
    await pause(100);
  }
  const pids = child ? [child.pid, ...children(child.pid)] : [];
  return {
    port,
    ask,
    // Of the program alone: seconds of CPU so far, resident MB, and the most it was.
    cpu: () => pids.reduce((sum, pid) => sum + cpuOf(pid), 0) / ticksPerSecond,
    resident: () => memoryOf(child.pid, 'VmRSS'),
    most: () => memoryOf(child.pid, 'VmHWM'),
    // The logs of a million requests are no use to anybody.
    forgetLogs: () => ['program.log', 'nginx.log'].forEach((name) => writeFileSync(join(folder, name), '')),
    stop: async () => {
      await stop(door, 'SIGQUIT');
      await stop(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
