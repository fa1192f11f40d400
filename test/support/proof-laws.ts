/** What must hold of proofs whatever happened, asked of the stored rows alone: nothing here knows the core. */

import type { Database } from '../../src/store/driver.js';

/** The account's policy in force, with what it protects; `x` is SQL for a row with client and account. */
const policyOf = (x: string, act: string) => `exists (select from keyturn.accounts a
  join keyturn.policies y on y.id = a.spec->>'policy' and y.current
  where a.client = ${x}.client and a.id = ${x}.account and (y.spec->'mfa'->>'${act}')::boolean)`;

const BORNE = `(select proof from keyturn.decisions union all select proof from keyturn.links
  union all select proof from keyturn.factors)`;

/** Each with the rows that break it. */
const LAWS: readonly (readonly [law: string, breaches: string])[] = [
  [
    'an approval has a spent proof of the same person, of this request and this time',
    `select d.* from keyturn.decisions d join keyturn.requests r on r.id = d.request
     where d.verdict = 'approve' and ${policyOf('r', 'approve')} and not exists (select from keyturn.proofs p
       where p.id = d.proof and p.state = 'spent' and p.person = d.person and p.act = 'approve'
         and p.subject_kind = 'request' and p.subject_id = d.request
         and p.terms = coalesce(d.seconds, r.seconds) || ' seconds')`,
  ],
  [
    'a showing has a spent proof of the holder, of the one link that was opened',
    `select e.* from keyturn.exposures e join keyturn.grants g on g.id = e."grant"
     where ${policyOf('e', 'reveal')} and not exists (select from keyturn.links l
       join keyturn.proofs p on p.id = l.proof and p.subject_id = l.id
       where l.proof = e.proof and l."grant" = g.id and l.state = 'spent' and l.person = g.holder
         and e.person = g.holder and p.person = g.holder and p.state = 'spent' and p.act = 'reveal'
         and p.subject_kind = 'link')`,
  ],
  [
    'a browser was let in by a proof',
    `select l.* from keyturn.links l join keyturn.grants g on g.id = l."grant"
     where l.state in ('confirmed', 'spent') and ${policyOf('g', 'reveal')} and l.proof is null`,
  ],
  [
    'no proof is borne by two acts',
    `select proof from ${BORNE} as borne where proof is not null group by proof having count(*) > 1`,
  ],
  [
    'no proof shows twice',
    `select proof from keyturn.exposures where proof is not null group by proof having count(*) > 1`,
  ],
  [
    'only a spent proof is borne by an act, and each spent one is',
    `select p.id, p.state from keyturn.proofs p
     where (p.state = 'spent') <> exists (select from ${BORNE} as borne where borne.proof = p.id)`,
  ],
  [
    'no answer of a factor is two proofs',
    `select method, evidence from keyturn.proofs where evidence is not null group by 1, 2 having count(*) > 1`,
  ],
  [
    'nobody approves their own request',
    `select d.* from keyturn.decisions d join keyturn.requests r on r.id = d.request and r.requester = d.person`,
  ],
  [
    'a person is asked about one thing at a time',
    `select person from keyturn.proofs where state in ('asked', 'waiting', 'allowed') group by 1 having count(*) > 1`,
  ],
  [
    'what was denied was never allowed',
    `select p.id from keyturn.proofs p where p.state in ('denied', 'fraud', 'failed') and (p.evidence is not null
       or exists (select from keyturn.audit_events e where e.action = 'proof.allowed' and e.data->>'proof' = p.id))`,
  ],
  [
    'a spent proof stands in the trail with its act, and before that with the factor’s yes',
    `select p.id from keyturn.proofs p where p.state = 'spent' and not exists (
       select from keyturn.audit_events done join keyturn.audit_events yes on yes.chain = done.chain and yes.seq < done.seq
       where done.action in ('decision.approve', 'link.confirmed') and done.data->>'proof' = p.id
         and done.actor = p.person and done.at <= p.expires_at + interval '1 second'
         and yes.action = 'proof.allowed' and yes.data->>'proof' = p.id and yes.actor = p.person)`,
  ],
];

/** Every law that is broken, with the rows that break it. */
export async function brokenLaws(database: Database): Promise<string[]> {
  const found: string[] = [];
  for (const [law, text] of LAWS) {
    const rows = await database.run({ name: '', text }, []);
    if (rows.length > 0) found.push(`${law}: ${JSON.stringify(rows)}`);
  }
  return found;
}
