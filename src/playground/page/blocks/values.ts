/** What inputs hold, in the shape of Slack's `view.state.values`, and what is missing from it. */

import type { ElementState, Values } from '../slack-contract.js';
import type { Block, Choice, Field, Plain } from './types.js';

/** An input where it stands. */
export interface Placed {
  readonly blockId: string;
  readonly actionId: string;
  readonly field: Field;
  readonly required: boolean;
}

/** A block's id; Slack gives every block one, and a place in the list stands in for it. */
export function blockIdOf(block: Block, index: number): string {
  return block.block_id ?? `block-${index}`;
}

/** All inputs of these blocks, in order. */
export function fieldsOf(blocks: readonly Block[]): readonly Placed[] {
  return blocks.flatMap((block, index) => {
    const place = (field: Field, required: boolean): Placed => ({
      blockId: blockIdOf(block, index),
      actionId: field.action_id ?? '',
      field,
      required,
    });
    if (block.type === 'input') return [place(block.element, block.optional !== true)];
    const elements =
      block.type === 'actions' ? block.elements : block.type === 'section' ? [block.accessory] : [];
    return elements.flatMap((element) => (element && isField(element) ? [place(element, false)] : []));
  });
}

function isField(element: { readonly type: string }): element is Field {
  return ['static_select', 'external_select', 'plain_text_input', 'radio_buttons', 'checkboxes'].includes(
    element.type,
  );
}

/** What a field holds before anybody touches it. */
export function initialState(field: Field): ElementState {
  switch (field.type) {
    case 'plain_text_input':
      return { type: field.type, value: field.initial_value ?? null };
    case 'checkboxes':
      return { type: field.type, selected_options: field.initial_options ?? [] };
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
      return { type: field.type, selected_option: field.initial_option ?? null };
  }
}

/** What a field holds now. A choice that is no longer offered is none. */
export function stateIn(touched: Values, { blockId, actionId, field }: Placed): ElementState {
  const state = touched[blockId]?.[actionId];
  if (!state || state.type !== field.type) return initialState(field);
  if (field.type !== 'static_select' && field.type !== 'radio_buttons') return state;
  const gone =
    state.selected_option && !allOptions(field).some(({ value }) => value === state.selected_option?.value);
  return gone ? initialState(field) : state;
}

/** The whole form: what was touched, and what the rest began with. */
export function collect(blocks: readonly Block[], touched: Values): Values {
  const all: Record<string, Record<string, ElementState>> = {};
  for (const placed of fieldsOf(blocks)) {
    all[placed.blockId] = { ...all[placed.blockId], [placed.actionId]: stateIn(touched, placed) };
  }
  return all;
}

/** What Slack itself would complain about before it sends a form: block id → sentence. */
export function complaints(blocks: readonly Block[], values: Values): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { blockId, actionId, field, required } of fieldsOf(blocks)) {
    const complaint = complain(field, values[blockId]?.[actionId], required);
    if (complaint) found[blockId] = complaint;
  }
  return found;
}

function complain(field: Field, state: ElementState | undefined, required: boolean): string | undefined {
  const text = state?.value ?? '';
  const empty = !text.trim() && !state?.selected_option && !state?.selected_options?.length;
  if (empty) return required ? 'Please complete this required field.' : undefined;
  if (field.type !== 'plain_text_input') return undefined;
  if (field.min_length !== undefined && text.length < field.min_length) {
    return `Please write at least ${field.min_length} characters.`;
  }
  if (field.max_length !== undefined && text.length > field.max_length) {
    return `Please keep to ${field.max_length} characters; this is ${text.length}.`;
  }
  return undefined;
}

/** All options of a choice, groups opened up. */
export function allOptions(from: {
  readonly options?: readonly Choice[];
  readonly option_groups?: readonly { readonly label: Plain; readonly options: readonly Choice[] }[];
}): readonly Choice[] {
  return from.options ?? from.option_groups?.flatMap((group) => group.options) ?? [];
}
