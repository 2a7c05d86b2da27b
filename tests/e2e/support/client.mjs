// One HTTPS call, without retries and without a pool.
import { request } from 'node:https';

export const client = (port, ca) => ({ method = 'GET', path, headers = {}, body }) =>
  new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const call = request({ host: '127.0.0.1', port, servername: 'localhost', ca, method, path, headers: { ...length, ...headers }, agent: false, timeout: 60_000 });
    call.on('timeout', () => call.destroy(new Error('no answer within a minute')));
    call.on('error', reject);
    call.on('response', (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString('utf8');
        resolve({ status: answer.statusCode, headers: answer.headers, body: text, bytes, json: () => JSON.parse(text) });
      });
    });
    call.end(body);
  });
