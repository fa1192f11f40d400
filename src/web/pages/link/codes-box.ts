/** The code on the page: large digits with their time, or the button that asks the client's contact for one. */

import { copyButton } from '../common/copy-button.js';
import { h, waiting } from '../common/dom.js';
import type { Codes } from './codes.js';

export interface CodesBox {
  readonly element: HTMLElement;
  /** Draws what has changed. */
  update(codes: Codes): void;
  /** Takes every digit out of the document. */
  wipe(): void;
}

/** `client` is whose contact is asked; `ask` asks. */
export function codesBox(client: string, ask: (pressed: HTMLButtonElement) => void): CodesBox {
  const shown = h('div', { class: 'code-shown' });
  const trouble = h('p', { class: 'trouble', role: 'alert' });
  const says = h('p', { class: 'note', role: 'status' });
  const asks = h('button', { type: 'button', class: 'button wide' });
  asks.addEventListener('click', () => ask(asks));
  const waits = waiting(`Waiting for ${client} …`);
  const element = h(
    'section',
    { class: 'codes', 'aria-label': 'One-time code' },
    shown,
    waits,
    says,
    asks,
    trouble,
  );
  let digits = '';
  let forget = () => {};
  const wipe = () => {
    forget();
    digits = '';
    shown.replaceChildren();
  };
  const show = (code: string | null, tail: readonly HTMLElement[]) => {
    if (code === digits) return;
    wipe();
    if (code === null) return;
    const text = h(
      'p',
      { class: 'code-digits', translate: 'no', 'aria-label': 'One-time code' },
      grouped(code),
    );
    const copy = copyButton('Copy code', code, () => text);
    forget = copy.forget;
    digits = code;
    shown.append(h('p', { class: 'label' }, 'One-time code'), text, ...tail, copy.element);
  };
  return {
    element,
    wipe,
    update(codes) {
      const { live, relay } = codes;
      const isRelay = codes.heldBy === 'contacts';
      if (!isRelay) show(live?.code ?? null, live ? timeOf(live.periodSeconds) : []);
      else show(typeof relay === 'object' ? relay.code : null, []);
      waits.hidden = relay !== 'waiting';
      says.textContent = isRelay ? sayRelay(codes, client) : live ? '' : 'Getting the code …';
      asks.hidden = !isRelay || codes.asksLeft <= 0;
      asks.textContent = relay === 'idle' ? `Ask ${client}’s contact for the code` : 'Ask again';
      trouble.textContent = codes.trouble ?? '';
    },
  };
}

/** Written over at each tick. */
function timeOf(periodSeconds: number): HTMLElement[] {
  const bar = h('progress', {
    id: 'code-bar',
    max: String(periodSeconds),
    'aria-label': 'Time until the next code',
  });
  return [bar, h('p', { class: 'hiding' }, h('span', { id: 'code-left' }))];
}

/** How long the code on the page counts still; null where none goes by the time. */
export function tickCode(secondsLeft: number | null): void {
  const left = document.getElementById('code-left');
  const bar = document.getElementById('code-bar');
  if (secondsLeft === null || !left) return;
  const whole = Math.max(0, Math.ceil(secondsLeft));
  const text = whole === 0 ? 'The next one is on its way …' : `The next one comes in ${whole} s`;
  if (left.textContent !== text) left.textContent = text;
  if (bar instanceof HTMLProgressElement) bar.value = Math.max(0, secondsLeft);
}

function sayRelay({ relay, asksLeft }: Codes, client: string): string {
  const none = 'This was the last asking of this showing. Press Reveal in your chat for a new link.';
  if (relay === 'idle') return 'Have the place ready where the code goes: it counts for half a minute or so.';
  if (relay === 'waiting')
    return `${client}’s contacts have a card in their own chat, and type the code there. It comes here by itself.`;
  if (relay === 'over')
    return `Nobody typed it in time, or it got lost on its way. ${asksLeft > 0 ? '' : none}`.trim();
  return `From ${client}. It is shown here alone, and will soon count no more. ${asksLeft > 0 ? '' : none}`.trim();
}

/** `123 456`: easier to read and to type. */
function grouped(code: string): string {
  const half = Math.ceil(code.length / 2);
  return `${code.slice(0, half)} ${code.slice(half)}`;
}
