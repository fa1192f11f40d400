/** Brings every copy of a request's or a link's cards to what is true now. Run twice, it changes nothing. */

import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { type Chat, type Destination, TryLater, Unreachable, type Workspace } from '../chat/chat.js';
import type { Introductions } from '../chat/introduce.js';
import { KEYTURN } from '../core/audit.js';
import type { Card } from '../core/cards/card.js';
import { codeCopies } from '../core/cards/code-card.js';
import {
  alertCopies,
  askedToDecide,
  type Copy,
  linkCopies,
  type Place,
  proofCopies,
  requestCopies,
  strayCopy,
  sweepCopies,
  visitCopies,
} from '../core/cards/copies.js';
import { digestCopies } from '../core/cards/digest-card.js';
import type { RequestFacts } from '../core/facts.js';
import type { ChatIdentity, PersonId } from '../core/people.js';
import { perform } from '../core/perform.js';
import { storedDigest } from '../store/digest.js';
import type { Database } from '../store/driver.js';
import { type Posting, postingsOf, savePosting } from '../store/postings.js';
import type { StorePorts } from '../store/store.js';
import { inviteOnce } from './invite.js';

/** Each brings every copy of one subject's cards to what is true; there is never more to do. */
export type CardJobs = Readonly<
  Record<
    'request' | 'link' | 'visit' | 'code' | 'confirm' | 'alert' | 'digest' | 'sweep',
    (id: string) => Promise<undefined>
  >
>;

interface Options {
  readonly database: Database;
  readonly ports: StorePorts;
  readonly chats: () => readonly Chat[];
  readonly introductions: Introductions;
  readonly log: Logger;
}

interface Addressed {
  readonly kind: string;
  readonly place: string;
  readonly card: Card;
  readonly to: Destination;
}

/** Somebody may come within reach between two rounds; more often than that it is somebody's game. */
const MOST_ROUNDS = 4;

export function cardJobs(options: Options): CardJobs {
  const { ports } = options;
  return {
    request: async (id) => {
      const facts = await ports.store.requestFacts(id);
      if (!facts) return;
      return level(options, facts);
    },
    link: async (id) => {
      const facts = await ports.store.linkFacts({ id });
      if (!facts) return;
      const postings = await postingsOf(options.database, id);
      return bring(options, id, await address(options, linkCopies(facts)), postings);
    },
    visit: async (id) => {
      const facts = await ports.store.visitFacts({ id });
      if (!facts) return;
      const postings = await postingsOf(options.database, id);
      return bring(options, id, await address(options, visitCopies(facts)), postings);
    },
    code: async (id) => {
      const facts = await ports.store.linkFacts({ ask: id });
      const ask = facts?.codeAsks.find((one) => one.id === id);
      if (!facts || !ask) return;
      const postings = await postingsOf(options.database, id);
      return bring(options, id, await address(options, codeCopies(facts, ask)), postings);
    },
    confirm: async (id) => {
      const facts = await ports.store.proofFacts({ id });
      if (!facts) return;
      const postings = await postingsOf(options.database, id);
      return bring(options, id, await address(options, proofCopies(facts)), postings);
    },
    sweep: async (id) => {
      // Whatever it waited for may be done; where it isn't, nothing comes of asking.
      await perform(ports, KEYTURN, { verb: 'finish-sweep', id });
      const story = await ports.store.sweepStory(id);
      if (!story) return;
      const postings = await postingsOf(options.database, id);
      return bring(options, id, await address(options, sweepCopies(story)), postings);
    },
    alert: async (id) => {
      const facts = await ports.store.alertFacts(id);
      if (!facts) return;
      const postings = await postingsOf(options.database, id);
      return bring(options, id, await address(options, alertCopies(facts)), postings);
    },
    digest: async (day) => {
      const stored = await storedDigest(options.database, day);
      if (!stored) return;
      const { directory } = await ports.facts.facts();
      const postings = await postingsOf(options.database, day);
      return bring(options, day, await address(options, digestCopies(stored, directory)), postings);
    },
  };
}

/** Whom nothing reaches is known when it has been tried; then the others' copies say so, until all say the same. */
async function level(options: Options, facts: RequestFacts): Promise<undefined> {
  let told: readonly PersonId[] = [];
  let found = await unreachedOf(options, facts);
  let failure: unknown;
  for (let n = 0; n < MOST_ROUNDS && (n === 0 || found.join() !== told.join()); n++) {
    told = found;
    failure = undefined;
    await bringRequest(options, facts, told).catch((error: unknown) => {
      failure = error;
    });
    found = await unreachedOf(options, facts);
  }
  if (failure !== undefined) throw failure;
  return undefined;
}

async function bringRequest(
  options: Options,
  facts: RequestFacts,
  unreached: readonly PersonId[],
): Promise<undefined> {
  const { id } = facts.request;
  const postings = await postingsOf(options.database, id);
  const wanted = await address(options, requestCopies(facts, unreached));
  // Somebody who was asked or warned once keeps a true card, even after leaving the group.
  const strays = postings.filter((p) => !wanted.copies.some((w) => isCopy(p, w)));
  const copies = [...wanted.copies, ...strays.flatMap((p) => stray(p, strayCopy(facts, p.kind)))];
  return bring(options, id, { ...wanted, copies }, postings);
}

