/** What concerns a person: their own ways in, and incidents about them. */

import type { Command } from '../command.js';
import { endFactor, offerFactor } from '../enrol.js';
import type { PersonFacts } from '../facts.js';
import { completeIdentity, endIdentity } from '../identify.js';
import { resume } from '../incident.js';
import type { Judged } from '../judged.js';
import type { Actor } from '../people.js';
import type { Ports } from '../ports.js';
import { rotateKeys } from '../rotate-keys.js';
import { addSshKey, endSshKey, type OfferedKey } from '../ssh-key.js';
import { type Attempt, onRecord, unknown } from './record.js';

export async function attemptResume(ports: Ports, actor: Actor, id: string): Promise<Attempt> {
  const facts = await ports.store.alertFacts(id);
  if (!facts) return unknown(ports, actor, 'resume', { code: 'settled-already' });
  return onRecord(facts, actor, 'resume', 'operator', id, resume(facts, actor));
}

/** What concerns a person's own ways in, rather than an account. */
export type Own = Extract<
  Command,
  {
    verb:
      | 'complete-identity'
      | 'end-identity'
      | 'offer-factor'
      | 'end-factor'
      | 'end-ssh-key'
      | 'rotate-keys';
  }
>;

export async function attemptOwn(ports: Ports, actor: Actor, command: Own): Promise<Attempt> {
  const about = command.verb === 'offer-factor' ? command.person : actor.person;
  const facts = await ports.store.personFacts(about);
  const chain = facts.directory.person(about)?.client ?? 'operator';
  return onRecord(facts, actor, command.verb, chain, about, onOwn(ports, facts, actor, command));
}

/** A public key for oneself. */
export async function attemptKey(ports: Ports, actor: Actor, key: OfferedKey): Promise<Attempt> {
  const facts = await ports.store.sshKeyFacts(actor.person, key.fingerprint);
  const chain = facts.directory.person(actor.person)?.client ?? 'operator';
  const judged = addSshKey(facts, actor, key, ports.fresh.sshKeyId(), ports.fresh.alertId());
  return onRecord(facts, actor, 'add-ssh-key', chain, actor.person, judged);
}

function onOwn(ports: Ports, facts: PersonFacts, actor: Actor, command: Own): Judged {
  switch (command.verb) {
    case 'complete-identity':
      return completeIdentity(facts, actor, command.identity, ports.fresh.alertId());
    case 'end-identity':
      return endIdentity(facts, actor, command.identity, ports.fresh.alertId());
    case 'offer-factor':
      return offerFactor(facts, actor, command.factor, ports.fresh.alertId());
    case 'end-factor':
      return endFactor(facts, actor, command.factor, ports.fresh.alertId());
    case 'end-ssh-key':
      return endSshKey(facts, actor, command.key, ports.fresh.alertId());
    case 'rotate-keys':
      return rotateKeys(facts, actor, command.key);
  }
}
