/** What Slack's own client checks before a submission leaves the screen. */

import { fields, isFields, isTrue, list, text } from '../../values.js';
import { optionsOf } from '../blocks/parts.js';
import type { Fields, View } from '../types.js';

/** The message under each input that Slack would not send, by block id. */
export function missingInputs(view: View): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of view.blocks) {
    if (block.type !== 'input') continue;
    const id = text(block.block_id);
    const element = fields(block.element);
    const state = fields(view.state.values[id]?.[text(element.action_id)]);
    const error = isEmpty(state) ? (isTrue(block.optional) ? undefined : required) : wrong(element, state);
    if (error) errors[id] = error;
  }
  return errors;
}

const required = 'Please complete this required field.';

function isEmpty(state: Fields): boolean {
  const { type: _, ...rest } = state;
  return Object.values(rest).every(
    (value) => value === null || value === '' || (Array.isArray(value) && value.length === 0),
  );
}

function wrong(element: Fields, state: Fields): string | undefined {
  if (element.type === 'plain_text_input') return wrongLength(element, text(state.value));
  if (element.type === 'number_input') return wrongNumber(element, text(state.value));
  if (element.type === 'static_select' || element.type === 'radio_buttons') {
    const value = isFields(state.selected_option) ? state.selected_option.value : undefined;
    const offered = optionsOf(element).some((one) => fields(one).value === value);
    return offered ? undefined : 'Please choose one of the options.';
  }
  if (element.type === 'checkboxes' || element.type === 'multi_static_select') {
    const offered = optionsOf(element).map((one) => fields(one).value);
    const all = list(state.selected_options).every((one) => offered.includes(fields(one).value));
    return all ? undefined : 'Please choose among the options.';
  }
  return undefined;
}

function wrongLength(element: Fields, typed: string): string | undefined {
  const most = Number(element.max_length ?? 3000);
  const least = Number(element.min_length ?? 0);
  if (typed.length > most) return `Must be at most ${most} characters.`;
  return typed.length < least ? `Must be at least ${least} characters.` : undefined;
}

function wrongNumber(element: Fields, typed: string): string | undefined {
  const number = Number(typed);
  if (!Number.isFinite(number)) return 'Must be a number.';
  if (!isTrue(element.is_decimal_allowed) && !Number.isInteger(number)) return 'Must be a whole number.';
  if (element.min_value !== undefined && number < Number(element.min_value))
    return `Must be at least ${element.min_value}.`;
  if (element.max_value !== undefined && number > Number(element.max_value))
    return `Must be at most ${element.max_value}.`;
  return undefined;
}
