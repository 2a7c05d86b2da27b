// The console in a real browser: logged in or not, and watched for what must never happen: a script of a text that ran, an error, a request
// that leaves, a breach of the content security policy.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const executablePath = '/usr/bin/chromium';
export const skip = existsSync(executablePath) ? false : 'Chromium is not installed';
export const startBrowser = () => chromium.launch({ executablePath, args: ['--no-sandbox'] });

function watch(context, url, seen) {
  context.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`)) seen.push(`asked for ${request.url()}`);
  });
  context.on('dialog', (dialog) => {
    seen.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  context.on('weberror', (error) => seen.push(`an error: ${error.error().message}`));
  return context.addInitScript(() => {
    window.breaches = [];
    document.addEventListener('securitypolicyviolation', (event) =>
      window.breaches.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    );
  });
}

// options: those of a browser context. Gives the page and expectQuiet(), which fails when something was seen.
export async function openConsole(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(60_000);
  const seen = [];
  await watch(context, url, seen);
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('#username').waitFor();
  const expectQuiet = async () => {
    assert.deepEqual(await page.evaluate(() => [window.ran ?? null, ...window.breaches]), [null]);
    assert.deepEqual(seen, []);
  };
  return { page, expectQuiet, close: () => context.close() };
}

export async function logIn(page, user, password) {
  await page.getByLabel('User name').fill(user);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

// A page of the console, once it has what it asked for.
export async function goTo(page, hash, mark) {
  await page.evaluate((to) => (location.hash = to), hash);
  await page.locator(mark).first().waitFor();
}

export async function expectAccessible(page, where) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
  assert.deepEqual(
    grave.map(({ id, nodes }) => `${where}: ${id} at ${nodes.map(({ target }) => target).join(', ')}`),
    [],
  );
}

export const expectNoSidewaysScroll = async (page, where) =>
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${where} scrolls sideways`);

// Every picture drawn, with words for it and a table of at least one row.
export async function expectCharts(page, many) {
  const charts = await page.locator('.chart').evaluateAll((all) =>
    all.map((one) => {
      const canvas = one.querySelector('canvas');
      const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
      const colours = new Set();
      for (let at = 0; at < pixels.length; at += 4) if (pixels[at + 3] > 200) colours.add(pixels.slice(at, at + 3).join());
      return {
        role: canvas.getAttribute('role'),
        label: canvas.getAttribute('aria-label'),
        colours: colours.size,
        rows: one.querySelectorAll('tbody tr').length,
      };
    }),
  );
  assert.equal(charts.length, many);
  for (const { role, label, colours, rows } of charts) {
    assert.equal(role, 'img');
    assert.ok(label.length > 20 && colours > 3 && rows > 0, JSON.stringify({ label, colours, rows }));
  }
}

// Tab, until what has the focus answers to this name.
export async function tabTo(page, name) {
  for (let i = 0; i < 120; ++i) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const one = document.activeElement;
      if (one === document.body) return { name: '' };
      const shown = one.matches(':focus-visible');
      return { name: (one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent).trim(), shown };
    });
    if (!at.name.startsWith(name)) continue;
    return assert.ok(at.shown, `the focus on ${name} is not seen`);
  }
  assert.fail(`Tab does not reach ${name}`);
}
