/** The fields that hold a value. */

import { Combobox } from './Combobox.js';
import { ariaOf, type FieldProps, useField } from './field.js';
import { SelectView } from './SelectView.js';
import { TextView } from './Text.js';
import { TextFieldView } from './TextFieldView.js';
import type { Checkboxes, Choice, Radios } from './types.js';
import { allOptions } from './values.js';

export function FieldView(props: FieldProps) {
  const { field } = props.placed;
  switch (field.type) {
    case 'plain_text_input':
      return <TextFieldView {...props} field={field} />;
    case 'static_select':
      return <SelectView {...props} field={field} />;
    case 'external_select':
      return <Combobox {...props} field={field} />;
    case 'radio_buttons':
      return <RadioView {...props} field={field} />;
    case 'checkboxes':
      return <CheckboxView {...props} field={field} />;
  }
}

function RadioView({ field, ...props }: FieldProps & { field: Radios }) {
  const { state, choose } = useField(props);
  const name = `${props.placed.blockId} ${props.placed.actionId}`;
  return (
    <div class="f-options" role="radiogroup" {...ariaOf(props)}>
      {allOptions(field).map((option) => (
        <label class="f-option" key={option.value}>
          <input
            type="radio"
            name={name}
            checked={state.selected_option?.value === option.value}
            onChange={() => void choose(option)}
          />
          <OptionText option={option} />
        </label>
      ))}
    </div>
  );
}

function CheckboxView({ field, ...props }: FieldProps & { field: Checkboxes }) {
  const { host, state } = useField(props);
  const chosen = state.selected_options ?? [];
  const toggle = (option: Choice) => {
    const without = chosen.filter(({ value }) => value !== option.value);
    const selected_options = without.length < chosen.length ? without : [...chosen, option];
    return host.set(props.placed, { type: field.type, selected_options }, props.dispatch);
  };
  return (
    <fieldset class="f-options" {...ariaOf(props)}>
      {allOptions(field).map((option) => (
        <label class="f-option" key={option.value}>
          <input
            type="checkbox"
            checked={chosen.some(({ value }) => value === option.value)}
            onChange={() => void toggle(option)}
          />
          <OptionText option={option} />
        </label>
      ))}
    </fieldset>
  );
}

function OptionText({ option }: { option: Choice }) {
  return (
    <div>
      <TextView text={option.text} />
      {option.description && (
        <div class="f-description">
          <TextView text={option.description} />
        </div>
      )}
    </div>
  );
}
