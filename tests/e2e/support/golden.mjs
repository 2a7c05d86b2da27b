// Golden files: text a person can review. UPDATE_GOLDEN=1 writes them; look at the difference before committing it.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './paths.mjs';

export function assertGolden(name, text) {
  const file = join(root, 'tests/golden/e2e', name);
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  assert.equal(text, readFileSync(file, 'utf8'), `differs from ${file}; UPDATE_GOLDEN=1 rewrites it`);
}
