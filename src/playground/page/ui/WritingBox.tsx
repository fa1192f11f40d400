/** Where one types, in any chat: a box that grows, hints above it, and a button that sends. */

import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CommandHint } from '../contract.js';
import { Hints } from './Hints.js';
import { SendIcon } from './icons.js';

const HINTS = 'composer-hints';

interface Props {
  /** The room it writes to. */
  readonly room: string;
  readonly draft: string;
  readonly label: string;
  readonly placeholder: string;
  readonly hints: readonly CommandHint[];
  /** What stands before every hint. */
  readonly prefix?: string;
  readonly busy: boolean;
  readonly write: (text: string) => void;
  /** What is typed once a hint is taken. */
  readonly taken: (hint: CommandHint) => string;
  /** Enter, with no hint marked. */
  readonly enter: () => void;
  readonly send: () => void;
  /** Escape: no hints, until something is typed. */
  readonly hush?: () => void;
  /** Other buttons below the box. */
  readonly children: ComponentChildren;
}

export function WritingBox(props: Props) {
  const { draft, room, busy } = props;
  const box = useRef<HTMLTextAreaElement>(null);
  const [active, setActive] = useState(-1);
  const [shut, setShut] = useState(false);
  const hints = shut ? [] : props.hints;

  // With the render and not after the next paint: a quick arrow key must not be undone.
  useLayoutEffect(() => {
    setActive(-1);
    const element = box.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [draft, room]);

  const write = (text: string) => {
    setShut(false);
    props.write(text);
  };
  const take = (hint: CommandHint) => {
    write(props.taken(hint));
    box.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (hints.length > 0 && step !== undefined) {
      event.preventDefault();
      // From no hint at all, up means the last one.
      setActive((Math.max(active, step < 0 ? 0 : -1) + step + hints.length) % hints.length);
    } else if (event.key === 'Escape') {
      setShut(true);
      props.hush?.();
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      const hint = hints[active];
      if (hint) take(hint);
      else props.enter();
    }
  };

  return (
    <div class="composer">
      {hints.length > 0 && (
        <Hints id={HINTS} hints={hints} active={active} prefix={props.prefix} take={take} />
      )}
      <div class="composer-box">
        <textarea
          ref={box}
          rows={1}
          value={draft}
          maxLength={4000}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={hints.length > 0}
          aria-controls={HINTS}
          {...(hints[active] && { 'aria-activedescendant': `${HINTS}-${active}` })}
          aria-label={props.label}
          placeholder={props.placeholder}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <div class="composer-foot">
          {props.children}
          <button
            type="button"
            class="btn btn-primary send"
            aria-label="Send"
            disabled={draft.trim() === '' || busy}
            onClick={props.send}
          >
            <SendIcon />
          </button>
        </div>
      </div>
    </div>
  );
}
