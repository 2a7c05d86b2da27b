// The mock service and one browser for all tests of a file: open() gives a page that shows the login, enter() one that is logged in.
import { after, afterEach, before } from 'node:test';
import { startConsole } from './console_mock.mjs';
import { logIn, openConsole, skip, startBrowser } from './console_page.mjs';

export function useConsole() {
  const stage = { mock: null };
  const opened = [];
  let browser;
  before(async () => {
    if (skip) return;
    stage.mock = await startConsole();
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    stage.mock?.stop();
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
    if (stage.mock) Object.assign(stage.mock, { scene: 'usual', failures: 0, calls: [] });
  });
  stage.open = async (options) => {
    const one = await openConsole(browser, stage.mock.url, options);
    opened.push(one);
    return one;
  };
  stage.enter = async ({ user = 'otto', password = 'another password', ...options } = {}) => {
    const one = await stage.open(options);
    await logIn(one.page, user, password);
    await one.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await one.page.locator('.tile').first().waitFor();
    return one;
  };
  return stage;
}

// Try it, with one of the made-up patients.
export async function tryPatient(page, patient = 'melaena-on-aspirin') {
  await page.locator(`#patient option[value="${patient}"]`).waitFor({ state: 'attached' });
  await page.getByLabel('Patient', { exact: true }).selectOption(patient);
  await page.getByRole('button', { name: 'Run the rules' }).click();
  await page.getByRole('heading', { level: 2, name: 'Rules' }).waitFor();
}
