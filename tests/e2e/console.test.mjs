// The console's page against a service that answers as the real one does: what it shows, what it asks for, and that a keyboard is enough.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as data from './support/console_data.mjs';
import { expectCharts, goTo, logIn, skip, tabTo } from './support/console_page.mjs';
import { tryPatient, useConsole } from './support/console_stage.mjs';

const stage = useConsole();
const focused = (page) => page.evaluate(() => document.activeElement.textContent);
const numbersOf = (page, column) =>
  page.locator(`tbody tr td:nth-child(${column})`).evaluateAll((all) => all.map((one) => one.textContent));

test('a wrong password, and too many of them, are said; the right one opens the overview', { skip }, async () => {
  const { page } = await stage.open();
  assert.equal(await page.title(), 'Log in – Proctor console');
  assert.equal(await page.getByLabel('Password').getAttribute('autocomplete'), 'current-password');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('Both the user name and the password are needed').waitFor();
  await logIn(page, 'otto', 'wrong');
  await page.getByText('do not belong together').waitFor();
  stage.mock.failures = 5;
  await logIn(page, 'otto', 'wrong');
  await page.getByText('Try again in 40 seconds').waitFor();
  stage.mock.failures = 0;
  await logIn(page, 'otto', 'another password');
  await page.getByText('All is well').waitFor();
  assert.equal(await page.title(), 'Overview – Proctor console');
});

test('a user name and a password in the address are no hindrance, and no log-in', { skip }, async () => {
  const { page } = await stage.open();
  await page.goto(page.url().replace('//', '//otto:another-password@'));
  await page.getByLabel('User name').waitFor();
  await logIn(page, 'otto', 'another password');
  await page.getByText('All is well').waitFor();
});

test('the session may be ended here, or end by itself', { skip }, async () => {
  const { page } = await stage.enter();
  stage.mock.endSessions();
  await page.getByRole('link', { name: 'Rules' }).click();
  await page.getByText('Your session has ended').waitFor();
  await logIn(page, 'otto', 'another password');
  await page.getByRole('heading', { level: 1, name: 'Rules' }).waitFor();
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByText('You are logged out').waitFor();
  assert.equal(await page.getByRole('navigation').isVisible(), false);
});

test('every chart is drawn, says its gist and has its numbers in a table', { skip }, async () => {
  const { page, expectQuiet } = await stage.enter();
  await expectCharts(page, 3);
  const hours = data.overview(24).hours;
  assert.equal(await page.locator('.chart').first().locator('tbody tr').count(), 24);
  const rows = await page
    .locator('.chart >> nth=0 >> tbody tr')
    .evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td')].map((cell) => Number(cell.textContent))));
  assert.deepEqual(
    rows,
    hours.map(({ hooks, refused, errors }) => [hooks, refused, errors]),
    'what was answered is counted apart from what was not',
  );
  await page.getByLabel('7 days').check();
  await page.locator('.chart >> nth=0 >> tbody tr >> nth=167').waitFor({ state: 'attached' });
  await goTo(page, '#/rules/ADC-12', '.chart canvas');
  await expectCharts(page, 2);
  await expectQuiet();
});

test('the overview says what is degraded in plain words', { skip }, async () => {
  stage.mock.scene = 'degraded';
  const { page } = await stage.enter();
  await page.getByText('Feedback is kept in a file').waitFor();
  await page.getByText('What was there before still answers').waitFor();
  await page.getByText('The keys of harbour could not be fetched again').waitFor();
});

test('of a rule that is no longer in the content the code is said alone', { skip }, async () => {
  const { page } = await stage.enter();
  await page.getByText(/^ADC-12 \(.+\) comes most often/).waitFor();
  await page.route('**/api/overview?*', async (route) => {
    const answer = await (await route.fetch()).json();
    await route.fulfill({ json: { ...answer, rules: [{ ...answer.rules[0], rule: 'ADC-77', title: '' }] } });
  });
  await page.getByLabel('7 days').check();
  await page.getByText(/^ADC-77 comes most often/).waitFor();
});

test('the share of hooks that failed is one of all that were answered or failed', { skip }, async () => {
  stage.mock.scene = 'failing';
  const { page } = await stage.enter();
  assert.match(await page.locator('.tile', { hasText: 'Errors' }).innerText(), /Errors\s+9\s+75% of hooks failed/);
});

test('the overview is asked again every half minute, unless paused', { skip }, async () => {
  const { page } = await stage.open();
  await page.clock.install();
  await page.reload();
  await logIn(page, 'otto', 'another password');
  await page.locator('.tile').first().waitFor();
  const asked = () => stage.mock.calls.filter(({ path }) => path.startsWith('/api/overview')).length;
  assert.equal(asked(), 1);
  const again = page.waitForResponse(/overview/);
  await page.clock.runFor(31_000);
  await again;
  assert.equal(asked(), 2);
  await page.getByRole('button', { name: 'Pause refreshing' }).click();
  await page.clock.runFor(120_000);
  assert.equal(asked(), 2);
  const resumed = page.waitForResponse(/overview/);
  await page.getByRole('button', { name: 'Go on refreshing' }).click();
  await page.clock.runFor(1_000);
  await resumed;
});

