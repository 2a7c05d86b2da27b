// A service for the console's page, without the program: the headers, sessions and shapes of the real one. `mock.scene` says what is answered:
// usual, degraded, failing (most hooks), empty, broken (503 to every question), hostile (the corpus in every text).
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import * as data from './console_data.mjs';
import { binary, root } from './paths.mjs';

const web = join(root, 'service/console/web');
// Where the build put them; `npm ci` in service/console does without a build.
const folders = [join(dirname(binary), 'console/node_modules'), join(root, 'service/console/node_modules')];
const modules = folders.find(existsSync) ?? folders[1];
const vendor = {
  '/vendor/chart.js': 'chart.js/dist/chart.umd.js',
  '/vendor/marked.js': 'marked/lib/marked.umd.js',
  '/vendor/purify.js': 'dompurify/dist/purify.min.js',
};
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};
const users = {
  anna: { password: 'a long password', roles: ['quality'] },
  otto: { password: 'another password', roles: ['quality', 'export'] },
};

function asset(path) {
  const file = path in vendor ? join(modules, vendor[path]) : join(web, normalize(path === '/' ? '/index.html' : path));
  return file.startsWith(root) && existsSync(file) && extname(file) ? { type: types[extname(file)], bytes: readFileSync(file) } : null;
}

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return parts.length ? JSON.parse(Buffer.concat(parts).toString()) : {};
}

const session = (user, scene) => ({
  user,
  roles: users[user].roles,
  version: '0.1.0',
  demo: false,
  content: { name: 'anorectal-alarms', version: '1.0.0', revision: 'dc71fe1e475088a1', approved: scene === 'approved' },
});

function tried(body, scene) {
  if (body.request || (body.bundle?.entry === undefined && body.bundle)) return { status: 400, answer: data.refusal };
  if (scene === 'empty') return { answer: data.empty.tried() };
  return { answer: data.tried(data.patients[body.patient] ? body.patient : 'melaena-on-aspirin') };
}

function answerTo(url, body, { scene }) {
  const from =
    scene === 'empty' ? data.empty : { overview: data.overview, rules: data.rules, patients: data.patientList, clients: data.clients };
  const number = (name) => Number(url.searchParams.get(name));
  switch (url.pathname) {
    case '/api/overview': {
      const answer = from.overview(number('hours'));
      if (scene === 'degraded') answer.state = data.degraded;
      if (scene === 'failing') Object.assign(answer.totals, data.failing);
      return { answer };
    }
    case '/api/rules':
      return { answer: from.rules(number('days')) };
    case '/api/patients':
      return { answer: from.patients() };
    case '/api/clients':
      return { answer: from.clients() };
    case '/api/try':
      return tried(body, scene);
    default:
      return { status: 404, answer: { error: 'notFound', message: 'There is nothing here.' } };
  }
}

function poisoned({ status, answer }, path) {
  const bad = data.poison(answer);
  if (path === '/api/try' && bad.cards) bad.cards = data.hostileCards();
  return { status, answer: bad };
}

export async function startConsole() {
  const sessions = new Map();
  const mock = { scene: 'usual', calls: [], failures: 0 };
  let tokens = 0;

  const logIn = ({ user, password }) => {
    if (mock.failures >= 5)
      return { status: 429, answer: { error: 'tooMany', message: 'Too many attempts.' }, more: { 'retry-after': '40' } };
    if (users[user]?.password !== password) {
      ++mock.failures;
      return { status: 401, answer: { error: 'login' } };
    }
    const token = `token-${++tokens}`;
    sessions.set(token, user);
    return { status: 204, more: { 'set-cookie': `proctor_console=${token}; HttpOnly; SameSite=Strict; Path=/` } };
  };
  const api = async (request, url) => {
    const body = request.method === 'POST' ? await bodyOf(request) : undefined;
    mock.calls.push({ path: url.pathname + url.search, body });
    if (url.pathname === '/api/login') return logIn(body);
    const token = /proctor_console=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
    if (!sessions.has(token)) return { status: 401, answer: { error: 'login' } };
    if (url.pathname === '/api/logout') return (sessions.delete(token), { status: 204 });
    if (url.pathname === '/api/session') return { answer: session(sessions.get(token), mock.scene) };
    if (mock.scene === 'broken') return { status: 503, answer: { error: 'away', message: 'The feedback store does not answer.' } };
    const answer = answerTo(url, body, mock);
    return mock.scene === 'hostile' ? poisoned(answer, url.pathname) : answer;
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://localhost');
    if (!url.pathname.startsWith('/api/')) {
      const file = asset(url.pathname);
      return file
        ? response.writeHead(200, { ...headers, 'cache-control': 'no-cache', 'content-type': file.type }).end(file.bytes)
        : response.writeHead(404, headers).end();
    }
    const { status = 200, answer, more = {} } = await api(request, url);
    response
      .writeHead(status, { ...headers, ...more, 'cache-control': 'no-store', ...(answer ? { 'content-type': 'application/json' } : {}) })
      .end(answer ? JSON.stringify(answer) : undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(mock, {
    url: `http://localhost:${server.address().port}`,
    endSessions: () => sessions.clear(),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  });
}
