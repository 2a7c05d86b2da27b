// More than is asked of it (SECURITY.md, The door and Faults): thousands of connections that do nothing or next to it, twice as many requests as can be
// taken, and callers that vanish. Everybody else is answered meanwhile, and afterwards everything is as it was. How fast is measured by
// tests/bench/torture.sh. PROCTOR_FULL=1: with all of them.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect as connectPlain } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { drain, exchange, firstReply, open } from './support/raw.mjs';
import { eventually, goodBody, hookRequest, logged, post, startShipped, unharmed } from './support/shipped.mjs';
import { startSwarm } from './support/swarm.mjs';

const full = process.env.PROCTOR_FULL === '1';
const many = (count) => (full ? count : count / 5);

let service;
let body;
before(async () => {
  service = await startShipped({ clientSettings: { in_flight: 64 } });
  body = await goodBody(service);
});
after(() => service?.stop());

const expectAnswers = async (count) => {
  for (let i = 0; i < count; ++i) {
    assert.equal((await service.get('/health/live')).status, 200);
    assert.equal((await service.fire(body)).status, 200);
  }
};

// What nginx must close by itself, after its deadline; whoever asked for the body keeps the connection as long as bytes come.
const swarms = [
  { kind: 'idle', count: many(10_000), closes: true },
  { kind: 'idle after its handshake', count: many(2000), closes: true },
  { kind: 'idle after a request', count: many(2000) },
  { kind: 'slow handshake', count: many(2000), closes: true },
  { kind: 'slow head', count: many(2000), closes: true },
  { kind: 'slow body', count: many(2000) - 1, unanswered: true }, // of one address at most 2000
  { kind: 'unread', count: many(250) },
];
for (const { kind, count, closes, unanswered } of swarms) {
  test(`while ${count} connections are held (${kind}) others are answered`, () => unharmed(service, async () => {
    const swarm = await startSwarm(service, { kind, count, request: 'GET /cds-services HTTP/1.1\r\nHost: localhost\r\n\r\n' });
    try {
      await expectAnswers(20);
      if (unanswered) assert.deepEqual(swarm.statuses(), [], 'they are held, not refused');
      if (closes) await eventually(() => swarm.closed() > 0, 'nginx closes them');
    } finally {
      await swarm.stop();
    }
  }));
}

test('of one address there are no more than 2000 requests at a time, and others have theirs', { skip: !full && 'with PROCTOR_FULL' }, async () => {
  const swarm = await startSwarm(service, { kind: 'slow body', count: 1999 });
  const more = await startSwarm(service, { kind: 'slow body', count: 50 });
  try {
    await eventually(() => more.statuses().includes('503'), 'the rest gets 503');
    await expectAnswers(5);
  } finally {
    await Promise.all([swarm.stop(), more.stop()]);
  }
});

test('of bodies of 100 kB or more one address has 200, and others have theirs', () => unharmed(service, async () => {
  const held = [];
  const offer = async (localAddress, length) => {
    const socket = await open(service, { localAddress });
    held.push(socket);
    socket.write(post(`Content-Length: ${length}\r\nExpect: 100-continue\r\n`));
    return (await firstReply(socket)).status;
  };
  try {
    const taken = await Promise.all(Array.from({ length: 200 }, (_, i) => offer('127.0.0.1', i % 2 ? 100000 : 1999999)));
    assert.deepEqual([...new Set(taken)], [100]);
    for (const length of [100000, 1999999, '0100000']) assert.equal(await offer('127.0.0.1', length), 503, `${length}`);
    for (const length of [99999, 1, 2000000]) assert.equal(await offer('127.0.0.1', length), 100, `${length}: another class`);
    assert.equal(await offer('127.0.0.2', 100000), 100);
    await expectAnswers(5);
  } finally {
    for (const socket of held) socket.destroy();
  }
  const chart = await goodBody(service, 2e5);
  await eventually(async () => (await service.fire(chart)).status === 200, 'a chart of that size is answered again');
}));

