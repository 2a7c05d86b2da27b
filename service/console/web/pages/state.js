// What is degraded, in plain words.
import { h } from '../dom.js';
import { icon } from '../icons.js';

const feedbackStore = {
  spooling: 'The feedback store is away. Feedback is kept in a file and goes into the store when it is back; none is lost.',
  away: 'The feedback store is away. What was shown is not being recorded, and feedback is refused until the store is back.',
};
const replayStore = {
  away: 'The store of used tokens is away. Calls go on; what is used now is remembered by this instance alone.',
};
const keys = {
  stale: (client) => `The keys of ${client} could not be fetched again. The last known ones are still used.`,
  none: (client) => `There are no keys of ${client}, so its calls are refused.`,
};
const others = {
  clock: 'The clock is earlier than at the start of the service, so tokens are refused as older than that start. When the clock is right, restart the service.',
  auditLog: 'The audit trail cannot be written. Hooks are answered; the trail will say how many events it lacks.',
  contentRefused: 'A changed content or configuration was refused when it was read again. What was there before still answers; the log says why.',
};
// Reasons that the lines above say already.
const said = /^(feedbackStore|feedbackSpooling|replayStore|keys:.*)$/;

function faults({ reasons = [], keys: states = {}, ...state }) {
  return [
    feedbackStore[state.feedbackStore],
    replayStore[state.replayStore],
    ...Object.entries(states).map(([client, how]) => (Object.hasOwn(keys, how) ? keys[how](client) : null)),
    ...reasons
      .filter((reason) => !said.test(reason))
      .map((reason) => (Object.hasOwn(others, reason) ? others[reason] : `The service reports: ${reason}.`)),
  ].filter(Boolean);
}

export function stateBanner(state) {
  const lines = faults(state);
  if (state.status === 'ok' && !lines.length) {
    const store =
      state.feedbackStore === 'none'
        ? 'No feedback store is configured, so nothing is known of what becomes of cards.'
        : 'Hooks are answered, and all stores are there.';
    return h('div', { class: 'notice notice-good' }, icon('good'), h('div', {}, h('strong', {}, 'All is well. '), store));
  }
  const heading = state.status === 'ok' ? 'Hooks are answered, with a remark.' : 'Degraded: hooks are answered, but not everything works.';
  return h(
    'div',
    { class: 'notice notice-warning', role: 'status' },
    icon('warning'),
    h(
      'div',
      {},
      h('strong', {}, heading),
      h(
        'ul',
        {},
        lines.map((line) => h('li', {}, line)),
      ),
    ),
  );
}
