// What a service in Node would do at the least: parse the body, and answer, on a Unix socket.
//   node node_parser.mjs SOCKET REPLY PROCESSES
import cluster from 'node:cluster';
import { chmodSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [socket, file, processes] = process.argv.slice(2);

function answer(request, response) {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length ? JSON.parse(Buffer.concat(chunks).toString('utf8')) : {};
    response.writeHead(body ? 200 : 400, { 'content-type': 'application/json', 'content-length': reply.length });
    response.end(reply);
  });
}

const reply = readFileSync(file);
if (cluster.isPrimary) {
  for (let i = 0; i < Number(processes); ++i) cluster.fork();
  process.on('SIGTERM', () => cluster.disconnect(() => process.exit(0)));
} else {
  createServer(answer).listen(socket, () => chmodSync(socket, 0o777));
}
