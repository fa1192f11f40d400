/** A short list to choose from: the browser's own, which is best under a thumb. */

import { ariaOf, type FieldProps, useField } from './field.js';
import type { Choice, StaticSelect } from './types.js';
import { allOptions } from './values.js';

export function SelectView({ field, ...props }: FieldProps & { field: StaticSelect }) {
  const { state, choose } = useField(props);
  const placeholder = field.placeholder?.text ?? 'Select an option';
  const named = props.labelledBy ? {} : { 'aria-label': placeholder };
  const pick = (value: string) =>
    void choose(allOptions(field).find((option) => option.value === value) ?? null);
  return (
    <span class="f-select">
      <select
        {...ariaOf(props)}
        {...named}
        value={state.selected_option?.value ?? ''}
        onChange={(event) => pick(event.currentTarget.value)}
      >
        <option value="" disabled={props.placed.required}>
          {placeholder}
        </option>
        {field.option_groups?.map((group) => (
          <optgroup key={group.label.text} label={group.label.text}>
            {group.options.map(show)}
          </optgroup>
        ))}
        {field.options?.map(show)}
      </select>
    </span>
  );
}

function show(option: Choice) {
  return (
    <option key={option.value} value={option.value}>
      {option.text.text}
    </option>
  );
}
