// Rules tried on a made-up or pasted patient: the cards as an EHR shows them, and why each rule did or did not fire.
import { call } from '../api.js';
import { announce, h } from '../dom.js';
import { icon } from '../icons.js';
import { failure } from '../load.js';
import { choice, heading, panel } from '../parts.js';
import { drawResult } from './try_result.js';

export const title = 'Try it';

// The chosen patient, or a request or Bundle as it was pasted. An Error's message is for the reader.
function bodyOf(how, form) {
  const client = form.client.value ? { client: form.client.value } : {};
  if (how === 'patient') {
    if (!form.patient.value) throw new Error('Choose a patient first.');
    return { patient: form.patient.value, ...client };
  }
  const text = form.json.value.trim();
  if (!text) throw new Error('Paste a CDS Hooks request or a Bundle first, or choose a file.');
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('This is not JSON. Nothing was sent.');
  }
  if (value?.resourceType === 'Bundle') return { bundle: value, ...client };
  if (value && typeof value === 'object' && 'hook' in value) return { request: value, ...client };
  throw new Error('This is neither a CDS Hooks request (it has no “hook”) nor a FHIR Bundle. Nothing was sent.');
}

const options = (select, list) => select.append(...list.map(([value, text]) => h('option', { value }, text)));

// Lists that the form is better with; without them it still takes what is pasted.
async function fillLists(form, complain) {
  const [patients, clients] = await Promise.allSettled([call('/api/patients'), call('/api/clients')]);
  if (patients.status === 'fulfilled')
    options(
      form.patient,
      patients.value.patients.map(({ id, title: name }) => [id, name]),
    );
  else if (patients.reason.status !== 401) complain(patients.reason);
  if (clients.status === 'fulfilled')
    options(
      form.client,
      clients.value.clients.map(({ id }) => [id, id]),
    );
}

const select = (name, label, first) =>
  h('div', { class: 'field' }, h('label', { for: name }, label), h('select', { id: name, name }, h('option', { value: '' }, first)));

function pasting(taken) {
  const json = h('textarea', {
    id: 'json',
    name: 'json',
    rows: '10',
    spellcheck: 'false',
    autocomplete: 'off',
    'aria-describedby': 'json-help',
  });
  const file = h('input', {
    type: 'file',
    id: 'file',
    accept: '.json,application/json,application/fhir+json',
    onchange: () => file.files[0] && take(file.files[0]),
  });
  const take = async (one) => {
    json.value = await one.text();
    taken(one.name);
  };
  const zone = h(
    'div',
    { class: 'drop' },
    h('div', { class: 'field' }, h('label', { for: 'json' }, 'CDS Hooks request or FHIR Bundle, as JSON'), json),
    h(
      'p',
      { id: 'json-help', class: 'soft small' },
      'Paste it, drop a file here, or choose one. It is not kept, and no more is logged or counted than that something was tried.',
    ),
    h('div', { class: 'field' }, h('label', { for: 'file' }, 'File'), file),
  );
  const over = (event) => {
    event.preventDefault();
    zone.classList.toggle('drop-over', event.type === 'dragover');
    if (event.type === 'drop' && event.dataTransfer.files[0]) take(event.dataTransfer.files[0]);
  };
  for (const type of ['dragover', 'dragleave', 'drop']) zone.addEventListener(type, over);
  return zone;
}

export function open(main) {
  let how = 'patient';
  const result = h('div', { id: 'result' });
  const problem = h('div', { class: 'stack' });
  const taken = h('p', { class: 'soft small', role: 'status' });
  const byPatient = select('patient', 'Patient', 'Choose a patient');
  const byJson = pasting((name) => (taken.textContent = `${name} was read; nothing is sent before you run the rules.`));
  const button = h('button', { type: 'submit', class: 'button button-main' }, icon('play'), 'Run the rules');
  const choose = (value) => {
    how = value;
    byPatient.hidden = how !== 'patient';
    byJson.hidden = how !== 'json';
  };

  const complain = (error) => problem.replaceChildren(failure(error));
  const run = async (event) => {
    event.preventDefault();
    problem.replaceChildren();
    let body;
    try {
      body = bodyOf(how, form.elements);
    } catch (error) {
      return complain(error);
    }
    button.disabled = true;
    result.setAttribute('aria-busy', 'true');
    announce('Running the rules');
    try {
      drawResult(result, await call('/api/try', body));
    } catch (error) {
      if (error.status === undefined) throw error;
      result.replaceChildren();
      if (error.status !== 401) problem.replaceChildren(failure(error), faults(error));
    } finally {
      button.disabled = false;
      result.removeAttribute('aria-busy');
    }
  };
  const form = h(
    'form',
    { class: 'panel try-form', novalidate: true, onsubmit: run },
    choice(
      'What the rules run on',
      'how',
      [
        ['patient', 'A made-up patient'],
        ['json', 'Paste or drop JSON'],
      ],
      how,
      choose,
    ),
    h('div', { class: 'try-choices' }, byPatient, byJson, select('client', 'Answer as for', 'The first client')),
    taken,
    h('div', { class: 'buttons' }, button),
  );
  choose(how);
  main.append(
    heading(title),
    h(
      'p',
      { class: 'lead' },
      'Run the rules on one patient and see the cards as an EHR would show them, and why each rule fired or did not.',
    ),
    form,
    problem,
    result,
  );
  fillLists(form.elements, complain);
}

// What a refused request has wrong, with its places.
function faults({ faults: list }) {
  if (!list.length) return '';
  const place = (one) => (Array.isArray(one) ? one.join(', ') : one);
  return panel(
    'What is wrong with it',
    h(
      'ul',
      { class: 'faults' },
      list.map(({ code, diagnostics, expression }) =>
        h(
          'li',
          {},
          h('span', {}, diagnostics ?? code),
          h('span', { class: 'soft small' }, code, expression?.length ? [' at ', h('code', {}, place(expression))] : null),
        ),
      ),
    ),
  );
}
