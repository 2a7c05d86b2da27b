// What is counted of a rule, all its versions together, as the list and the page of a rule need it.
import { sum } from './format.js';

const total = (rule, name) => sum(rule.versions.map((version) => version[name]));

// share: overridden of those answered, or null when none was
export function figures(rule) {
  const [shown, quiet, accepted, overridden, unanswered] = ['shown', 'quiet', 'accepted', 'overridden', 'unanswered'].map((name) =>
    total(rule, name),
  );
  const answered = accepted + overridden;
  return { shown, quiet, accepted, overridden, unanswered, answered, share: answered ? overridden / answered : null };
}

// Reasons of overrides, most frequent first: {display, cards}
export function reasons(rule) {
  const byCode = new Map();
  for (const { code, display, cards } of rule.versions.flatMap((version) => version.reasons ?? [])) {
    const one = byCode.get(code) ?? { display: display || code || 'No reason given', cards: 0 };
    byCode.set(code, { ...one, cards: one.cards + cards });
  }
  return [...byCode.values()].sort((a, b) => b.cards - a.cards);
}

// As the reader left it; both pages show the same time.
export const kept = { days: 90, filter: '', order: { label: 'Shown', down: true } };
export const spans = [
  [30, '30 days'],
  [90, '90 days'],
  [365, '1 year'],
];
export const askedFor = () => `/api/rules?days=${kept.days}`;
export const noStore =
  'No feedback store is configured, so nothing is known of what becomes of cards. Set feedback_store in the configuration to collect feedback.';
