/** Connecting: a press opens a window of ten minutes, in which a ticket, or a key of the holder's, starts a session. */

import { fullName } from './accounts.js';
import { event } from './audit.js';
import { connectOnPhone } from './cards/phone-facts.js';
import type { Write } from './change.js';
import type { Directory } from './directory.js';
import type { RequestFacts } from './facts.js';
import { mayBreak, unbreakable } from './glass.js';
import { type Grant, isLive } from './grant.js';
import { change, type Judged, refuse, whoActs } from './judged.js';
import { type Unlendable, unlendable } from './lendable.js';
import type { Actor } from './people.js';
import { provenBy, spend } from './prove.js';
import type { Refusal } from './refusals.js';
import { coveredByGlass, factorDue } from './reveal.js';
import { sshWay } from './ssh-way.js';
import { type FreshTicket, type Ticket, WINDOW_SECONDS } from './ticket.js';

/**
 * Opens the window, by the same proof that a reveal takes, and makes a ticket in the place of the former one. What it
 * spends a proof on is this grant as it is now: another press takes another.
 */
export function pressConnect(facts: RequestFacts, actor: Actor, fresh: FreshTicket): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const cannot = whyNotConnect(facts, actor);
  if (cannot) return refuse(cannot);
  const grant = facts.grant as Grant;
  const spent = spend(facts, actor, factorDue(facts), {
    act: 'connect',
    subject: { kind: 'grant', id: grant.id, version: grant.version },
    terms: 'ssh',
    client: grant.client,
    facts: connectOnPhone(facts),
  });
  if (!('writes' in spent)) return spent;
  const row = ticketOf(facts, actor, fresh, coveredByGlass(facts) ? facts.request.proof : spent.proof);
  return {
    change: change(facts, {
      guards: [{ noun: 'live-grant', id: grant.id }],
      writes: [...spent.writes, ...killTickets(facts), { put: 'ticket', row }],
      audit: [
        event(actor, grant.client, 'ticket.made', grant.id, {
          ticket: row.id,
          until: row.expiresAt.toISOString(),
          ...provenBy(actor, spent),
        }),
      ],
    }),
  };
}

function ticketOf(facts: RequestFacts, actor: Actor, fresh: FreshTicket, proof: string | null): Ticket {
  const grant = facts.grant as Grant;
  const seconds = Math.min(WINDOW_SECONDS, facts.policyNow?.linkSeconds ?? WINDOW_SECONDS);
  const end = Math.min(facts.now.getTime() + seconds * 1000, (grant.endsAt as Date).getTime());
  return {
    ...fresh,
    ...{ grant: grant.id, client: grant.client, person: actor.person, state: 'open', fails: 0, proof },
    ...{ openedAt: facts.now, expiresAt: new Date(end), version: 1 },
  };
}

function killTickets({ tickets }: RequestFacts): Write[] {
  return tickets.map((row) => ({ put: 'ticket', row: { ...row, state: 'dead', version: row.version + 1 } }));
}

/** Why this actor can't be let in by this grant now: asked at the press and again at each connection. */
export function whyNotConnect(facts: RequestFacts, actor: Actor): Refusal | null {
  const { grant, accountNow: account, directory } = facts;
  if (facts.paused.includes(actor.person)) return { code: 'paused' };
  if (!grant) return { code: 'unknown-id', typed: facts.request.id };
  if (grant.holder !== actor.person) return { code: 'not-holder' };
  if (!isLive(grant, facts.now))
    return { code: 'grant-over', grant: grant.id, outcome: grant.outcome ?? 'expired' };
  if (grant.delivery !== 'ssh') return { code: 'nothing-to-connect', grant: grant.id };
  const person = directory.person(actor.person);
  const isGlass = facts.request.kind === 'break-glass';
  const may = isGlass ? mayBreak : (d: Directory, ...of: Parameters<Directory['mayAsk']>) => d.mayAsk(...of);
  if (!account || !person || !may(directory, person, account))
    return { code: 'may-not-ask', account: `${grant.client}/${grant.account}` };
  const because: Unlendable[] = (isGlass ? unbreakable : unlendable)(account, directory, facts.offers);
  if (!sshWay(account, directory)) because.push({ why: 'no-connector', system: account.system ?? '' });
  if (!facts.secret) because.push({ why: 'no-secret', account: fullName(account) });
  return because.length > 0 ? { code: 'not-lendable', account: fullName(account), because } : null;
}
