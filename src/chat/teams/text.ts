/** Texts as TextRuns, which Teams shows as they are written, whoever wrote them. */

import type { Look, RichTextBlock, TextRun } from './adaptive.js';

/** An empty text would leave a hole that looks like a mistake. */
const NOTHING = '—';
const LINE_ENDS = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;

/** Slack's command, and the word after it where one is named. */
const COMMAND =
  /\/access(?: (?=<|(?:request|mine|pending|show|approve|deny|cancel|return|revoke|link|enrol|help)\b))?/g;

/** What we say of typing as one types it here, where a message is no command: "type link", and "request" for the bare one. */
export function asTypedHere(text: string): string {
  return text.replace(COMMAND, (command) => (command.endsWith(' ') ? '' : 'request'));
}

export function oneLine(text: string): string {
  return text.split(LINE_ENDS).join(' ');
}

/** Several lines that can't be mistaken for rows of the card: all but the first are marked. */
export function markedLines(text: string): string[] {
  return text.split(LINE_ENDS).map((line, n) => (n === 0 ? line : `│ ${line}`));
}

/** At most `most` characters, with an ellipsis where something is missing. Never half a character. */
export function trimmed(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, Math.max(0, most - 1)).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A button's or a choice's text: one line, never empty. */
export function label(text: string, most = 75): string {
  return trimmed(orNothing(oneLine(text)), most);
}

/**
 * A text as runs. The one thing that comes to life even in a run is
 * `{{DATE(…)}}`, so neighbouring braces stand in runs of their own.
 */
export function runs(text: string, look: Look = {}): TextRun[] {
  return text.split(/(?<=\{)(?=\{)/).map((piece) => ({ type: 'TextRun', text: piece, ...look }));
}

/** One line of a card, with a label in bold before it where it has one. */
export function block(text: string, look: Look = {}, before: string | null = null): RichTextBlock {
  const inlines =
    before === null
      ? runs(orNothing(text), look)
      : [...runs(orNothing(before), { weight: 'Bolder' }), ...runs(`  ${orNothing(text)}`, look)];
  return { type: 'RichTextBlock', inlines, spacing: 'None' };
}

function orNothing(text: string): string {
  return text.trim() === '' ? NOTHING : text;
}
