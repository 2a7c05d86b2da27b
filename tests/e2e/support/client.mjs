// One call, without retries and without a pool: over HTTPS to nginx, or as nginx asks, to the socket of the service.
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

const caller = (request, to) => ({ method = 'GET', path, headers = {}, body }) =>
  new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const call = request({ ...to, method, path, headers: { ...length, ...headers }, agent: false, timeout: 60_000 });
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

export const client = (port, ca) => caller(httpsRequest, { host: '127.0.0.1', port, servername: 'localhost', ca });
export const socketClient = (socketPath) => caller(httpRequest, { socketPath });
