/** A card as Block Kit: the client first, what people typed literally, the buttons last. Compact for a phone. */

import type { types } from '@slack/bolt';
import type { Action, Card, DaysPicture, Row, Text } from '../../core/cards/card.js';
import { plain, said } from '../../core/cards/card.js';
import { SQUARE } from '../colours.js';
import { escaped, isCode, isQuiet, marked, mrkdwn, oneLine, plainText, trimmed } from './text.js';

type Block = types.KnownBlock;

/** What goes into a message. `text` is what a notification says; blocks hide it. */
export interface Message {
  readonly text: string;
  readonly blocks: Block[];
}

/** Slack: 50 blocks, 3,000 characters a text, and about 12,000 in all of a message's blocks. */
const MOST_BLOCKS = 50;
const MOST_TEXT = 3000;
const MOST_IN_ALL = 11_500;
const MOST_IN_ROW = 25;
const MOST_IN_NOTE = 300;
const MOST_IN_ALT = 2000;
const MOST_IN_PICTURE_TITLE = 150;

/**
 * The whole card. Texts too long for Slack are cut with a word on where the rest is; buttons never are.
 * @param file of Slack's, that shows the card's picture; without one its sentence stands in its place.
 */
export function renderCard(card: Card, file?: string): Message {
  const head: Block = { type: 'header', text: plainText(titleOf(card), 150) };
  const { picture } = card;
  const drawn = picture && file !== undefined ? [renderPicture(picture, file)] : [];
  const tail = [...drawn, ...renderActions(card.actions), ...renderNote(card.note)];
  const inWords = picture && file === undefined ? [said(picture.alt)] : [];
  const lines = [...card.rows.map(rowLine), ...[...card.lines, ...inWords].map(textLine)];
  const room = { blocks: MOST_BLOCKS - 1 - tail.length, text: MOST_IN_ALL - textIn([head, ...tail]) };
  const body = renderLines(lines, room, idIn(card));
  const whole = card.unfolded ? body.map(unfold) : body;
  return { text: fallback(card), blocks: [head, ...whole, ...tail] };
}

/** Several cards, each whole, as many as fit; where that isn't all, `rest` says so. */
export function renderCards(cards: readonly Card[], rest: string, most = MOST_BLOCKS): Message {
  const blocks: Block[] = [];
  let left = MOST_IN_ALL - rest.length;
  for (const [n, card] of cards.entries()) {
    const drawn: Block[] = [...(n === 0 ? [] : [{ type: 'divider' as const }]), ...renderCard(card).blocks];
    left -= textIn(drawn);
    if (left < 0 || blocks.length + drawn.length >= most) {
      blocks.push({ type: 'section', text: plainText(rest, MOST_TEXT) });
      break;
    }
    blocks.push(...drawn);
  }
  const [first] = cards;
  return { text: first ? fallback(first) : 'Keyturn', blocks };
}

/** Slack folds long sections ("See more") unless they say otherwise. */
function unfold(block: Block): Block {
  return block.type === 'section' ? { ...block, expand: true } : block;
}

/** One sentence, for one person. It may quote what they typed, so it is shown literally. */
export function renderSentence(sentence: string): Message {
  return {
    text: escaped(trimmed(sentence, MOST_TEXT)),
    blocks: [{ type: 'section', text: plainText(sentence, MOST_TEXT) }],
  };
}

/** Lines of text as sections, for a form's head as for a card's body. */
export function renderTexts(texts: readonly Text[]): Block[] {
  return renderLines(texts.map(textLine), { blocks: MOST_BLOCKS, text: MOST_IN_ALL }, null);
}

function titleOf(card: Card): string {
  const title = oneLine(card.title);
  return card.client ? `${SQUARE[card.client.colour]} ${oneLine(card.client.name)} · ${title}` : title;
}

function fallback(card: Card): string {
  const first = card.rows.find((row) => 'said' in row.text);
  const about = first ? ` · ${plain(first.text)}` : '';
  const whose = card.client ? `${card.client.name}: ` : '';
  const says = card.summary ?? `${card.title}${about}`;
  return escaped(trimmed(oneLine(`${whose}${says}`), 300)) || 'Keyturn';
}

/** A line of a card, ready to stand beside others of its kind in one section. */
interface Line {
  readonly kind: 'mrkdwn' | 'plain';
  readonly text: string;
}

function rowLine({ label, text }: Row): Line {
  if ('code' in text && isCode(text.code))
    return { kind: 'mrkdwn', text: `*${escaped(label)}*  \`${escaped(text.code)}\`` };
  if ('typed' in text) return { kind: 'plain', text: `${label}  ${marked(text.typed)}` };
  const value = oneLine(plain(text));
  return 'said' in text && isQuiet(value)
    ? { kind: 'mrkdwn', text: `*${escaped(label)}*  ${escaped(value)}` }
    : { kind: 'plain', text: `${label}  ${value}` };
}

