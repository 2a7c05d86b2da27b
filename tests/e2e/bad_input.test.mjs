// The real nginx and the real program, asked what no EHR should ask: every value of a request replaced in turn, documents at the limits and
// beyond. Only 200 and 4xx, always with a body that says what it is, and afterwards the service answers as before.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { render } from './support/fixtures.mjs';
import { readText } from './support/paths.mjs';
import { assertSchema } from './support/schemas.mjs';
import { startService } from './support/service.mjs';

let service;
before(async () => { service = await startService(); });
after(() => service?.stop());

const text = render(readText('fhir-fixtures/hooks', 'plain-patient-view.json'), new Date());
const usual = async () => (await service.fire(text)).json().cards.length;

async function fire(body) {
  const answer = await service.fire(body);
  if (answer.status === 200) assertSchema('cards', answer.json());
  else assert.equal(answer.json().resourceType, 'OperationOutcome', answer.body);
  return answer.status;
}

// Every value with its path; the document itself first.
function* places(value, path = []) {
  yield path;
  if (value !== null && typeof value === 'object') for (const name of Object.keys(value)) yield* places(value[name], [...path, name]);
}

function replaced(path, value) {
  const document = JSON.parse(text);
  if (path.length === 0) return value;
  path.slice(0, -1).reduce((at, name) => at[name], document)[path.at(-1)] = value;
  return document;
}

const replacements = [null, {}, [], 'text', -7.5, true, 'W'.repeat(70_000), [null], ''];

test('every value of a request becomes something else: an answer or a 4xx, never a failure of ours', async () => {
  const counts = { 200: 0, 400: 0, 412: 0 };
  let turn = 0;
  for (const path of places(JSON.parse(text))) {
    for (const value of [replacements[turn++ % 9], replacements[turn++ % 9]]) {
      const status = await fire(JSON.stringify(replaced(path, value)));
      assert.ok(status in counts, `${path.join('/')} = ${JSON.stringify(value).slice(0, 20)}: ${status}`);
      ++counts[status];
    }
  }
  assert.ok(counts[200] > 150 && counts[400] > 10 && counts[412] > 0, JSON.stringify(counts));
});

const withConditions = (conditions) => text.replace(/"prefetch":\s*\{/, (start) => `${start}"more":${conditions},`);
const nested = (depth) => '['.repeat(depth) + ']'.repeat(depth);
const entries = (count) => `{"resourceType":"Bundle","entry":[${Array(count).fill('{"resource":{"resourceType":"Condition"}}').join()}]}`;

test('documents at a limit are answered, one step beyond they are refused', async () => {
  for (const [what, body, status] of [
    ['64 levels', withConditions(nested(62)), 200],
    ['65 levels', withConditions(nested(63)), 400],
    ['a million levels', '['.repeat(1_000_000), 400],
    ['100,000 entries of 4 MB', withConditions(entries(100_000)), 200],
    ['100,000 entries of 37 MB', withConditions(entries(100_000).replaceAll('"Condition"', `"Condition","id":"${'x'.repeat(320)}"`)), 413],
    ['a member of the envelope twice', text.replace('{', '{"hook":"patient-view",'), 400],
    ['a number that no double holds', withConditions('[1e400,-1e400]'), 200],
    ['an unpaired surrogate', withConditions('"\\ud800"'), 400],
    ['an escaped NUL', withConditions('"\\u0000"'), 400],
    ['a byte order mark', `\ufeff${text}`, 400],
    ['nothing', '', 400],
  ]) assert.equal(await fire(body), status, what);
});

test('after all of this the service answers as before', async () => {
  assert.equal(await usual(), 1);
  assert.doesNotMatch(service.logs(), /Sanitizer|runtime error|internalError/);
});
