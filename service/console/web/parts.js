// What several pages are made of: headings, chips, tiles, bars with their number, switches.
import { h } from './dom.js';
import { icon } from './icons.js';
import { share } from './format.js';

export const heading = (text, ...beside) =>
  h('div', { class: 'page-head' }, h('h1', { tabindex: '-1' }, text), beside.length ? h('div', { class: 'page-tools' }, beside) : null);

export const panel = (title, ...children) => h('section', { class: 'panel' }, title && h('h2', {}, title), children);

// kind: critical, warning, info, good or plain
export const chip = (kind, picture, text) => h('span', { class: `chip chip-${kind}` }, icon(picture), h('span', {}, text));

const indicators = { critical: 'Critical', warning: 'Warning', info: 'Info' };
// CDS Hooks: an indicator that is not known is shown as the least urgent.
export const indicatorOf = (name) => (Object.hasOwn(indicators, name) ? name : 'info');
export const indicatorName = (name) => indicators[indicatorOf(name)];
export const indicatorChip = (name) => chip(indicatorOf(name), indicatorOf(name), indicatorName(name));

const statuses = { draft: 'Draft', retired: 'Retired', gone: 'No longer in the content' };
// A rule that is in use needs no word.
export const statusChip = (status) =>
  status === 'active' ? null : chip('plain', 'none', Object.hasOwn(statuses, status) ? statuses[status] : status);

export const tile = (label, value, note) =>
  h(
    'div',
    { class: 'tile' },
    h('dt', {}, label),
    h('dd', {}, h('span', { class: 'tile-value' }, value), note && h('span', { class: 'tile-note' }, note)),
  );

// A share as a bar and as a number; often: the bar is that of a rule that is marked.
export function shareBar(value, often = false) {
  if (!Number.isFinite(value)) return h('span', { class: 'share' }, h('span', { class: 'share-number soft' }, share(value)));
  const fill = h('span', { class: 'share-fill' });
  fill.style.inlineSize = `${Math.min(1, Math.max(0, value)) * 100}%`;
  return h(
    'span',
    { class: often ? 'share share-often' : 'share' },
    h('span', { class: 'share-bar', 'aria-hidden': 'true' }, fill),
    h('span', { class: 'share-number' }, share(value)),
  );
}

// One of a few: radio buttons that look like one switch. options: [value, text]
export function choice(legend, name, options, chosen, changed) {
  const one = ([value, text]) =>
    h(
      'label',
      {},
      h('input', { type: 'radio', name, value, checked: String(value) === String(chosen), onchange: () => changed(value) }),
      h('span', {}, text),
    );
  return h('fieldset', { class: 'choice' }, h('legend', { class: 'unseen' }, legend), options.map(one));
}
