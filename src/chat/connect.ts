/** The way to a session, and the keys that shorten it: answers to one person alone. */

import { connectCard } from '../core/cards/connect-card.js';
import { sshKeysCard } from '../core/cards/ssh-keys-card.js';
import { requestIdOf } from '../core/grant.js';
import type { Actor } from '../core/people.js';
import { perform } from '../core/perform.js';
import type { Desk, Reply } from './act.js';
import { refusalReply, run, say } from './outcome.js';

/** One line to paste and a ticket. Where a factor is due, the ticket opens nothing before that has said yes. */
export async function connect(desk: Desk, actor: Actor, id: string): Promise<Reply> {
  const bastion = desk.bastion();
  if (!bastion) return say({ code: 'bastion-closed' }, await desk.facts());
  const { token, ...ticket } = desk.freshTicket();
  const outcome = await perform(desk.ports, actor, { verb: 'press-connect', id, ticket });
  if ('refused' in outcome) return refusalReply(desk, outcome, id);
  const facts = await desk.ports.store.requestFacts(requestIdOf(id));
  if (!facts) return refusalReply(desk, outcome, id);
  return { card: connectCard(facts, { ...bastion, ticket: token }, 'confirm' in outcome) };
}

/** @param line of a `.pub` file; empty: the keys that there are. */
export async function sshKey(desk: Desk, actor: Actor, line: string): Promise<Reply> {
  if (line === '') return { card: sshKeysCard(await desk.ports.store.personFacts(actor.person)) };
  // Loaded by the first who has a key: it brings the whole of ssh2.
  const { readPublicKey } = await import('../broker/public-key.js');
  const read = readPublicKey(line);
  if ('fault' in read) return say({ code: 'bad-ssh-key', why: read.fault }, await desk.facts());
  return run(desk, actor, { verb: 'add-ssh-key', key: read.key });
}
