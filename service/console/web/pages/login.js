// Who is there.
import { call } from '../api.js';
import { h } from '../dom.js';
import { icon } from '../icons.js';
import { plural } from '../format.js';

export const title = 'Log in';

function sentence(error) {
  if (error.status === 401) return 'This name and password do not belong together. Nothing was changed; try again.';
  if (error.status !== 429) return error.message;
  return `Too many attempts. Try again ${error.retryAfter ? `in ${plural(error.retryAfter, 'second')}` : 'in a minute'}.`;
}

const field = (label, id, attributes) =>
  h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    h('input', { id, name: id, required: true, 'aria-describedby': 'login-error', ...attributes }),
  );

export function open(main, { reason, done }) {
  const problem = h('div', { id: 'login-error', role: 'alert' });
  const button = h('button', { type: 'submit', class: 'button button-main' }, 'Log in');
  const complain = (text) => problem.replaceChildren(h('div', { class: 'notice notice-critical' }, icon('critical'), h('p', {}, text)));

  const send = async (event) => {
    event.preventDefault();
    const { username, password } = form.elements;
    if (!username.value || !password.value) {
      complain('Both the user name and the password are needed.');
      return (username.value ? password : username).focus();
    }
    button.disabled = true;
    problem.replaceChildren();
    try {
      await call('/api/login', { user: username.value, password: password.value });
      await done();
    } catch (error) {
      if (error.status === undefined) throw error;
      complain(sentence(error));
      password.value = '';
      password.focus();
    } finally {
      button.disabled = false;
    }
  };
  const form = h(
    'form',
    { class: 'login-form', novalidate: true, onsubmit: send },
    field('User name', 'username', { autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false' }),
    field('Password', 'password', { type: 'password', autocomplete: 'current-password' }),
    problem,
    button,
  );

  main.append(
    h(
      'div',
      { class: 'login' },
      h('h1', { tabindex: '-1' }, 'Log in'),
      reason
        ? h('p', { class: 'notice notice-info', role: 'status' }, icon('info'), h('span', {}, reason))
        : h('p', { class: 'soft' }, 'See what the service answers, how its rules are received, and try them.'),
      form,
      h('p', { class: 'soft small' }, 'Whoever runs the service gives out names and passwords.'),
    ),
  );
  if (!reason) form.elements.username.focus();
}
