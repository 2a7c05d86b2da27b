// The service, asked. Every failure is a Refusal with a sentence that can be shown.
const sentences = {
  0: 'The service does not answer. It may be starting again, or the network is away.',
  401: 'Your session has ended.',
  403: 'Your role does not allow this.',
  413: 'This is more than the service takes.',
  421: 'The console does not answer under this address.',
  429: 'Too many attempts.',
};

export class Refusal extends Error {
  // body: of the answer, where it was JSON; faults: what is wrong with a request of Try it, and where
  constructor(status, body = {}, retryAfter = null) {
    const message = body.message ?? sentences[status];
    super(typeof message === 'string' ? message : `The service could not answer (${status}).`);
    this.status = status;
    this.faults = Array.isArray(body.faults) ? body.faults : [];
    this.retryAfter = retryAfter;
  }
}

const asJson = (response) => response.json().catch(() => ({}));

// A body makes it a POST. A session that has ended is told to the whole page by the event "sessionend".
export async function call(path, body) {
  const post = body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const url = new URL(path, location.origin); // browsers refuse one with a user name, which the page's own address may have
  let response;
  try {
    response = await fetch(url, { credentials: 'same-origin', redirect: 'error', ...post });
  } catch {
    throw new Refusal(0);
  }
  if (response.status === 204) return null;
  const answer = await asJson(response);
  if (response.ok) return answer;
  if (response.status === 401 && path !== '/api/login') dispatchEvent(new Event('sessionend'));
  throw new Refusal(response.status, answer, Number(response.headers.get('retry-after')) || null);
}
