// Faults that are set while the program runs: tests/support/faults_preload.c, built here, and the numbers that it reads.
import { execFileSync } from 'node:child_process';
import { chmodSync, openSync, readFileSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

const names = ['everyAllocation', 'threadsLeft', 'everyAccept', 'acceptError', 'clockOffset', 'clockFrozen', 'failed'];

// For startService: options of it, and set({ name: number }), which leaves the others as they are.
export function faultsAt() {
  let file;
  const write = (values) => {
    const open = openSync(file, 'r+');
    for (const [name, value] of Object.entries(values)) {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(BigInt(value));
      writeSync(open, bytes, 0, 8, 8 * names.indexOf(name));
    }
    closeSync(open);
  };
  const env = {};
  return {
    // Before the program starts; values: what holds from the beginning.
    prepare: (folder, values = {}) => {
      const library = join(folder, 'faults.so');
      execFileSync('cc', ['-shared', '-fPIC', '-O2', '-Wall', '-Wextra', '-Werror', '-o', library, join(root, 'tests/support/faults_preload.c'), '-ldl']);
      file = join(folder, 'faults');
      writeFileSync(file, Buffer.alloc(8 * names.length));
      chmodSync(file, 0o666);
      write(values);
      Object.assign(env, { LD_PRELOAD: library, PROCTOR_FAULTS: file });
    },
    env,
    set: write,
    failed: () => Number(readFileSync(file).readBigInt64LE(8 * names.indexOf('failed'))),
  };
}
