/** What each step looks like. Every screen has one heading and at most one big button. */

import type { Days } from '../common/ask-server.js';
import { copyButton } from '../common/copy-button.js';
import { big, h, minutes, roughly, waiting } from '../common/dom.js';
import { ending, type Screen } from '../common/frame.js';
import { codesBox } from './codes-box.js';
import { confirmScreen } from './confirm-screens.js';
import { newSecretForm } from './new-secret-form.js';
import { reportScreen } from './report-screen.js';
import { secretBox } from './secret-box.js';
import type { Step } from './step.js';

/** What a person can do on the page. `pressed` is shown as busy meanwhile. */
export interface Hands {
  ask(pressed: HTMLButtonElement): void;
  another(pressed: HTMLButtonElement): void;
  code(code: string, pressed: HTMLButtonElement): void;
  claim(pressed: HTMLButtonElement): void;
  /** Asks the client's contact for a one-time code. */
  askContacts(pressed: HTMLButtonElement): void;
  enter(password: string, pressed: HTMLButtonElement): void;
  report(days: Days, pressed?: HTMLButtonElement): void;
  csv(days: Days, pressed: HTMLButtonElement): void;
  hide(): void;
  complain(why: string): void;
}

type At<S extends Step['at']> = Step & { readonly at: S };

/** The screen of a step. */
export function screen(step: Step, hands: Hands): Screen<Step> {
  switch (step.at) {
    case 'loading':
      return { heading: 'One moment', children: [h('p', {}, 'Looking at the link …')] };
    case 'offer':
      return offer(step, hands);
    case 'confirm':
      return confirmScreen(step, hands);
    case 'ready':
      return ready(step, hands);
    case 'report':
      return reportScreen(step, hands);
    case 'shown':
      return shown(step, hands);
    case 'codes':
      return codesAlone(step, hands);
    case 'hidden':
      return ending('hidden', 'Hidden again', [
        'The password was shown once, and that is on record. If you need it again while you have the access, press Reveal in your chat for a new link.',
        'If you copied it, your clipboard may still hold it.',
      ]);
    case 'stored':
      return ending('done', 'In custody', [
        'The new password is stored, and your task is done.',
        'You can close this page. If you copied the password, your clipboard may still hold it.',
      ]);
    case 'over':
      return ending('over', step.title, [step.says]);
  }
}

function offer({ about }: At<'offer'>, hands: Hands): Screen<Step> {
  const { verb, heading, after } = OFFERS[about.purpose];
  const reveal = about.purpose === 'reveal';
  const says = `Press the button, then confirm that it is you, on your phone or in your chat. ${after}`;
  const button = big(`${verb} it in this browser`, hands.ask);
  const ends = about.grantEndsInSeconds;
  const note =
    reveal && ends !== null ? [h('p', { class: 'note' }, `The access ends in ${roughly(ends)}.`)] : [];
  return {
    heading,
    children: [h('p', {}, says), button, ...note],
  };
}

/** What each kind of link is for. */
export const OFFERS = {
  reveal: { verb: 'Show', heading: 'See the password, once', after: 'The password is shown once.' },
  'new-secret': {
    verb: 'Enter',
    heading: 'Enter the new password',
    after: 'Then you enter the new password.',
  },
  report: {
    verb: 'Open',
    heading: 'Open the report',
    after: 'The report stays open in this browser for half an hour.',
  },
  sessions: {
    verb: 'Open',
    heading: 'Open the recorded sessions',
    after: 'They stay open in this browser for half an hour. Every one that is watched is on record.',
  },
} as const;

function ready(step: At<'ready'>, hands: Hands): Screen<Step> {
  const { purpose } = step.about;
  if (purpose === 'reveal') return readyToShow(hands);
  return purpose === 'new-secret' ? readyToEnter(hands) : readyToRead(hands);
}

