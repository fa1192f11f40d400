/** The field for an authenticator's digits: large, numeric on a phone, and what was wrong stands right below it. */

import { h } from './dom.js';
import type { Wrong } from './refusals.js';

export interface CodeForm {
  readonly element: HTMLFormElement;
  readonly field: HTMLInputElement;
  /** What the server said to the code, undefined where nothing is wrong; the field is ready for the next one. */
  wrong(wrong: Wrong | undefined): void;
}

export interface CodeFormOptions {
  readonly label: string;
  readonly digits: number;
  readonly button: string;
  send(code: string, pressed: HTMLButtonElement): void;
}

/** Sends exactly so many digits; fewer or more never leave the page, since a wrong try counts. */
export function codeForm({ label, digits, button, send }: CodeFormOptions): CodeForm {
  const field = codeField();
  const says = h('p', { id: 'wrong', class: 'trouble', role: 'alert' });
  const go = h('button', { type: 'submit', class: 'button main' }, button);
  let told: Wrong | undefined;
  const complain = (why: string) => {
    says.textContent = why;
    field.setAttribute('aria-invalid', String(why !== ''));
    if (why === '') return;
    field.focus();
    // The next digit typed takes the place of all of them.
    field.select();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    const code = field.value.replace(/\D/g, '');
    complain(
      code.length === digits ? '' : `It has ${inWords(digits)} digits: type all of them, and no others.`,
    );
    if (code.length === digits) send(code, go);
  };
  const element = h(
    'form',
    { class: 'code', onsubmit: submit, autocomplete: 'off', novalidate: true },
    h('label', { for: 'code' }, label),
    field,
    says,
    go,
  );
  const wrong = (now: Wrong | undefined) => {
    if (now === told) return;
    told = now;
    complain(now?.says ?? '');
  };
  return { element, field, wrong };
}

function codeField(): HTMLInputElement {
  return h('input', {
    id: 'code',
    class: 'code-field',
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    autocapitalize: 'none',
    spellcheck: 'false',
    'aria-describedby': 'wrong',
    // Room for a code that is pasted with its space.
    maxlength: '20',
  });
}

/** `six`, as somebody would say it. */
export function inWords(digits: number): string {
  return ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'][digits] ?? String(digits);
}