test('of large bodies there are 32 of one address and 64 in all, and small ones have room', () => unharmed(service, async () => {
  const held = [];
  const taken = [];
  const drip = setInterval(() => taken.forEach((socket) => socket.write(' ')), 1000); // so that none is given up
  // What nginx says to a head that announces a large body: 100, or why not.
  const offer = async (localAddress, length = 'Content-Length: 2000000') => {
    const socket = await open(service, { localAddress });
    held.push(socket);
    socket.write(post(`${length}\r\nExpect: 100-continue\r\n`));
    const reply = await firstReply(socket);
    if (reply.status === 100) taken.push(socket);
    return reply;
  };
  const take = async (localAddress) => {
    for (let i = 0; i < 32; ++i) assert.equal((await offer(localAddress)).status, 100, `body ${i} of ${localAddress}`);
  };
  try {
    await take('127.0.0.1');
    assert.equal((await offer('127.0.0.1')).status, 503, 'one address has its share');
    assert.equal((await offer('127.0.0.1', 'Transfer-Encoding: chunked')).status, 503, 'a body of unknown length counts as a large one');
    assert.equal((await offer('127.0.0.1', 'Content-Length: 1999999')).status, 100, 'a smaller one does not');
    await take('127.0.0.2');
    const { status, headers, body: outcome } = await offer('127.0.0.3');
    assert.deepEqual([status, headers['retry-after'], JSON.parse(outcome).issue[0].code], [503, '1', 'throttled'], 'all together have theirs');
    await expectAnswers(5);
  } finally {
    clearInterval(drip);
    for (const socket of held) socket.destroy();
  }
  const chart = await goodBody(service, 2.1e6);
  await eventually(async () => (await service.fire(chart)).status === 200, 'a large chart is answered again');
}));

describe('more requests than there is room for', () => {
  // All of them but their last byte, and then that of all at once: the requests come faster than they are answered, however slow the caller.
  const gatherAnswers = async (busy, count) => {
    const requests = Array.from({ length: count }, () => hookRequest(body, 'Connection: close\r\n'));
    const sockets = await Promise.all(requests.map(() => open(busy)));
    const answers = sockets.map((socket) => drain(socket, 60_000));
    sockets.forEach((socket, i) => socket.write(requests[i].slice(0, -1)));
    await pause(1000);
    sockets.forEach((socket, i) => socket.write(requests[i].slice(-1)));
    const replies = (await Promise.all(answers)).map((one) => one.replies[0]);
    const of = (status) => replies.filter((one) => one?.status === status);
    const refused = of(503);
    assert.equal(of(200).length + refused.length, count, [...new Set(replies.map((one) => one?.status))].join());
    assert.ok(refused.every((one) => one.headers['retry-after'] === '1' && JSON.parse(one.body).resourceType === 'OperationOutcome'));
    assert.ok(of(200).every((one) => JSON.parse(one.body).cards.length === 1), 'an answer is a whole one');
    return { accepted: of(200).length, refused: refused.length };
  };

  test('each is answered or refused with 503, and both are what the log says', async (t) => {
    const busy = await startShipped({ settings: { threads: 2, queue: 16 }, clientSettings: { in_flight: 64 } });
    t.after(() => busy.stop());
    const { accepted, refused } = await gatherAnswers(busy, 600);
    assert.ok(accepted > 0 && refused > 0, `${accepted} accepted, ${refused} refused`);
    const requests = (...words) => logged(busy, '"event":"request"', ...words);
    assert.deepEqual([requests('"status":503'), requests('"status":200', '"hook":')], [refused, accepted]);
  });

  test('the usual number of threads, twice as many as they and their queue hold', async () => {
    const count = many(1200) + 2;
    await gatherAnswers(service, count); // every thread has its memory
    await unharmed(service, () => gatherAnswers(service, count));
  });

  // max_conns of nginx.conf. The service stands still, so nothing that it was given comes back.
  test('what is more than the service may get is refused by nginx, without waiting for it', () => unharmed(service, async () => {
    const [given, more] = [640, 60];
    const sockets = await Promise.all(Array.from({ length: given + more }, () => open(service)));
    const replies = [];
    process.kill(service.pid(), 'SIGSTOP');
    try {
      for (const socket of sockets) {
        drain(socket, 60_000).then((got) => replies.push(...got.replies));
        socket.write(hookRequest(body, 'Connection: close\r\n'));
      }
      await eventually(() => replies.length >= more, 'as many are refused');
      await pause(500);
      assert.deepEqual([replies.length, ...new Set(replies.map(({ status, headers, body: outcome }) => [status, headers['retry-after'], JSON.parse(outcome).issue[0].code].join()))], [more, '503,1,throttled']);
    } finally {
      process.kill(service.pid(), 'SIGCONT');
    }
    await eventually(() => replies.length === given + more, 'the rest is answered');
    assert.deepEqual([...new Set(replies.map(({ status }) => status))].sort(), [200, 503]);
  }));

  test('a service that is not there is told apart from one that is busy', async () => {
    process.kill(service.pid(), 'SIGKILL');
    await eventually(() => !service.running(), 'it has gone');
    const { status, headers, body: outcome } = await service.fire(body);
    const { issue: [{ code, diagnostics }] } = JSON.parse(outcome);
    assert.deepEqual([status, headers['retry-after'], code, diagnostics], [502, '1', 'exception', 'The service cannot be reached; nothing was checked']);
    await service.restart();
    assert.equal((await service.fire(body)).status, 200);
  });
});

