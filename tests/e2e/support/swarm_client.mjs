// One process of a swarm (support/swarm.mjs starts it): connections of one kind, each opened again when the server closes it. It tells its parent
// what it has, twice a second, and ends with it.
import { connect as connectPlain } from 'node:net';
import { constants, setPriority } from 'node:os';
import { connect as connectTls } from 'node:tls';

setPriority(constants.priority.PRIORITY_LOW); // elsewhere it would take no processor from the service

const opening = 64; // at a time: the kernel holds 1024 for nginx
const everyMs = 1000; // a byte of what is slow

let { kind, count, port, localAddress, ca, request } = {};
const state = { open: 0, opened: 0, closed: 0, failed: 0, statuses: {} };
let session;
let ending = false;
let inOpening = 0;

const address = () => ({ host: '127.0.0.1', port, localAddress });
// A session that is resumed costs both sides little.
const secure = () => connectTls({ ...address(), servername: 'localhost', ca, maxVersion: 'TLSv1.2', session }).once('session', (one) => { session = one; });

function drip(socket, bytes) {
  let at = 0;
  const timer = setInterval(() => socket.write(bytes.subarray(at % bytes.length, (at++ % bytes.length) + 1)), everyMs);
  socket.once('close', () => clearInterval(timer));
}

const tlsHello = Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3, ...new Array(64).fill(7)]);
const slowHead = Buffer.from('GET /health/live HTTP/1.1\r\nHost: localhost\r\n');
// What is done with a connection once it is there.
const kinds = {
  idle: [() => connectPlain(address()), () => {}],
  'idle after its handshake': [secure, () => {}],
  'idle after a request': [secure, (socket) => socket.write('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n')],
  'slow handshake': [() => connectPlain(address()), (socket) => drip(socket, tlsHello)],
  'slow head': [secure, (socket) => { socket.write(slowHead); drip(socket, Buffer.from('X-Slow: y\r\n')); }],
  // Of the largest of which nginx counts none by its size.
  'slow body': [secure, (socket) => {
    socket.write('POST /cds-services/anorectal-alarms HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99999\r\n\r\n{');
    drip(socket, Buffer.from(' '));
  }],
  // Asks all the time and never reads an answer.
  unread: [secure, (socket) => { socket.pause(); for (let i = 0; i < 200; ++i) socket.write(request); }],
};

function open() {
  const [connect, use] = kinds[kind];
  const socket = connect();
  let there = false;
  ++inOpening;
  socket.once(socket.encrypted ? 'secureConnect' : 'connect', () => {
    there = true;
    --inOpening;
    ++state.open;
    ++state.opened;
    if (kind !== 'unread') socket.on('data', (data) => {
      const [, status] = /^HTTP\/1\.1 (\d+)/.exec(data.toString('latin1')) ?? [];
      if (status) state.statuses[status] = (state.statuses[status] ?? 0) + 1;
    });
    use(socket);
    fill();
  });
  socket.on('error', () => {});
  socket.once('close', () => {
    if (there) {
      --state.open;
      ++state.closed;
    } else {
      --inOpening;
      ++state.failed;
    }
    if (!ending) setTimeout(fill, there ? 0 : 50);
  });
}

function fill() {
  while (!ending && inOpening < opening && state.open + inOpening < count) open();
}

process.on('message', (message) => {
  ({ kind, count, port, localAddress, ca, request } = message);
  fill();
  setInterval(() => process.send(state), 500);
});
process.on('disconnect', () => process.exit());
