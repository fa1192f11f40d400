/** What Keyturn itself signs in with at a client's system: a secret of its own, which nothing ever shows. */

import { event } from './audit.js';
import { onPhone } from './cards/phone-facts.js';
import type { SealedSecret } from './change.js';
import type { Facts } from './facts.js';
import { change, type Judged, refuse, whoActs } from './judged.js';
import type { Actor } from './people.js';
import { provenBy, spend } from './prove.js';

const PREFIX = 'system:';

/** The system whose credential a secret is, by the secret's name; null where it is another kind of secret. */
export function systemOfCredential(name: string): string | null {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : null;
}

/** A lead puts into custody what Keyturn signs in with at a system. */
export function setCredential(facts: Facts, actor: Actor, sealed: SealedSecret): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const { client, version } = sealed;
  const id = systemOfCredential(sealed.account) ?? '';
  const name = `${client}/${id}`;
  if (!facts.directory.system(client, id)) return refuse({ code: 'unknown-account', typed: name });
  if (!facts.directory.isLead(who.person.id)) return refuse({ code: 'leads-only' });
  const spent = spend(facts, actor, facts.offers.factors.length > 0, {
    act: 'set-secret',
    subject: { kind: 'account', id: `${name} (system)`, version },
    terms: 'set credential',
    client,
    facts: onPhone([['Store what Keyturn signs in with at', name]]),
  });
  if (!('writes' in spent)) return spent;
  const subject = `${name} (system)`;
  return {
    change: change(facts, {
      guards: [{ noun: 'secret', client, account: sealed.account, version: version - 1 }],
      writes: [...spent.writes, { put: 'secret', row: sealed }],
      audit: [event(actor, client, 'secret.stored', subject, { version, ...provenBy(actor, spent) })],
    }),
  };
}
