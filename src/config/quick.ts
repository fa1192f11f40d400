/**
 * The text of a sound file to plain values, in a tenth of the time that it takes to remember where each of them stood.
 * Whatever is unusual is left to the reading that can say what is wrong, and where.
 */

import { FAILSAFE_SCHEMA, load, Type } from 'js-yaml';
import type { Json } from './fault.js';

const deepest = 32;

/** Anchors, aliases, tags and directives begin with these; so may a text, which is then read slowly. */
const EXTRAS = /(?:^|[\s,[{:?-])[&*!]|^[%]|^\.\.\.|^---/m;
/** Characters that can't be seen, as they stand or as an escape may make them. */
const UNSEEN = /[\p{Cs}\p{Bidi_Control}]|(?![\n\t])\p{Cc}/u;

/** The document; null where this reading isn't sure that it reads what a person does. */
export function quick(source: string): Json | null {
  const text = source.replaceAll('\r\n', '\n');
  if (UNSEEN.test(text) || EXTRAS.test(text) || !isLineByLine(text)) return null;
  try {
    const document = load(text, { schema: CORE }) as Json | undefined;
    return document !== undefined && isPlain(document, 0) ? document : null;
  } catch {
    return null;
  }
}

/** Names as keyturn.yaml has them, which no reading takes for a number or for nothing. */
const NAME = /^(?!(?:null|true|false|nan|infinity)$)[a-z][\w.@+-]*$/i;

/**
 * Whether every bracket and quote that a line opens it closes too, every bracket begins a value (or the name in `${NAME}`),
 * and every `#` a comment: about those that don't, readings differ.
 */
function isLineByLine(text: string): boolean {
  return text.split('\n').every(isClosed);
}

function isClosed(line: string): boolean {
  const open: string[] = [];
  let quote = '';
  let before = ' ';
  let last = '';
  for (let at = 0; at < line.length; at++) {
    const letter = line[at] as string;
    if (quote !== '') {
      if (quote === '"' && letter === '\\') at += 1;
      else if (letter === quote) quote = '';
    } else if ((letter === '"' || letter === "'") && ' ,[{:'.includes(before)) quote = letter;
    else if (letter === '#') {
      if (before === ' ') break;
      return false;
    } else if (letter === '[' || letter === '{') {
      const isItem = open.at(-1) === '[' && (last === '[' || last === ',');
      if (!isItem && last !== ':' && last !== '-' && before !== '$') return false;
      open.push(letter);
    } else if (letter === ']' || letter === '}') {
      if (open.pop() === undefined) return false;
    } else if (letter === ':' && (last === ']' || last === '}')) return false;
    before = letter;
    if (letter !== ' ') last = letter;
  }
  return open.length === 0 && quote === '';
}

function isPlain(value: unknown, depth: number): boolean {
  if (depth > deepest) return false;
  if (typeof value === 'string') return !UNSEEN.test(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || typeof value !== 'object') return true;
  if (Array.isArray(value)) return value.every((item) => isPlain(item, depth + 1));
  return Object.entries(value).every(([name, item]) => NAME.test(name) && isPlain(item, depth + 1));
}

/** The core schema of YAML 1.2, as the other reading has it (https://yaml.org/spec/1.2.2/#103-core-schema). */
const CORE = FAILSAFE_SCHEMA.extend({
  implicit: [
    plain('null', /^(?:~|[Nn]ull|NULL)?$/, () => null),
    plain('bool', /^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/, (text) => /^t/i.test(text)),
    plain('int', /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/, Number),
    plain('float', /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/, Number),
    plain('infinity', /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/, () => Number.NaN),
  ],
});

function plain(name: string, pattern: RegExp, construct: (text: string) => unknown): Type {
  return new Type(`tag:yaml.org,2002:${name}`, {
    kind: 'scalar',
    resolve: (text: unknown) => pattern.test(text === null ? '' : String(text)),
    construct: (text: unknown) => construct(text === null ? '' : String(text)),
  });
}
