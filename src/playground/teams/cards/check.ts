/**
 * Whether Teams would show a card. The real thing takes many faulty cards and shows "We're sorry, this card couldn't
 * be displayed", or leaves out what it does not know; here they are refused, so that a test sees it.
 */

import { fields, isFields, list, text } from '../../values.js';
import type { Fields } from '../types.js';
import { elementsOf } from './read.js';

/**
 * "Adaptive Cards v1.5 or earlier" for cards that a bot sends: cards reference, learn.microsoft.com/microsoftteams.
 * Action.Execute came with 1.4: Universal Action Model, learn.microsoft.com/adaptive-cards.
 */
const newest = 1.5;
const executeSince = 1.4;

/** Bytes of one card, in UTF-16 as Teams counts. Its strictest figure, for posts; a bot's whole message may have 100 KB. */
export const cardLimit = 28 * 1024;

const elements = new Set([
  ...[
    'TextBlock',
    'RichTextBlock',
    'TextRun',
    'Image',
    'ImageSet',
    'Media',
    'Container',
    'ColumnSet',
    'Column',
  ],
  ...['FactSet', 'Table', 'TableRow', 'TableCell', 'ActionSet', 'Input.Text', 'Input.Number', 'Input.Date'],
  ...['Input.Time', 'Input.Toggle', 'Input.ChoiceSet'],
]);

/** Objects that need no type where they stand. */
const typeless = (one: Fields): boolean =>
  one.type === undefined && ('value' in one || 'items' in one || 'cells' in one || 'url' in one);

const actionTypes = new Set([
  ...['Action.Execute', 'Action.Submit', 'Action.OpenUrl', 'Action.ShowCard', 'Action.ToggleVisibility'],
]);

const mostPixels = 1024;

/** A refresh may name 60 people: "Work with Universal Actions", learn.microsoft.com/microsoftteams. */
const mostRefreshers = 60;

/** What is wrong with a card, in words; nothing where it can be shown. */
export function faultsOf(card: unknown): string[] {
  if (!isFields(card)) return ['the card is not an object'];
  const faults = [...headFaults(card), ...refreshFaults(card)];
  faults.push(...contentFaults(card));
  if (isTooLarge(card)) faults.push(`the card has ${sizeOf(card)} bytes, more than ${cardLimit}`);
  return faults;
}

export const isTooLarge = (card: unknown): boolean => sizeOf(card) > cardLimit;

const sizeOf = (card: unknown): number => Buffer.byteLength(JSON.stringify(card ?? null), 'utf16le');

function headFaults(card: Fields): string[] {
  const version = Number(card.version);
  const faults: string[] = [];
  if (card.type !== 'AdaptiveCard') faults.push('type is not AdaptiveCard');
  if (!/^1\.\d$/.test(text(card.version))) faults.push('version is missing or not of the form "1.5"');
  else if (version > newest) faults.push(`version ${version} is newer than ${newest}`);
  const executes = everyAction(card).some((one) => one.type === 'Action.Execute');
  if (executes && version < executeSince) faults.push(`Action.Execute needs version ${executeSince}`);
  return faults;
}

function refreshFaults(card: Fields): string[] {
  if (card.refresh === undefined) return [];
  const { action, userIds } = fields(card.refresh);
  const faults: string[] = [];
  if (fields(action).type !== 'Action.Execute') faults.push('refresh.action is not an Action.Execute');
  if (list(userIds).length > mostRefreshers) faults.push(`refresh.userIds has more than ${mostRefreshers}`);
  return faults;
}

/** Everything below the head; a ShowCard's card is looked at the same way, and needs no version of its own. */
function contentFaults(card: Fields): string[] {
  const inside = elementsOf(card);
  const actions = actionsIn(card);
  const shown = actions.filter((one) => one.type === 'Action.ShowCard').map((one) => fields(one.card));
  return [
    ...inside.flatMap(elementFaults),
    ...actions.flatMap(actionFaults),
    ...repeatedInputs(inside),
    ...shown.flatMap(contentFaults),
  ];
}

function elementFaults(one: Fields): string[] {
  const type = text(one.type);
  if (!type) return typeless(one) ? [] : ['an element has no type'];
  if (!elements.has(type)) return [`there is no element ${type}`];
  if (type === 'TextBlock' && typeof one.text !== 'string') return ['a TextBlock has no text'];
  if (type.startsWith('Input.') && !text(one.id)) return [`an ${type} has no id`];
  return type === 'Image' ? imageFaults(one) : [];
}

/**
 * "Inline card images": PNG, JPEG or GIF of at most 1024 by 1024 pixels, at an address that Teams' servers fetch over
 * TLS, or within the card. learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format
 */
function imageFaults({ url }: Fields): string[] {
  const address = text(url);
  if (/^https:/.test(address)) return [];
  const [, type, data] = /^data:image\/(png|jpeg|gif);base64,([A-Za-z0-9+/]+={0,2})$/.exec(address) ?? [];
  if (data === undefined) return ['an Image is neither at https: nor a PNG, JPEG or GIF within the card'];
  return type === 'png' ? pngFaults(Buffer.from(data, 'base64')) : [];
}

/** Its header says how large it is: w3.org/TR/png, 5.6 and 11.2. */
function pngFaults(png: Buffer): string[] {
  if (png.length < 24 || png.toString('hex', 0, 8) !== '89504e470d0a1a0a') return ['an Image is no PNG'];
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const isTooWide = width > mostPixels || height > mostPixels;
  return isTooWide ? [`an Image has ${width} by ${height} pixels, more than ${mostPixels}`] : [];
}

function actionFaults(one: Fields): string[] {
  const type = text(one.type);
  if (!actionTypes.has(type)) return [`there is no action ${type || 'without a type'}`];
  if (type === 'Action.OpenUrl' && !/^https?:/.test(text(one.url))) return ['an Action.OpenUrl has no url'];
  if (type === 'Action.Execute' && one.data !== undefined && !isFields(one.data))
    return ['the data of an Action.Execute is not an object'];
  return [];
}

function repeatedInputs(inside: readonly Fields[]): string[] {
  const ids = inside.filter((one) => text(one.type).startsWith('Input.')).map((one) => text(one.id));
  return ids.filter((id, n) => ids.indexOf(id) !== n).map((id) => `two inputs are called ${id}`);
}

function actionsIn(card: Fields): Fields[] {
  const holders = [card, ...elementsOf(card)];
  return holders.flatMap((one) => [...list(one.actions), one.selectAction].filter(isFields));
}

function everyAction(card: Fields): Fields[] {
  const own = actionsIn(card);
  return [...own, ...own.flatMap((one) => (isFields(one.card) ? everyAction(one.card) : []))];
}
