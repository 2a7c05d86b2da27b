// A CDS client as a web page: it signs its own tokens and calls a service of another origin. browser.test.mjs drives it.
const encode = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
const text = (value) => encode(new TextEncoder().encode(JSON.stringify(value)));

async function sign({ jwk, issuer, kid }, aud) {
  const key = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-384' }, false, ['sign']);
  const now = Math.floor(Date.now() / 1000);
  const head = `${text({ alg: 'ES384', kid, typ: 'JWT' })}.${text({ iss: issuer, aud, iat: now, exp: now + 300, jti: crypto.randomUUID() })}`;
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-384' }, key, new TextEncoder().encode(head));
  return `${head}.${encode(signature)}`;
}

function show(name, outcome) {
  document.querySelector('#calls').append(Object.assign(document.createElement('li'), { textContent: `${name}: ${outcome}` }));
}

// What the page itself could read of the answer; `blocked` when the browser kept it from the page.
async function call(client, { name, method, path, body }) {
  try {
    const answer = await fetch(client.url + path, {
      method,
      headers: { authorization: `Bearer ${client.token ?? (await sign(client, client.base + path))}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      body: body && JSON.stringify(body),
    });
    const received = await answer.text();
    const json = received === '' ? null : JSON.parse(received);
    show(name, answer.status);
    for (const card of json?.cards ?? []) {
      document.querySelector('#cards').append(Object.assign(document.createElement('p'), { textContent: `${card.indicator}: ${card.summary}` }));
    }
    return { status: answer.status, json };
  } catch (error) {
    show(name, 'blocked');
    return { blocked: true };
  }
}

window.call = call;
