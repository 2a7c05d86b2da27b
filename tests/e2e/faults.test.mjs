// What goes wrong around the program (SECURITY.md, Faults): it is stopped and told to read anew under load; descriptors, memory, threads and the
// log's reader run out; somebody sets the clock. The program as shipped stays, says what it must, loses no request that it took, and is as before
// when the fault is over.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { constants, closeSync, mkdirSync, openSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { makeCertificate } from './support/certificate.mjs';
import { client } from './support/client.mjs';
import { faultsAt } from './support/faults.mjs';
import { startSandbox } from './support/fhir_sandbox.mjs';
import { patient } from './support/fixtures.mjs';
import { children } from './support/processes.mjs';
import { open } from './support/raw.mjs';
import { accessTo, requestFor } from './support/requests.mjs';
import { baseUrl, freePort, writePrivate } from './support/service.mjs';
import { eventually, goodBody, hook, logged, signer, startShipped, token, unharmed } from './support/shipped.mjs';

const full = process.env.PROCTOR_FULL === '1';
// Limits of a running process are changed as its own user.
const limit = (pid, ...limits) => {
  const { uid, gid } = statSync(`/proc/${pid}`);
  execFileSync('prlimit', ['--pid', String(pid), ...limits], { uid, gid });
};

// A FHIR server with the chart of a patient, which closes each connection, so that descriptors can be counted; and a request whose Conditions have
// to be fetched there.
const fhirToken = 'token-of-the-fhir-server-91bc';
const startFhirServer = () => startSandbox({ bundles: [patient('severe-anaemia')], token: fhirToken, keepAlive: false });
const withoutConditions = (request, { base }) =>
  ({ ...request, prefetch: { ...request.prefetch, conditions: undefined }, ...accessTo(base, fhirToken) });

// Callers that ask all the time, each time on a connection of its own. Gives their answers once told to stop.
function keepAsking(fire, callers = 8) {
  let more = true;
  const answers = [];
  const loops = Array.from({ length: callers }, async () => {
    while (more) answers.push(await fire());
  });
  return Object.assign(async () => {
    more = false;
    await Promise.all(loops);
    return answers;
  }, { answers });
}

describe('under load', () => {
  let service;
  let body;
  before(async () => {
    service = await startShipped();
    body = await goodBody(service);
  });
  after(() => service?.stop());

  test('SIGTERM loses nothing that was taken and cuts no answer; who comes too late is told to come again', async () => {
    const stop = keepAsking(() => service.fire(body));
    for (let i = 0; i < (full ? 20 : 3); ++i) {
      await eventually(() => stop.answers.length > 50 * (i + 1), 'answers');
      await service.restart('SIGTERM');
    }
    const answers = await stop();
    const accepted = answers.filter((one) => one.status === 200);
    assert.ok(accepted.every((one) => one.json().cards.length === 1));
    for (const one of answers.filter(({ status }) => status !== 200)) {
      assert.ok([502, 503].includes(one.status), `${one.status}`);
      assert.equal(one.headers['retry-after'], '1');
      assert.equal(one.json().resourceType, 'OperationOutcome');
    }
    assert.equal(logged(service, '"event":"request"', '"status":200', '"hook":'), accepted.length);
    assert.equal(logged(service, '"reason":"deadline"'), 0);
  });

  test('nginx takes new certificates and goes on with the old when they are broken; no request fails', async () => {
    const files = ['cert.pem', 'key.pem'].map((name) => join(service.folder, name));
    const other = join(service.folder, 'run/other');
    mkdirSync(other);
    makeCertificate(other);
    const certificates = [service.folder, other].map((folder) => ['cert.pem', 'key.pem'].map((name) => readFileSync(join(folder, name))));
    const ask = client(service.port, certificates.map(([certificate]) => certificate));
    const stop = keepAsking(() => ask({ method: 'POST', path: hook, body, headers: { 'content-type': 'application/json', authorization: `Bearer ${token()}` } }));
    const shown = async () => {
      const socket = await open(service, { ca: certificates.map(([certificate]) => certificate) });
      const { raw } = socket.getPeerCertificate();
      socket.destroy();
      return certificates.findIndex(([pem]) => pem.includes(raw.toString('base64').slice(0, 60)));
    };
    const replace = (contents) => {
      files.forEach((file, i) => writeFileSync(file, contents[i]));
      process.kill(service.doorPid(), 'SIGHUP');
    };
    for (let i = 1; i <= (full ? 100 : 6); ++i) {
      replace(certificates[i % 2]);
      await eventually(async () => (await shown()) === i % 2, 'the new certificate');
      replace(['broken', 'broken']);
      await eventually(() => logged(service, 'emerg') >= i, 'nginx says so');
      assert.equal(await shown(), i % 2);
    }
    replace(certificates[0]);
    const answers = await stop();
    assert.deepEqual([...new Set(answers.map((one) => one.status))], [200]);
    assert.ok(answers.length > 50);
  });

  test('content is read anew again and again, broken content changes nothing, and no request fails', async () => {
    const manifest = join(service.folder, 'cards/manifest.json');
    const text = readFileSync(manifest, 'utf8');
    const reload = async (good) => {
      const event = `"event":"${good ? 'reloaded' : 'reloadRefused'}"`;
      const before = logged(service, event);
      writeFileSync(manifest, good ? text : text.slice(0, text.length / 2));
      service.hangUp();
      await eventually(() => logged(service, event) > before, event);
    };
    // From here on there is memory for two in use at once; more of them must not need more.
    const first = keepAsking(() => service.fire(body), 4);
    for (let i = 0; i < 3; ++i) await reload(true);
    await first();
    await unharmed(service, async () => {
      const stop = keepAsking(() => service.fire(body), 4);
      for (let i = 0; i < (full ? 100 : 6); ++i) await reload(i % 2 === 1);
      const answers = await stop();
      assert.deepEqual([...new Set(answers.map((one) => one.status))], [200]);
      assert.deepEqual([...new Set(answers.map((one) => one.json().cards.length))], [1]);
    });
  });
});

