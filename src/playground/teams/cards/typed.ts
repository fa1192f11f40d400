/** What a person typed into a card's inputs, as the client sends it, and what it does not send. */

import { text } from '../../values.js';
import { Impossible } from '../human/impossible.js';
import type { Fields } from '../types.js';
import { type Action, type Input, inputOf } from './read.js';

/** What is typed or chosen, by the inputs' ids. */
export type Given = Readonly<Record<string, unknown>>;

export interface Typed {
  readonly values: Fields;
  /** Under each input that keeps the client from sending anything. */
  readonly errors: Readonly<Record<string, string>>;
}

/** The inputs that go with an action: what was typed, else what stood there. Empty ones are left out, as Teams does. */
export function typedInto({ inputs }: Pick<Action, 'inputs'>, given: Given): Typed {
  const known = new Set(inputs.map((one) => text(one.id)));
  for (const id of Object.keys(given))
    if (!known.has(id))
      throw new Impossible(`There is no input ${id}; there is: ${[...known].join(', ') || 'none'}.`);
  const values: Record<string, unknown> = {};
  const errors: Record<string, string> = {};
  for (const element of inputs) {
    const input = inputOf(element);
    const value = input.id in given ? String(given[input.id] ?? '') : standing(element, input);
    const error = wrong(element, input, value);
    if (error) errors[input.id] = text(element.errorMessage) || error;
    if (value !== '') values[input.id] = value;
  }
  return { values, errors };
}

/** A toggle that nobody touched still has a value. */
const standing = (element: Fields, { type, value }: Input): string =>
  type === 'Input.Toggle' ? value || text(element.valueOff) || 'false' : value;

function wrong(element: Fields, input: Input, value: string): string | undefined {
  if (value === '') return input.required ? 'Required field' : undefined;
  if (input.type === 'Input.Text') return wrongText(element, value);
  if (input.type === 'Input.Number') return wrongNumber(element, value);
  return input.type === 'Input.ChoiceSet' ? wrongChoice(element, input, value) : undefined;
}

function wrongText(element: Fields, value: string): string | undefined {
  // The client's box takes no more characters than this.
  if (element.maxLength !== undefined && value.length > Number(element.maxLength)) return 'Too long';
  const regex = text(element.regex);
  return regex && !new RegExp(regex).test(value) ? 'Invalid value' : undefined;
}

function wrongNumber({ min, max }: Fields, value: string): string | undefined {
  const number = Number(value);
  const fits = number >= Number(min ?? -Infinity) && number <= Number(max ?? Infinity);
  return fits ? undefined : 'Invalid value';
}

/** A choice that a search found is not in the list. */
function wrongChoice(element: Fields, { choices }: Input, value: string): string | undefined {
  if (element['choices.data']) return undefined;
  const chosen = element.isMultiSelect === true ? value.split(',') : [value];
  const offered = chosen.every((one) => choices.some((choice) => choice.value === one));
  return offered ? undefined : 'Choose one of the options';
}
