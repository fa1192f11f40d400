/** Is each chat as it should be, and does it reach everybody? */

import { chatsOf } from '../../app.js';
import type { Joined } from '../../chat/joined.js';
import type { Config } from '../../config/config.js';
import type { Environment } from '../../config/environment.js';
import { createLog } from '../../config/logging.js';
import { readDirectory } from '../../store/directory.js';
import type { Database } from '../../store/driver.js';
import { allIdentities, unlinked } from '../../store/identities.js';
import { notReached } from '../../store/postings.js';
import { bad, type Finding } from './finding.js';

const PLATFORM = { slack: 'Slack', teams: 'Teams' } as const;

/** One line a workspace or tenant. */
export async function onChats(
  config: Config,
  environment: Environment,
  database: Database,
): Promise<Finding[]> {
  // Nothing is received here: the chats are only asked how they are.
  const joined: Joined = {
    log: createLog('silent'),
    desk: undefined as never,
    personOf: async () => ({ refused: { code: 'busy' } }),
    onUnverified: () => undefined,
  };
  const chats = await chatsOf({ config, environment, database }, joined);
  if (chats.length === 0) return [bad('no chat is configured: nobody can ask')];
  const found = await Promise.all(chats.map(async (chat) => ({ chat, all: await chat.diagnose() })));
  return found.flatMap(({ chat, all }) =>
    all.map(({ ok, says, workspace }) => {
      const { platform = 'slack' } = chat.workspaces.find(({ id }) => id === workspace) ?? {};
      return { ok, says: `${PLATFORM[platform]} ${workspace}: ${says}` };
    }),
  );
}

/** Those whom no chat knows, and those whom the last card did not reach. */
export async function onPeople(database: Database): Promise<Finding[]> {
  const { people } = await readDirectory(database);
  const shut = await notReached(database);
  return [
    ...unlinked(people, await allIdentities(database)).map((p) =>
      bad(`${p.name} (${p.email}) is linked to no chat yet: they link by writing to Keyturn once`),
    ),
    ...shut.flatMap(({ person, platform, workspace, unreachable }) => {
      const who = people.find(({ id }) => id === person);
      const where = `${PLATFORM[platform]} ${workspace}`;
      return who
        ? [
            bad(
              `${who.name} (${who.email}) can't be written to in ${where} (${unreachable}): ${REMEDY[platform]}`,
            ),
          ]
        : [];
    }),
  ];
}

const REMEDY = {
  slack: 'is their account there still theirs, and the app installed?',
  teams: 'have them add or unblock Keyturn in Teams, or install it for them in the admin centre',
} as const;
