/** A visit is born: of a card, so that its button knows what to open, and with an address for its owner's own browser. */

import { event } from './audit.js';
import type { Write } from './change.js';
import type { ReportFacts } from './facts.js';
import { change, type Judged, refuse } from './judged.js';
import { LINK_SECONDS } from './link.js';
import type { Actor } from './people.js';
import { chainOfReport, whyNotRead } from './report.js';
import type { FreshLink } from './reveal.js';
import type { Visit } from './visit.js';

/** Where a report was read. */
export type ReadingOf = 'card' | 'page' | 'csv' | 'terminal';

/** A visit that nobody has the token of may be made, or one that goes to its owner alone. */
export function unopenedVisit(
  { asked, about, now }: ReportFacts,
  { person }: Actor,
  fresh: FreshLink,
): Write {
  const row: Visit = {
    id: fresh.id,
    tokenHash: fresh.tokenHash,
    person,
    // By id from here on: a person's address may come to be somebody else's.
    page: { ...asked, subject: about?.id ?? asked.subject },
    state: 'open',
    browserHash: null,
    number: null,
    fails: 0,
    proof: null,
    createdAt: now,
    expiresAt: new Date(now.getTime() + LINK_SECONDS * 1000),
    version: 1,
  };
  return { put: 'visit', row };
}

/** A link to the whole report, in the place of the person's former ones that no browser has been let in by. */
export function openVisit(facts: ReportFacts, actor: Actor, fresh: FreshLink): Judged {
  const cannot = whyNotRead(facts, actor);
  if (cannot) return refuse(cannot);
  const former = facts.unopened.map(
    (visit): Write => ({ put: 'visit', row: { ...visit, state: 'dead', version: visit.version + 1 } }),
  );
  const { report } = facts.asked;
  return {
    change: change(facts, {
      writes: [...former, unopenedVisit(facts, actor, fresh)],
      audit: [
        event(actor, chainOfReport(facts), 'visit.made', fresh.id, { report, subject: facts.about?.id }),
      ],
      notices: facts.unopened
        .filter(({ state }) => state !== 'open')
        .map(({ id }) => ({ about: 'visit', id }) as const),
    }),
  };
}
