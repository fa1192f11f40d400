/** Codes after a showing: Keyturn's own, live on the page, or a contact's, handed from their chat to the page once. */

import { event } from './audit.js';
import type { Write } from './change.js';
import {
  type CodeAsk,
  type CodesHeldBy,
  type CodeWindow,
  codesHeldBy,
  isAskOpen,
  MOST_ASKS,
  MOST_CODES,
  RELAY_SECONDS,
} from './code-window.js';
import type { LinkFacts } from './facts.js';
import { isLive } from './grant.js';
import { change, type Judged, refuse, whoActs } from './judged.js';
import type { Actor, Person } from './people.js';
import type { Refusal } from './refusals.js';
import { unprovenRefusal, whyNotReveal } from './reveal.js';
import { seedName } from './seed.js';

/**
 * Why this browser gets no code now; null where it may. A link that is spent opens nothing more than this, for the one
 * browser that was shown the password: to every other it is as dead as any.
 */
export function whyNoCode(facts: LinkFacts, browserHash: string, heldBy: CodesHeldBy): Refusal | null {
  const { link, codeWindow, now } = facts;
  const isTheirs = link.state === 'spent' && link.purpose === 'reveal' && link.browserHash === browserHash;
  if (!isTheirs || codeWindow?.heldBy !== heldBy) return { code: 'link-over' };
  const cannot = whyNotReveal(facts, holderOf(facts)) ?? unprovenRefusal(facts);
  if (cannot) return cannot;
  const isOver = now >= codeWindow.untilAt || codesHeldBy(facts.accountNow) !== heldBy;
  return isOver ? { code: 'codes-over' } : null;
}

/**
 * Judges the showing of one code of Keyturn's own. Whether the grant lives is asked again in the transaction, for each
 * code; the first of a showing goes on record.
 *
 * @param step which of the periods since 1970 the code is of.
 */
export function showCode(facts: LinkFacts, browserHash: string, step: number): Judged {
  const cannot = whyNoCode(facts, browserHash, 'keyturn');
  if (cannot) return refuse(cannot);
  const codeWindow = facts.codeWindow as CodeWindow;
  const isNew = codeWindow.lastStep === null || step > codeWindow.lastStep;
  if (isNew && codeWindow.shown >= MOST_CODES) return refuse({ code: 'codes-over' });
  const row = { ...codeWindow, shown: codeWindow.shown + 1, lastStep: step, version: codeWindow.version + 1 };
  const { client, account } = facts.request;
  const version = facts.seed?.version as number;
  const said = event(holderOf(facts), client, 'code.shown', facts.link.grant, {
    ...{ account: `${client}/${account}`, version, link: facts.link.id },
    until: codeWindow.untilAt.toISOString(),
  });
  return {
    change: change(facts, {
      guards: [
        { noun: 'live-grant', id: facts.link.grant },
        { noun: 'unpaused', id: facts.link.person },
        { noun: 'secret', client, account: seedName(account), version },
      ],
      writes: isNew ? [{ put: 'code-window', row }] : [],
      audit: codeWindow.shown === 0 ? [said] : [],
    }),
  };
}

/** Those who can be asked for the code: the client's contacts who approve, and never the one who is to sign in with it. */
export function whoGives({ directory, request, link }: LinkFacts): Person[] {
  return directory.approvers('contacts', request.client).filter(({ id }) => id !== link.person);
}

/** The page asks the client's contacts for a code. A former asking of the same showing is over then. @param id a fresh one. */
export function askContacts(facts: LinkFacts, browserHash: string, id: string): Judged {
  const cannot = whyNoCode(facts, browserHash, 'contacts') ?? whyNotAskContacts(facts);
  if (cannot) return refuse(cannot);
  const { link, codeAsks, now, request } = facts;
  const { untilAt } = facts.codeWindow as CodeWindow;
  const n = codeAsks.length + 1;
  const row: CodeAsk = {
    ...{ id, link: link.id, n, state: 'asked', askedAt: now, untilAt, sealed: null },
    ...{ typedBy: null, typedAt: null, handedAt: null, version: 1 },
  };
  const former = codeAsks.filter(({ state }) => state === 'asked' || state === 'typed');
  return {
    change: change(facts, {
      guards: liveGuards(facts),
      writes: [
        ...former.map((ask): Write => ({ put: 'code-ask', row: next(ask, 'over') })),
        { put: 'code-ask', row },
      ],
      audit: [event(holderOf(facts), request.client, 'code.asked', link.grant, { ask: id, n })],
      notices: [...former, row].map((ask) => ({ about: 'code', id: ask.id })),
    }),
  };
}

