/** An input block: label, field, hint, complaint. */

import { FieldView } from './FieldView.js';
import { useHost } from './host.js';
import type { Input } from './types.js';

export function InputView({ input, id }: { input: Input; id: string }) {
  const host = useHost();
  const error = host.errors[id];
  const field = `field-${id}`;
  const grouped = input.element.type === 'radio_buttons' || input.element.type === 'checkboxes';
  const placed = {
    blockId: id,
    actionId: input.element.action_id ?? '',
    field: input.element,
    required: input.optional !== true,
  };
  const label = (
    <>
      {input.label.text}
      {input.optional && <span class="b-optional"> (optional)</span>}
    </>
  );
  return (
    <div class={error ? 'b-input b-input-wrong' : 'b-input'}>
      {grouped ? (
        <div class="b-label" id={`${field}-label`}>
          {label}
        </div>
      ) : (
        <label class="b-label" id={`${field}-label`} for={field}>
          {label}
        </label>
      )}
      <FieldView
        placed={placed}
        dispatch={input.dispatch_action === true}
        id={field}
        labelledBy={`${field}-label`}
        describedBy={`${field}-hint`}
        wrong={error !== undefined}
      />
      <div id={`${field}-hint`}>
        {input.hint && <p class="b-hint">{input.hint.text}</p>}
        {error && <p class="b-error">{error}</p>}
      </div>
    </div>
  );
}
