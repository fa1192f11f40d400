/** The few sentences that only Slack needs. Everything about access is worded in `core/cards`. */

import { type Card, type Form, said } from '../../core/cards/card.js';

export const UNREADABLE = 'Slack sent something that I can’t read, and nothing was changed. Try again.';
export const STALE_WINDOW =
  'This window is out of date, and nothing was changed. Close it and open it again.';
export const FORM_TOO_LATE = 'The form couldn’t be opened in time. Try again.';
export const WORKING = 'Still working on it. You can close this window; the answer comes here or as a card.';

/** Slack opens a form only for a click or a command, not for a message. */
export function pressForForm({ form, id, title }: Form): Card {
  const isCode = form === 'code';
  return {
    client: null,
    title,
    rows: [],
    lines: [said(isCode ? 'Press the button and type the code.' : 'Press the button, or type /access.')],
    actions: [
      isCode
        ? { kind: 'button', act: 'code', label: 'Type the code', id, style: 'primary' }
        : { kind: 'button', act: 'ask', label: 'Request access', id: 'form', style: 'primary' },
    ],
  };
}