/** Nobody has to press once more; a button is there where the first reading failed. */
function readyToRead(hands: Hands): Screen<Step> {
  const again = big('Read it', (pressed) => hands.report({ from: null, to: null }, pressed));
  again.hidden = true;
  return {
    heading: 'Confirmed',
    children: [waiting('Getting the report …'), again],
    update(step) {
      again.hidden = !('trouble' in step && step.trouble);
    },
  };
}

function readyToShow(hands: Hands): Screen<Step> {
  return {
    heading: 'Confirmed',
    spoken: 'Press Show the password.',
    children: [
      h(
        'p',
        {},
        'The password stays on the screen for one minute. Look around first: it is for your eyes only.',
      ),
      big('Show the password', hands.claim),
    ],
  };
}

function readyToEnter(hands: Hands): Screen<Step> {
  const form = newSecretForm(hands.enter, hands.complain);
  return { heading: 'Confirmed: the new password', children: [form.element], wipe: form.wipe };
}

function shown({ claim, about, codes }: At<'shown'>, hands: Hands): Screen<Step> {
  const box = secretBox('Password', claim.password);
  const code = codes ? codesBox(about.client, hands.askContacts) : null;
  const left = h('span', { id: 'left' }, minutes(claim.secondsShown));
  const bar = h('progress', {
    id: 'bar',
    max: String(claim.secondsShown),
    value: String(claim.secondsShown),
    'aria-label': 'Time until it is hidden',
  });
  const hide = h('button', { type: 'button', class: 'quiet', onclick: () => hands.hide() }, 'Hide now');
  box.element.querySelector('button')?.classList.add('main');
  return {
    heading: 'The password',
    spoken: `It is on the screen for ${claim.secondsShown} seconds. Press Copy password to copy it.`,
    children: [
      ...(claim.username === undefined ? [] : [username(claim.username)]),
      box.element,
      legend(claim.password),
      ...(code ? [code.element] : []),
      bar,
      h(
        'p',
        { class: 'hiding' },
        h('span', {}, codes ? 'The password hides in ' : 'Hides itself in ', left),
        hide,
      ),
    ],
    update(now) {
      if (now.at !== 'shown' || !code) return;
      code.element.hidden = !now.codes;
      if (now.codes) code.update(now.codes);
      else code.wipe();
    },
    wipe() {
      box.wipe();
      code?.wipe();
    },
  };
}

/** The password is hidden; the code is needed only after it, and comes as long as the page says. */
function codesAlone({ about }: At<'codes'>, hands: Hands): Screen<Step> {
  const code = codesBox(about.client, hands.askContacts);
  const left = h('span', { id: 'left' });
  const hide = h('button', { type: 'button', class: 'quiet', onclick: () => hands.hide() }, 'Hide now');
  return {
    heading: 'One-time code',
    spoken: 'The password is hidden again.',
    children: [
      h('p', {}, 'The password is hidden again. If you copied it, your clipboard may still hold it.'),
      code.element,
      h('p', { class: 'hiding' }, h('span', {}, 'Codes come here for ', left), hide),
    ],
    update(now) {
      if (now.at === 'codes') code.update(now.codes);
    },
    wipe: code.wipe,
  };
}

function username(name: string): HTMLElement {
  const text = h('span', { class: 'username', translate: 'no' }, name);
  const copy = copyButton('Copy', name, () => text).element;
  copy.setAttribute('aria-label', 'Copy user name');
  copy.classList.add('small');
  return h('div', { class: 'user' }, h('div', {}, h('span', { class: 'label' }, 'User name'), text), copy);
}

/** Only what this password has: a legend for nothing is noise. */
function legend(password: string): HTMLElement {
  const has = [
    [/\p{N}/u, 'digit', 'digits'],
    [/[^\p{L}\p{N}\s]/u, 'sign', 'signs'],
    [/\s/u, 'space', 'space'],
  ] as const;
  const parts = has.filter(([found]) => found.test(password));
  const words = parts.map(([, kind, word]) => h('span', { class: `key-${kind}` }, word));
  return h('p', { class: 'legend' }, h('span', {}, 'letters'), ...words);
}
