import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { expectedRules, patient, patientNames } from './support/fixtures.mjs';
import { assertGolden } from './support/golden.mjs';
import { binary, root } from './support/paths.mjs';
import { requestFor } from './support/requests.mjs';
import { assertSchema } from './support/schemas.mjs';
import { startService } from './support/service.mjs';

const expected = expectedRules();
const instants = ['2026-06-15T12:00:00Z', '2024-02-29T23:59:59Z', '2027-01-01T00:00:00Z'];
let service;
before(async () => { service = await startService(); });
after(() => service?.stop());

// All patients in one run of the program, a line of JSON each.
function evaluate(names, asOf) {
  const input = names.map((name) => JSON.stringify(patient(name, new Date(asOf)))).join('\n');
  const output = execFileSync(binary, ['evaluate', '--as-of', asOf, '--cards', 'cards', '-'],
    { cwd: root, input, encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['pipe', 'pipe', 'pipe'] });
  return output.trim().split('\n').map((line) => JSON.parse(line).rules);
}

async function cardsOf(name) {
  const answer = await service.fire(requestFor(await service.describe(), patient(name)));
  assert.equal(answer.status, 200, answer.body);
  return answer.json().cards;
}

test('every patient has an expectation', () => assert.deepEqual(Object.keys(expected).sort(), patientNames().sort()));

for (const asOf of instants) {
  test(`exactly the expected rules fire, as of ${asOf}`, () => {
    const names = patientNames();
    const answers = evaluate(names, asOf);
    assert.equal(answers.length, names.length);
    for (const [i, name] of names.entries()) {
      const fired = answers[i].map(({ code, row, indicator }) => ({ code, indicator, row }));
      const order = (one, other) => one.code.localeCompare(other.code);
      assert.deepEqual(fired.sort(order), [...expected[name]].sort(order), name);
    }
  });
}

test('the cards over TLS are what was reviewed', async () => {
  const lines = [];
  for (const name of patientNames().sort()) {
    lines.push(name);
    for (const card of await cardsOf(name)) lines.push(`  ${card.indicator.padEnd(8)} ${card.source.topic?.code ?? '-'}  ${card.summary}`);
  }
  assertGolden('cards.txt', `${lines.join('\n')}\n`);
});

test('every answer follows the specification', async () => {
  for (const name of patientNames()) assertSchema('cards', { cards: await cardsOf(name) });
});

test('a rule that fired is never lost: it has a card, or a card speaks of it', async () => {
  for (const name of patientNames()) {
    const cards = await cardsOf(name);
    const critical = expected[name].filter((rule) => rule.indicator === 'critical').map((rule) => rule.code.replace('-', ''));
    assert.deepEqual(cards.filter((card) => card.indicator === 'critical').map((card) => card.source.topic.code).sort(), critical.sort(), name);
    assert.equal(cards.length > 0, expected[name].length > 0, name);
  }
});

test('the most urgent card comes first', async () => {
  const rank = { critical: 0, warning: 1, info: 2 };
  for (const name of patientNames()) {
    const ranks = (await cardsOf(name)).map((card) => rank[card.indicator]);
    assert.deepEqual(ranks, [...ranks].sort(), name);
  }
});

test('a retried call yields the same cards, another call other uuids', async () => {
  const request = requestFor(await service.describe(), patient('bleeding-with-shock'));
  const [first, retried] = [await service.fire(request), await service.fire(request)];
  const uuids = (answer) => answer.json().cards.flatMap((card) => [card.uuid, ...(card.suggestions ?? []).map((one) => one.uuid)]);
  assert.deepEqual(uuids(first), uuids(retried));
  const other = await service.fire({ ...request, hookInstance: '11111111-2222-4333-8444-555555555555' });
  assert.equal(new Set([...uuids(first), ...uuids(other)]).size, 2 * uuids(first).length);
});

test('a chart keeps its answer when its references are absolute and versioned', async () => {
  const name = 'bleeding-with-shock';
  const request = requestFor(await service.describe(), patient(name));
  const absolute = JSON.parse(JSON.stringify(request).replaceAll(`"Patient/${name}"`, `"https://ehr.example/r4/Patient/${name}/_history/3"`));
  const topics = (answer) => answer.json().cards.map((card) => card.source.topic.code);
  assert.deepEqual(topics(await service.fire(absolute)), topics(await service.fire(request)));
});

test("the program's own requests are answered like those of an EHR that read discovery", async () => {
  for (const name of ['bleeding-with-shock', 'melaena-on-aspirin', 'fit-42', 'healthy']) {
    const own = execFileSync(binary, ['request', `fhir-fixtures/patients/${name}.json`], { cwd: root, encoding: 'utf8' });
    const shown = (cards) => cards.map((card) => [card.indicator, card.source.topic.code, card.summary]);
    assert.deepEqual(shown((await service.fire(own)).json().cards), shown(await cardsOf(name)), name);
  }
});
