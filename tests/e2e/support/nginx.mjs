// deploy/nginx.conf, filled in for one test.
import { join } from 'node:path';
import { readText } from './paths.mjs';

export function nginxConfiguration({ folder, port, origins = [], demo = false, mutualTls = false }) {
  const allowed = demo ? [] : origins.map((origin) => `"${origin}" $http_origin;`);
  const values = {
    USER: process.getuid() === 0 ? 'user www-data;' : '',
    RUN: join(folder, 'nginx'),
    SOCKET: join(folder, 'run/proctor.sock'),
    LISTEN: `127.0.0.1:${port}`,
    LOG: '/dev/stdout',
    CERTIFICATE: join(folder, 'cert.pem'),
    KEY: join(folder, 'key.pem'),
    ORIGINS: allowed.join(' '),
    CLIENT_CERTIFICATES: mutualTls ? 'ssl_verify_client optional_no_ca;' : '',
  };
  // Comments name the placeholders, too.
  return readText('deploy/nginx.conf').replace(/^#.*\n/gm, '').replace(/@([A-Z_]+)@/g, (_, name) => values[name]);
}
