// What a FHIR server may do wrong, for `sandbox.fail(where, fault)`. A fault has any of: `ask`, which changes the URL before it is answered;
// `change`, which makes another answer {status, headers, body} of the right one; `send`, which sends it in another way. Faults that apply to
// one request work in the order in which they were given: first oversized, then gzip is a small body that grows.
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

export const json = 'application/fhir+json; charset=utf-8';

export const outcome = (severity, code, diagnostics) => ({ resourceType: 'OperationOutcome', issue: [{ severity, code, diagnostics }] });
export const answerWith = (status, resource, headers = {}) =>
  ({ status, headers: { 'content-type': json, ...headers }, body: Buffer.from(JSON.stringify(resource)) });

const changeBody = (edit) => ({ change: (answer) => ({ ...answer, body: Buffer.from(edit(answer.body)) }) });
const changeBundle = (edit) => changeBody((body) => {
  const resource = JSON.parse(body);
  return JSON.stringify(resource.resourceType === 'Bundle' ? edit(resource) : resource);
});
const half = (body) => body.subarray(0, Math.floor(body.length / 2));

// In time. `hold` answers when the promise is kept, `hang` never (until the client or the sandbox gives up).
export const hold = (promise) => ({ send: async (response, answer, next) => { await promise; return next(response, answer); } });
export const delay = (milliseconds) =>
  ({ send: async (response, answer, next) => { await pause(milliseconds, undefined, { ref: false }); return next(response, answer); } });
export const hang = () => ({ send: () => {} });
export const drip = (bytes, milliseconds) => ({
  send: async (response, { status, headers, body }) => {
    response.writeHead(status, { ...headers, 'content-length': body.length });
    for (let at = 0; at < body.length && !response.destroyed; at += bytes) {
      response.write(body.subarray(at, at + bytes));
      await pause(milliseconds, undefined, { ref: false });
    }
    response.end();
  },
});
export const closeMidBody = () => ({
  send: (response, { status, headers, body }) => {
    response.writeHead(status, { ...headers, 'content-length': body.length });
    response.write(half(body), () => response.destroy());
  },
});

// In what is said.
export const status = (code, headers) => ({ change: () => answerWith(code, outcome('error', 'exception', `status ${code} was asked for`), headers) });
export const redirect = (location, code = 302) => status(code, { location });
export const outcomeAsBody = () => ({ change: () => answerWith(200, outcome('error', 'exception', 'an outcome was asked for')) });
export const contentType = (type) => ({ change: (answer) => ({ ...answer, headers: { ...answer.headers, 'content-type': type } }) });
export const garbage = () => changeBody(() => '\u0000{"resourceType": Bundle,,');
export const truncated = () => changeBody(half);
export const oversized = (bytes) => changeBody((body) => Buffer.concat([body, Buffer.alloc(Math.max(0, bytes - body.length), ' ')]));
export const gzip = () =>
  ({ change: ({ status: code, headers, body }) => ({ status: code, headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(body) }) });

// In what is found. `nextPage` replaces where the page says the next one is.
export const extraEntry = (resource, mode = 'match') => changeBundle((bundle) => ({ ...bundle, entry: [...(bundle.entry ?? []), { resource, search: { mode } }] }));
export const outcomeInBundle = () => extraEntry(outcome('warning', 'incomplete', 'an outcome was asked for'), 'outcome');
export const nextPage = (url) =>
  changeBundle((bundle) => ({ ...bundle, link: [...bundle.link.filter((one) => one.relation !== 'next'), { relation: 'next', url }] }));
export const wrongPatient = (id) => ({
  ask: (url) => {
    const other = new URL(url);
    if (other.searchParams.has('patient')) other.searchParams.set('patient', id);
    else other.pathname = other.pathname.replace(/\/Patient\/[^/]+$/, `/Patient/${id}`);
    return other;
  },
});
