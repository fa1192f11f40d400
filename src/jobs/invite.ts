/** Whoever can't be written to yet is asked once, where they can read it, to let the app in. */

import type { Chat } from '../chat/chat.js';
import type { ChatIdentity, PersonId } from '../core/people.js';
import type { Database } from '../store/driver.js';
import { postingsOf, savePosting } from '../store/postings.js';
import type { StorePorts } from '../store/store.js';

interface Options {
  readonly database: Database;
  readonly ports: StorePorts;
}

/** Once a person and workspace; a second time would only annoy, and the request's card names them all the same. */
export async function inviteOnce(
  { database, ports }: Options,
  chat: Chat,
  person: PersonId,
  { platform, workspace, userId }: ChatIdentity,
): Promise<void> {
  const subject = `invitation of ${person}`;
  const place = 'channel:requests';
  const asked = await postingsOf(database, subject);
  if (!chat.invite || asked.some((p) => p.platform === platform && p.workspace === workspace)) return;
  const { directory } = await ports.facts.facts();
  const posted = await chat.invite({ platform, workspace, userId }, directory.nameOf(person));
  if (posted === null) return;
  const { channel, message } = posted;
  await savePosting(database, {
    ...{ kind: 'invitation', subject, place, platform, workspace, channel, message },
    ...{ cardHash: null, unreachable: null },
  });
}
