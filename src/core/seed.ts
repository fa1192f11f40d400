/** The seed of an account's one-time codes: a secret of its own, which nothing ever shows. */

import { type Account, fullName } from './accounts.js';
import { event } from './audit.js';
import { onPhone } from './cards/phone-facts.js';
import type { SealedSecret } from './change.js';
import type { AccountFacts } from './facts.js';
import { change, type Judged, refuse, whoActs } from './judged.js';
import type { Unlendable } from './lendable.js';
import type { Actor } from './people.js';
import { provenBy, spend } from './prove.js';

/** No account's id has a colon in it, so no account's password is ever called so. */
const PREFIX = 'totp:';

/** What the seed of this account is called among the secrets: `tenant-admin` → `totp:tenant-admin`. */
export function seedName(account: string): string {
  return `${PREFIX}${account}`;
}

/** The account whose seed a secret is, by the secret's name; null where it is a password. */
export function accountOfSeed(name: string): string | null {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : null;
}

/** Why an account with one-time codes can't be lent yet: its seed isn't in custody. */
export function missingSeed(account: Account, { seed }: Pick<AccountFacts, 'seed'>): Unlendable[] {
  return account.totp && !seed ? [{ why: 'no-seed', account: fullName(account) }] : [];
}

/** A lead, or the account's owner, puts the seed of its one-time codes into custody. `sealed.account` is its {@link seedName}. */
export function setSeed(facts: AccountFacts, actor: Actor, sealed: SealedSecret): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const { client, version } = sealed;
  const id = accountOfSeed(sealed.account) ?? '';
  const account = facts.directory.account(client, id);
  if (!account) return refuse({ code: 'unknown-account', typed: `${client}/${id}` });
  const name = fullName(account);
  const isOwner = facts.directory.owner(account.owner)?.id === who.person.id;
  if (!isOwner && !facts.directory.isLead(who.person.id))
    return refuse({ code: 'may-not-set', account: name });
  if (!account.totp)
    return refuse({ code: 'no-codes-kept', account: name, heldBy: account.totpHeldBy ?? null });
  const subject = `${name} (one-time codes)`;
  const spent = spend(facts, actor, facts.offers.factors.length > 0, {
    act: 'set-secret',
    subject: { kind: 'account', id: subject, version },
    terms: 'set one-time codes',
    client,
    facts: onPhone([['Store the one-time codes of', name]]),
  });
  if (!('writes' in spent)) return spent;
  return {
    change: change(facts, {
      guards: [{ noun: 'secret', client, account: sealed.account, version: version - 1 }],
      writes: [...spent.writes, { put: 'secret', row: sealed }],
      audit: [event(actor, client, 'secret.stored', subject, { version, ...provenBy(actor, spent) })],
    }),
  };
}
