// The clinical vignettes, where they are beside this checkout: all through `proctor evaluate`, a sample over TLS. On the rules of cards/
// each agrees exactly, indicators included.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { binary, readJson, root } from './support/paths.mjs';
import { requestFor } from './support/requests.mjs';
import { startService } from './support/service.mjs';

const path = resolve(root, '../shared/clinical/vignettes.json');
const skip = existsSync(path) ? false : 'no clinical vignettes beside this checkout';
const vignettes = skip ? [] : JSON.parse(readFileSync(path, 'utf8')).vignettes;
const asOf = '2026-06-15T12:00:00Z';
const rules = readdirSync(join(root, 'cards/rules')).map((id) => readJson('cards/rules', id, 'rule.json')).filter((rule) => rule.status === 'active');
const known = new Set(rules.map((rule) => rule.code));
const perRule = 2;
const couldNotCheck = 'ADCNC';  // a card about data, with no rule of its own

const bundle = (resources) => ({ resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) });
const expected = (vignette) => vignette.expect.filter((code) => known.has(code)).sort();
const name = (vignette) => `${vignette.id} ${vignette.title}`;

// One run of the program: a map of code to indicator for each of these vignettes.
function evaluate(some, drafts = []) {
  const input = some.map((vignette) => JSON.stringify(bundle(vignette.facts.resources))).join('\n');
  const output = execFileSync(binary, ['evaluate', '--config', 'tests/support/shows-everything.json', '--as-of', asOf, '--cards', 'cards', ...drafts, '-'],
    { cwd: root, input, encoding: 'utf8', maxBuffer: 1 << 27 });
  const lines = output.trim().split('\n');
  assert.equal(lines.length, some.length);
  return lines.map((line) => Object.fromEntries(JSON.parse(line).rules.map((rule) => [rule.code, rule.indicator])));
}

function evaluateDrafting(vignette) {
  const folder = mkdtempSync(join(tmpdir(), 'proctor-drafts-'));
  const file = join(folder, 'drafts.json');
  writeFileSync(file, JSON.stringify(bundle(vignette.facts.draftOrders)));
  try {
    return evaluate([vignette], ['--draft-orders', file])[0];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function assertAgrees(vignette, fired) {
  assert.deepEqual(Object.keys(fired).sort(), expected(vignette), name(vignette));
  for (const [code, indicator] of Object.entries(vignette.indicators ?? {}))
    if (known.has(code)) assert.equal(fired[code], indicator, `${name(vignette)}: ${code}`);
}

test('every vignette through proctor evaluate', { skip }, () => {
  assert.ok(vignettes.every((vignette) => vignette.facts.asOf === asOf));
  const plain = vignettes.filter((vignette) => !vignette.facts.draftOrders);
  const answers = evaluate(plain);
  for (const [i, vignette] of plain.entries()) assertAgrees(vignette, answers[i]);
  const drafting = vignettes.filter((vignette) => vignette.facts.draftOrders);
  for (const vignette of drafting) assertAgrees(vignette, evaluateDrafting(vignette));
  assert.equal(plain.length + drafting.length, 187);
});

// Some vignettes of every rule, and some that nothing fires in.
function sample(served) {
  const chosen = new Set(vignettes.filter((vignette) => expected(vignette).length === 0).slice(0, 4));
  for (const code of known) {
    const of = vignettes.filter((vignette) => vignette.expect.includes(code) && served.has(vignette.facts.hook));
    for (const vignette of of.slice(0, perRule)) chosen.add(vignette);
  }
  return [...chosen].filter((vignette) => served.has(vignette.facts.hook));
}

// Vignettes name no category: theirs is found by every Observation search.
const everyCategory = ['laboratory', 'vital-signs', 'survey', 'exam'].map((code) => ({ coding: [{ code }] }));
const searchable = (resource) => (resource.resourceType === 'Observation' ? { ...resource, category: everyCategory } : resource);

function ask(service, description, vignette) {
  const request = requestFor(description, bundle(vignette.facts.resources.map(searchable)), (one) => {
    if (!vignette.facts.draftOrders) return;
    const drafts = bundle(vignette.facts.draftOrders);
    Object.assign(one.context, { draftOrders: drafts, selections: drafts.entry.map(({ resource }) => `${resource.resourceType}/${resource.id}`) });
  });
  return service.post(`/cds-services/${description.id}`, JSON.stringify(request));
}

// A card's last line names every rule it speaks for, absorbed and gathered ones too.
const rulesOn = (card) => [...card.detail.split('\n').at(-1).matchAll(/(ADC-\w+) \d/g)].map((match) => match[1]);

function assertCards(vignette, cards, hook) {
  const here = new Set(rules.filter((rule) => rule.hooks.includes(hook)).map((rule) => rule.code));
  const codes = expected(vignette).filter((code) => here.has(code));
  assert.deepEqual(cards.flatMap(rulesOn).sort(), codes, name(vignette));
  for (const card of cards) {
    if (card.source.topic.code === couldNotCheck) continue;
    const [lead] = rulesOn(card);
    const wanted = vignette.indicators?.[lead];
    if (card.source.topic.code === lead.replace('-', '') && wanted) assert.equal(card.indicator, wanted, `${name(vignette)}: ${lead}`);
  }
  const critical = codes.filter((code) => vignette.indicators?.[code] === 'critical');
  const shown = cards.filter((card) => card.indicator === 'critical').map((card) => card.source.topic.code);
  for (const code of critical) assert.ok(shown.includes(code.replace('-', '')), `${name(vignette)}: ${code} keeps its own card`);
}

test('a sample of the vignettes over TLS, every rule among them', { skip }, async (t) => {
  const service = await startService({ demo: true, asOf, settings: readJson('tests/support/shows-everything.json') });
  t.after(() => service.stop());
  const { services } = (await service.get('/cds-services')).json();
  const served = new Map(services.map((one) => [one.hook, one]));
  const chosen = sample(served);
  for (const vignette of chosen) {
    const answer = await ask(service, served.get(vignette.facts.hook), vignette);
    assert.equal(answer.status, 200, `${name(vignette)}: ${answer.body}`);
    assertCards(vignette, answer.json().cards, vignette.facts.hook);
  }
  const covered = new Set(chosen.flatMap((vignette) => vignette.expect));
  const reachable = rules.filter((rule) => vignettes.some((one) => one.expect.includes(rule.code) && served.has(one.facts.hook)));
  assert.deepEqual(reachable.filter((rule) => !covered.has(rule.code)).map((rule) => rule.code), []);
  assert.ok(chosen.length >= 30, `${chosen.length} vignettes`);
});
