/** The text of an authorized_keys file, with one key of Keyturn’s put in another’s place. */

import { KEY_MARK, type PublicKey } from './keys.js';

interface Line {
  /** With the space behind them; empty where there are none. */
  readonly options: string;
  readonly blob: string;
  readonly comment: string;
}

const KEY = /^((?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[A-Za-z0-9@.-]+)[ \t]+([A-Za-z0-9+/]+={0,2})(?:[ \t]+(.*))?$/;

/**
 * `to` takes the place, and the options, of `from`, or else of the first line that is marked as Keyturn’s; every other such
 * line goes. All else stays as it is, byte for byte.
 *
 * @param text one character a byte
 */
export function replaceKey(text: string, to: PublicKey, from: PublicKey | null): string {
  const lines = text.split('\n').map((whole) => ({ whole, line: parse(whole) }));
  const isFrom = (line: Line | null) => line !== null && line.blob === from?.blob;
  const isOurs = (line: Line | null) =>
    line !== null && (isFrom(line) || line.blob === to.blob || line.comment === KEY_MARK);
  // What restricted the former key, such as from="…", must not be lost with it.
  const model = lines.find(({ line }) => isFrom(line)) ?? lines.find(({ line }) => isOurs(line));
  const added = `${model?.line?.options ?? ''}${to.type} ${to.blob} ${KEY_MARK}`;
  const kept = lines.flatMap((each) => {
    if (each === model) return [added];
    return isOurs(each.line) ? [] : [each.whole];
  });
  const end = kept.at(-1) === '' ? kept.slice(0, -1) : kept;
  return `${[...end, ...(model ? [] : [added])].join('\n')}\n`;
}

/** Whether the file would let this key in. */
export function hasKey(text: string, key: PublicKey): boolean {
  return text.split('\n').some((line) => parse(line)?.blob === key.blob);
}

/** Null for comments, blank lines and what can’t be understood. */
function parse(whole: string): Line | null {
  const text = whole.trim();
  if (text === '' || text.startsWith('#')) return null;
  const plain = KEY.exec(text);
  const options = plain ? '' : optionsOf(text);
  const [, , blob, comment = ''] = plain ?? KEY.exec(text.slice(options.length)) ?? [];
  return blob === undefined ? null : { options, blob, comment: comment.trim() };
}

/** Up to and with the first white space outside quotes, in which a backslash hides a quote. */
function optionsOf(text: string): string {
  return /^(?:"(?:\\.|[^"\\])*"|[^"\s])+\s+/.exec(text)?.[0] ?? '';
}
