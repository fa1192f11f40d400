/** Which buttons somebody has in front of them. */

import type { SlackState } from '../slack-contract.js';
import type { Block, Element } from './types.js';

/** The labels of all buttons in one person's messages. */
export function buttonLabels(slack: SlackState): ReadonlySet<string> {
  const blocks = slack.channels.flatMap(({ messages }) =>
    messages.flatMap((message) => message.blocks ?? []),
  );
  return new Set(blocks.flatMap(elementsOf).flatMap((it) => (it.type === 'button' ? [it.text.text] : [])));
}

function elementsOf(block: Block): readonly Element[] {
  if (block.type === 'actions') return block.elements;
  return block.type === 'section' && block.accessory ? [block.accessory] : [];
}