describe('what runs out', () => {
  test('descriptors of the program: callers wait, nothing ends, and it recovers', async (t) => {
    const service = await startShipped({ within: ['prlimit', '--nofile=40', '--'], clientSettings: { in_flight: 64 } });
    t.after(() => service.stop());
    const body = await goodBody(service);
    await unharmed(service, async () => {
      for (let i = 0; i < 3; ++i) {
        const answers = await Promise.all(Array.from({ length: 200 }, () => service.fire(body)));
        assert.ok(answers.every((one) => [200, 503].includes(one.status)), [...new Set(answers.map((one) => one.status))].join());
      }
    });
  });

  test('descriptors of nginx: who is let in is answered, and it recovers', async (t) => {
    const service = await startShipped();
    t.after(() => service.stop());
    const body = await goodBody(service);
    await unharmed(service, async () => {
      const workers = children(service.doorPid());
      const before = readFileSync(`/proc/${workers[0]}/limits`, 'utf8').match(/^Max open files +(\d+)/m)[1];
      for (const pid of workers) limit(pid, '--nofile=30:');
      const answers = await Promise.all(Array.from({ length: 100 }, () => service.fire(body).catch((error) => ({ status: error.code }))));
      assert.ok(answers.some((one) => one.status === 200));
      assert.ok(answers.every((one) => [200, 500, 502, 503, 'ECONNRESET'].includes(one.status)), [...new Set(answers.map((one) => one.status))].join());
      for (const pid of workers) limit(pid, `--nofile=${before}:`);
    });
  });

  test('memory: large requests are refused, small ones answered, and it recovers', async (t) => {
    const service = await startShipped({ clientSettings: { in_flight: 64 } });
    t.after(() => service.stop());
    const [small, large] = [await goodBody(service), await goodBody(service, 8e6)];
    await unharmed(service, async () => {
      const size = 1024 * Number(/^VmData:\s+(\d+)/m.exec(readFileSync(`/proc/${service.pid()}/status`, 'utf8'))[1]);
      limit(service.pid(), `--data=${size + (4 << 20)}:`);
      const answers = await Promise.all(Array.from({ length: 6 }, () => service.fire(large)));
      assert.ok(answers.every((one) => [200, 500, 502, 503].includes(one.status)), [...new Set(answers.map((one) => one.status))].join());
      assert.ok(answers.some((one) => one.status !== 200), 'it was short');
      assert.equal((await service.fire(small)).status, 200);
      limit(service.pid(), '--data=unlimited:');
    });
  });

  test('threads: the start is refused in one sentence, whichever thread it is', async () => {
    await assert.rejects(startShipped({ within: ['prlimit', '--nproc=1', '--'] }), /\nproctor: [^\n]*(no further thread|threads that answer)[^\n]*\n/);
    for (const left of full ? Array.from({ length: 72 }, (_, i) => i + 1) : [1, 7, 72]) {
      const faults = faultsAt();
      await assert.rejects(startShipped({ env: faults.env, prepare: (folder) => faults.prepare(folder, { threadsLeft: left }) }),
        /\nproctor: [^\n]*(no further thread|threads that answer)[^\n]*\n/, `${left}`);
    }
  });

  test('the place: a second service on one socket is refused, and the first goes on', async (t) => {
    const service = await startShipped();
    t.after(() => service.stop());
    await assert.rejects(startShipped({ settings: { socket: join(service.folder, 'run/proctor.sock') } }), /another server is listening here/);
    assert.equal((await service.fire(await goodBody(service))).status, 200);
  });
});

