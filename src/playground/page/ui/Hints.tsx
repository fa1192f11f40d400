/** What one can type. */

import { useEffect, useRef } from 'preact/hooks';
import type { CommandHint } from '../contract.js';

interface Props {
  readonly id: string;
  readonly hints: readonly CommandHint[];
  readonly active: number;
  /** What stands before every word: Slack's slash command. */
  readonly prefix?: string | undefined;
  readonly take: (hint: CommandHint) => void;
}

export function Hints({ id, hints, active, prefix, take }: Props) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div class="hints" ref={list} id={id} role="listbox" aria-label="What you can type">
      {hints.map((hint, index) => (
        <div
          key={hint.usage}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          class="hint"
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => take(hint)}
          onKeyDown={(event) => event.key === 'Enter' && take(hint)}
        >
          <code>
            {prefix && `${prefix} `}
            <b>{hint.usage}</b>
          </code>
          <span>{hint.does}</span>
        </div>
      ))}
    </div>
  );
}
