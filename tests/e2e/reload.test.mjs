// SIGHUP: content is replaced while requests run, broken content changes nothing, and no request is lost.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { patient } from './support/fixtures.mjs';
import { requestFor } from './support/requests.mjs';
import { startService } from './support/service.mjs';

let service;
let request;
before(async () => {
  service = await startService();
  request = requestFor(await service.describe(), patient('visible-bleeding-alone'));
});
after(() => service?.stop());

const rule = 'cards/rules/visible-rectal-bleeding';
const file = (name) => join(service.folder, rule, name);
const change = (name, from, to) => {
  const text = readFileSync(file(name), 'utf8');
  assert.ok(text.includes(from), `${name} lacks ${from}`);
  writeFileSync(file(name), text.replace(from, to));
  return () => writeFileSync(file(name), text);
};
const health = async () => (await service.get('/health/ready')).json();

async function reloaded(test) {
  const lines = () => service.logs().split('\n').filter((line) => /"event":"reload/.test(line)).length;
  const before = lines();
  service.hangUp();
  for (let i = 0; i < 1200 && lines() === before; ++i) await pause(50);
  const state = await health();
  assert.ok(test(state), JSON.stringify(state));
  return state;
}

// Asks without pause until told to stop; every answer is whole, and of one content or the other.
function keepAsking() {
  let more = true;
  const summaries = new Set();
  const loop = async () => {
    let answered = 0;
    while (more) {
      const answer = await service.fire(request);
      assert.equal(answer.status, 200, answer.body);
      summaries.add(answer.json().cards[0].summary);
      ++answered;
    }
    return answered;
  };
  const loops = Array.from({ length: 4 }, loop);
  return async () => {
    more = false;
    const counts = await Promise.all(loops);
    assert.ok(counts.every((count) => count > 0));
    return [...summaries];
  };
}

test('health names the content that answers, and since when', async () => {
  const { status, content, reload } = await health();
  assert.equal(status, 'ok');
  assert.match(content.revision, /^[0-9a-f]{12}$/);
  assert.equal(content.approved, false);
  assert.ok(Date.parse(content.since) <= Date.now());
  assert.equal(reload, undefined);
});

test('good content replaces the old under load, and no request is lost', async () => {
  const first = (await health()).content;
  const stop = keepAsking();
  const summary = JSON.parse(readFileSync(file('text.en.json'), 'utf8')).summary;
  const restore = change('text.en.json', summary, 'Summary of the second content');
  const second = (await reloaded((state) => state.content.revision !== first.revision)).content;
  assert.ok(second.since >= first.since);
  await service.fire(request);
  const seen = await stop();
  assert.ok(seen.length <= 2, seen.join());
  assert.equal((await service.fire(request)).json().cards[0].summary, 'Summary of the second content');
  restore();
  const third = (await reloaded((state) => state.content.revision === first.revision)).content;
  assert.equal(third.revision, first.revision);
});

for (const [what, reason, name, from, to] of [
  ['a file that is no JSON', 'content', 'rule.json', '{', '{,'],
  ['a rule that disagrees with its cases', 'cases', 'cases.json', '"expect": null', '"expect": "bleeding"'],
  ['a schema that refers to one that is not there', 'content', '../../schemas/rule.schema.json', 'facts.schema.json', 'fact.schema.json'],
  ['a rule that the manifest does not list', 'content', '../../manifest.json', '"visible-rectal-bleeding",', ''],
]) {
  test(`${what} changes nothing, and health and the log say so`, async () => {
    const before = await health();
    const stop = keepAsking();
    const restore = change(name, from, to);
    const state = await reloaded((now) => now.reload?.status === 'refused');
    assert.equal(state.reload.reason, reason);
    assert.ok(Date.parse(state.reload.at) >= Date.parse(before.content.since));
    assert.deepEqual(state.content, before.content);
    assert.equal((await stop()).length, 1);
    assert.match(service.logs(), new RegExp(`"event":"reloadRefused","reason":"${reason}".*"where":"[^"]*(${basename(name)}|rules/visible-rectal-bleeding)`));
    restore();
    assert.equal((await reloaded((now) => now.reload === undefined)).content.revision, before.content.revision);
  });
}
