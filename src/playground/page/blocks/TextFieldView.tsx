/** A field for free text. */

import { ariaOf, type FieldProps, useField } from './field.js';
import type { PlainTextInput } from './types.js';

export function TextFieldView({ field, ...props }: FieldProps & { field: PlainTextInput }) {
  const { host, state } = useField(props);
  const set = (value: string, dispatch: boolean) =>
    void host.set(props.placed, { type: field.type, value: value === '' ? null : value }, dispatch);
  const common = {
    ...ariaOf(props),
    class: 'f-text',
    value: state.value ?? '',
    placeholder: field.placeholder?.text ?? '',
    autocomplete: 'off',
    onInput: (event: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
      set(event.currentTarget.value, false),
  };
  const enter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !props.dispatch) return;
    event.preventDefault();
    set((event.currentTarget as HTMLInputElement).value, true);
  };
  return (
    <>
      {field.multiline ? (
        <textarea rows={4} {...common} />
      ) : (
        <input type="text" onKeyDown={enter} {...common} />
      )}
      {field.max_length !== undefined && <Count used={(state.value ?? '').length} most={field.max_length} />}
    </>
  );
}

/** How much room is left, once it matters. */
function Count({ used, most }: { used: number; most: number }) {
  if (used < most * 0.8) return null;
  return <div class={used > most ? 'f-count f-count-over' : 'f-count'}>{most - used} characters left</div>;
}
