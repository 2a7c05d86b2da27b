// Bytes over TLS as they are written here, for what no HTTP client sends.
import { once } from 'node:events';
import { connect } from 'node:tls';

// Connected, with the handshake done; half a minute at most. options: of tls.connect, such as localAddress: nginx counts connections by address.
export async function open(service, options = {}) {
  const socket = connect({ host: '127.0.0.1', port: service.port, servername: 'localhost', ca: service.ca, ...options });
  socket.on('error', () => {});
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(30_000) });
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return socket;
}

// Whole replies only: `rest` is what follows the last one.
function split(text) {
  const replies = [];
  let rest = text;
  for (let head; (head = /^HTTP\/1\.[01] (\d{3}) [^\r]*\r\n((?:[^\r]+\r\n)*)\r\n/.exec(rest));) {
    const headers = Object.fromEntries(head[2].split('\r\n').filter(Boolean).map((line) => [line.split(':')[0].toLowerCase(), line.replace(/^[^:]*: */, '')]));
    const end = head[0].length + Number(headers['content-length'] ?? 0);
    if (rest.length < end) break;
    replies.push({ status: Number(head[1]), headers, body: rest.slice(head[0].length, end) });
    rest = rest.slice(end);
  }
  return { replies, rest };
}

// What comes back until the server closes: { replies: [{ status, headers, body }], rest, ended: whether it closed by itself within the time }.
export function drain(socket, milliseconds = 30_000) {
  return new Promise((resolve) => {
    const chunks = [];
    const done = (ended) => {
      clearTimeout(late);
      socket.destroy();
      resolve({ ...split(Buffer.concat(chunks).toString('latin1')), ended });
    };
    const late = setTimeout(() => done(false), milliseconds);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', () => done(true));
  });
}

// The first whole reply on a connection, which stays open; half a minute at most.
export const firstReply = (socket) => new Promise((resolve, reject) => {
  let text = '';
  const done = (settle, value) => {
    clearTimeout(late);
    socket.off('data', read).off('close', close);
    settle(value);
  };
  const late = setTimeout(() => done(reject, new Error('no reply')), 30_000);
  const close = () => done(reject, new Error('closed without a reply'));
  const read = (chunk) => {
    text += chunk.toString('latin1');
    const [reply] = split(text).replies;
    if (reply) done(resolve, reply);
  };
  socket.on('data', read).on('close', close);
});

// One connection: these bytes (a text is one byte a character), and what comes back.
export async function exchange(service, bytes, options = {}) {
  const socket = await open(service, options);
  const answer = drain(socket, options.milliseconds);
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  return answer;
}
