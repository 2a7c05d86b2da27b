// Charts that nobody here wrote, at instants of their past: what was recorded later is left out, as it was not known then.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { binary, readJson, root, syntheaFolder } from './support/paths.mjs';
import { requestFor } from './support/requests.mjs';
import { startService } from './support/service.mjs';
import { chart, syntheaFiles } from './support/synthea.mjs';

const skip = syntheaFolder() ? false : 'the Synthea charts are not on this machine (PROCTOR_SYNTHEA)';
const golden = readJson('tests/golden/e2e/synthea.json');
const instant = '2018-01-01T12:00:00Z';
const files = syntheaFiles();

function timeOf(resource) {
  const time = resource.recordedDate ?? resource.effectiveDateTime ?? resource.authoredOn ?? resource.performedPeriod?.start ?? resource.period?.start;
  return time && resource.resourceType !== 'Patient' ? new Date(time) : new Date(0);
}

const knownAt = (bundle, asOf) => ({ ...bundle, entry: bundle.entry.filter((one) => timeOf(one.resource) <= new Date(asOf)) });

function evaluate(bundles, asOf) {
  const input = bundles.map((bundle) => JSON.stringify(knownAt(bundle, asOf))).join('\n');
  const output = execFileSync(binary, ['evaluate', '--as-of', asOf, '--cards', 'cards', '-'],
    { cwd: root, input, encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['pipe', 'pipe', 'pipe'] });
  return output.trim().split('\n').map((line) => JSON.parse(line).rules.map((rule) => `${rule.code} ${rule.indicator}`).sort());
}

for (const asOf of Object.keys(golden)) {
  test(`the rules that fire in real charts as of ${asOf}`, { skip }, () => {
    const fired = evaluate(files.map(chart), asOf);
    for (const [i, file] of files.entries()) assert.deepEqual(fired[i], golden[asOf][file] ?? [], file);
  });
}

test(`real charts over TLS as of ${instant}`, { skip }, async (t) => {
  const service = await startService({ demo: true, asOf: instant });
  t.after(() => service.stop());
  for (const file of files) {
    const answer = await service.fire(requestFor(await service.describe(), knownAt(chart(file), instant)));
    assert.equal(answer.status, 200, file);
    const indicators = answer.json().cards.map((card) => card.indicator);
    assert.equal(indicators.length > 0, (golden[instant][file] ?? []).length > 0, file);
  }
});
