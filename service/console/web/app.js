// The shell: who is logged in, which page is shown, what is said at the bottom. A page is a module with `title` and `open(main, context)`, which
// draws it and may return how to close it.
import { call } from './api.js';
import { h, plain } from './dom.js';
import { icon } from './icons.js';
import { failure } from './load.js';
import { theme, toggleTheme } from './theme.js';
import * as login from './pages/login.js';
import * as overview from './pages/overview.js';
import * as rules from './pages/rules.js';
import * as rule from './pages/rule.js';
import * as tryIt from './pages/try.js';
import * as clients from './pages/clients.js';

const main = document.getElementById('main');
const [nav, user, logout, foot, themeButton] = ['nav', 'user', 'logout', 'foot', 'theme'].map((id) => document.getElementById(id));
const pages = { overview, rules, try: tryIt, clients };

let session = null;
let close = null;

// "#/rules/ADC-12?days=90" is the page "rules" of "ADC-12", with what follows the question mark.
function route() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, ...rest] = path.split('/').map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
  const known = Object.hasOwn(pages, name) ? name : 'overview';
  const of = known === 'rules' && rest[0] ? rest[0] : null;
  return { name: known, of, query: new URLSearchParams(query), page: of ? rule : pages[known] };
}

export function setTitle(title) {
  document.title = `${plain(title)} – Proctor console`;
}

function show(page, context, focus) {
  close?.();
  close = null;
  main.replaceChildren();
  setTitle(page.title);
  close = page.open(main, { ...context, session, setTitle }) ?? null;
  scrollTo(0, 0);
  if (focus) main.querySelector('h1')?.focus();
}

function showRoute(focus = true) {
  const to = route();
  for (const one of nav.querySelectorAll('a')) {
    if (one.hash === `#/${to.name}`) one.setAttribute('aria-current', to.of ? 'true' : 'page');
    else one.removeAttribute('aria-current');
  }
  show(to.page, to, focus);
}

function frame() {
  for (const one of [nav, user, logout]) one.hidden = !session;
  user.textContent = plain(session?.user);
  foot.replaceChildren(...(session ? footLines(session) : []));
}

function footLines({ version, content = {}, demo }) {
  const approved = content.approved
    ? h('span', { class: 'with-icon' }, icon('good'), 'Content approved by a clinician')
    : h('span', { class: 'with-icon foot-warning' }, icon('warning'), 'Content not yet approved by a clinician');
  return [
    h('span', {}, `Proctor ${version}`),
    h(
      'span',
      {},
      'Content ',
      content.name,
      ' ',
      content.version,
      content.revision ? [', revision ', h('code', {}, String(content.revision).slice(0, 12))] : null,
    ),
    approved,
    demo ? h('span', { class: 'with-icon' }, icon('info'), 'Demo: every caller is one client') : null,
  ].filter(Boolean);
}

async function begin(focus) {
  session = await call('/api/session');
  frame();
  showRoute(focus);
}

function askLogin(reason) {
  session = null;
  frame();
  show(login, { reason, done: () => begin(true) }, Boolean(reason));
}

function paintThemeButton() {
  const other = theme() === 'dark' ? 'light' : 'dark';
  themeButton.replaceChildren(icon(other === 'dark' ? 'moon' : 'sun'));
  themeButton.setAttribute('aria-label', `Switch to ${other} colours`);
  themeButton.title = `Switch to ${other} colours`;
}

async function leave() {
  try {
    await call('/api/logout', {});
    askLogin('You are logged out.');
  } catch (error) {
    if (error.status !== 401) main.prepend(failure(error));
  }
}

addEventListener('hashchange', () => {
  // The skip link's target is no page.
  if (session && location.hash.startsWith('#/')) showRoute();
});
addEventListener('sessionend', () => {
  if (session) askLogin('Your session has ended. Log in again to go on.');
});
addEventListener('themechange', paintThemeButton);
themeButton.addEventListener('click', toggleTheme);
logout.addEventListener('click', leave);
document.getElementById('skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
paintThemeButton();

async function start() {
  try {
    await begin(false);
  } catch (error) {
    if (error.status === undefined) throw error;
    if (error.status === 401) askLogin();
    else main.replaceChildren(failure(error, start));
  }
}
start();
