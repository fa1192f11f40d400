/** Reading a card as a person does: its words, its buttons, its inputs. */

import { fields, isFields, list, text } from '../../values.js';
import type { Fields } from '../types.js';

/** Where elements hold further ones. */
const children = ['body', 'items', 'columns', 'rows', 'cells', 'inlines', 'facts', 'images'] as const;

/** All elements of a card in reading order, without what stands behind a ShowCard button. */
export function elementsOf(node: Fields): Fields[] {
  const inside = children.flatMap((key) => list(node[key]).filter(isFields));
  return inside.flatMap((one) => [one, ...elementsOf(one)]);
}

/** The words of a card, one line a text; a fact reads "title: value". */
export function textOf(card: Fields): string {
  return linesOf(card).join('\n');
}

function linesOf(node: Fields): string[] {
  const own = ownWords(node);
  if (own !== undefined) return own ? [own] : [];
  return children.flatMap((key) => list(node[key]).filter(isFields).flatMap(linesOf));
}

function ownWords(node: Fields): string | undefined {
  if (node.type === 'TextBlock' || node.type === 'TextRun') return text(node.text);
  if (node.type === 'RichTextBlock')
    return list(node.inlines)
      .map((one) => (typeof one === 'string' ? one : text(fields(one).text)))
      .join('');
  if (node.type === undefined && 'title' in node && 'value' in node)
    return `${text(node.title)}: ${text(node.value)}`;
  if (text(node.type).startsWith('Input.')) return text(node.label) || text(node.title);
  // In the place of an image somebody may hear these.
  if (node.type === 'Image') return text(node.altText);
  return undefined;
}

/** A button that a person can press, with the inputs that go along when they do. */
export interface Action {
  readonly type: string;
  readonly title: string;
  readonly id: string;
  readonly verb: string;
  readonly data: Fields;
  readonly inputs: readonly Fields[];
  readonly given: Fields;
}

/** Teams shows six actions of a set and no more: "Cards and task modules", designing Adaptive Cards, learn.microsoft.com. */
export const mostActions = 6;

/** The buttons on show, those behind a ShowCard button included. */
export function actionsOf(card: Fields, above: readonly Fields[] = []): Action[] {
  const elements = elementsOf(card);
  const inputs = [...above, ...elements.filter((one) => text(one.type).startsWith('Input.'))];
  const sets = [card, ...elements.filter((one) => one.type === 'ActionSet')];
  const selects = [card, ...elements].map((one) => one.selectAction).filter(isFields);
  const shown = sets.flatMap((set) => onShow(list(set.actions).filter(isFields)));
  return [...shown, ...selects].flatMap((given) =>
    given.type === 'Action.ShowCard' ? actionsOf(fields(given.card), inputs) : [actionOf(given, inputs)],
  );
}

/** Secondary actions hide behind "…", from where they can be pressed as well. */
function onShow(actions: Fields[]): Fields[] {
  const primary = actions.filter((one) => one.mode !== 'secondary').slice(0, mostActions);
  return actions.filter((one) => one.mode === 'secondary' || primary.includes(one));
}

function actionOf(given: Fields, inputs: readonly Fields[]): Action {
  return {
    type: text(given.type),
    title: text(given.title),
    id: text(given.id),
    verb: text(given.verb),
    data: fields(given.data),
    inputs: given.associatedInputs === 'none' ? [] : inputs,
    given,
  };
}

/** An input, as a person sees it. */
export interface Input {
  readonly id: string;
  readonly type: string;
  readonly label: string;
  readonly value: string;
  readonly required: boolean;
  readonly choices: readonly { readonly title: string; readonly value: string }[];
}

export const inputsOf = (card: Fields): Input[] => inputElements(card).map(inputOf);

/** The inputs as they are written in the card, those behind a ShowCard button included. */
export function inputElements(card: Fields): Fields[] {
  const own = elementsOf(card).filter((one) => text(one.type).startsWith('Input.'));
  return [...new Set([...own, ...actionsOf(card).flatMap((one) => one.inputs)])];
}

export const inputOf = (given: Fields): Input => ({
  id: text(given.id),
  type: text(given.type),
  label: text(given.label) || text(given.title),
  value: given.value === undefined ? '' : String(given.value),
  required: given.isRequired === true,
  choices: list(given.choices).map((one) => ({
    title: text(fields(one).title),
    value: text(fields(one).value),
  })),
});

/**
 * Which action is meant: its title, verb or id; or fields that it must have, `data` by what is given of it; or
 * whichever a function picks.
 */
export type What =
  | string
  | { title?: string; verb?: string; id?: string; data?: Fields }
  | ((action: Action) => boolean);

export function findAction(card: Fields, what: What): Action | undefined {
  const all = actionsOf(card);
  if (typeof what === 'function') return all.find(what);
  if (typeof what === 'string')
    return all.find((one) => [one.title, one.verb, one.id].includes(what) && what !== '');
  const { data = {}, ...named } = what;
  return all.find(
    (one) =>
      Object.entries(named).every(([key, value]) => one[key as keyof typeof named] === value) &&
      Object.entries(data).every(([key, value]) => JSON.stringify(one.data[key]) === JSON.stringify(value)),
  );
}
