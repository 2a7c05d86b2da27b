// Where things are. Tests run from any folder.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const binary = process.env.PROCTOR_BINARY ?? join(root, 'build/asan/proctor');
// What a site installs: limits of memory, preloaded faults and small stacks mean nothing with sanitizers.
export const shippedBinary = join(root, 'build/release/proctor');
export const hapiSandboxClasspath = process.env.PROCTOR_HAPI_SANDBOX ?? join(root, 'build/hapi-sandbox.classpath');
export const serviceId = 'anorectal-alarms';

export const readText = (...parts) => readFileSync(join(root, ...parts), 'utf8');
export const readJson = (...parts) => JSON.parse(readText(...parts));

// Real charts that are not part of this repository; tests that need them say so and skip.
export function syntheaFolder() {
  const folder = process.env.PROCTOR_SYNTHEA ?? resolve(root, '../shared/fixtures/synthea-r4');
  return existsSync(folder) ? folder : null;
}
