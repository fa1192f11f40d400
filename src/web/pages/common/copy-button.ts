/** Copying a secret, on a human's click. */

import { h } from './dom.js';

/** A button that says what came of it. Where the browser gives no clipboard, it selects what `shown` gives instead. */
export function copyButton(label: string, value: string, shown: () => HTMLElement) {
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
      getSelection()?.selectAllChildren(shown());
      say('Selected: copy it now');
    }
  };
  const forget = () => {
    held = null;
    clearTimeout(back);
  };
  return { element, forget };
}
