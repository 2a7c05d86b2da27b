// Every page of the console in both schemes, on a screen and on a phone: accessible, within its width, and unmoved by hostile texts.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { expectAccessible, expectCharts, expectNoSidewaysScroll, goTo, logIn, skip } from './support/console_page.mjs';
import { tryPatient, useConsole } from './support/console_stage.mjs';
import { injections } from './support/injections.mjs';

const stage = useConsole();
const places = [
  ['overview', '#/overview', '.tile'],
  ['rules', '#/rules', 'tbody tr'],
  ['rule', '#/rules/ADC-12', '.chart canvas'],
  ['try', '#/try', '#patient option:nth-child(2)'],
  ['clients', '#/clients', '.client'],
];

for (const colorScheme of ['light', 'dark']) {
  for (const [size, viewport] of [
    ['wide', { width: 1280, height: 900 }],
    ['phone', { width: 390, height: 844 }],
  ]) {
    test(`every page is accessible and fits: ${colorScheme}, ${size}`, { skip }, async () => {
      const { page, expectQuiet } = await stage.open({ colorScheme, viewport });
      const look = async (name) => {
        await expectAccessible(page, name);
        await expectNoSidewaysScroll(page, name);
        assert.equal(await page.locator('h1').count(), 1);
        const folder = process.env.PROCTOR_SCREENSHOTS;
        if (folder) mkdirSync(folder, { recursive: true });
        if (folder) await page.screenshot({ path: join(folder, `console-${name}-${colorScheme}-${size}.png`), fullPage: true });
      };
      await look('login');
      await logIn(page, 'otto', 'another password');
      await page.locator('.tile').first().waitFor();
      for (const [name, hash, mark] of places) {
        await page.evaluate((to) => (location.hash = to), hash);
        await page.locator(mark).first().waitFor({ state: 'attached' });
        for (const summary of await page.locator('summary').all()) await summary.click();
        if (name === 'try') await tryPatient(page);
        if (name === 'try') await page.locator('.rule summary').first().click();
        await look(name);
      }
      stage.mock.scene = 'degraded';
      await goTo(page, '#/overview', '.notice-warning');
      await look('degraded');
      await expectQuiet();
    });
  }
}

for (const viewport of [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
]) {
  test(`hostile texts stay texts, ${viewport.width} wide`, { skip }, async () => {
    const { page, expectQuiet } = await stage.enter({ viewport });
    stage.mock.scene = 'hostile';
    const check = async (where) => {
      await page.mouse.move(viewport.width / 2, 400);
      await expectNoSidewaysScroll(page, where);
      const markup = await page.evaluate(() => ({
        strange: document.querySelectorAll(
          'main :is(script, style, link, iframe, object, embed, base, meta, form:not(.try-form), math, img, [onload], [onerror], [onmouseover])',
        ).length,
        links: [...document.querySelectorAll('main a')]
          .map((one) => one.getAttribute('href'))
          .filter((href) => !/^(https:\/\/|#\/|\/(api\/export|catalogue\/))/.test(href)),
        reordering: /[\u202a-\u202e\u2066-\u2069\u200b]/.test(document.body.textContent + document.title),
      }));
      assert.deepEqual(markup, { strange: 0, links: [], reordering: false }, where);
      await expectQuiet();
    };
    await goTo(page, '#/clients', '.client');
    assert.ok((await page.locator('main').innerText()).includes('<'));
    await check('clients');
    await goTo(page, '#/overview', '.tile');
    await page.getByLabel('7 days').check();
    await expectCharts(page, 3);
    await check('overview');
    await goTo(page, '#/rules', 'tbody tr');
    await check('rules');
    const links = await page.locator('.rule-link').evaluateAll((all) => all.map((one) => one.hash));
    for (const hash of links.slice(0, injections.length)) {
      await goTo(page, hash, '.chart');
      await page.locator('.tile, .empty').first().waitFor();
      await check(hash);
    }
    await goTo(page, '#/try', '#patient');
    await page.locator('#patient option').nth(2).waitFor({ state: 'attached' });
    await page.getByLabel('Patient', { exact: true }).selectOption({ index: 1 });
    await page.getByRole('button', { name: 'Run the rules' }).click();
    await page
      .locator('.card')
      .nth(injections.length - 1)
      .waitFor();
    await page.locator('.choice input[value=all]').check();
    for (const summary of await page.locator('summary').all()) await summary.click();
    await check('try');
    await page.getByLabel('Paste or drop JSON').check();
    await page.locator('#json').fill('{"hook":"x"}');
    await page.getByRole('button', { name: 'Run the rules' }).click();
    await page.locator('.faults').waitFor();
    await check('refused');
  });
}
