/** A choice among more than fits a list: one types, the bot proposes. */

import { ariaOf, type FieldProps, useField } from './field.js';
import { SearchField } from './SearchField.js';
import type { ExternalSelect } from './types.js';

export function Combobox({ field, ...props }: FieldProps & { field: ExternalSelect }) {
  const { state, choose, host } = useField(props);
  const placeholder = field.placeholder?.text ?? 'Search';
  return (
    <SearchField
      aria={{ ...ariaOf(props), ...(props.labelledBy ? {} : { 'aria-label': placeholder }) }}
      placeholder={placeholder}
      chosen={state.selected_option?.text.text}
      least={field.min_query_length ?? 3}
      search={(value) => host.search(props.placed.blockId, props.placed.actionId, value)}
      pick={(option) => void choose(option)}
    />
  );
}
