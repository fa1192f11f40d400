/** A person at the terminal: what they do waits for their second factor, and is done once it says yes. */

import { setTimeout as wait } from 'node:timers/promises';
import { openCustody, openProver, startPhones } from '../app.js';
import type { Environment } from '../config/environment.js';
import { createLog } from '../config/logging.js';
import type { Command } from '../core/command.js';
import type { ProofFacts } from '../core/facts.js';
import type { Actor, Person } from '../core/people.js';
import { perform, performOnProof } from '../core/perform.js';
import { isOpen } from '../core/proof.js';
import type { Refusal } from '../core/refusals.js';
import { moot } from '../core/settle-proof.js';
import type { Desk } from './applied.js';
import { ask } from './ask-factor.js';
import { fullEnvironment } from './open.js';
import { asTold, type Sitting } from './sitting.js';
import { Told } from './told.js';
import type { Ways } from './ways.js';

const LOOK_EVERY_MS = 250;

/**
 * Does it as this person, with their proof wherever one is due, and returns what
 * `perform` says is done. The factor is asked by this process, so that it works
 * with no server running; where one runs, whichever of the two comes first asks.
 *
 * @throws the sentence that the terminal needs where it came to nothing; nothing was done then.
 */
export async function proven(desk: Desk, person: Person, command: Command, ways: Ways): Promise<string> {
  // Before anything is asked: a proof that nobody here can carry on must not be begun.
  const environment = desk.mfa ? fullEnvironment() : null;
  const actor: Actor = { person: person.id, via: 'cli', ...(ways.wish ? { wish: ways.wish } : {}) };
  const first = await perform(desk.ports, actor, command);
  if ('done' in first) return first.done;
  if ('refused' in first || !environment) throw await asTold(desk, 'refused' in first ? first.refused : null);
  const phone = await openPhone(desk, environment).catch(async (error) => {
    await giveUp(desk, first.confirm);
    throw error;
  });
  const sitting: Sitting = {
    desk,
    prover: phone.prover,
    actor,
    proof: first.confirm,
    publicUrl: environment.publicUrl,
    code: ways.code,
    over: new AbortController(),
  };
  const stop = () => sitting.over.abort(new Told('Stopped. Nothing was done.', 130));
  process.once('SIGINT', stop);
  try {
    await untilAllowed(sitting);
    const outcome = await perform(desk.ports, actor, command, first.confirm);
    if ('done' in outcome) return outcome.done;
    throw await asTold(desk, 'refused' in outcome ? outcome.refused : null);
  } finally {
    process.off('SIGINT', stop);
    sitting.over.abort();
    await giveUp(desk, first.confirm);
    await phone.close();
  }
}

async function openPhone(desk: Desk, environment: Environment) {
  // What there is to say is said in sentences; a log line among them would be read as one.
  const log = createLog('silent');
  const custody = await openCustody(desk.database, environment);
  const { prover, close } = await openProver(desk.ports, custody, { mfa: desk.mfa }, environment, log);
  const phones = startPhones(desk.database, prover, log);
  desk.wake = () => phones.wake();
  return {
    prover,
    close: async () => {
      const down = phones.stop();
      prover.stop();
      await down;
      close();
    },
  };
}

/** Looks until the factor has said yes, and says what to do on the way, each thing once. */
async function untilAllowed(sitting: Sitting): Promise<void> {
  const { desk, proof: id, over } = sitting;
  let told = '';
  for (;;) {
    const facts = await desk.ports.store.proofFacts({ id });
    if (facts?.proof.state === 'allowed') return;
    const no = facts ? whyOver(facts) : ({ code: 'proof-stale' } as const);
    if (no) throw await asTold(desk, no);
    if (facts?.proof.state === 'waiting' && told !== turnOf(facts)) {
      told = turnOf(facts);
      await ask(sitting, facts);
    }
    await wait(LOOK_EVERY_MS, undefined, { signal: over.signal }).catch(() => undefined);
    if (over.signal.aborted) throw over.signal.reason;
  }
}

/** Whose turn it is: another factor, or a number that came late, is told anew. */
function turnOf({ proof }: ProofFacts): string {
  return `${proof.method} ${proof.code ?? ''}`;
}

function whyOver({ proof, now }: ProofFacts): Refusal | null {
  if (isOpen(proof, now)) return null;
  if (proof.state === 'failed' && proof.failure !== null)
    return { code: 'factor-failed', failure: proof.failure };
  const state = proof.state === 'asked' || proof.state === 'waiting' ? 'timeout' : proof.state;
  return { code: 'not-confirmed-by', state, said: proof.said };
}

/** Whatever the factor says from here on counts for nothing. Settled already, it stays as it is. */
async function giveUp(desk: Desk, id: string): Promise<void> {
  const said = 'Whoever asked at the command line waits for it no longer, so nothing was done.';
  await performOnProof(desk.ports, { id }, (facts) => moot(facts, said));
}
