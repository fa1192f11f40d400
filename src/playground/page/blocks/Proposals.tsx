/** The list under a search field. */

import { Fragment } from 'preact';
import type { Choice } from './types.js';
import type { Group } from './useProposals.js';

interface Props {
  readonly groups: readonly Group[];
  readonly note: string | undefined;
  readonly active: number;
  readonly listId: string;
  readonly pick: (option: Choice) => void;
}

export function Proposals({ groups, note, active, listId, pick }: Props) {
  let index = -1;
  return (
    <>
      {note && <div class="f-note">{note}</div>}
      {groups.map((group) => (
        <Fragment key={group.label ?? ''}>
          {group.label && <div class="f-group">{group.label}</div>}
          {group.options.map((option) => {
            index += 1;
            return (
              <div
                key={option.value}
                id={`${listId}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === active}
                class="f-proposal"
                // The field keeps the focus: a press must not blur it before the choice is made.
                onPointerDown={(event) => event.preventDefault()}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => pick(option)}
                onKeyDown={(event) => event.key === 'Enter' && pick(option)}
              >
                {option.text.text}
                {option.description && <small>{option.description.text}</small>}
              </div>
            );
          })}
        </Fragment>
      ))}
    </>
  );
}
