/** A field that one types into while a list below proposes: of any chat. */

import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Outcome } from '../slack-contract.js';
import { Proposals } from './Proposals.js';
import type { Choice } from './types.js';
import { useProposals } from './useProposals.js';

interface Props {
  /** What names and describes the field to those who can't see it. */
  readonly aria: Readonly<Record<string, string | boolean>>;
  readonly placeholder: string;
  /** The text of what is chosen. */
  readonly chosen: string | undefined;
  /** Letters from which on it asks. */
  readonly least: number;
  readonly search: (value: string) => Promise<Outcome>;
  readonly pick: (option: Choice | null) => void;
}

export function SearchField({ aria, placeholder, chosen, least, search, pick: choose }: Props) {
  const [typed, type] = useState<string>();
  const [active, setActive] = useState(0);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const open = typed !== undefined;
  const { groups, note } = useProposals(typed, least, search);
  const flat = groups.flatMap((group) => group.options);

  useEffect(() => setActive(0), [typed]);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [active, groups]);

  const pick = (option: Choice | null) => {
    type(undefined);
    choose(option);
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
        {...aria}
        class="f-text"
        type="text"
        role="combobox"
        autocomplete="off"
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={listId}
        {...(open && flat[active] && { 'aria-activedescendant': `${listId}-${active}` })}
        value={typed ?? chosen ?? ''}
        placeholder={placeholder}
        onFocus={(event) => event.currentTarget.select()}
        onClick={() => open || type('')}
        onInput={(event) => type(event.currentTarget.value)}
        onBlur={() => type(undefined)}
        onKeyDown={onKeyDown}
      />
      {chosen !== undefined && !open && (
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
