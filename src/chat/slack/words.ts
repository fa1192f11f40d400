/** The few sentences that only Slack needs. Everything about access is worded in `core/cards`. */

import { type Button, type Card, type Form, said } from '../../core/cards/card.js';

export const UNREADABLE = 'Slack sent something that I can’t read, and nothing was changed. Try again.';
export const STALE_WINDOW =
  'This window is out of date, and nothing was changed. Close it and open it again.';
export const FORM_TOO_LATE = 'The form couldn’t be opened in time. Try again.';
export const MORE_AT_HOME = 'There is more: open the Home tab of this app.';
export const WORKING = 'Still working on it. You can close this window; the answer comes here or as a card.';

/** Slack opens a form only for a click or a command, not for a message. */
export function pressForForm({ form, id, title }: Form): Card {
  const { act, label, words } = OPENERS[form] ?? ASK;
  return {
    client: null,
    title,
    rows: [],
    lines: [said(words)],
    actions: [{ kind: 'button', act, label, id: id === '' ? 'form' : id, style: 'primary' }],
  };
}

type Opener = Pick<Button, 'act' | 'label'> & { readonly words: string };

const ASK: Opener = { act: 'ask', label: 'Request access', words: 'Press the button, or type /access.' };
const OPENERS: Partial<Record<Form['form'], Opener>> = {
  code: { act: 'code', label: 'Type the code', words: 'Press the button and type the code.' },
  offboard: {
    act: 'offboard',
    label: 'See what it ends',
    words: 'Press the button: it says what would end, and asks who takes over.',
  },
  extend: { act: 'extend', label: 'Extend', words: 'Press the button, and say how long and why.' },
};