describe('calls of the system that fail now and then', () => {
  const faults = faultsAt();
  let service;
  let sandbox;
  let body;
  before(async () => {
    sandbox = await startFhirServer();
    service = await startShipped({
      env: faults.env,
      fhirServer: sandbox,
      clientSettings: { in_flight: 64, keep_comments: true },
      settings: { feedback_store: 'run/feedback.sqlite', audit_log: 'run/audit.jsonl', identity_keys: 'identity.keys', comment_keys: 'comment.keys' },
      prepare: (folder) => {
        faults.prepare(folder);
        for (const name of ['identity', 'comment']) writePrivate(folder, `${name}.keys`, `k1 ${'7'.repeat(64)}\n`);
      },
    });
    body = await goodBody(service);
  });
  after(async () => {
    await service?.stop();
    await sandbox?.stop();
  });

  for (const [name, number] of [['ENFILE', 23], ['EMFILE', 24], ['ENOBUFS', 105], ['ENOMEM', 12], ['ECONNABORTED', 103], ['EPROTO', 71]]) {
    test(`accept: ${name}`, () => unharmed(service, async () => {
      faults.set({ everyAccept: 3, acceptError: number });
      const failed = faults.failed();
      const answers = await Promise.all(Array.from({ length: 60 }, () => service.fire(body)));
      faults.set({ everyAccept: 0 });
      assert.deepEqual([...new Set(answers.map((one) => one.status))], [200]);
      assert.ok(faults.failed() > failed, 'some failed');
    }));
  }

  for (const every of full ? [1000, 300, 100, 30, 10, 3] : [100, 10]) {
    test(`memory: one allocation of ${every}`, () => unharmed(service, async () => {
      const feedback = [{ card: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea', outcome: 'overridden', outcomeTimestamp: '2026-06-15T12:00:00Z' }];
      const calls = [[200, () => service.fire(body)], [400, () => service.fire('{')], [200, () => service.get('/cds-services')],
        [200, () => service.get('/health/ready')], [200, () => service.post(`${hook}/feedback`, JSON.stringify({ feedback }))]];
      const call = (i) => calls[i % calls.length];
      const failed = faults.failed();
      const reloads = () => logged(service, '"event":"reload');
      const before = reloads();
      faults.set({ everyAllocation: every });
      try {
        const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => call(i)[1]()));
        // Never 401 or 429: the caller is who it says, whatever OpenSSL could not do.
        answers.forEach((one, i) => assert.ok([call(i)[0], 503].includes(one.status), `${i % calls.length}: ${one.status} ${one.body}`));
        assert.ok(answers.every((one, i) => i % calls.length !== 0 || one.status === 503 || one.json().cards.length === 1), 'an answer is a whole one');
        assert.ok(answers.filter((one) => one.status !== 503).length > 50, 'most are answered');
        assert.ok(faults.failed() > failed, 'some failed');
      } finally {
        faults.set({ everyAllocation: 0 });
      }
      service.hangUp();
      await eventually(() => reloads() > before, 'it reloads');
    }));
  }

  // Whatever they are at: tokens and comments are read, comments sealed with allocations of OpenSSL, the patient of each card hashed, what is kept
  // is kept in transactions, data are fetched, content is read anew, and documents are destroyed, which allocates, too. For longer than an
  // allocation waits.
  test('memory: none at all for moments, whatever they are at', async () => {
    const feedback = Array.from({ length: 300 }, (_, i) => ({ card: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea', outcome: 'overridden',
      outcomeTimestamp: new Date(1.78e12 + i * 1000).toISOString(), overrideReason: { userComment: 'x'.repeat(100) } }));
    const chart = requestFor(await service.describe(), patient('severe-anaemia'));
    const calls = [() => service.post(`${hook}/feedback`, JSON.stringify({ feedback })), () => service.fire(chart), () => service.fire(body),
      () => service.fire(withoutConditions(chart, sandbox))];
    const callAll = () => Promise.all(Array.from({ length: 48 }, (_, i) => calls[i % calls.length]()));
    const shortages = async (times) => {
      const statuses = new Set();
      for (let i = 0; i < times; ++i) {
        const answers = callAll();
        if (i % 3 === 0) service.hangUp();
        await pause(2 + (i % 14));
        faults.set({ everyAllocation: 1 });
        await pause(150 + (i % 5) * 60);
        faults.set({ everyAllocation: 0 });
        for (const { status } of await answers) statuses.add(status);
        assert.ok(service.running(), service.logs().slice(-2000));
        for (const call of calls) assert.equal((await call()).status, 200, 'all is well again');
      }
      assert.ok([...statuses].every((status) => [200, 502, 503].includes(status)), [...statuses].join());
    };
    await shortages(8); // who is stopped half-way holds more than otherwise
    await unharmed(service, () => shortages(full ? 150 : 14));
  });
});