/** Those who are asked and whom no chat reaches: none is linked, or each has turned the card away. */
async function unreachedOf(options: Options, facts: RequestFacts): Promise<PersonId[]> {
  const asked = askedToDecide(facts);
  if (asked.length === 0) return [];
  const reached = await options.introductions.reach(asked);
  const postings = await postingsOf(options.database, facts.request.id);
  const isShut = (person: PersonId, { platform, workspace }: ChatIdentity) =>
    postings.some(
      (p) =>
        p.kind === 'request' &&
        p.place === nameOf({ person }) &&
        p.platform === platform &&
        p.workspace === workspace &&
        p.unreachable !== null,
    );
  return asked.filter((person) => (reached.of.get(person) ?? []).every((known) => isShut(person, known)));
}

function stray(posting: Posting, card: Card | null): Addressed[] {
  const { kind, place, platform, workspace, channel, message } = posting;
  return message === null || channel === null || card === null
    ? []
    : [{ kind, place, card, to: { platform, workspace, channel } }];
}

/** Copies with their addresses, and what keeps more of them from being found now. */
interface Wanted {
  readonly copies: readonly Addressed[];
  readonly later: TryLater | null;
}

/** Every copy with its addresses: a person may have several chats, or none. */
async function address(options: Options, copies: readonly Copy[]): Promise<Wanted> {
  const people = copies.flatMap(({ place }) => ('person' in place ? [place.person] : []));
  const reached = await options.introductions.reach([...new Set(people)]);
  const addressed = copies.flatMap(({ kind, place, card, only }) => {
    const to =
      'person' in place
        ? (reached.of.get(place.person) ?? []).filter((known) => fits(known, only))
        : channels(options, place.channel);
    return to.map((destination): Addressed => ({ kind, place: nameOf(place), card, to: destination }));
  });
  return { copies: addressed, later: reached.later };
}

/** What one person alone may see goes to no account that only an e-mail address vouches for. */
function fits(known: ChatIdentity & { readonly proven: boolean }, only: Copy['only']): boolean {
  if (only === undefined) return true;
  if (only === 'proven') return known.proven;
  const { platform, workspace, userId } = only;
  return known.platform === platform && known.workspace === workspace && known.userId === userId;
}

/** Cards of all clients stand there, so only the operator's own channels get them. */
function channels(options: Options, which: 'requests' | 'alerts'): Destination[] {
  const workspaces: Workspace[] = options.chats().flatMap((chat) => [...chat.workspaces]);
  return workspaces.flatMap((w) => {
    const channel = which === 'requests' ? w.requestsChannel : w.alertsChannel;
    const ours = w.of === 'operator' && channel !== undefined;
    return ours ? [{ platform: w.platform, workspace: w.id, channel }] : [];
  });
}

function nameOf(place: Place): string {
  return 'person' in place ? `person:${place.person}` : `channel:${place.channel}`;
}

/** All copies side by side: one that can't arrive holds up none of the others. */
async function bring(
  options: Options,
  subject: string,
  { copies, later }: Wanted,
  postings: readonly Posting[],
): Promise<undefined> {
  const outcomes = await Promise.allSettled(
    copies.map((copy) =>
      bringOne(
        options,
        subject,
        copy,
        postings.find((p) => isCopy(p, copy)),
      ),
    ),
  );
  const failures = outcomes.flatMap((o) => (o.status === 'rejected' ? [o.reason] : []));
  if (later !== null) failures.push(later);
  if (failures.length === 0) return;
  throw failures.find((f) => !(f instanceof TryLater)) ?? worst(failures as TryLater[]);
}

function worst(failures: readonly TryLater[]): TryLater {
  return failures.reduce((a, b) => ((b.afterSeconds ?? 0) > (a.afterSeconds ?? 0) ? b : a));
}

function isCopy(posting: Posting, copy: Addressed): boolean {
  const same = posting.kind === copy.kind && posting.place === copy.place;
  return same && posting.platform === copy.to.platform && posting.workspace === copy.to.workspace;
}

async function bringOne(
  options: Options,
  subject: string,
  { kind, place, card, to }: Addressed,
  posting: Posting | undefined,
): Promise<void> {
  const cardHash = createHash('sha256').update(JSON.stringify(card)).digest('base64url');
  if (posting?.message && posting.cardHash === cardHash) return;
  const chat = options
    .chats()
    .find((c) => c.workspaces.some((w) => w.platform === to.platform && w.id === to.workspace));
  if (!chat) return;
  const { platform, workspace } = to;
  const base = { kind, subject, place, platform, workspace };
  try {
    const posted = await send(chat, to, card, posting);
    await savePosting(options.database, {
      ...base,
      channel: posted.channel,
      message: posted.message,
      cardHash,
      unreachable: null,
    });
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    options.log.warn({ subject, place, workspace, why: error.message }, 'a card can’t arrive');
    const channel = posting?.channel ?? null;
    await savePosting(options.database, {
      ...base,
      channel,
      message: null,
      cardHash: null,
      unreachable: error.message,
    });
    const [, person] = /^person:(.+)$/.exec(place) ?? [];
    if (error.mayBeInvited && person !== undefined && 'userId' in to)
      await inviteOnce(options, chat, person as PersonId, to);
  }
}

async function send(chat: Chat, to: Destination, card: Card, posting: Posting | undefined) {
  if (!posting?.message || !posting.channel) return chat.post(to, card);
  const { platform, workspace, channel, message } = posting;
  await chat.update({ platform, workspace, channel, message }, card);
  return { channel, message };
}
