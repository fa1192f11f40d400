/** What concerns an account that nobody has a request for yet. */

import { type Ask, ask } from '../ask.js';
import type { SealedSecret } from '../change.js';
import type { Facts } from '../facts.js';
import { breakGlass } from '../glass.js';
import type { Judged } from '../judged.js';
import type { Actor } from '../people.js';
import type { Ports } from '../ports.js';
import { setSecret } from '../revoke.js';
import { type Attempt, onRecord } from './record.js';

export async function attemptAsk(
  ports: Ports,
  actor: Actor,
  command: Ask & { verb: 'ask' },
): Promise<Attempt> {
  const facts = await ports.store.accountFacts(command.client, command.account);
  const id = ports.fresh.requestId();
  const judged = ask(facts, actor, command, id);
  return { ...onRecord(facts, actor, 'ask', ...placeOf(facts, command, judged), judged), id };
}

export async function attemptGlass(
  ports: Ports,
  actor: Actor,
  command: Ask & { verb: 'break-glass' },
): Promise<Attempt> {
  const facts = await ports.store.glassFacts(command.client, command.account, actor.person);
  const id = ports.fresh.requestId();
  const judged = breakGlass(facts, actor, command, id);
  return { ...onRecord(facts, actor, 'break-glass', ...placeOf(facts, command, judged), judged), id };
}

/** A password on its way into custody. */
export async function attemptSecret(ports: Ports, actor: Actor, sealed: SealedSecret): Promise<Attempt> {
  const { client, account } = sealed;
  const facts = await ports.store.accountFacts(client, account);
  const judged = setSecret(facts, actor, sealed);
  return onRecord(facts, actor, 'set-secret', client, `${client}/${account}`, judged);
}

/** Whose chain a try at an account stands in: a client's only where the person may know of that client. */
function placeOf(facts: Facts, { client, account }: Ask, judged: Judged): [chain: string, subject: string] {
  const known = facts.directory.account(client, account);
  const may = 'refused' in judged && judged.refused.code !== 'unknown-account';
  return known && may ? [client, `${client}/${account}`] : ['operator', 'an account'];
}
