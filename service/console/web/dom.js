// Elements made by hand. What comes from outside becomes text and nothing else: there is no way in here to insert markup.

// Characters that reorder, or stand unseen in, what is around them are shown as U+FFFD: a name must not look like another one.
const unseen =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;
export const plain = (text) => String(text ?? '').replace(unseen, '\ufffd');

const given = (value) => value !== undefined && value !== null && value !== false;
const node = (child) => (child instanceof Node ? child : document.createTextNode(plain(child)));

// Functions are listeners (onclick), everything else is an attribute; children may be nested lists, and missing ones are left out.
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (given(value)) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter(given).map(node));
  return element;
}

// Only https leaves the console; a path of our own stays here. Anything else is no link.
export function safeAddress(address) {
  if (typeof address !== 'string') return null;
  if (/^\/(?![/\\])/.test(address)) return address;
  try {
    const url = new URL(address);
    return url.protocol === 'https:' && !url.username && !url.password ? url.href : null;
  } catch {
    return null;
  }
}

// The text alone where the address is not one to go to.
export function link(text, address, attributes = {}) {
  const href = safeAddress(address);
  if (href === null) return h('span', {}, text);
  const away = href.startsWith('/') ? {} : { rel: 'noopener noreferrer', target: '_blank' };
  return h(
    'a',
    { href, ...away, ...attributes },
    text,
    href.startsWith('/') ? null : h('span', { class: 'unseen' }, ' (opens in a new tab)'),
  );
}

// What a screen reader hears without moving.
export function announce(sentence) {
  document.getElementById('live').textContent = plain(sentence);
}

// Nothing to show, said in words: in place of a whole part, or of a short list.
export const empty = (sentence) => h('p', { class: 'empty' }, sentence);
export const none = (sentence) => h('p', { class: 'none' }, sentence);
