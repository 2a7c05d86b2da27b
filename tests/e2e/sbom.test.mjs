// What the Release build says of its parts (deploy/sbom.py): a CycloneDX 1.5 document that names every library, and says the same again.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import Ajv from 'ajv';
import { readJson, root } from './support/paths.mjs';

const build = join(root, 'build/release');
const program = join(build, 'proctor');
const file = join(build, 'proctor.cdx.json');
const skip = existsSync(program) ? false : 'build/release is not built';
const lock = 'service/console/package-lock.json';
const text = () => readFileSync(file, 'utf8');
const components = () => JSON.parse(text()).components;
const run = (command, ...args) => execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });

test('it is valid by the CycloneDX 1.5 schema', { skip }, () => {
  const schema = (name) => readJson('tests/e2e/node_modules/@cyclonedx/cyclonedx-library/res/schema', `${name}.SNAPSHOT.schema.json`);
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  for (const name of ['spdx', 'jsf-0.82']) ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  const validate = ajv.compile(schema('bom-1.5'));
  assert.ok(validate(JSON.parse(text())), JSON.stringify(validate.errors));
  assert.ok(!validate({ ...JSON.parse(text()), specVersion: 1 }), 'the schema refuses something');
});

test('it is of this program, whose version it has', { skip }, () => {
  const { component, timestamp } = JSON.parse(text()).metadata;
  assert.equal(component.hashes[0].content, createHash('sha256').update(readFileSync(program)).digest('hex'));
  assert.equal(run(program, '--version').trim().split(' ').pop(), component.version);
  assert.match(timestamp ?? '2026-01-01T00:00:00Z', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

test('every library that the program needs is a component, with the version that is installed', { skip }, () => {
  const needed = [...run('readelf', '-dW', program).matchAll(/\(NEEDED\).*\[(.+)\]/g)].map(([, name]) => name);
  assert.ok(needed.length > 5);
  const paths = new Map([...run('ldd', program).matchAll(/^\s*(\S+) => (\/\S+)/gm)].map(([, name, path]) => [name, path]));
  const known = new Map(components().map((one) => [one.name, one]));
  // Debian's database knows a library below /lib or /usr/lib, whichever its package had.
  const below = (path) => path?.replace(/^\/usr/, '');
  const files = needed.flatMap((name) => [below(paths.get(name)), `/usr${below(paths.get(name))}`]);
  const owners = new Map(spawnSync('dpkg-query', ['-S', ...files], { encoding: 'utf8' }).stdout.split('\n').map((line) => line.split(': ')).map(([owner, path]) => [below(path), owner]));
  for (const name of needed) {
    const owner = owners.get(below(paths.get(name)));
    assert.ok(owner, name);
    const component = known.get(owner.split(':')[0]);
    assert.ok(component, `${name} of ${owner}`);
    assert.equal(component.version, run('dpkg-query', '-W', '-f', '${Version}', owner));
    assert.match(component.purl, /^pkg:deb\/debian\/[^@]+@[^?]+\?arch=[a-z0-9]+&distro=debian-\d+$/);
  }
});

test('libraries of headers alone, static ones and those of the console are components, too', { skip }, () => {
  const known = components();
  for (const name of ['nlohmann-json3-dev', 'libcli11-dev', 'libvalijson-dev', 'libsqlitecpp-dev', 'libcpp-httplib0.11'])
    assert.ok(known.some((one) => one.name === name), name);
  const packages = Object.entries(readJson(lock).packages).filter(([path, one]) => path && !one.optional);
  assert.ok(packages.length >= 3);
  for (const [path, one] of packages) {
    const component = known.find(({ purl, name }) => purl.startsWith('pkg:npm/') && path.endsWith(`node_modules/${name}`));
    assert.equal(component?.version, one.version, path);
    assert.equal(component.hashes[0].content, Buffer.from(one.integrity.replace('sha512-', ''), 'base64').toString('hex'));
    assert.equal(component.licenses[0].expression, one.license);
  }
  const { dependencies } = JSON.parse(text());
  assert.deepEqual(new Set(dependencies.map(({ ref }) => ref)), new Set(['pkg:generic/proctor@' + JSON.parse(text()).metadata.component.version, ...known.map((one) => one['bom-ref'])]));
});

test('the same build gives the same bytes', { skip }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'proctor-sbom-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const { component, timestamp } = JSON.parse(text()).metadata;
  const env = { ...process.env, ...(timestamp ? { SOURCE_DATE_EPOCH: String(Date.parse(timestamp) / 1000) } : {}) };
  const again = join(folder, 'again.json');
  execFileSync('python3', [join(root, 'deploy/sbom.py'), build, component.version, join(root, lock), again], { env });
  assert.equal(readFileSync(again, 'utf8'), text());
});
