/** What all fields have in common. */

import { useHost } from './host.js';
import type { Choice } from './types.js';
import { type Placed, stateIn } from './values.js';

export interface FieldProps {
  readonly placed: Placed;
  /** Whether the bot hears of every choice. */
  readonly dispatch: boolean;
  readonly id?: string;
  readonly labelledBy?: string;
  readonly describedBy?: string;
  readonly wrong?: boolean;
}

/** The attributes by which a field is named and described to those who can't see it. */
export function ariaOf({ id, labelledBy, describedBy, wrong }: FieldProps) {
  return {
    ...(id && { id }),
    ...(labelledBy && { 'aria-labelledby': labelledBy }),
    ...(describedBy && { 'aria-describedby': describedBy }),
    ...(wrong && { 'aria-invalid': true }),
  };
}

/** What a field holds now, and how to change it. */
export function useField({ placed, dispatch }: FieldProps) {
  const host = useHost();
  const state = stateIn(host.touched, placed);
  const choose = (option: Choice | null) =>
    host.set(placed, { type: placed.field.type, selected_option: option }, dispatch);
  return { host, state, choose };
}
