/** The Home tab: what I hold, what I asked for, and what waits for me. Drawn whenever it is opened, and after a press in it. */

import type { Actor } from '../../core/people.js';
import { home } from '../home.js';
import { renderCards, renderSentence } from './render.js';
import type { Room } from './room.js';

const MOST_BLOCKS = 100;
const REST = 'There is more: type /access mine or /access pending.';

/** Publishes one person's tab, or one sentence where they are refused. */
export async function showHome(room: Room, userId: string, shown: Actor | string): Promise<void> {
  const { blocks } =
    typeof shown === 'string'
      ? renderSentence(shown)
      : renderCards(await home(room.desk, shown), REST, MOST_BLOCKS);
  await room.web.views.publish({ user_id: userId, view: { type: 'home', blocks } });
}
