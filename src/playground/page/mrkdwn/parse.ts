/** Slack's mrkdwn, read into a tree. */

import { angle } from './angle.js';
import { emoji } from './emoji.js';
import { unescaped } from './escapes.js';
import type { Inline, Piece } from './tree.js';

const STYLES = { '*': 'bold', _: 'italic', '~': 'strike' } as const;
const WORD = /[\p{L}\p{N}]/u;

/** Reads a whole text: fences first, then quotes, then what runs within a line. */
export function parseMrkdwn(source: string, now: Date = new Date()): Piece[] {
  return source
    .split(/```/)
    .flatMap((part, index, all) => {
      const closed = index % 2 === 1 && index < all.length - 1;
      if (closed) return [{ is: 'pre', text: unescaped(part.replace(/^\n|\n$/g, '')) } as const];
      return lines(index % 2 === 1 ? `\`\`\`${part}` : trimAround(part, index, all.length), now);
    })
    .filter((piece) => piece.is === 'pre' || piece.kids.length > 0);
}

/** A fence is a block of its own: the line breaks that touch it are not lines. */
function trimAround(part: string, index: number, count: number): string {
  const start = index > 0 ? part.replace(/^\n/, '') : part;
  return index < count - 1 ? start.replace(/\n$/, '') : start;
}

function lines(source: string, now: Date): Piece[] {
  const runs: { quote: boolean; lines: string[] }[] = [];
  for (const line of source.split('\n')) {
    const quote = line.startsWith('>');
    const last = runs.at(-1);
    const text = quote ? line.replace(/^> ?/, '') : line;
    if (last?.quote === quote) last.lines.push(text);
    else runs.push({ quote, lines: [text] });
  }
  return runs.map((run) => ({
    is: run.quote ? 'quote' : 'lines',
    kids: parseInline(run.lines.join('\n'), now),
  }));
}

/** Reads what runs within lines. Whatever is not markup stays text, character for character. */
export function parseInline(source: string, now: Date): Inline[] {
  const out: Inline[] = [];
  let plain = '';
  const flush = () => {
    if (plain) out.push({ is: 'text', text: unescaped(plain) });
    plain = '';
  };
  for (let at = 0; at < source.length; ) {
    const found = markupAt(source, at, now);
    if (found) {
      flush();
      out.push(found.inline);
      at = found.end;
    } else {
      plain += source[at];
      at += 1;
    }
  }
  flush();
  return out;
}

interface Found {
  readonly inline: Inline;
  readonly end: number;
}

function markupAt(source: string, at: number, now: Date): Found | undefined {
  const char = source[at];
  if (char === '<') return angle(source, at, now);
  if (char === '`') return codeAt(source, at);
  if (char === ':') return emojiAt(source, at);
  if (char === '*' || char === '_' || char === '~') return styledAt(source, at, char, now);
  return undefined;
}

function codeAt(source: string, at: number): Found | undefined {
  const code = /^`([^`\n]+)`/.exec(source.slice(at));
  return code?.[1]
    ? { inline: { is: 'code', text: unescaped(code[1]) }, end: at + code[0].length }
    : undefined;
}

function emojiAt(source: string, at: number): Found | undefined {
  const name = /^:([a-z0-9_+-]+):/.exec(source.slice(at, at + 60));
  const char = name?.[1] ? emoji[name[1]] : undefined;
  if (!name?.[1] || !char) return undefined;
  return { inline: { is: 'emoji', char, name: name[1] }, end: at + name[0].length };
}

function styledAt(source: string, at: number, mark: keyof typeof STYLES, now: Date): Found | undefined {
  if (!opens(source, at, mark)) return undefined;
  const end = closing(source, at, mark);
  if (end === undefined) return undefined;
  return { inline: { is: STYLES[mark], kids: parseInline(source.slice(at + 1, end), now) }, end: end + 1 };
}

function opens(source: string, at: number, mark: string): boolean {
  const next = source[at + 1];
  return !WORD.test(source[at - 1] ?? '') && next !== undefined && next !== mark && !/\s/.test(next);
}

/** Where the style that opens at `at` ends, looking over code and links, never past the line. */
function closing(source: string, at: number, mark: string): number | undefined {
  for (let here = at + 1; here < source.length && source[here] !== '\n'; here += 1) {
    const over = source[here] === '`' ? '`' : source[here] === '<' ? '>' : undefined;
    const past = over ? source.indexOf(over, here + 1) : -1;
    if (past > here) here = past;
    else if (source[here] === mark && closes(source, here)) return here;
  }
  return undefined;
}

function closes(source: string, here: number): boolean {
  return !/\s/.test(source[here - 1] ?? ' ') && !WORD.test(source[here + 1] ?? '');
}
