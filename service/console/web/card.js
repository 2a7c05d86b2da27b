// A CDS Hooks card as an EHR shows it. The detail is markdown that may hold text of a chart: it becomes HTML by marked, and of that only what
// is on DOMPurify's list below stays.
import { h, link, plain, safeAddress } from './dom.js';
import { indicatorChip, indicatorOf } from './parts.js';

const escape = (text) => text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);

// HTML within markdown is shown as it was written. A heading would stand in the page's own outline, and a picture be fetched from elsewhere.
const reader = new marked.Marked(
  { gfm: true },
  {
    renderer: {
      html: ({ text }) => escape(text),
      heading({ tokens }) {
        return `<p><strong>${this.parser.parseInline(tokens)}</strong></p>`;
      },
      image: ({ text }) => escape(text),
    },
  },
);

const allowed = {
  ALLOWED_TAGS: 'p br hr ul ol li strong em del code pre blockquote table thead tbody tr th td a'.split(' '),
  ALLOWED_ATTR: ['href'],
  ALLOWED_URI_REGEXP: /^https:\/\//i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

// Links lead away or nowhere.
function settleLinks(fragment) {
  for (const anchor of fragment.querySelectorAll('a')) {
    const href = safeAddress(anchor.getAttribute('href'));
    if (href?.startsWith('https:')) Object.assign(anchor, { href, rel: 'noopener noreferrer', target: '_blank' });
    else anchor.replaceWith(...anchor.childNodes);
  }
  return fragment;
}

export function markdown(text) {
  return settleLinks(DOMPurify.sanitize(reader.parse(plain(text)), allowed));
}

const suggestion = ({ label, actions = [] }) => {
  const what = actions.map(({ description }) => description).filter((one) => one && one !== label);
  return h(
    'li',
    {},
    h('button', { type: 'button', class: 'suggestion', 'aria-disabled': 'true', 'aria-describedby': 'no-effect' }, label),
    what.length ? h('span', { class: 'soft small' }, what.join('; ')) : null,
  );
};

function overrides(reasons, id) {
  const options = reasons.map(({ display, code }) => h('option', {}, display ?? code));
  return h(
    'div',
    { class: 'field field-inline' },
    h('label', { for: id }, 'Override reason'),
    h('select', { id }, h('option', {}, 'Choose a reason'), options),
  );
}

const sourceLine = ({ label, url, topic } = {}) =>
  h('p', { class: 'card-source soft small' }, 'Source: ', url ? link(label, url) : label, topic?.display ? ` · ${topic.display}` : null);

export function drawCard(card, index) {
  const { summary, detail, indicator, source, suggestions = [], overrideReasons = [], links = [] } = card;
  return h(
    'article',
    { class: `card card-${indicatorOf(indicator)}` },
    h('div', { class: 'card-head' }, indicatorChip(indicator), h('h3', {}, summary)),
    detail ? h('div', { class: 'card-detail' }, markdown(detail)) : null,
    suggestions.length ? h('ul', { class: 'suggestions', 'aria-label': 'Suggestions' }, suggestions.map(suggestion)) : null,
    links.length
      ? h(
          'ul',
          { class: 'plain-list' },
          links.map((one) => h('li', {}, link(one.label, one.url))),
        )
      : null,
    h('div', { class: 'card-foot' }, sourceLine(source), overrideReasons.length ? overrides(overrideReasons, `override-${index}`) : null),
  );
}
