/** A secret on the screen: each character told from its likes, copied by a button, and gone without a trace. */

import { h } from './dom.js';

export interface SecretBox {
  readonly element: HTMLElement;
  /** Takes every character out of the document. */
  wipe(): void;
}

/** `label` names it for everybody; the value itself is never announced aloud by itself. */
export function secretBox(label: string, value: string): SecretBox {
  const text = h('p', { class: 'secret', tabindex: '0', translate: 'no', 'aria-label': label });
  text.append(...Array.from(value, character));
  const copy = copyButton(`Copy ${label.toLowerCase()}`, value, text);
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

/** A button that says what came of it. Where the browser gives no clipboard, it selects instead. */
export function copyButton(label: string, value: string, shown: HTMLElement) {
  let held: string | null = value;
  let back: ReturnType<typeof setTimeout> | undefined;
  const element = h('button', { type: 'button', class: 'button', onclick: () => void copy() }, label);
  const say = (what: string) => {
    element.textContent = what;
    const heard = document.getElementById('heard');
    if (heard) heard.textContent = what;
    clearTimeout(back);
    back = setTimeout(() => {
      element.textContent = label;
    }, 2_500);
  };
  const copy = async () => {
    if (held === null) return;
    try {
      await navigator.clipboard.writeText(held);
      say('Copied');
    } catch {
      getSelection()?.selectAllChildren(shown);
      say('Selected: copy it now');
    }
  };
  const forget = () => {
    held = null;
    clearTimeout(back);
  };
  return { element, forget };
}
