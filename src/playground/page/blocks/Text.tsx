/** Texts, and what stands in for what can't be drawn. */

import { Mrkdwn } from '../mrkdwn/Mrkdwn.js';
import { useHost } from './host.js';
import type { Text } from './types.js';

/** A text: mrkdwn is formatted, plain text is shown as it was typed. */
export function TextView({ text }: { text: Text }) {
  const { nameOf } = useHost();
  if (text.type === 'mrkdwn') return <div class="b-text">{<Mrkdwn text={text.text} nameOf={nameOf} />}</div>;
  return <div class="b-text b-plain">{text.text}</div>;
}

/** What this page can't draw says so. */
export function Unsupported({ what, type }: { what: 'block' | 'element'; type: unknown }) {
  return (
    <p class="b-unsupported" role="note">
      Unsupported {what}: <code class="m-code">{String(type)}</code>
    </p>
  );
}
