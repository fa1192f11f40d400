/** Which buttons somebody has in front of them. */

import type { SlackState } from '../slack-contract.js';
import type { Model } from '../state/model.js';
import type { Json, TeamsState } from '../teams-contract.js';
import type { Block, Element } from './types.js';

/** The labels of all buttons in one person's messages. */
export function buttonLabels(
  { slack, teams }: Pick<Model, 'slack' | 'teams'>,
  key: string,
): ReadonlySet<string> {
  const [inSlack, inTeams] = [slack[key], teams[key]];
  return new Set([...(inSlack ? labelsInSlack(inSlack) : []), ...(inTeams ? labelsInTeams(inTeams) : [])]);
}

function labelsInSlack({ channels }: SlackState): string[] {
  const blocks = channels.flatMap(({ messages }) => messages.flatMap((message) => message.blocks ?? []));
  return blocks.flatMap(elementsOf).flatMap((it) => (it.type === 'button' ? [it.text.text] : []));
}

function elementsOf(block: Block): readonly Element[] {
  if (block.type === 'actions') return block.elements;
  return block.type === 'section' && block.accessory ? [block.accessory] : [];
}

function labelsInTeams({ conversations }: TeamsState): string[] {
  return conversations.flatMap(({ messages }) =>
    messages.flatMap(({ card }) => (card ? titlesIn(card) : [])),
  );
}

function titlesIn(card: Json): string[] {
  const actions: unknown[] = Array.isArray(card.actions) ? card.actions : [];
  return actions.flatMap((action) => {
    const { title } = (action ?? {}) as Json;
    return typeof title === 'string' ? [title] : [];
  });
}
