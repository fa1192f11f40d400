/** How the holder is asked to confirm: by their phone, at Duo, with a code, or in their own chat. */

import { codeForm, inWords } from '../common/code-form.js';
import { big, h, icon, waiting } from '../common/dom.js';
import type { Screen } from '../common/frame.js';
import { type Hands, OFFERS } from './screens.js';
import type { Confirming, Step } from './step.js';

type By<B extends Confirming['confirm']['by']> = Confirming['confirm'] & { readonly by: B };

/** The screen for how they are asked now, with a button for another way where there is one. */
export function confirmScreen(step: Confirming, hands: Hands): Screen<Step> {
  const screen = byWay(step, hands);
  const other = h('button', { type: 'button', class: 'quiet', id: 'another' }, 'Another way');
  other.addEventListener('click', () => hands.another(other));
  return {
    ...screen,
    children: [...screen.children, other],
    update(now) {
      if (now.at !== 'confirm') return;
      other.hidden = !now.another;
      screen.update?.(now);
    },
  };
}

function byWay(step: Confirming, hands: Hands): Screen<Confirming> {
  const { confirm } = step;
  switch (confirm.by) {
    case 'chat':
      return inChat(step, confirm);
    case 'asking':
      return asking(confirm);
    case 'push':
      return confirm.code === null ? compare(confirm.number) : typeIn(confirm.code);
    case 'prompt':
      return atDuo();
    case 'code':
      return byCode(confirm, hands);
    case 'over':
      return cameToNothing(confirm, hands);
  }
}

function inChat({ about }: Confirming, { number }: By<'chat'>): Screen<Confirming> {
  const label = `${OFFERS[about.purpose].verb} it in this browser, ${number}`;
  return {
    heading: 'Confirm in your chat',
    spoken: `Your number is ${number}. Press the button that says ${label}.`,
    children: [
      h('p', {}, 'Keyturn has just asked you in your own chat. Press the button there that says'),
      h('p', { class: 'says' }, `“${label}”`),
      large(number, `Your number is ${number}`),
      waiting('Waiting for your word …'),
      note('Does the chat name another number? Then press “It isn’t me” there.'),
    ],
  };
}

function asking({ later }: By<'asking'>): Screen<Confirming> {
  const says = later ?? 'Keyturn is about to ask you. Keep your phone at hand.';
  return {
    heading: 'One moment',
    spoken: says,
    children: [h('p', {}, says), waiting('Asking …')],
  };
}

function typeIn(code: string): Screen<Confirming> {
  const says = `Type ${code} into Duo Mobile on your phone.`;
  return {
    heading: 'Confirm on your phone',
    spoken: says,
    children: [
      h('p', {}, says),
      large(code, `The code is ${code}`),
      waiting('Waiting for your phone …'),
      note('Does your phone ask about something else? Then deny it there, and tell a lead.'),
    ],
  };
}

function compare(number: string): Screen<Confirming> {
  const says = `Your phone asks. Approve there only if it shows the number ${number}.`;
  return {
    heading: 'Confirm on your phone',
    spoken: says,
    children: [
      h('p', {}, says),
      large(number, `The number is ${number}`),
      waiting('Waiting for your phone …'),
      note('Does it show another number, or none? Then deny it there, and tell a lead.'),
    ],
  };
}

/** A link that a human presses is never stopped, as a window opened by a script would be. */
function atDuo(): Screen<Confirming> {
  const link = h('a', { class: 'button main', target: '_blank', rel: 'noopener' }, 'Confirm with Duo');
  const soon = waiting('Getting Duo’s page ready …');
  const there = waiting('Waiting for Duo …');
  return {
    heading: 'Confirm at Duo',
    spoken: 'Press Confirm with Duo. It opens in a new tab.',
    children: [
      h(
        'p',
        {},
        'Duo’s page opens in a new tab. When you are done there, come back here: this page goes on by itself.',
      ),
      link,
      soon,
      there,
    ],
    update({ duo }) {
      const url = duo?.url;
      link.hidden = there.hidden = url === undefined;
      soon.hidden = url !== undefined;
      if (url !== undefined && /^https?:\/\//.test(url)) link.href = url;
      else link.removeAttribute('href');
    },
  };
}

function byCode({ digits }: By<'code'>, hands: Hands): Screen<Confirming> {
  const label = `The ${inWords(digits)} digits that your authenticator app shows for Keyturn`;
  const form = codeForm({ label, digits, button: 'Confirm', send: hands.code });
  return {
    heading: 'Type your code',
    spoken: `${label}.`,
    children: [form.element],
    focus: form.field,
    update: ({ wrong }) => form.wrong(wrong),
    wipe() {
      form.field.value = '';
    },
  };
}

function cameToNothing({ says, again }: By<'over'>, hands: Hands): Screen<Confirming> {
  return {
    heading: 'Not confirmed',
    spoken: says,
    children: [icon('over'), h('p', {}, says), ...(again ? [big('Ask again', hands.ask)] : [])],
  };
}

/** Two digits fill a phone's width; six still fit on it. */
function large(digits: string, label: string): HTMLElement {
  return h('p', { class: digits.length > 3 ? 'number long' : 'number', 'aria-label': label }, digits);
}

function note(says: string): HTMLElement {
  return h('p', { class: 'note' }, says);
}
