/** What a browser that holds an enrolment's address can do: look, be shown a new key, try a first code of it. */

import type { Secret } from '../config/secret.js';
import { beginEnrol, enrolRefusal, tryCode } from '../core/enrol.js';
import type { FactorFacts } from '../core/facts.js';
import { LINK_FAILURES } from '../core/link.js';
import { performOnFactor } from '../core/perform.js';
import type { Ports } from '../core/ports.js';
import type { Refusal } from '../core/refusals.js';
import { enrol, verifyTotp } from '../mfa/totp.js';
import type { Caller } from './door-acts.js';
import type { EnrolAnswers } from './enrol-answers.js';
import type { EnrolBody } from './enrol-body.js';

export interface EnrolDesk {
  readonly ports: Ports;
  sealFactor(id: string, secret: Secret): Promise<string>;
  openFactor(factor: { readonly id: string; readonly sealed: string }): Promise<Secret>;
}

export type Enrolled =
  | { readonly answer: EnrolAnswers[keyof EnrolAnswers] }
  | { readonly refused: Refusal; readonly facts: FactorFacts | null };

const OVER = { code: 'enrol-over' } as const;

export async function enrolAct(desk: EnrolDesk, caller: Caller, body: EnrolBody): Promise<Enrolled> {
  const facts = await desk.ports.store.factorFacts({ tokenHash: caller.tokenHash });
  if (!facts) return { refused: OVER, facts };
  const cannot = enrolRefusal(facts, caller.browserHash);
  if (cannot) return { refused: cannot, facts };
  switch (body.act) {
    case 'look':
      return { answer: look(facts) };
    case 'begin':
      return begin(desk, caller, facts);
    case 'try':
      return tryFirst(desk, caller, facts, body.code);
  }
}

function look({ directory, factor, now }: FactorFacts): EnrolAnswers['look'] {
  const expiresInSeconds = Math.max(0, Math.floor((factor.expiresAt.getTime() - now.getTime()) / 1000));
  return { person: directory.nameOf(factor.person), operator: directory.operator, expiresInSeconds };
}

/** A new key each time it is asked for: one that was seen and not tried counts for nothing. */
async function begin(desk: EnrolDesk, caller: Caller, facts: FactorFacts): Promise<Enrolled> {
  const { factor, directory } = facts;
  const account = directory.person(factor.person)?.email ?? '';
  const issuer = `Keyturn ${directory.operator}`;
  const made = await enrol(issuer, account);
  const sealed = await desk.sealFactor(factor.id, made.secret);
  const outcome = await performOnFactor(desk.ports, { tokenHash: caller.tokenHash }, (f) =>
    beginEnrol(f, caller.browserHash, sealed),
  );
  if ('refused' in outcome) return { refused: outcome.refused, facts };
  return { answer: { qrSvg: made.qrSvg.reveal(), secret: made.secret.reveal(), account, issuer } };
}

async function tryFirst(
  desk: EnrolDesk,
  caller: Caller,
  { factor, ...rest }: FactorFacts,
  code: string,
): Promise<Enrolled> {
  const facts = { factor, ...rest };
  if (factor.sealed === null) return { refused: OVER, facts };
  const secret = await desk.openFactor({ id: factor.id, sealed: factor.sealed });
  const alert = desk.ports.fresh.alertId();
  const outcome = await performOnFactor(desk.ports, { tokenHash: caller.tokenHash }, (f) => {
    // Another key was made meanwhile: what was typed belongs to the former one.
    if (f.factor.sealed !== factor.sealed) return { refused: OVER };
    const result = verifyTotp(secret, code, null, f.now);
    // What isn't six digits is a slip of the thumb, not a guess.
    if (!result.ok && result.why === 'malformed' && f.factor.state === 'trying')
      return { refused: { code: 'wrong-code', left: LINK_FAILURES - f.factor.fails } };
    return tryCode(f, caller.browserHash, result.ok ? result.timeStep : null, alert);
  });
  return 'refused' in outcome ? { refused: outcome.refused, facts } : { answer: { enrolled: true } };
}