function whyNotAskContacts(facts: LinkFacts): Refusal | null {
  if (whoGives(facts).length === 0) return { code: 'nobody-gives', client: facts.request.client };
  return facts.codeAsks.length >= MOST_ASKS ? { code: 'asked-enough', most: MOST_ASKS } : null;
}

/** Why this person can't type this code now; null where they can. Staff never can, and nobody for themselves. */
export function whyNotGive(facts: LinkFacts, ask: CodeAsk, actor: Actor): Refusal | null {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who.refused;
  if (!whoGives(facts).some(({ id }) => id === who.person.id))
    return { code: 'code-not-yours', client: facts.request.client };
  const { grant, codeWindow, now } = facts;
  const isWanted = grant !== null && isLive(grant, now) && codeWindow !== null && now < codeWindow.untilAt;
  return ask.state === 'asked' && isAskOpen(ask, now) && isWanted ? null : { code: 'code-over' };
}

/** A contact has typed the code. It lies sealed for a minute at most, until the page takes it. */
export function giveCode(facts: LinkFacts, ask: CodeAsk, actor: Actor, sealed: string): Judged {
  const cannot = whyNotGive(facts, ask, actor);
  if (cannot) return refuse(cannot);
  // Whoever sealed it judged that it couldn't be given, a moment ago.
  if (sealed === '') return refuse({ code: 'busy' });
  const { now } = facts;
  const end = Math.min(now.getTime() + RELAY_SECONDS * 1000, ask.untilAt.getTime());
  const typed = { sealed, typedBy: actor.person, typedAt: now, untilAt: new Date(end) };
  return {
    change: change(facts, {
      guards: [{ noun: 'live-grant', id: facts.link.grant }],
      writes: [{ put: 'code-ask', row: { ...next(ask, 'typed'), ...typed } }],
      audit: [event(actor, facts.request.client, 'code.typed', facts.link.grant, { ask: ask.id, n: ask.n })],
      notices: [{ about: 'code', id: ask.id }],
    }),
  };
}

/** The newest asking of a showing; null where there was none. */
export function newestAsk({ codeAsks }: LinkFacts): CodeAsk | null {
  return codeAsks.reduce<CodeAsk | null>((a, b) => (a === null || b.n > a.n ? b : a), null);
}

/** The page takes the code that was typed: once, and then it is blank. */
export function takeCode(facts: LinkFacts, browserHash: string): Judged {
  const cannot = whyNoCode(facts, browserHash, 'contacts');
  if (cannot) return refuse(cannot);
  const ask = newestAsk(facts);
  if (ask?.state !== 'typed' || !isAskOpen(ask, facts.now)) return refuse({ code: 'code-over' });
  const row: CodeAsk = { ...next(ask, 'handed'), handedAt: facts.now };
  const data = { ask: ask.id, n: ask.n, by: ask.typedBy };
  return {
    change: change(facts, {
      guards: liveGuards(facts),
      writes: [{ put: 'code-ask', row }],
      audit: [event(holderOf(facts), facts.request.client, 'code.handed', facts.link.grant, data)],
      notices: [{ about: 'code', id: ask.id }],
    }),
  };
}

/** What is typed no more holds no code. */
function next(ask: CodeAsk, state: CodeAsk['state']): CodeAsk {
  return { ...ask, state, sealed: null, version: ask.version + 1 };
}

function liveGuards({ link }: LinkFacts) {
  return [
    { noun: 'live-grant', id: link.grant },
    { noun: 'unpaused', id: link.person },
  ] as const;
}

function holderOf({ link }: LinkFacts): Actor {
  return { person: link.person, via: 'web' };
}
