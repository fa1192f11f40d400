/** Texts as Slack's text objects: ours may be bold, everybody else's is shown as it is written. */

import type { types } from '@slack/bolt';

export type Section = types.SectionBlock;

/** Slack takes no empty text. */
const NOTHING = '—';
/** Beyond this an escaped text could be cut in the middle of an entity, so it is shown plainly. */
const LONGEST_MRKDWN_LINE = 500;

/** What Slack would format, link or turn into a picture, even with `verbatim`. */
const LOUD = /[*~`]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:[\w+'-]+:|^\s*>/;
const LINE_ENDS = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;

/** Whether `text` reads the same in mrkdwn, once escaped. What doesn't goes into plain text instead. */
export function isQuiet(text: string): boolean {
  return text.length <= LONGEST_MRKDWN_LINE && !LOUD.test(text);
}

/** Whether Slack shows it in one piece between backticks, which know no escape. */
export function isCode(text: string): boolean {
  return text.trim() !== '' && text.length <= LONGEST_MRKDWN_LINE && !/`/.test(text) && !LINE_ENDS.test(text);
}

/** Slack's three control characters, so that no mention, link or `<!channel>` comes to life. */
export function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** At most `most` characters, with an ellipsis where something is missing. Never half a character. */
export function trimmed(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A text that Slack shows literally: no markup, no mentions, no emoji names. */
export function plainText(text: string, most: number): types.PlainTextElement {
  return { type: 'plain_text', text: trimmed(text.trim() === '' ? NOTHING : text, most), emoji: false };
}

/** A text of ours, already escaped. `verbatim`: nothing in it is linked by itself. */
export function mrkdwn(text: string): types.MrkdwnElement {
  return { type: 'mrkdwn', text: text.trim() === '' ? NOTHING : text, verbatim: true };
}

export function oneLine(text: string): string {
  return text.split(LINE_ENDS).join(' ');
}

/** Several lines that can't be mistaken for rows of the card: all but the first are marked. */
export function marked(text: string): string {
  return text.split(LINE_ENDS).join('\n│ ');
}

/** What a person typed in a message: Slack makes links of addresses, and people of names. */
export function asTyped(text: string): string {
  return unescaped(
    text
      .replace(/<(?:mailto:|tel:)?[^<>|@#!][^<>|]*\|([^<>]*)>/g, '$1')
      .replace(/<(?:mailto:|tel:)?([^<>|@#!][^<>|]*)>/g, '$1'),
  );
}

/** Slack's three entities as the characters they stand for. */
export function unescaped(text: string): string {
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}
