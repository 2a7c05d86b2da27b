// A part of a page that is asked for: "Loading", then what is drawn of the answer, or what went wrong and a way to try again.
import { call } from './api.js';
import { announce, h } from './dom.js';
import { icon } from './icons.js';

export function failure(refusal, again) {
  const retry = again && h('button', { type: 'button', class: 'button', onclick: again }, 'Try again');
  return h('div', { class: 'notice notice-critical', role: 'alert' }, icon('critical'), h('p', {}, refusal.message), retry);
}

const latest = new WeakMap();

// An area that left the page, or was asked for anew, meanwhile is not drawn; the end of a session is the shell's matter.
export async function load(area, path, draw) {
  const mine = {};
  latest.set(area, mine);
  const overtaken = () => latest.get(area) !== mine || !area.isConnected;
  area.setAttribute('aria-busy', 'true');
  area.replaceChildren(h('p', { class: 'loading' }, 'Loading'));
  announce('Loading');
  try {
    const answer = await call(path);
    if (overtaken()) return;
    area.replaceChildren();
    draw(answer);
    announce('Loaded');
  } catch (error) {
    if (error.status === 401 || overtaken()) return;
    if (error.status === undefined) throw error;
    area.replaceChildren(failure(error, () => load(area, path, draw)));
    announce(error.message);
  } finally {
    if (!overtaken()) area.removeAttribute('aria-busy');
  }
}