// Each goes so far and is then reset.
const stages = {
  'after the connection': async (plain) => plain,
  'within the handshake': async (plain) => plain.write(Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3])),
  'after the handshake': async (plain, secure) => secure(),
  'within the head': async (plain, secure) => (await secure()).write('POST /cds-services HTTP/1.1\r\nHost: loc'),
  'within the body': async (plain, secure) => (await secure()).write(hookRequest(body).slice(0, -100)),
  'before the answer': async (plain, secure) => (await secure()).write(hookRequest(body)),
  'within the answer': async (plain, secure) => {
    const socket = await secure();
    socket.write('GET /cds-services HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(20));
    await once(socket, 'data');
  },
};
for (const [name, go] of Object.entries(stages)) {
  test(`callers that reset their connection ${name}`, () => unharmed(service, async () => {
    const one = async () => {
      const plain = connectPlain({ host: '127.0.0.1', port: service.port });
      plain.on('error', () => {});
      await once(plain, 'connect');
      await go(plain, async () => {
        const socket = connectTls({ socket: plain, servername: 'localhost', ca: service.ca });
        socket.on('error', () => {});
        await once(socket, 'secureConnect');
        return socket;
      });
      plain.resetAndDestroy();
    };
    for (let i = 0; i < many(1000); i += 50) await Promise.all(Array.from({ length: 50 }, one));
  }));
}

test('streams of HTTP/2 that are opened and reset at once', () => unharmed(service, async () => {
  const session = connectHttp2(`https://localhost:${service.port}`, { ca: service.ca, lookup: (name, options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]) });
  session.on('error', () => {}); // nginx may well end it
  await once(session, 'connect');
  for (let i = 0; i < many(10_000) && !session.destroyed; ++i) {
    const stream = session.request({ ':path': '/cds-services' });
    stream.on('error', () => {});
    stream.close(8);
    if (i % 100 === 0) await new Promise(setImmediate);
  }
  session.destroy();
}));

test('a caller that has much to say and does not listen costs nobody else an answer', () => unharmed(service, async () => {
  const deaf = await open(service);
  deaf.pause();
  for (let i = 0; i < 40; ++i) deaf.write(hookRequest(body));
  await expectAnswers(20);
  deaf.destroy();
  assert.equal((await exchange(service, hookRequest(body, 'Connection: close\r\n'))).replies[0].status, 200);
}));
