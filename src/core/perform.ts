/** The one way in: every button, typed command, form, page and CLI verb comes through `perform`. */

import { attempt } from './attempt.js';
import { type Attempt, onRecord } from './attempts/record.js';
import { askContacts, takeCode } from './codes.js';
import type { BrowserCommand, Command, Outcome } from './command.js';
import type {
  AdmissionFacts,
  FactorFacts,
  LinkFacts,
  ProofFacts,
  SessionFacts,
  VisitFacts,
} from './facts.js';
import type { Judged } from './judged.js';
import type { Actor } from './people.js';
import type { KnockedWith, Ports } from './ports.js';
import type { Needs } from './proof.js';
import { askProof } from './prove.js';
import { askBrowser, claim } from './reveal.js';
import { enterNewSecret } from './revoke.js';
import type { VisitPage } from './visit.js';

const ATTEMPTS = 40;

/**
 * Judges a command by what is stored now and commits what came of it. Judged
 * again whenever something moved in between. A refusal is put on record in the
 * chain of the client it concerns and answered as a value; `done` is the id of
 * what the command made or changed.
 */
export async function perform(
  ports: Ports,
  actor: Actor,
  command: Command,
  proof?: string,
): Promise<Outcome> {
  return untilSettled(ports, async () => {
    const facts = proof === undefined ? null : await ports.store.proofFacts({ id: proof });
    const who = facts ? { ...actor, proof: facts.proof } : actor;
    const attempted = await attempt(ports, who, command);
    return 'needs' in attempted.judged
      ? attemptProof(ports, actor, attempted.judged.needs, command)
      : attempted;
  });
}

/** What waits to be done once the factor says yes. A secret never waits: whoever brought it does. */
async function attemptProof(ports: Ports, actor: Actor, needs: Needs, command: Command): Promise<Attempt> {
  const facts = await ports.store.personFacts(actor.person);
  const id = ports.fresh.proofId();
  const waits = actor.via === 'cli' ? null : { ...command };
  const judged = askProof(facts, actor, needs, waits, id);
  const made = onRecord(facts, actor, needs.act, needs.client ?? 'operator', needs.subject.id, judged);
  return { ...made, id, asks: true };
}

/** Something about a proof, judged by what is stored of it until it is settled. */
export async function performOnProof(
  ports: Ports,
  by: { readonly id: string } | { readonly stateHash: string },
  judge: (facts: ProofFacts) => Judged,
): Promise<Outcome> {
  return untilSettled(ports, async () => {
    const facts = await ports.store.proofFacts(by);
    if (!facts) return { judged: { refused: { code: 'proof-stale' } }, id: '' };
    return { judged: judge(facts), id: facts.proof.id };
  });
}

/** The same for a factor that Keyturn keeps. */
export async function performOnFactor(
  ports: Ports,
  by: { readonly id: string } | { readonly tokenHash: string },
  judge: (facts: FactorFacts) => Judged,
): Promise<Outcome> {
  return untilSettled(ports, async () => {
    const facts = await ports.store.factorFacts(by);
    if (!facts) return { judged: { refused: { code: 'enrol-over' } }, id: '' };
    return { judged: judge(facts), id: facts.factor.id };
  });
}

/** The same for a browser that holds a visit's token; `days` instead of the visit's own, where any are given. */
export async function performOnVisit(
  ports: Ports,
  tokenHash: string,
  judge: (facts: VisitFacts) => Judged,
  days?: Pick<VisitPage, 'from' | 'to'>,
): Promise<Outcome> {
  return untilSettled(ports, async () => {
    const facts = await ports.store.visitFacts({ tokenHash }, days);
    if (!facts) return { judged: { refused: { code: 'link-over' } }, id: '' };
    return { judged: judge(facts), id: facts.visit.id };
  });
}

/** The same where what is judged has to be made of the facts first. */
export async function performOnLink(
  ports: Ports,
  tokenHash: string,
  judge: (facts: LinkFacts) => Promise<Judged>,
): Promise<Outcome> {
  return untilSettled(ports, async () => {
    const facts = await ports.store.linkFacts({ tokenHash });
    if (!facts) return { judged: { refused: { code: 'link-over' } }, id: '' };
    return { judged: await judge(facts), id: facts.link.id };
  });
}

/** The same for a browser that holds a link's token. */
export async function performInBrowser(
  ports: Ports,
  tokenHash: string,
  command: BrowserCommand,
): Promise<Outcome> {
  return untilSettled(ports, async () => {
    const facts = await ports.store.linkFacts({ tokenHash });
    if (!facts) return { judged: { refused: { code: 'link-over' } }, id: '' };
    const id = facts.link.id;
    switch (command.verb) {
      case 'ask-browser':
        return { judged: askBrowser(facts, command), id };
      case 'claim':
        return { judged: claim(facts, command.browserHash, ports.fresh.exposureId()), id };
      case 'ask-contacts':
        return { judged: askContacts(facts, command.browserHash, ports.fresh.codeAskId()), id };
      case 'take-code':
        return { judged: takeCode(facts, command.browserHash), id };
      case 'enter-new-secret':
        return { judged: enterNewSecret(facts, command.browserHash, command.sealed), id };
    }
  });
}

/** Somebody knocks at the bastion. `done` is the session. */
export async function performAtGate(
  ports: Ports,
  by: KnockedWith,
  judge: (facts: AdmissionFacts, session: string) => Judged,
): Promise<Outcome> {
  return untilSettled(ports, async () => {
    const facts = await ports.store.admissionFacts(by);
    const id = ports.fresh.sessionId();
    if (!facts)
      return { judged: { refused: { code: 'not-admitted', why: 'unknown-id', isKnown: false } }, id };
    return { judged: judge(facts, id), id };
  });
}

/** What the bastion says of a session. */
export async function performOnSession(
  ports: Ports,
  id: string,
  judge: (facts: SessionFacts) => Judged,
): Promise<Outcome> {
  return untilSettled(ports, async () => {
    const facts = await ports.store.sessionFacts(id);
    if (!facts) return { judged: { refused: { code: 'unknown-id', typed: id } }, id };
    return { judged: judge(facts), id };
  });
}

async function untilSettled(ports: Ports, judgeOnce: () => Promise<Attempt>): Promise<Outcome> {
  for (let n = 1; n <= ATTEMPTS; n++) {
    const { judged, id, asks } = await judgeOnce();
    if ('needs' in judged) throw new Error('an act that has to be proven came to an entrance without proofs');
    const outcome: Outcome =
      'refused' in judged ? { refused: judged.refused } : asks ? { confirm: id } : { done: id };
    if (!judged.change) return outcome;
    const committed = await ports.store.commit(judged.change);
    if (committed === 'repeated') return { refused: { code: 'repeated' } };
    if (committed === 'done') return outcome;
    await ports.pause(n);
  }
  return { refused: { code: 'busy' } };
}
