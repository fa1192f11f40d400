/** A card as an Adaptive Card: the client first, every text literally, the buttons last. Compact for a phone. */

import {
  type Action,
  type Button,
  type Card,
  type Menu,
  plain,
  said,
  type Text,
} from '../../core/cards/card.js';
import { SQUARE } from '../colours.js';
import {
  type AdaptiveCard,
  adaptiveCard,
  type CardAction,
  type Element,
  type Image,
  type InputChoiceSet,
  MOST_CHARS,
  sizeOf,
} from './adaptive.js';
import { cut, folded, linesFor, rowParagraph, textParagraph, whole } from './fold.js';
import { asTypedHere, block, label, oneLine, trimmed } from './text.js';

/** Teams shows at most six actions; where there are more, the sixth is the menu with the rest. */
const MOST_ACTIONS = 6;
const MOST_IN_TITLE = 150;
const MOST_IN_NOTE = 300;
const MOST_IN_MENU = 150;
const MOST_IN_SUMMARY = 300;
const MOST_IN_SENTENCE = 3000;
const MOST_CHOICES = 100;
const MOST_IN_ALT = 1000;
/** What a phone shows of a card before "more", and how much of a title fits in one of its lines. */
const PHONE_LINES = 12;
const TITLE_WIDTH = 33;

/**
 * The whole card. What is too long for Teams is cut with a word on where the rest is; buttons never are.
 * @param png the card's picture. Without one, or where it is too large beside the words, its sentence stands in its place.
 */
export function renderCard(card: Card, png?: Buffer): AdaptiveCard {
  const { picture, ...words } = card;
  if (!picture) return renderWords(words);
  const image = png && renderPicture(picture.alt, png);
  const bare = renderWords(words);
  const fits = image && sizeOf(bare) + sizeOf(image) < MOST_CHARS;
  return fits
    ? renderWords(words, image)
    : renderWords({ ...words, lines: [...card.lines, said(picture.alt)] });
}

function renderPicture(alt: string, png: Buffer): Image {
  const url = `data:image/png;base64,${png.toString('base64')}` as const;
  return { type: 'Image', url, altText: trimmed(oneLine(alt), MOST_IN_ALT), size: 'Stretch' };
}

/** The image takes no room from the words. */
function renderWords(card: Card, image?: Image): AdaptiveCard {
  const id = idIn(card);
  const menus = card.actions.filter((action) => action.kind === 'menu').map(renderChoices);
  const tail: Element[] = [...renderNote(card.note), ...menus];
  const actions = renderActions(card.actions);
  const title = titleOf(card);
  const head = renderTitle(title);
  const room = MOST_CHARS - sizeOf(adaptiveCard(fallbackText(id), [head, ...tail], actions));
  const all = [...card.rows.map(rowParagraph), ...card.lines.map(textParagraph)];
  const paragraphs = cut(all, room, id === null ? '…more' : `…more: show ${id}`);
  const taken = linesFor(title, TITLE_WIDTH) + tail.length + (actions.length > 0 ? 1 : 0);
  const body = card.unfolded ? whole(paragraphs) : folded(paragraphs, PHONE_LINES - taken);
  return adaptiveCard(fallbackText(id), [head, ...body, ...(image ? [image] : []), ...tail], actions);
}

/** What a notification says: the client, and what it is about. Plain text. */
export function summaryOf(card: Card): string {
  const first = card.rows.find((row) => 'said' in row.text);
  const about = first ? ` · ${plain(first.text)}` : '';
  const whose = card.client ? `${card.client.name}: ` : '';
  const says = card.summary ?? `${card.title}${about}`;
  return trimmed(oneLine(`${whose}${says}`), MOST_IN_SUMMARY).trim() || 'Keyturn';
}

/** One sentence, for one person. It may quote what they typed, so it is a card too: a message would be markdown. */
export function renderSentence(sentence: string): AdaptiveCard {
  return adaptiveCard(
    fallbackText(null),
    renderTexts([{ typed: asTypedHere(trimmed(sentence, MOST_IN_SENTENCE)) }]),
    [],
  );
}

/** Lines of text, for a form's head as for a card's body. */
export function renderTexts(texts: readonly Text[], room = MOST_CHARS / 2): Element[] {
  return whole(cut(texts.map(textParagraph), room, '…more'));
}

export function renderTitle(title: string): Element {
  return block(title, { weight: 'Bolder', size: 'Medium' });
}

/** A sentence of our own alone: nothing of a card's is safe where it is read as markdown. */
export function fallbackText(id: string | null): string {
  return `This Teams is too old to show the card.${id === null ? '' : ` Type: show ${id}`}`;
}

function titleOf(card: Card): string {
  const title = oneLine(card.title);
  const all = card.client ? `${SQUARE[card.client.colour]} ${oneLine(card.client.name)} · ${title}` : title;
  return trimmed(all, MOST_IN_TITLE);
}

/** The id that `show` takes, from the small print or a button. */
function idIn(card: Card): string | null {
  const places = [card.note ?? '', ...card.actions.map((a) => (a.kind === 'way' ? '' : a.id))];
  return /\b[RG]-[0-9A-Z]{6}\b/.exec(places.join(' '))?.[0] ?? null;
}

function renderNote(note: string | undefined): Element[] {
  return note === undefined
    ? []
    : [block(trimmed(oneLine(note), MOST_IN_NOTE), { size: 'Small', isSubtle: true })];
}

function renderActions(actions: readonly Action[]): CardAction[] {
  const shown = actions.length > MOST_ACTIONS ? MOST_ACTIONS - 1 : actions.length;
  return actions.map((action, n) => ({
    ...renderAction(action),
    ...(n < shown ? {} : { mode: 'secondary' as const }),
  }));
}

function renderAction(action: Action): CardAction {
  switch (action.kind) {
    case 'button':
      return renderButton(action);
    case 'menu':
      return {
        type: 'Action.Execute',
        title: label(action.label, MOST_IN_MENU),
        verb: `choose:${action.act}`,
        data: { id: action.id },
        associatedInputs: 'auto',
      };
    case 'way':
      return { type: 'Action.OpenUrl', title: label(action.label), url: action.url };
    default:
      return action satisfies never;
  }
}

/** A menu beside it is nothing to a button, so its choice stays where it is. */
function renderButton(button: Button): CardAction {
  return {
    type: 'Action.Execute',
    title: label(button.label),
    verb: button.act,
    data: { id: button.id },
    associatedInputs: 'none',
    ...(button.style ? { style: button.style === 'primary' ? 'positive' : 'destructive' } : {}),
  };
}

/** A menu's choices stand in the card; its button among the others sends what was chosen. */
function renderChoices(menu: Menu): InputChoiceSet {
  return {
    type: 'Input.ChoiceSet',
    id: menuInput(menu.act, menu.id),
    style: 'compact',
    placeholder: label(menu.label, MOST_IN_MENU),
    choices: menu.choices.slice(0, MOST_CHOICES).map((choice) => renderChoice(choice)),
    isRequired: true,
    errorMessage: 'Choose one first.',
  };
}

/** The name under which a menu's choice comes back. */
export function menuInput(act: string, id: string): string {
  return `choose:${act}:${id}`;
}

export function renderChoice(choice: { label: string; value: string }): { title: string; value: string } {
  return { title: label(choice.label), value: choice.value };
}