test('rules are sorted and filtered, and come back as they were left', { skip }, async () => {
  const { page } = await stage.enter();
  await goTo(page, '#/rules', 'tbody tr');
  assert.equal(await page.locator('tbody tr').count(), data.content.length);
  await page.getByText('not in the table: “Further findings” was shown 1 time, “Could not check” was shown 1,260 times.').waitFor();
  await page.getByRole('button', { name: 'Overridden share' }).click();
  const heading = page.getByRole('columnheader', { name: 'Overridden share' });
  assert.equal(await heading.getAttribute('aria-sort'), 'descending');
  const shares = (await numbersOf(page, 6)).filter((one) => one !== '–').map(parseFloat);
  assert.deepEqual(
    shares,
    [...shares].sort((a, b) => b - a),
  );
  await page.getByLabel('Filter').fill('often overridden');
  const flagged = data.rules(90).rules.filter(({ flagged: one }) => one).length;
  assert.ok(flagged > 0);
  assert.equal(await page.locator('tbody tr').count(), flagged);
  await page.locator('.rule-link').first().click();
  await page.getByText('Versions compared').first().waitFor();
  await page.getByRole('link', { name: 'All rules' }).click();
  await page.locator('tbody tr').first().waitFor();
  assert.equal(await page.locator('tbody tr').count(), flagged);
  await page.getByLabel('Filter').fill('no such rule');
  await page.getByText('No rule matches').waitFor();
});

test('evidence opens without a reference to the console, and rows are exported by those who may', { skip }, async () => {
  const { page } = await stage.enter({ user: 'anna', password: 'a long password' });
  await goTo(page, '#/rules', 'tbody tr');
  assert.equal(await page.getByRole('link', { name: 'Rows, CSV' }).count(), 0);
  await page.getByText('Rows need the role').waitFor();
  assert.equal(
    await page.getByRole('link', { name: 'Counts, CSV' }).getAttribute('href'),
    '/api/export?format=csv&months=12&deidentified=true',
  );
  await goTo(page, '#/rules/ADC-12', '.chart canvas');
  const evidence = page.getByRole('link', { name: 'NICE NG12' });
  assert.equal(await evidence.getAttribute('rel'), 'noopener noreferrer');
  assert.equal(await page.getByRole('link', { name: 'The rule in the catalogue' }).getAttribute('href'), '/catalogue/ADC-12.html');
  const { page: other } = await stage.enter();
  await goTo(other, '#/rules', 'tbody tr');
  assert.equal(await other.getByRole('link', { name: 'Rows, NDJSON' }).getAttribute('href'), '/api/export?format=ndjson&days=90');
});

test('a patient is tried: cards as an EHR shows them, and why the rules fired or not', { skip }, async () => {
  const { page, expectQuiet } = await stage.enter();
  await goTo(page, '#/try', '#patient');
  await tryPatient(page);
  assert.equal(await page.locator('.card').count(), 2);
  const card = page.locator('.card').first();
  assert.match(await card.innerText(), /Critical[\s\S]*Melaena recorded/);
  assert.equal(await card.getByRole('link', { name: 'NICE CG141' }).getAttribute('target'), '_blank');
  assert.equal(await card.getByRole('button', { name: 'Order INR' }).getAttribute('aria-disabled'), 'true');
  assert.ok((await card.getByLabel('Override reason').locator('option').count()) > 1);
  await page.getByLabel('Could not check').check();
  const unchecked = data.tried('melaena-on-aspirin').rules.filter(({ state }) => state === 'could-not-check');
  assert.equal(await page.locator('.rule').count(), unchecked.length);
  await page.locator('.rule summary').first().click();
  assert.match(await page.locator('.rule pre').first().innerText(), /^ADC-\S+ .*\nrow/);
  await expectQuiet();
});

test('a request is pasted, a file dropped, and a refusal says what is wrong and where', { skip }, async () => {
  const { page } = await stage.enter();
  await goTo(page, '#/try', '#patient');
  await page.getByRole('button', { name: 'Run the rules' }).click();
  await page.getByText('Choose a patient first').waitFor();
  await page.getByLabel('Paste or drop JSON').check();
  for (const [text, said] of [
    ['', 'Paste a CDS Hooks request'],
    ['{', 'This is not JSON'],
    ['[]', 'neither a CDS Hooks request'],
  ]) {
    await page.locator('#json').fill(text);
    await page.getByRole('button', { name: 'Run the rules' }).click();
    await page.getByText(said).last().waitFor();
  }
  assert.equal(stage.mock.calls.filter(({ path }) => path === '/api/try').length, 0);
  await page.locator('#json').fill('{"hook":"patient-view"}');
  await page.getByRole('button', { name: 'Run the rules' }).click();
  await page.getByText('context.patientId is missing').waitFor();
  assert.match(await page.locator('.faults').innerText(), /at hookInstance/);
  await page
    .getByLabel('File')
    .setInputFiles({ name: 'bundle.json', mimeType: 'application/json', buffer: Buffer.from('{"resourceType":"Bundle","entry":[]}') });
  await page.getByText('bundle.json was read').waitFor();
  await page.getByLabel('Answer as for').selectOption('north');
  await page.getByRole('button', { name: 'Run the rules' }).click();
  await page.locator('.card').first().waitFor();
  assert.deepEqual(stage.mock.calls.at(-1).body, { bundle: { resourceType: 'Bundle', entry: [] }, client: 'north' });
});

