/** A choice among more than fits a list: one types, the bot proposes. */

import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { ariaOf, type FieldProps, useField } from './field.js';
import { Proposals } from './Proposals.js';
import type { Choice, ExternalSelect } from './types.js';
import { useProposals } from './useProposals.js';

export function Combobox({ field, ...props }: FieldProps & { field: ExternalSelect }) {
  const { state, choose, host } = useField(props);
  const [typed, type] = useState<string>();
  const [active, setActive] = useState(0);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const open = typed !== undefined;
  const least = field.min_query_length ?? 3;
  const { groups, note } = useProposals(typed, least, (value) =>
    host.search(props.placed.blockId, props.placed.actionId, value),
  );
  const flat = groups.flatMap((group) => group.options);
  const placeholder = field.placeholder?.text ?? 'Search';

  useEffect(() => setActive(0), [typed]);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [active, groups]);

  const pick = (option: Choice | null) => {
    type(undefined);
    void choose(option);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (!open) type('');
      else if (flat.length > 0) setActive((active + step + flat.length) % flat.length);
    } else if (open && event.key === 'Enter') {
      event.preventDefault();
      if (flat[active]) pick(flat[active]);
    } else if (open && event.key === 'Escape') {
      // The first Escape closes the list, the next one the form.
      event.preventDefault();
      event.stopPropagation();
      type(undefined);
    }
  };

  return (
    <div class="f-combo">
      <input
        {...ariaOf(props)}
        {...(props.labelledBy ? {} : { 'aria-label': placeholder })}
        class="f-text"
        type="text"
        role="combobox"
        autocomplete="off"
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={listId}
        {...(open && flat[active] && { 'aria-activedescendant': `${listId}-${active}` })}
        value={typed ?? state.selected_option?.text.text ?? ''}
        placeholder={placeholder}
        onFocus={(event) => event.currentTarget.select()}
        onClick={() => open || type('')}
        onInput={(event) => type(event.currentTarget.value)}
        onBlur={() => type(undefined)}
        onKeyDown={onKeyDown}
      />
      {state.selected_option && !open && (
        <button type="button" class="f-clear" aria-label="Clear" onClick={() => pick(null)}>
          ✕
        </button>
      )}
      <div ref={list} id={listId} role="listbox" class="f-list" hidden={!open}>
        {open && <Proposals {...{ groups, note, active, listId, pick }} />}
      </div>
    </div>
  );
}
