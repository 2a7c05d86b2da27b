import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { hostileText, patient } from './support/fixtures.mjs';
import { readJson } from './support/paths.mjs';
import { requestFor } from './support/requests.mjs';
import { assertSchema } from './support/schemas.mjs';
import { startService } from './support/service.mjs';

let service;
before(async () => { service = await startService(); });
after(() => service?.stop());

for (const [file, expected] of Object.entries(readJson('fhir-fixtures/hostile/expected.json'))) {
  test(`${file} is answered with ${expected.status}`, async () => {
    const answer = await service.fire(hostileText(file));
    assert.equal(answer.status, expected.status, answer.body);
    if (expected.status !== 200) return assert.equal(answer.json().resourceType, 'OperationOutcome');
    assertSchema('cards', answer.json());
    assert.equal(answer.json().cards.length, expected.cards, answer.body);
  });
}

test('chart text is shown in a card and never active', async () => {
  const { detail, summary } = (await service.fire(hostileText('injection-texts.json'))).json().cards[0];
  for (const active of [/<(script|img|b)\b/i, /(?<!\\)\]\(\s*javascript:/i, /(?<!\\)!(?<!\\)\[x/, /^# Heading/m, /<https:\/\/evil/]) {
    assert.doesNotMatch(detail, active);
    assert.doesNotMatch(summary, active);
  }
});

const goodText = async () => JSON.stringify(requestFor(await service.describe(), patient('visible-bleeding-alone')));

test('bytes that are no text are refused: a NUL, broken UTF-8, an overlong form', async () => {
  for (const bytes of [[0], [0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xe2, 0x82]]) {
    const [head, tail] = (await goodText()).split('Bleeding from anus');
    const body = Buffer.concat([Buffer.from(`${head}Bleeding `), Buffer.from(bytes), Buffer.from(tail)]);
    assert.equal((await service.fire(body)).status, 400, bytes.join());
  }
});

test('a patient id that tries to be more than an id does no harm', async () => {
  for (const id of ['../../etc/passwd', "x' OR '1'='1", 'a|b', '<script>', 'x'.repeat(5000)]) {
    const answer = await service.fire(JSON.parse(await goodText(), (key, value) => (key === 'patientId' ? id : value)));
    assert.ok([400, 412].includes(answer.status), `${id}: ${answer.status}`);
    assert.ok(!answer.body.includes(id));
  }
});

test('after all of this the service still answers', async () => {
  assert.equal((await service.fire(await goodText())).json().cards.length, 1);
  assert.doesNotMatch(service.logs(), /AddressSanitizer|runtime error|visible-bleeding-alone|Bleeding from anus/);
});