test('clients are shown with what is wrong or lost in their calls', { skip }, async () => {
  const { page } = await stage.enter();
  await goTo(page, '#/clients', '.client');
  const north = await page.getByLabel('Client north').innerText();
  for (const part of ['18,240', 'Keys fresh', 'laboratory', 'STUHL-BLUT', '90%']) assert.ok(north.includes(part), part);
  for (const reason of ['Signature does not verify', 'Essential data missing', 'Request not as it should be', 'Could not be answered'])
    assert.ok(north.includes(reason), reason);
  assert.match(north, /Refused or failed\s+48\s+calls of any kind/);
  assert.match(await page.getByLabel('Client hill').innerText(), /Silent: no call yet[\s\S]*No keys: calls are refused/);
  assert.match(await page.getByLabel('Client harbour').innerText(), /None that at least 5 patients had\./);
  const vale = page.getByLabel('Client vale');
  const said = await vale.innerText();
  assert.match(said, /No call yet[\s\S]*Keys fresh[\s\S]*Nothing has come yet\.[\s\S]*Nothing has come yet\./);
  assert.doesNotMatch(said, /Calling|Everything that was asked for came/);
  assert.deepEqual(await vale.locator('.chip-good').allInnerTexts(), ['Keys fresh'], 'who never called is not called well');
});

test('where there is nothing yet, the page says so', { skip }, async () => {
  stage.mock.scene = 'empty';
  const { page, expectQuiet } = await stage.enter();
  await page.getByText('No hook has been called in this time.').waitFor();
  await page.getByText('No card has been sent in this time.').waitFor();
  assert.equal(await page.getByText('are faster').count(), 0);
  for (const [hash, said] of [
    ['#/rules', 'No feedback store is configured'],
    ['#/rules/ADC-12', 'No feedback store is configured'],
    ['#/clients', 'No client is registered'],
  ]) {
    await page.evaluate((to) => (location.hash = to), hash);
    await page.getByText(said).waitFor();
  }
  await expectQuiet();
});

test('where the service fails, the page says so and can try again', { skip }, async () => {
  const { page } = await stage.enter();
  stage.mock.scene = 'broken';
  for (const hash of ['#/rules', '#/clients']) {
    await page.evaluate((to) => (location.hash = to), hash);
    await page.getByText('The feedback store does not answer.').first().waitFor();
  }
  stage.mock.scene = 'usual';
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.client').first().waitFor();
});

test('everything is reached by keyboard alone', { skip }, async () => {
  const { page } = await stage.open();
  await page.keyboard.type('otto');
  await page.keyboard.press('Tab');
  await page.keyboard.type('another password');
  await page.keyboard.press('Enter');
  await page.locator('.tile').first().waitFor();
  assert.equal(await focused(page), 'Overview');
  await tabTo(page, 'Skip to the content');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  await tabTo(page, 'Rules');
  await page.keyboard.press('Enter');
  await page.locator('tbody tr').first().waitFor();
  assert.equal(await focused(page), 'Rules');
  assert.equal(await page.locator('nav [aria-current=page]').innerText(), 'Rules');
  await tabTo(page, 'Accepted');
  await page.keyboard.press('Enter');
  const accepted = (await numbersOf(page, 4)).map(Number);
  assert.deepEqual(
    accepted,
    [...accepted].sort((a, b) => b - a),
  );
  await page.locator('thead button').last().focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('.chart canvas').first().waitFor();
  assert.match(await focused(page), /^ADC-\d+ /);
  await tabTo(page, 'Try it');
  await page.keyboard.press('Enter');
  await page.locator('#patient option:nth-child(2)').waitFor({ state: 'attached' });
  await tabTo(page, 'Patient');
  await page.keyboard.type('Mel');
  await tabTo(page, 'Run the rules');
  await page.keyboard.press('Enter');
  await page.locator('.card').first().waitFor();
  assert.equal(await focused(page), '2 cards');
  await tabTo(page, 'ADC-03');
  await page.keyboard.press('Enter');
  assert.ok(await page.locator('.rule pre').first().isVisible());
});

test('the scheme is the system’s until another is chosen, which is remembered', { skip }, async () => {
  const { page } = await stage.enter({ colorScheme: 'light' });
  const dark = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor === 'rgb(17, 22, 26)');
  assert.equal(await dark(), false);
  await page.getByRole('button', { name: 'Switch to dark colours' }).click();
  assert.equal(await dark(), true);
  await page.reload();
  await page.locator('.tile').first().waitFor();
  assert.equal(await dark(), true);
  await page.getByRole('button', { name: 'Switch to light colours' }).click();
  assert.equal(await page.evaluate(() => localStorage.getItem('proctor-theme')), null);
});
