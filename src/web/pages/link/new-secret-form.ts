/** Where the new password is entered: made here and taken to the target, or typed twice. */

import { h } from '../common/dom.js';
import { makePassword } from './make-password.js';
import { type SecretBox, secretBox } from './secret-box.js';

export interface NewSecretForm {
  readonly element: HTMLElement;
  wipe(): void;
}

/** `send` gets what was made or typed; `complain` says why it can't be sent yet. */
export function newSecretForm(
  send: (password: string, pressed: HTMLButtonElement) => void,
  complain: (why: string) => void,
): NewSecretForm {
  const element = h('div', { class: 'new-secret' });
  let box: SecretBox | null = null;
  const wipe = () => {
    box?.wipe();
    box = null;
    for (const input of element.querySelectorAll('input')) input.value = '';
    element.replaceChildren();
  };
  const type = () => {
    wipe();
    element.append(...typing(send, complain, make));
  };
  const make = () => {
    wipe();
    complain('');
    const password = makePassword();
    box = secretBox('New password', password);
    element.append(...made(box, () => password, send, make, type));
    box.element.querySelector('button')?.focus();
  };
  type();
  return { element, wipe };
}

function made(
  box: SecretBox,
  password: () => string,
  send: (password: string, pressed: HTMLButtonElement) => void,
  again: () => void,
  type: () => void,
): HTMLElement[] {
  const store = h('button', { type: 'button', class: 'button main' }, 'It is set: store it');
  store.addEventListener('click', () => send(password(), store));
  return [
    h('p', {}, 'Copy this one, set it at the target, then come back and store it.'),
    box.element,
    store,
    h(
      'p',
      { class: 'others' },
      h('button', { type: 'button', class: 'quiet', onclick: again }, 'Make another'),
      h('button', { type: 'button', class: 'quiet', onclick: type }, 'Type one instead'),
    ),
  ];
}

function typing(
  send: (password: string, pressed: HTMLButtonElement) => void,
  complain: (why: string) => void,
  make: () => void,
): HTMLElement[] {
  const first = field('first');
  const second = field('second');
  const spaces = h('p', { class: 'hint', hidden: true }, 'It starts or ends with a space, and is stored so.');
  first.addEventListener('input', () => {
    spaces.hidden = first.value === first.value.trim();
  });
  const show = h('button', { type: 'button', class: 'quiet', 'aria-pressed': 'false' }, 'Show what I type');
  show.addEventListener('click', () => toggle(show, [first, second]));
  const store = h('button', { type: 'submit', class: 'button main' }, 'Store the new password');
  const submit = (event: Event) => {
    event.preventDefault();
    const why = whyNot(first.value, second.value);
    complain(why);
    if (why === '') send(first.value, store);
    else (first.value === '' ? first : second).focus();
  };
  const form = h(
    'form',
    { onsubmit: submit, autocomplete: 'off', novalidate: true },
    h('label', { for: 'first' }, 'New password'),
    first,
    spaces,
    h('label', { for: 'second' }, 'The same again'),
    second,
    show,
    store,
  );
  return [
    h('p', {}, 'Enter what the account’s password is at the target from now on.'),
    h('button', { type: 'button', class: 'button wide', onclick: make }, 'Make one for me'),
    h('p', { class: 'or' }, 'or type it twice'),
    form,
  ];
}

function field(id: string): HTMLInputElement {
  return h('input', {
    id,
    type: 'password',
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    maxlength: '1024',
    // Password managers would offer to keep it, which is what this page is instead of.
    'data-1p-ignore': true,
    'data-lpignore': 'true',
    'data-bwignore': true,
  });
}

function toggle(button: HTMLButtonElement, inputs: readonly HTMLInputElement[]): void {
  const shown = button.getAttribute('aria-pressed') !== 'true';
  button.setAttribute('aria-pressed', String(shown));
  button.textContent = shown ? 'Hide what I type' : 'Show what I type';
  for (const input of inputs) input.type = shown ? 'text' : 'password';
}

function whyNot(first: string, second: string): string {
  if (first === '') return 'Type the new password first.';
  return first === second ? '' : 'The two are not the same. Type the second one again.';
}
