// Data that were not supplied are not data that are absent: null, missing, empty, failed and paged prefetch, each as what it is.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { patient } from './support/fixtures.mjs';
import { requestFor } from './support/requests.mjs';
import { startService } from './support/service.mjs';

let service;
let description;
before(async () => {
  service = await startService();
  description = await service.describe();
});
after(() => service?.stop());

const fire = (name, change) => service.fire(requestFor(description, patient(name), change));
const topics = (answer) => answer.json().cards.map((card) => card.source.topic?.code);
const empty = { resourceType: 'Bundle', type: 'searchset' };
const failed = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'timeout' }] };
const observations = ['laboratory', 'vitalSigns', 'survey', 'exam'];
const setAll = (keys, value) => (request) => { for (const key of keys) request.prefetch[key] = value; };
const dropAll = (keys) => (request) => { for (const key of keys) delete request.prefetch[key]; };

test('null and an empty Bundle say that there is nothing', async () => {
  for (const nothing of [null, empty, { ...empty, entry: [] }, { ...empty, total: 0 }]) {
    const answer = await fire('healthy', setAll(Object.keys(description.prefetch).filter((key) => key !== 'patient'), nothing));
    assert.equal(answer.status, 200, answer.body);
    assert.deepEqual(answer.json(), { cards: [] });
  }
});

test('a search that was not supplied, failed or has more pages is named on the card as not checked', async () => {
  const full = await fire('visible-bleeding-alone');
  assert.doesNotMatch(full.json().cards[0].detail, /not (be )?checked/i);
  const page = (request) => { request.prefetch.vitalSigns.link = [{ relation: 'next', url: 'https://ehr.example/r4?page=2' }]; };
  for (const change of [dropAll(['vitalSigns']), setAll(['vitalSigns'], failed), page]) {
    const answer = await fire('visible-bleeding-alone', change);
    assert.equal(answer.status, 200, answer.body);
    assert.ok(topics(answer).includes('ADC12'), answer.body);
    assert.match(answer.body, /not (be )?checked/i);
  }
});

test('missing data never silence or soften a card that stands on what did come', async () => {
  const answer = await fire('bleeding-with-shock', dropAll(['laboratory', 'survey', 'exam', 'procedures', 'medicationRequests']));
  assert.equal(answer.json().cards[0].indicator, 'critical');
  assert.equal(topics(answer)[0], 'ADC01');
});

test('412 when Patient, or Conditions and every Observation search, cannot be had', async () => {
  for (const state of [dropAll, (keys) => setAll(keys, failed)]) {
    assert.equal((await fire('healthy', state(['patient']))).status, 412);
    assert.equal((await fire('healthy', state(['conditions', ...observations]))).status, 412);
    assert.equal((await fire('healthy', state(['conditions']))).status, 200);
    assert.equal((await fire('healthy', state(observations))).status, 200);
  }
});

test('a Bundle that a client calls a collection, and keys that nobody asked for, do no harm', async () => {
  const answer = await fire('visible-bleeding-alone', (request) => {
    request.prefetch.conditions.type = 'collection';
    request.prefetch.unasked = structuredClone(request.prefetch.conditions);
  });
  assert.deepEqual(topics(answer), ['ADC12']);
});

test("another patient's resources are never used", async () => {
  const stranger = JSON.parse(JSON.stringify(patient('bleeding-with-shock')).replaceAll('bleeding-with-shock', 'stranger'));
  const theirs = requestFor(description, stranger).prefetch;
  const answer = await fire('healthy', (request) => {
    for (const [key, bundle] of Object.entries(request.prefetch)) if (key !== 'patient') bundle.entry = [...(bundle.entry ?? []), ...(theirs[key].entry ?? [])];
  });
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json(), { cards: [] });
});

test('an id that merely ends alike is another patient', async () => {
  const answer = await fire('visible-bleeding-alone', (request) => {
    for (const one of request.prefetch.conditions.entry) one.resource.subject.reference = 'Patient/not-visible-bleeding-alone';
  });
  assert.deepEqual(answer.json(), { cards: [] });
});

test('a patient who has died gets no cards; one who is to die in the future, or is said not to have died, does', async () => {
  const died = (value) => fire('visible-bleeding-alone', (request) => Object.assign(request.prefetch.patient, value));
  assert.deepEqual((await died({ deceasedBoolean: true })).json(), { cards: [] });
  assert.deepEqual((await died({ deceasedDateTime: '2020-01' })).json(), { cards: [] });
  assert.deepEqual(topics(await died({ deceasedBoolean: false })), ['ADC12']);
  assert.deepEqual(topics(await died({ deceasedDateTime: '2999-01-01' })), ['ADC12']);
});
