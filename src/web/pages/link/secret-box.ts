/** A secret on the screen: each character told from its likes, copied by a button, and gone without a trace. */

import { copyButton } from '../common/copy-button.js';
import { h } from '../common/dom.js';

export interface SecretBox {
  readonly element: HTMLElement;
  /** Takes every character out of the document. */
  wipe(): void;
}

/** `label` names it for everybody; the value itself is never announced aloud by itself. */
export function secretBox(label: string, value: string): SecretBox {
  const text = h('p', { class: 'secret', tabindex: '0', translate: 'no', 'aria-label': label });
  text.append(...Array.from(value, character));
  const copy = copyButton(`Copy ${label.toLowerCase()}`, value, () => text);
  const element = h('div', { class: 'secret-box' }, text, copy.element);
  return {
    element,
    wipe() {
      copy.forget();
      text.replaceChildren();
      element.remove();
    },
  };
}

/** Digits, signs and spaces look different from letters, so that 0 and O, 1 and l can't be mistaken. */
function character(char: string): HTMLElement {
  return h('span', { class: kind(char) }, char);
}

function kind(char: string): string {
  if (/\p{L}/u.test(char)) return 'letter';
  if (/\p{N}/u.test(char)) return 'digit';
  return /\s/u.test(char) ? 'space' : 'sign';
}
