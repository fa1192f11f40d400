/** An incident: somebody reported a push that they had not asked for, and is paused until a lead has looked into it. */

import { pauses } from './alert.js';
import { event } from './audit.js';
import { onPhone } from './cards/phone-facts.js';
import type { AlertFacts } from './facts.js';
import { change, type Judged, refuse, whoActs } from './judged.js';
import type { Actor } from './people.js';
import { provenBy, spend } from './prove.js';

/** A lead who isn't the one concerned says, with their own factor, that it is settled: the person may act again. */
export function resume(facts: AlertFacts, actor: Actor): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const { alert, directory } = facts;
  if (!directory.isLead(who.person.id)) return refuse({ code: 'leads-only' });
  if (alert.person === who.person.id) return refuse({ code: 'own-incident' });
  if (alert.person === null || !pauses(alert)) return refuse({ code: 'settled-already' });
  const spent = spend(facts, actor, facts.offers.factors.length > 0, {
    act: 'resume',
    subject: { kind: 'person', id: alert.person, version: alert.version },
    terms: alert.id,
    client: null,
    facts: onPhone([
      ['Let act again', directory.nameOf(alert.person)],
      ['Incident', alert.id],
    ]),
  });
  if (!('writes' in spent)) return spent;
  const row = {
    ...alert,
    state: 'settled',
    settledAt: facts.now,
    settledBy: who.person.id,
    version: alert.version + 1,
  } as const;
  return {
    change: change(facts, {
      writes: [...spent.writes, { put: 'alert', row }],
      audit: [
        event(actor, 'operator', 'person.resumed', alert.person, {
          alert: alert.id,
          ...provenBy(actor, spent),
        }),
      ],
      notices: [{ about: 'alert', id: alert.id }],
    }),
  };
}
