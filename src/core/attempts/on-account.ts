/** What concerns an account that nobody has a request for yet. */

import { type Ask, ask } from '../ask.js';
import type { SealedSecret } from '../change.js';
import type { Command } from '../command.js';
import { setCredential, systemOfCredential } from '../credential.js';
import type { Facts } from '../facts.js';
import { breakGlass } from '../glass.js';
import type { Judged } from '../judged.js';
import type { Actor } from '../people.js';
import type { Ports } from '../ports.js';
import { setSecret } from '../revoke.js';
import { rotateNow } from '../rotate.js';
import { accountOfSeed, setSeed } from '../seed.js';
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

/** A password, or the seed of one-time codes, on its way into custody. */
export async function attemptSecret(ports: Ports, actor: Actor, sealed: SealedSecret): Promise<Attempt> {
  const { client } = sealed;
  const system = systemOfCredential(sealed.account);
  if (system !== null) {
    const facts = await ports.store.accountFacts(client, system);
    const judged = setCredential(facts, actor, sealed);
    return onRecord(facts, actor, 'set-secret', client, `${client}/${system}`, judged);
  }
  const seeded = accountOfSeed(sealed.account);
  const account = seeded ?? sealed.account;
  const facts = await ports.store.accountFacts(client, account);
  const judged = seeded === null ? setSecret(facts, actor, sealed) : setSeed(facts, actor, sealed);
  return onRecord(facts, actor, 'set-secret', client, `${client}/${account}`, judged);
}

/** A new password at the account's system. */
export async function attemptRotate(
  ports: Ports,
  actor: Actor,
  { client, account, insists }: Extract<Command, { verb: 'rotate' }>,
): Promise<Attempt> {
  const facts = await ports.store.targetFacts(client, account);
  const judged = rotateNow(facts, actor, insists, ports.fresh.rotationId());
  const place = placeOf(facts, { client, account }, judged);
  return { ...onRecord(facts, actor, 'rotate', ...place, judged), id: `${client}/${account}` };
}

/** Whose chain a try at an account stands in: a client's only where the person may know of that client. */
function placeOf(
  facts: Facts,
  { client, account }: Pick<Ask, 'client' | 'account'>,
  judged: Judged,
): [chain: string, subject: string] {
  const known = facts.directory.account(client, account);
  const may = 'refused' in judged && judged.refused.code !== 'unknown-account';
  return known && may ? [client, `${client}/${account}`] : ['operator', 'an account'];
}
