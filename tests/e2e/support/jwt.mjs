// A client's keys and the tokens that it signs, on node's own crypto (CDS Hooks 3.0, Trusting CDS Clients).
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';

const algorithms = {
  ES384: { make: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }), hash: 'sha384', options: { dsaEncoding: 'ieee-p1363' } },
  ES256: { make: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }), hash: 'sha256', options: { dsaEncoding: 'ieee-p1363' } },
  RS384: { make: () => generateKeyPairSync('rsa', { modulusLength: 2048 }), hash: 'sha384', options: {} },
  RS256: { make: () => generateKeyPairSync('rsa', { modulusLength: 2048 }), hash: 'sha256', options: {} },
};

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

// A key pair with a kid: jwk for the key set, privateJwk and pem for signing elsewhere, token(claims, header) signed now.
export function makeSigner({ issuer, kid = 'key-1', alg = 'ES384' }) {
  const { publicKey, privateKey } = algorithms[alg].make();
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' };
  const token = (claims = {}, header = {}) => {
    const now = Math.floor(Date.now() / 1000);
    const head = encode({ alg, kid, typ: 'JWT', ...header });
    const body = encode({ iss: issuer, iat: now, exp: now + 300, jti: randomUUID(), ...claims });
    const signature = sign(algorithms[alg].hash, Buffer.from(`${head}.${body}`), { key: privateKey, ...algorithms[alg].options });
    return `${head}.${body}.${signature.toString('base64url')}`;
  };
  return { issuer, kid, alg, jwk, privateJwk: privateKey.export({ format: 'jwk' }), token, pem: privateKey.export({ format: 'pem', type: 'pkcs8' }) };
}

export const keySet = (...signers) => JSON.stringify({ keys: signers.map((signer) => signer.jwk) });