function textLine(text: Text): Line {
  if ('code' in text && isCode(text.code)) return { kind: 'mrkdwn', text: `\`${escaped(text.code)}\`` };
  if ('typed' in text) return { kind: 'plain', text: marked(text.typed) };
  const said = oneLine(plain(text));
  return 'said' in text && isQuiet(said)
    ? { kind: 'mrkdwn', text: escaped(said) }
    : { kind: 'plain', text: said };
}

/** Neighbours of one kind share a section: fewer gaps, more card on a phone. */
function renderLines(
  lines: readonly Line[],
  room: { readonly blocks: number; readonly text: number },
  id: string | null,
): Block[] {
  const sections: { kind: Line['kind']; text: string }[] = [];
  let left = room.text - 40;
  for (const line of lines.flatMap(inPieces)) {
    const last = sections.at(-1);
    const joins = last?.kind === line.kind && last.text.length + 1 + line.text.length <= MOST_TEXT;
    const full = !joins && sections.length >= room.blocks - 1;
    left -= line.text.length + 1;
    if (left < 0 || full) {
      sections.push({ kind: 'plain', text: id === null ? '…more' : `…more: /access show ${id}` });
      break;
    }
    if (joins && last) last.text += `\n${line.text}`;
    else sections.push({ ...line });
  }
  return sections.map(({ kind, text }) => ({
    type: 'section',
    text: kind === 'mrkdwn' ? mrkdwn(text) : plainText(text, MOST_TEXT),
  }));
}

/** Escaping lengthens only quiet lines, which are short; a typed text may need several sections. */
function inPieces(line: Line): Line[] {
  const pieces: Line[] = [];
  for (let rest = line.text; rest.length > 0 || pieces.length === 0; ) {
    const cut = rest.slice(0, MOST_TEXT);
    const piece = rest.length > MOST_TEXT ? cut.replace(/[\ud800-\udbff]$/, '') : cut;
    pieces.push({ ...line, text: piece });
    rest = rest.slice(piece.length);
  }
  return pieces;
}

/** How many characters of text there are in blocks, as Slack counts them. */
function textIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + textIn(one), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [name, inner]) =>
      sum + (name === 'text' && typeof inner === 'string' ? inner.length : textIn(inner)),
    0,
  );
}

/** The id that `/access show` takes, from the small print or a button. */
function idIn(card: Card): string | null {
  const places = [card.note ?? '', ...card.actions.map((a) => (a.kind === 'way' ? '' : a.id))];
  return /\b[RG]-[0-9A-Z]{6}\b/.exec(places.join(' '))?.[0] ?? null;
}

function renderPicture({ title, alt }: DaysPicture, id: string): Block {
  return {
    type: 'image',
    slack_file: { id },
    alt_text: trimmed(alt, MOST_IN_ALT),
    title: plainText(oneLine(title), MOST_IN_PICTURE_TITLE),
  };
}

function renderNote(note: string | undefined): Block[] {
  return note === undefined ? [] : [{ type: 'context', elements: [plainText(note, MOST_IN_NOTE)] }];
}

/** One row of buttons; a second menu needs a row of its own, because the row's id carries the menu's subject. */
function renderActions(actions: readonly Action[]): types.ActionsBlock[] {
  const rows: { menu: Action | null; elements: types.ActionsBlock['elements'] }[] = [];
  actions.forEach((action, n) => {
    const last = rows.at(-1);
    const fits = last && last.elements.length < MOST_IN_ROW && !(action.kind === 'menu' && last.menu);
    const row = fits ? last : { menu: null, elements: [] };
    if (!fits) rows.push(row);
    if (action.kind === 'menu') row.menu = action;
    const again = actions.slice(0, n).some((other) => actOf(other) === actOf(action));
    // Slack wants each action_id once in a block: the second "show" is `show:2`.
    row.elements.push(renderAction(action, again ? `${actOf(action)}:${n + 1}` : actOf(action)));
  });
  return rows.map(({ menu, elements }) => ({
    type: 'actions',
    ...(menu?.kind === 'menu' ? { block_id: `menu:${menu.act}:${menu.id}` } : {}),
    elements,
  }));
}

function actOf(action: Action): string {
  return action.kind === 'way' ? 'way' : action.act;
}

function renderAction(action: Action, actionId: string): types.ActionsBlock['elements'][number] {
  switch (action.kind) {
    case 'button':
      return {
        type: 'button',
        action_id: actionId,
        text: plainText(action.label, 75),
        value: action.id,
        ...(action.style ? { style: action.style } : {}),
      };
    case 'menu':
      return {
        type: 'static_select',
        action_id: actionId,
        placeholder: plainText(action.label, 150),
        options: action.choices.slice(0, 100).map(renderChoice),
      };
    case 'way':
      return { type: 'button', action_id: actionId, text: plainText(action.label, 75), url: action.url };
    default:
      return action satisfies never;
  }
}

/** An option of a menu or a search. */
export function renderChoice({ label, value }: { label: string; value: string }): types.PlainTextOption {
  return { text: plainText(label, 75), value };
}
