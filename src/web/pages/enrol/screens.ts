/** What each step looks like. */

import { codeForm } from '../common/code-form.js';
import { copyButton } from '../common/copy-button.js';
import { big, h } from '../common/dom.js';
import { ending, type Look, type Screen, stages, whose } from '../common/frame.js';
import { qrPicture } from './qr.js';
import type { Step } from './step.js';

/** What a person can do on the page. `pressed` is shown as busy meanwhile. */
export interface Hands {
  begin(pressed: HTMLButtonElement): void;
  try(code: string, pressed: HTMLButtonElement): void;
}

/** The digits that every authenticator shows. */
const DIGITS = 6;
const STAGES = { loading: 0, offer: 0, scan: 1, done: 3, over: -1 } as const;

/** How the steps look, with what a person can do. */
export function enrolLook(hands: Hands): Look<Step> {
  return {
    key: (step) => step.at,
    screen: (step) => screen(step, hands),
    head: (step) => {
      const about = 'about' in step ? step.about : undefined;
      if (!about) return [];
      const stage = STAGES[step.at];
      return [
        whose(about.operator, 'Your authenticator for Keyturn', about.person),
        stage < 0 ? null : stages(['Start', 'Scan', 'Done'], stage),
      ];
    },
    colour: () => 'own',
    title: () => 'Keyturn',
    trouble: (step) => (step.at === 'offer' ? (step.trouble ?? '') : ''),
  };
}

type Scan = Step & { readonly at: 'scan' };

function screen(step: Step, hands: Hands): Screen<Step> {
  switch (step.at) {
    case 'loading':
      return { heading: 'One moment', children: [h('p', {}, 'Looking at the link …')] };
    case 'offer':
      return offer(step.about.person, hands);
    case 'scan':
      return scan(step, hands);
    case 'done':
      return ending('done', 'Done', ['Your authenticator counts from now on. You can close this page.']);
    case 'over':
      return ending('over', step.title, [step.says]);
  }
}

function offer(person: string, hands: Hands): Screen<Step> {
  return {
    heading: 'Set up your authenticator',
    children: [
      h(
        'p',
        {},
        `This ties an authenticator app to ${person}: Keyturn will ask for a code of it before it gives you anything.`,
      ),
      big('Show the QR code', hands.begin),
      h(
        'p',
        { class: 'note' },
        'Any app will do: Microsoft or Google Authenticator, 1Password, Aegis, Duo Mobile.',
      ),
      h('p', { class: 'note' }, 'Look around first: whoever sees the QR code can make your codes.'),
    ],
  };
}

function scan({ key }: Scan, hands: Hands): Screen<Step> {
  const picture = qrPicture(key.qrSvg);
  const hand = byHand(key.secret, key.account, key.issuer, picture === null);
  const label = 'The six digits that it shows now';
  const form = codeForm({ label, digits: DIGITS, button: 'Confirm', send: hands.try });
  const taken = h('div', { class: 'taken' }, ...(picture ? [picture] : []), ...hand.elements);
  return {
    heading: 'Scan, then type the code',
    spoken: 'Scan it with an authenticator app, then type the six digits that it shows.',
    children: [
      h('p', {}, 'Scan it with an authenticator app, then type the six digits that it shows.'),
      taken,
      form.element,
    ],
    update(step) {
      if (step.at === 'scan') form.wrong(step.wrong);
    },
    wipe() {
      hand.forget();
      taken.remove();
      form.field.value = '';
    },
  };
}

/** The key for who can't scan: on the phone that has the app itself, there is nothing to point it at. */
function byHand(secret: string, account: string, issuer: string, open: boolean) {
  const groups = secret.replace(/\s/g, '').match(/.{1,4}/g) ?? [];
  const key = h('p', { class: 'key', id: 'key', tabindex: '0', translate: 'no', 'aria-label': 'Key' });
  key.append(...groups.flatMap((group, n) => (n === 0 ? [group] : [' ', group])));
  const typed = h(
    'div',
    { class: 'by-hand', id: 'by-hand', hidden: !open },
    h('p', {}, 'In the app choose to enter a key by hand, and type this, time-based:'),
    named('Service', issuer),
    named('Account', account),
    h('div', {}, h('span', { class: 'label' }, 'Key'), key),
  );
  const more = h('button', { type: 'button', class: 'quiet', 'aria-controls': 'by-hand' }, 'Can’t scan it?');
  const show = (is: boolean) => {
    typed.hidden = !is;
    more.setAttribute('aria-expanded', String(is));
  };
  more.addEventListener('click', () => show(typed.hidden === true));
  show(open);
  const copy = copyButton('Copy the key', groups.join(''), () => {
    show(true);
    return key;
  });
  copy.element.classList.add('small');
  const row = h('p', { class: 'others' }, copy.element, more);
  const hint = h('p', { class: 'hint' }, 'Is the app on this same device? Copy the key and paste it there.');
  return { elements: [hint, row, typed], forget: copy.forget };
}

function named(label: string, value: string): HTMLElement {
  return h('div', {}, h('span', { class: 'label' }, label), h('span', { class: 'username' }, value));
}
