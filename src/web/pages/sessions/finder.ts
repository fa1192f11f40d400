/** What is looked for: days, a client, a person, words. */

import type { Choice, SessionsAnswer, SessionsAsked } from '../../sessions-answers.js';
import { h } from '../common/dom.js';

/** @param find asks for it; the button shows that it is under way. */
export function finder(
  first: SessionsAnswer,
  find: (asked: SessionsAsked, pressed: HTMLButtonElement) => void,
) {
  const from = h('input', { id: 'from', type: 'date', required: true });
  const to = h('input', { id: 'to', type: 'date', required: true });
  const client = select('client', 'Every client', first.clients);
  const person = select('person', 'Everybody', first.people);
  const words = h('input', {
    id: 'words',
    type: 'search',
    maxlength: '200',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const show = h('button', { type: 'submit', class: 'button' }, 'Show');
  words.addEventListener('input', () => {
    show.textContent = words.value.trim() === '' ? 'Show' : 'Search';
  });
  const submit = (event: Event) => {
    event.preventDefault();
    const wanted = words.value.trim();
    const days = { from: from.value || null, to: to.value || null };
    const who = { client: client.value || null, person: person.value || null };
    find({ ...days, ...who, words: wanted === '' ? null : wanted }, show);
  };
  const element = h(
    'form',
    { class: 'days find', onsubmit: submit, novalidate: true },
    field('from', 'From', from),
    field('to', 'To', to),
    field('client', 'Client', client),
    ...(first.people.length === 0 ? [] : [field('person', 'Person', person)]),
    field('words', 'Words on the screen', words),
    show,
  );
  return {
    element,
    show(now: SessionsAnswer) {
      from.value = now.from;
      to.value = now.to;
    },
  };
}

function select(id: string, all: string, choices: readonly Choice[]): HTMLSelectElement {
  const options = choices.map(({ id: value, name }) => h('option', { value }, name));
  return h('select', { id }, h('option', { value: '' }, all), ...options);
}

function field(id: string, label: string, input: HTMLElement): HTMLElement {
  return h('label', { for: id }, label, input);
}
