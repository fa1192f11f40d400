/** `break-glass`: access at once when no chat answers. It needs the database, the master key and the person's own factor, and nothing else. */

import { type Custody, connectorsOf, openCustody } from '../app.js';
import { TryLater } from '../chat/chat.js';
import { createLog } from '../config/logging.js';
import { sayTime } from '../core/cards/words.js';
import type { Command } from '../core/command.js';
import type { RequestFacts } from '../core/facts.js';
import { type Grant, servesSecret } from '../core/grant.js';
import type { Person } from '../core/people.js';
import { perform } from '../core/perform.js';
import { readWords } from '../core/words.js';
import { targetJobs } from '../jobs/targets.js';
import { type Desk, openDesk } from './applied.js';
import type { Args } from './args.js';
import { fullEnvironment, namedPerson, withDatabase } from './open.js';
import { proven } from './prove.js';
import { asTold } from './sitting.js';
import { Told } from './told.js';
import { waysOf } from './ways.js';

const USAGE =
  'Write it like: keyturn break-glass acme/front-desk 30m "what has happened, and what you will do" --as you@your-company.example';

export async function breakGlass(args: Args): Promise<number> {
  const asked = readGlass(args.words);
  const environment = fullEnvironment();
  return withDatabase(environment, async (database) => {
    const desk = await openDesk(database);
    const person = namedPerson(args, (await desk.ports.facts.facts()).directory);
    const custody = await openCustody(database, environment);
    const id = await proven(desk, person, asked, await waysOf(args, desk, person));
    await provide(desk, custody, id);
    const standing = await desk.ports.store.requestFacts(id);
    if (standing?.grant && !servesSecret(standing.grant)) {
      console.log(sayOwn(standing));
      return 0;
    }
    const exposure = await show(desk, person, id);
    const facts = await desk.ports.store.requestFacts(id);
    const shown = facts?.exposures.find((e) => e.id === exposure);
    if (!facts?.grant?.endsAt || !facts.review || !shown)
      throw new Error(`${id} is not what it was made to be`);
    const { request, directory, review, grant, accountNow } = facts;
    const { target, made } = grant;
    const password =
      target && made?.sealed
        ? await custody.openLogin(request.client, target.login, made.sealed)
        : await custody.openSecret(request.client, request.account, shown.secretVersion);
    const username = made?.sealed ? target?.login : accountNow?.username;
    const lines = [
      `${grant.id} is yours until ${sayTime(facts.grant.endsAt, directory)}: ${request.client}/${request.account}.`,
      `It is on record, and everybody concerned is told as soon as a chat answers. Somebody else reviews it by ${sayTime(review.dueAt, directory, facts.now)}.`,
      ...(username ? [`Sign-in name: ${username}`] : []),
      'Password, shown this once (clear your terminal afterwards):',
      password.reveal(),
    ];
    console.log(lines.join('\n'));
    return 0;
  });
}

function readGlass(words: readonly string[]): Extract<Command, { verb: 'break-glass' }> {
  const typed = readWords(['break-glass', ...words].join(' '));
  if (typed.word !== 'break-glass' || typed.asked.seconds === null) throw new Told(USAGE, 2);
  return { verb: 'break-glass', ...typed.asked, seconds: typed.asked.seconds };
}

/** What the access needs at its system is made here and now: nobody else may be running. */
async function provide(desk: Desk, custody: Custody, id: string): Promise<void> {
  const facts = await desk.ports.store.requestFacts(id);
  if (facts?.grant?.state !== 'provisioning') return;
  const { client, account } = facts.request;
  const { target } = targetJobs({
    ...{ ports: desk.ports, vault: custody, connect: connectorsOf(custody) },
    log: createLog('silent'),
  });
  try {
    await target(`${client}/${account}`);
  } catch (error) {
    if (!(error instanceof TryLater)) throw error;
    throw new Told(
      `It is yours, but it doesn’t stand at the target yet: ${error.message} The running Keyturn goes on trying; so does this command when you run it again.`,
    );
  }
}

function sayOwn({ grant, directory }: RequestFacts): string {
  const { id, target, endsAt } = grant as Grant;
  const until = endsAt === null ? 'its end' : sayTime(endsAt, directory);
  return `${id} is yours until ${until}: ${target?.login} is in the group. Sign in with your own password. It is on record, and everybody concerned is told as soon as a chat answers.`;
}

/** @returns the showing's id; the proof of the break-glass covers it. */
async function show(desk: Desk, person: Person, id: string): Promise<string> {
  const actor = { person: person.id, via: 'cli' } as const;
  const outcome = await perform(desk.ports, actor, { verb: 'show-at-terminal', id });
  if ('done' in outcome) return outcome.done;
  throw await asTold(desk, 'refused' in outcome ? outcome.refused : null);
}
