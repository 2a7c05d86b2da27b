// One process that asks: requests that were signed beforehand, over connections that are kept, either as fast as they are answered or at a rate. Its
// parent (torture.mjs) sends one message and gets one.
import { connect } from 'node:tls';

function reader(onAnswer) {
  let pending = Buffer.alloc(0);
  return (chunk) => {
    pending = pending.length ? Buffer.concat([pending, chunk]) : chunk;
    for (let end; (end = pending.indexOf('\r\n\r\n')) >= 0;) {
      const head = pending.toString('latin1', 0, end + 2);
      const size = end + 4 + Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
      if (pending.length < size) return;
      pending = pending.subarray(size);
      onAnswer(Number(head.slice(9, 12)), /^connection: close/im.test(head));
    }
  };
}

process.once('message', async ({ port, ca, connections, tokens, path, body, rate, seconds }) => {
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nAuthorization: Bearer `;
  const result = { sent: 0, ended: false, times: {}, lost: 0 };
  const idle = [];
  const due = []; // when those that wait for a connection should have been sent
  let session;
  const open = () => new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca, maxVersion: 'TLSv1.2', session }, () => resolve(socket));
    socket.setNoDelay(true);
    socket.once('session', (one) => { session = one; });
    socket.on('error', () => {});
    socket.on('close', () => {
      if (socket.since) ++result.lost;
      if (idle.includes(socket)) idle.splice(idle.indexOf(socket), 1);
      if (!result.ended) open().then(give);
    });
    socket.on('data', reader((status, closes) => {
      (result.times[status] ??= []).push(performance.now() - socket.since);
      socket.since = 0;
      if (!closes) give(socket);
    }));
  });
  function give(socket) {
    if (rate === 0 && !result.ended) return send(socket, performance.now());
    if (due.length) return send(socket, due.shift());
    idle.push(socket);
  }
  function send(socket, since) {
    const token = tokens.pop();
    if (!token) return;
    ++result.sent;
    socket.since = since;
    socket.write(`${head}${token}\r\n\r\n${body}`);
  }
  const sockets = [];
  while (sockets.length < connections) sockets.push(...await Promise.all(Array.from({ length: 20 }, open)));
  const start = performance.now();
  sockets.forEach(give);
  for (let n = 0; performance.now() - start < seconds * 1000;) {
    for (; rate > 0 && n < ((performance.now() - start) / 1000) * rate; ++n) {
      const since = start + (n / rate) * 1000;
      if (idle.length) send(idle.shift(), since);
      else due.push(since);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const took = (performance.now() - start) / 1000;
  result.unsent = due.length;
  due.length = 0;
  result.ended = true;
  const answered = () => Object.values(result.times).reduce((sum, one) => sum + one.length, 0);
  for (let i = 0; i < 200 && answered() + result.lost < result.sent; ++i) await new Promise((resolve) => setTimeout(resolve, 50));
  process.send({ ...result, took, ended: undefined }, () => process.exit());
});
