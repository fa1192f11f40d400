/** A grant's beginning at its system: what it needs is made there, and then its clock starts. */

import type { TargetFacts } from './at-target.js';
import { event, KEYTURN } from './audit.js';
import type { Change } from './change.js';
import { endOne } from './end-grant.js';
import type { Grant } from './grant.js';
import { change } from './judged.js';
import type { ReadBack } from './target.js';
import { UNMADE } from './target.js';

/** The password of the login that a grant is about to have is in the vault: only then the login is made. */
export function sealedLogin(facts: TargetFacts, grant: Grant, sealed: string): Change {
  const row = { ...grant, made: { ...(grant.made ?? UNMADE), sealed }, version: grant.version + 1 };
  return change(facts, { writes: [{ put: 'grant', row }], audit: [] });
}

/**
 * What the grant needs stands, as read back: it becomes active and its clock starts, or it lasts as long as was added.
 *
 * @param until what the system was told.
 */
export function provided(facts: TargetFacts, grant: Grant, until: Date, readBack: ReadBack): Change {
  const made = { ...(grant.made ?? UNMADE), until: until.toISOString(), readBack, trouble: null };
  const isNew = grant.state === 'provisioning';
  const begun: Grant = isNew
    ? {
        ...grant,
        state: 'active',
        activeAt: facts.now,
        endsAt: new Date(facts.now.getTime() + grant.seconds * 1000),
      }
    : grant;
  const row: Grant = { ...begun, made, version: grant.version + 1 };
  const data = {
    account: `${grant.client}/${grant.account}`,
    holder: grant.holder,
    until: row.endsAt?.toISOString(),
    readBack,
  };
  return change(facts, {
    writes: [{ put: 'grant', row }],
    audit: isNew ? [event(KEYTURN, grant.client, 'grant.active', grant.id, data)] : [],
    notices: [{ about: 'request', id: grant.request }],
  });
}

/** It couldn't be made for so long that whoever waited has gone another way: what may stand there is taken back. */
export function gaveUp(facts: TargetFacts, grant: Grant): Change {
  const holding = { grant, exposures: [], sessions: [], secretVersion: null, links: [], extensions: [] };
  return change(
    facts,
    endOne(facts, KEYTURN, holding, 'revoked', 'It could not be set up at the target within an hour.'),
  );
}

/** Why a grant doesn't stand yet: its holder reads it. */
export function notProvided(facts: TargetFacts, grant: Grant, trouble: string): Change {
  const made = { ...(grant.made ?? UNMADE), trouble };
  const isNews = grant.made?.trouble !== trouble;
  return change(facts, {
    writes: [{ put: 'grant', row: { ...grant, made, version: grant.version + 1 } }],
    audit: [],
    notices: isNews ? [{ about: 'request', id: grant.request }] : [],
  });
}
