/** What a human reads and can press in blocks. */

import { fields, isFields, list, newId, text, token } from '../../values.js';
import type { Fields, Message, StateValues, View } from '../types.js';
import { elementsOf, optionsOf } from './parts.js';

/** A pressable thing in a message or a view. */
export interface Pressable {
  readonly blockId: string;
  readonly actionId: string;
  readonly label: string;
  readonly element: Fields;
}

type Readable = Pick<Message, 'text' | 'blocks'> & { attachments?: readonly Fields[] };

const blocksOf = (place: Readable | View): Fields[] => [
  ...(place.blocks as Fields[]),
  ...list((place as Partial<Message>).attachments).flatMap((one) => list(fields(one).blocks) as Fields[]),
];

/** The words a human reads in one block, in reading order. */
function words(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(words);
  if (!isFields(value)) return [];
  if (typeof value.text === 'string') return [value.text];
  const parts = [
    'label',
    'title',
    'text',
    'fields',
    'elements',
    'element',
    'accessory',
    'placeholder',
    'options',
    'hint',
  ];
  const own = value.type === 'image' ? [text(value.alt_text)] : [];
  return [...own, ...parts.flatMap((part) => words(value[part]))];
}

/** Everything a human reads in a message or a view, one piece a line. Blocks hide the text, as in Slack. */
export function readText(place: Readable | View): string {
  const title = isFields((place as View).title) ? words((place as View).title) : [];
  const blocks = blocksOf(place);
  const attached = list((place as Partial<Message>).attachments).map((one) => text(fields(one).text));
  const shown = blocks.length > 0 ? blocks.flatMap(words) : [text((place as Message).text)];
  return [...title, ...shown, ...attached].filter(Boolean).join('\n');
}

/** Every interactive element with its block and label. */
export function pressables(place: Readable | View): Pressable[] {
  return blocksOf(place).flatMap((block) =>
    elementsOf(block).map(({ element }) => ({
      blockId: text(block.block_id),
      actionId: text(element.action_id),
      label: text(fields(element.text).text) || text(fields(block.label).text),
      element,
    })),
  );
}

/** The buttons, in order. */
export const readButtons = (place: Readable | View): Pressable[] =>
  pressables(place).filter(({ element }) => element.type === 'button');

/** Finds one by action id or label; with a block id when several share it. */
export function findPressable(
  place: Readable | View,
  what: string | { actionId: string; blockId?: string },
): Pressable | undefined {
  const { actionId, blockId } = typeof what === 'string' ? { actionId: what, blockId: undefined } : what;
  const here = pressables(place).filter((one) => blockId === undefined || one.blockId === blockId);
  return here.find((one) => one.actionId === actionId) ?? here.find((one) => one.label === actionId);
}

/** Slack writes what the app left out: ids, `emoji`, `verbatim`. */
export function completed(blocks: readonly unknown[]): Fields[] {
  return blocks.map((block) => {
    const whole = filled(block) as Fields;
    if (!whole.block_id) whole.block_id = token(5);
    for (const { element } of elementsOf(whole)) if (!element.action_id) element.action_id = newId('a');
    return whole;
  });
}

function filled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(filled);
  if (!isFields(value)) return value;
  const copy: Fields = Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, filled(inner)]),
  );
  if (copy.type === 'plain_text') copy.emoji ??= true;
  if (copy.type === 'mrkdwn') copy.verbatim ??= false;
  return copy;
}

const initial: Readonly<Record<string, (element: Fields) => Fields>> = {
  plain_text_input: (e) => ({ value: e.initial_value ?? null }),
  number_input: (e) => ({ value: e.initial_value ?? null }),
  email_text_input: (e) => ({ value: e.initial_value ?? null }),
  url_text_input: (e) => ({ value: e.initial_value ?? null }),
  static_select: (e) => ({ selected_option: e.initial_option ?? null }),
  external_select: (e) => ({ selected_option: e.initial_option ?? null }),
  radio_buttons: (e) => ({ selected_option: e.initial_option ?? null }),
  users_select: (e) => ({ selected_user: e.initial_user ?? null }),
  channels_select: (e) => ({ selected_channel: e.initial_channel ?? null }),
  conversations_select: (e) => ({ selected_conversation: e.initial_conversation ?? null }),
  checkboxes: (e) => ({ selected_options: e.initial_options ?? [] }),
  multi_static_select: (e) => ({ selected_options: e.initial_options ?? [] }),
  multi_external_select: (e) => ({ selected_options: e.initial_options ?? [] }),
  multi_users_select: (e) => ({ selected_users: e.initial_users ?? [] }),
  datepicker: (e) => ({ selected_date: e.initial_date ?? null }),
  timepicker: (e) => ({ selected_time: e.initial_time ?? null }),
  datetimepicker: (e) => ({ selected_date_time: e.initial_date_time ?? null }),
};

/**
 * `state.values` of what is on the screen. What was typed survives an update when
 * block_id, action_id and type stay the same; that is Slack's rule for views.update.
 */
export function stateOf(place: Readable | View, before: StateValues = {}): StateValues {
  const values: StateValues = {};
  for (const { blockId, actionId, element } of pressables(place)) {
    const type = text(element.type);
    const start = initial[type];
    if (!start) continue;
    const kept = before[blockId]?.[actionId];
    values[blockId] = {
      ...values[blockId],
      [actionId]: kept?.type === type ? kept : { type, ...start(element) },
    };
  }
  return values;
}

/** A human's shorthand for an element's state: the text typed, or the value picked. */
export function elementState(element: Fields, given: unknown): Fields {
  const type = text(element.type);
  if (isFields(given) && typeof given.type === 'string') return given;
  const key = Object.keys(initial[type]?.({}) ?? { value: null })[0] ?? 'value';
  return { type, [key]: key.startsWith('selected_option') ? picked(element, given) : given };
}

function picked(element: Fields, given: unknown): unknown {
  if (Array.isArray(given)) return given.map((one) => picked(element, one));
  if (typeof given !== 'string') return given;
  return (
    optionsOf(element).find((one) => fields(one).value === given) ?? {
      text: { type: 'plain_text', text: given, emoji: true },
      value: given,
    }
  );
}
