/** Where each copy of each card is, and what it last said. */

import type { PersonId } from '../core/people.js';
import type { Database } from './driver.js';

export interface Posting {
  readonly kind: string;
  readonly subject: string;
  /** `person:<id>` or `channel:requests`. */
  readonly place: string;
  readonly platform: 'slack' | 'teams';
  readonly workspace: string;
  readonly channel: string | null;
  readonly message: string | null;
  readonly cardHash: string | null;
  /** Why this copy can't arrive; null where it has arrived. */
  readonly unreachable: string | null;
}

const COLUMNS = `kind, subject, place, platform, workspace, channel, message, card_hash as "cardHash", unreachable`;

export async function postingsOf(database: Database, subject: string): Promise<Posting[]> {
  const text = `select ${COLUMNS} from keyturn.postings where subject = $1`;
  return database.run<Posting>({ name: 'postings_of', text }, [subject]);
}

const SAVE = {
  name: 'save_posting',
  text: `insert into keyturn.postings (kind, subject, place, platform, workspace, channel, message, card_hash, unreachable, at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, keyturn.now())
    on conflict (subject, kind, place, platform, workspace) do update set channel = excluded.channel,
      message = excluded.message, card_hash = excluded.card_hash, unreachable = excluded.unreachable, at = excluded.at`,
};

export async function savePosting(database: Database, p: Posting): Promise<void> {
  const values = [
    p.kind,
    p.subject,
    p.place,
    p.platform,
    p.workspace,
    p.channel,
    p.message,
    p.cardHash,
    p.unreachable,
  ];
  await database.run(SAVE, values);
}

/** Has the cards of whatever waits for a decision brought once more: somebody can be reached who couldn't be. */
export async function noticePending(database: Database): Promise<void> {
  const text = `select keyturn.notice('request', id) from keyturn.requests where state = 'pending'`;
  await database.run({ name: 'notice_pending', text }, []);
}

const NOT_REACHED = {
  name: 'not_reached',
  text: `select distinct on (place, platform, workspace) substr(place, 8) as person, platform, workspace, unreachable
    from keyturn.postings where place like 'person:%' order by place, platform, workspace, at desc`,
};

/** Those whom the last card didn't reach in one of their chats, and why. */
export async function notReached(
  database: Database,
): Promise<(Pick<Posting, 'platform' | 'workspace'> & { person: PersonId; unreachable: string })[]> {
  return (await database.run<NotReached>(NOT_REACHED, [])).flatMap(({ unreachable, ...row }) =>
    unreachable === null ? [] : [{ ...row, unreachable }],
  );
}

type NotReached = Pick<Posting, 'platform' | 'workspace' | 'unreachable'> & { readonly person: PersonId };

/**
 * Forgets where copies are and has all that lives posted anew. For a chat that
 * has lost its messages: local mode's forgets them with its process.
 */
export async function repostEverything(database: Database): Promise<void> {
  const run = (name: string, text: string) => database.run({ name, text }, []);
  await run('forget_postings', 'delete from keyturn.postings');
  await run(
    'notice_all',
    `select keyturn.notice('request', r.id) from keyturn.requests r left join keyturn.grants g on g.request = r.id
     left join keyturn.revocations v on v."grant" = g.id
     where r.state = 'pending' or g.state <> 'ended' or v.state <> 'done'`,
  );
}
