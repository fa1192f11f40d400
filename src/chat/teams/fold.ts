/** What stands in the middle of a card: cut to what Teams takes, folded to what a phone shows. */

import { plain, type Row, type Text } from '../../core/cards/card.js';
import type { Container, Element, Look, RichTextBlock } from './adaptive.js';
import { sizeOf } from './adaptive.js';
import { asTypedHere, block, markedLines, oneLine, trimmed } from './text.js';

/** One row or line of a card; what a person typed may have several lines. */
export interface Paragraph {
  readonly label: string | null;
  readonly lines: readonly string[];
  readonly look?: Look;
}

/** At 390 px Teams fits about this many characters in a line. */
const WIDTH = 42;
/** A text longer than this many lines is folded to them where the card is too long for a phone. */
const FOLDED_LINES = 3;
/** What the containers and the ids of a folded text add to it. */
const FOLDING = 200;
/** What hiding the end of a card adds, with the button that shows it. */
const HIDING = 300;

export function rowParagraph({ label, text }: Row): Paragraph {
  return { label: oneLine(label), ...linesOf(text) };
}

export function textParagraph(text: Text): Paragraph {
  return { label: null, ...linesOf(text) };
}

function linesOf(text: Text): Pick<Paragraph, 'lines' | 'look'> {
  if ('code' in text) return { lines: [oneLine(text.code)], look: { fontType: 'Monospace' } };
  return { lines: 'typed' in text ? markedLines(text.typed) : [asTypedHere(oneLine(plain(text)))] };
}

/** As many paragraphs as there is room for, the last of them cut where it has to be, and `more` where any is missing. */
export function cut(paragraphs: readonly Paragraph[], room: number, more: string): Paragraph[] {
  const kept: Paragraph[] = [];
  let left = room - sizeOf(block(more)) - HIDING;
  for (const one of paragraphs) {
    if (heightOf(one) > FOLDED_LINES) left -= sizeOf(shortOf(one)) + FOLDING;
    const fitting: string[] = [];
    for (const [n, line] of one.lines.entries()) {
      const start = fittingStart(line, left, n === 0 ? one.label : null, one.look);
      if (start !== null) fitting.push(start);
      if (start !== line) {
        if (fitting.length > 0) kept.push({ ...one, lines: fitting });
        return [...kept, { label: null, lines: [more] }];
      }
      left -= lengthOf(line, n === 0 ? one.label : null, one.look);
    }
    kept.push({ ...one, lines: fitting });
  }
  return kept;
}

/** The line, or what fits of it; null where that is next to nothing. */
function fittingStart(line: string, left: number, label: string | null, look?: Look): string | null {
  let start = line;
  while (lengthOf(start, label, look) > left) {
    start = trimmed(line, Math.floor(start.length * 0.8));
    if (start.length < WIDTH) return null;
  }
  return start;
}

function lengthOf(line: string, label: string | null, look: Look = {}): number {
  return sizeOf(block(line, look, label)) + 1;
}

/** All of it, with nothing hidden. */
export function whole(paragraphs: readonly Paragraph[]): Element[] {
  return paragraphs.flatMap(blocksOf);
}

/**
 * What fits into so many lines of a phone is shown. Where that isn't all, long
 * texts are shortened, what is below the last line is hidden, and one button
 * shows the whole.
 */
export function folded(paragraphs: readonly Paragraph[], room: number): Element[] {
  if (paragraphs.reduce((sum, one) => sum + heightOf(one), 0) <= room) return whole(paragraphs);
  const shown: Element[] = [];
  const toggled: string[] = [];
  let left = room - 1;
  for (const [n, one] of paragraphs.entries()) {
    left -= Math.min(heightOf(one), FOLDED_LINES);
    if (left < 0 && n > 0) {
      shown.push(container('rest', paragraphs.slice(n).flatMap(blocksOf), false));
      toggled.push('rest');
      break;
    }
    if (heightOf(one) <= FOLDED_LINES) shown.push(...blocksOf(one));
    else {
      const ids = [`short-${n}`, `whole-${n}`] as const;
      shown.push(container(ids[0], [shortOf(one)]), container(ids[1], blocksOf(one), false));
      toggled.push(...ids);
    }
  }
  return toggled.length === 0 ? shown : [...shown, moreButton(toggled)];
}

/** It hides itself: what is read whole needs no second press. */
function moreButton(toggled: readonly string[]): Element {
  const targetElements = [...toggled, 'more'];
  return {
    type: 'ActionSet',
    id: 'more',
    actions: [{ type: 'Action.ToggleVisibility', title: 'more', targetElements }],
  };
}

function container(id: string, items: readonly RichTextBlock[], isVisible?: false): Container {
  return {
    type: 'Container',
    id,
    items,
    spacing: 'None',
    ...(isVisible === undefined ? {} : { isVisible }),
  };
}

function blocksOf({ label, lines, look = {} }: Paragraph): RichTextBlock[] {
  return lines.map((line, n) => block(line, look, n === 0 ? label : null));
}

function shortOf({ label, lines, look = {} }: Paragraph): RichTextBlock {
  const most = WIDTH * FOLDED_LINES - (label?.length ?? 0) - 2;
  const start = trimmed(lines.join(' '), Math.max(most, WIDTH));
  return block(start.endsWith('…') ? start : `${start} …`, look, label);
}

/** How many lines of a phone it takes. */
function heightOf({ label, lines }: Paragraph): number {
  const [first = '', ...others] = lines;
  return [`${label === null ? '' : `${label}  `}${first}`, ...others].reduce(
    (sum, line) => sum + linesFor(line),
    0,
  );
}

export function linesFor(text: string, width = WIDTH): number {
  return Math.max(1, Math.ceil(text.length / width));
}
