/** New wrappings for the data keys: on record, with a lead's proof, before the command line does it. */

import { event } from './audit.js';
import { onPhone } from './cards/phone-facts.js';
import type { Facts } from './facts.js';
import { change, type Judged, refuse, whoActs } from './judged.js';
import type { Actor } from './people.js';
import { provenBy, spend } from './prove.js';

/** @param key the id of the master key that shall wrap them from now on; says nothing about the key itself. */
export function rotateKeys(facts: Facts, actor: Actor, key: string): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  if (!facts.directory.isLead(who.person.id)) return refuse({ code: 'leads-only' });
  const spent = spend(facts, actor, facts.offers.factors.length > 0, {
    act: 'rotate-keys',
    subject: { kind: 'keys', id: 'data keys', version: 1 },
    terms: key,
    client: null,
    facts: onPhone([
      ['Wrap the data keys with', `master key ${key}`],
      ['Asked by', who.person.name],
    ]),
  });
  if (!('writes' in spent)) return spent;
  const data = { key, ...provenBy(actor, spent) };
  return {
    change: change(facts, {
      writes: spent.writes,
      audit: [event(actor, 'operator', 'keys.rotated', 'data keys', data)],
    }),
  };
}
