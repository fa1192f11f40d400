/** A section's text, folded where it is long: Slack shows "See more" unless the section says `expand`. */

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

/** About what a phone shows of a message before it folds. Slack doesn't document its own measure. */
const MOST_CHARACTERS = 600;
const MOST_LINES = 12;

export function Folded({
  text,
  expand,
  children,
}: {
  text: string;
  expand: boolean;
  children: ComponentChildren;
}) {
  const long = text.length > MOST_CHARACTERS || text.split('\n').length > MOST_LINES;
  const [open, setOpen] = useState(false);
  if (!long || expand) return <>{children}</>;
  return (
    <div class={open ? 'b-fold' : 'b-fold b-folded'}>
      <div class="b-fold-text">{children}</div>
      <button type="button" class="b-more" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'See less' : 'See more'}
      </button>
    </div>
  );
}
