/** The Home tab: what I asked for and hold, and what waits for my decision. Drawn whenever it is opened. */

import type { types } from '@slack/bolt';
import type { Actor } from '../../core/people.js';
import type { Reply } from '../act.js';
import { answer } from '../answer.js';
import { renderCard, renderSentence } from './render.js';
import type { Room } from './room.js';

const MOST_BLOCKS = 100;

/** Publishes one person's tab, or one sentence where they are refused. */
export async function showHome(room: Room, userId: string, shown: Actor | string): Promise<void> {
  const blocks =
    typeof shown === 'string'
      ? renderSentence(shown).blocks
      : [
          ...blocksOf(await answer(room.desk, shown, { act: 'typed', text: 'mine' })),
          { type: 'divider' as const },
          ...blocksOf(await answer(room.desk, shown, { act: 'typed', text: 'pending' })),
          { type: 'divider' as const },
          ASK,
        ];
  await room.web.views.publish({
    user_id: userId,
    view: { type: 'home', blocks: blocks.slice(0, MOST_BLOCKS) },
  });
}

const ASK: types.ActionsBlock = {
  type: 'actions',
  elements: [
    {
      type: 'button',
      action_id: 'ask',
      value: 'form',
      style: 'primary',
      text: { type: 'plain_text', text: 'Request access', emoji: false },
    },
  ],
};

function blocksOf(reply: Reply): types.KnownBlock[] {
  if ('card' in reply) return renderCard(reply.card).blocks;
  return 'say' in reply ? renderSentence(reply.say).blocks : [];
}
