// The console as the program serves it: the page of the build, real figures after real calls, and a patient that is tried.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { expectAccessible, expectCharts, goTo, logIn, openConsole, skip, startBrowser } from './support/console_page.mjs';
import { patient } from './support/fixtures.mjs';
import { root } from './support/paths.mjs';
import { requestFor } from './support/requests.mjs';
import { freePort, startService } from './support/service.mjs';

const password = 'a password of some length';
let service;
let browser;
let url;
before(async () => {
  if (skip) return;
  const port = await freePort();
  url = `http://localhost:${port}`;
  service = await startService({
    settings: { feedback_store: 'run/feedback.sqlite', console: { port, users: 'run/console-users', patients: 'patients' } },
    prepare: (folder) => {
      const line = execFileSync(join(folder, 'proctor'), ['console-user', 'anna', '--role', 'quality'], { input: `${password}\n` });
      const users = join(folder, 'run/console-users');
      writeFileSync(users, line);
      chmodSync(users, 0o600);
      if (process.getuid() === 0) chownSync(users, Number(execFileSync('id', ['-u', 'daemon'])), 0);
      mkdirSync(join(folder, 'patients'));
      cpSync(join(root, 'fhir-fixtures/patients/severe-anaemia.json'), join(folder, 'patients/severe-anaemia.json'));
    },
  });
  const request = requestFor(await service.describe(), patient('severe-anaemia'));
  const { cards } = (await service.fire(request)).json();
  const overridden = cards.map(({ uuid, overrideReasons }) => ({
    card: uuid,
    outcome: 'overridden',
    overrideReason: { reason: overrideReasons[0] },
    outcomeTimestamp: new Date().toISOString(),
  }));
  const answer = await service.post('/cds-services/anorectal-alarms/feedback', JSON.stringify({ feedback: overridden }));
  assert.equal(answer.status, 200);
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await service?.stop();
});

test('what was called, shown, overridden and tried is on the pages', { skip }, async () => {
  const { page, expectQuiet, close } = await openConsole(browser, url);
  await logIn(page, 'anna', password);
  await page.locator('.tile').first().waitFor();
  assert.match(await page.locator('.tile').first().innerText(), /Hooks\s+1\b/);
  await expectCharts(page, 3);
  await expectAccessible(page, 'overview');

  await goTo(page, '#/rules', 'tbody tr');
  const row = await page.locator('tbody tr', { hasText: 'ADC-02' }).innerText();
  assert.match(row, /Severe anaemia[\s\S]*1\.0\.0[\s\S]*100%/);
  await goTo(page, '#/rules/ADC-02', '.chart canvas');
  await expectCharts(page, 2);
  assert.match(await page.locator('.chart').first().innerText(), /Known and treated/);

  await goTo(page, '#/clients', '.client');
  assert.match(await page.getByLabel('Client usual').innerText(), /Calling/);

  await goTo(page, '#/try', '#patient');
  await page.locator('#patient option[value="severe-anaemia"]').waitFor({ state: 'attached' });
  await page.locator('#patient').selectOption('severe-anaemia');
  await page.getByRole('button', { name: 'Run the rules' }).click();
  await page.locator('.card').first().waitFor();
  assert.match(await page.locator('.card').first().innerText(), /Critical[\s\S]*Severe anaemia/);
  await page.locator('.rule summary').first().click();
  assert.match(await page.locator('.rule pre').first().innerText(), /ADC-02 Severe anaemia: fires/);
  await page.getByLabel('Paste or drop JSON').check();
  await page.locator('#json').fill('{"hook":"patient-view"}');
  await page.getByRole('button', { name: 'Run the rules' }).click();
  await page.locator('.faults li').first().waitFor();
  await expectQuiet();
  await close();
});

test('the page counts each call once, as the service does: answered or refused', { skip }, async () => {
  const request = requestFor(await service.describe(), patient('severe-anaemia'));
  for (let i = 0; i < 3; ++i) assert.equal((await service.fire(request, { authorization: 'Bearer none' })).status, 401);
  assert.equal((await service.get('/cds-services', { authorization: 'Bearer none' })).status, 401);
  assert.equal((await service.fire({ ...request, prefetch: {} })).status, 412);
  const { page, close } = await openConsole(browser, url);
  await logIn(page, 'anna', password);
  await page.locator('.tile').first().waitFor();
  const told = await page.evaluate(async () => (await fetch('/api/overview?hours=24')).json());
  assert.deepEqual([told.totals.hooks, told.totals.refused, told.totals.errors], [1, 5, 0]);
  const sums = await page.locator('.chart >> nth=0 >> tbody tr').evaluateAll((rows) =>
    rows.map((row) => [...row.querySelectorAll('td')].map((cell) => Number(cell.textContent))).reduce((all, one) => all.map((sum, i) => sum + one[i])),
  );
  assert.deepEqual(sums, [1, 5, 0]);
  assert.match(await page.locator('.tile').first().innerText(), /Hooks\s+1\s+5 refused/);
  assert.match(await page.locator('.tile', { hasText: 'Errors' }).innerText(), /0% of hooks failed/);
  await close();
});

test('a wrong password opens nothing', { skip }, async () => {
  const { page, close } = await openConsole(browser, url);
  await logIn(page, 'anna', 'not the password of anna');
  await page.getByText('do not belong together').waitFor();
  assert.equal(await page.evaluate(async () => (await fetch('/api/overview?hours=24')).status), 401);
  await close();
});