describe('the clock is set', () => {
  const faults = faultsAt();
  const hour = 3600;
  let service;
  let sandbox;
  let request;
  before(async () => {
    sandbox = await startFhirServer();
    service = await startShipped({ env: faults.env, fhirServer: sandbox, prepare: faults.prepare });
    request = requestFor(await service.describe(), patient('severe-anaemia'));
  });
  after(async () => {
    await service?.stop();
    await sandbox?.stop();
  });

  const now = () => Math.floor(Date.now() / 1000);
  // Signed by a client whose clock is that much ahead.
  const tokenAt = (ahead) => signer.token({ aud: baseUrl + hook, iat: now() + ahead, exp: now() + ahead + 300 });
  const reasons = async () => (await service.get('/health/ready')).json().reasons;
  const status = async (with_) => (await service.fire(request, { authorization: `Bearer ${with_}` })).status;

  for (const ahead of [hour, -hour]) {
    test(`by ${ahead} seconds: tokens are judged by it, and no used one is accepted again, then or when it is right once more`, async () => {
      const used = tokenAt(0);
      const usedThen = tokenAt(ahead);
      assert.equal(await status(used), 200);
      faults.set({ clockOffset: ahead });
      assert.equal(await status(tokenAt(0)), 401, 'not of this time');
      assert.equal(await status(used), 401);
      // Older than the start, nothing is accepted: what was used before it is not known for certain.
      assert.equal(await status(usedThen), ahead > 0 ? 200 : 401);
      assert.equal(await status(usedThen), 401);
      assert.deepEqual(await reasons(), ahead > 0 ? undefined : ['clock']);
      faults.set({ clockOffset: 0 });
      assert.equal(await reasons(), undefined);
      assert.equal(await status(used), 401);
      assert.equal(await status(usedThen), 401);
      assert.equal(await status(tokenAt(0)), 200);
    });
  }

  for (const [how, change] of Object.entries({
    'set an hour ahead': () => ({ clockOffset: hour }),
    'set an hour back': () => ({ clockOffset: -hour }),
    stopped: () => ({ clockFrozen: now() }),
  })) {
    test(`${how} while a FHIR server hangs: it is left at the deadline all the same`, async () => {
      let asked = false;
      sandbox.fail('Condition', { send: () => { asked = true; } }); // and never an answer
      const answering = service.fire(withoutConditions(request, sandbox));
      await eventually(() => asked, 'the FHIR server is asked');
      faults.set(change());
      const answer = await answering;
      assert.equal(answer.status, 200);
      assert.match(answer.body, /[Nn]ot checked|could not be checked/);
      faults.set({ clockOffset: 0, clockFrozen: 0 });
      sandbox.heal();
      assert.equal(await status(tokenAt(0)), 200);
    });
  }
});

describe('the log', () => {
  const fifo = (folder) => join(folder, 'log.fifo');
  const metric = (port) => new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/metrics', agent: false }, async (answer) => {
      let text = '';
      for await (const chunk of answer) text += chunk;
      resolve(Number(/^proctor_log_lines_dropped_total (\d+)/m.exec(text)[1]));
    }).on('error', reject);
  });

  for (const [how, give] of Object.entries({
    'has a reader that reads no more': () => {},
    'has no reader any more': (descriptor) => closeSync(descriptor),
  })) {
    test(`${how}: everybody is answered, and the lines that are lost are counted`, async (t) => {
      const port = await freePort();
      let reader;
      const service = await startShipped({
        settings: { metrics_port: port },
        within: ['sh', '-c', 'exec "$@" 2>log.fifo', 'sh'],
        prepare: (folder) => {
          execFileSync('mkfifo', ['-m', '666', fifo(folder)]);
          reader = openSync(fifo(folder), constants.O_RDONLY | constants.O_NONBLOCK);
        },
      });
      t.after(() => service.stop());
      const body = await goodBody(service);
      await unharmed(service, async () => {
        assert.equal(await metric(port), 0);
        give(reader);
        for (let i = 0; i < 10; ++i) {
          const answers = await Promise.all(Array.from({ length: 30 }, () => service.fire(body)));
          assert.deepEqual([...new Set(answers.map((one) => one.status))], [200]);
        }
        assert.ok((await metric(port)) > 0, 'counted');
      });
      reader = how.includes('no reader') ? openSync(fifo(service.folder), constants.O_RDONLY | constants.O_NONBLOCK) : reader;
      const bytes = Buffer.alloc(1 << 17);
      const read = () => { try { return readSync(reader, bytes); } catch (error) { if (error.code === 'EAGAIN') return 0; throw error; } };
      while (read() > 0);
      await service.fire(body);
      await eventually(() => read() > 0, 'lines come again');
      closeSync(reader);
    });
  }
});
