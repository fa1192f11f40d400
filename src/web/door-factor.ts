/** The factor of a door's owner on its page: how it is asked now, and what the page can do about it. */

import { anotherMethod } from '../core/ask-factor.js';
import { hasToWait, PHONE_LATER } from '../core/cards/confirm-card.js';
import { sayFailure } from '../core/cards/say-proof.js';
import { sayRefusal } from '../core/cards/say-refusal.js';
import type { Actor } from '../core/people.js';
import { perform } from '../core/perform.js';
import type { Ports } from '../core/ports.js';
import { isOpen, type Proof } from '../core/proof.js';
import type { Refusal } from '../core/refusals.js';
import type { Prover } from '../mfa/prover.js';
import { TOTP_DIGITS } from '../mfa/totp.js';
import type { Door, Doors } from './door.js';
import type { AskAnswer, Confirm } from './link-answers.js';

export interface FactorDesk {
  readonly ports: Ports;
  readonly prover: Pick<Prover, 'order' | 'enterCode' | 'prompt' | 'another'>;
}

/** How the owner is asked now. */
export async function confirmOf({ ports, prover }: FactorDesk, door: Door): Promise<AskAnswer> {
  const { proof } = door;
  const number = door.number ?? '';
  if (!door.factorDue) return { confirm: { by: 'chat', number }, another: false };
  if (proof === null) return over(NOT_ASKED);
  const confirm = byProof(proof, door, number);
  if (confirm.by === 'over') return { confirm, another: false };
  const whole = await ports.store.proofFacts({ id: proof.id });
  if (confirm.by === 'asking') {
    if (!whole || !hasToWait(whole)) return { confirm, another: false };
    const another = anotherMethod(whole, prover.order) !== null;
    return { confirm: { by: 'asking', later: PHONE_LATER }, another };
  }
  return { confirm, another: whole !== null && anotherMethod(whole, prover.order) !== null };
}

const NOT_ASKED = 'Your second factor was not asked yet.';

function over(says: string, again = true): AskAnswer {
  return { confirm: { by: 'over', says, again }, another: false };
}

function byProof(proof: Proof, { now }: Door, number: string): Confirm {
  if (proof.state === 'spent') return { by: 'asking' };
  if (isOpen(proof, now)) return asking(proof, number);
  return { by: 'over', says: sayOver(proof), again: proof.state !== 'fraud' };
}

function asking({ state, method, code }: Proof, number: string): Confirm {
  if (state !== 'waiting' || method === null) return { by: 'asking' };
  if (method === 'duo_push') return { by: 'push', number, code };
  return method === 'totp' ? { by: 'code', digits: TOTP_DIGITS } : { by: 'prompt' };
}

function sayOver({ state, failure, said }: Proof): string {
  if (said !== null) return said;
  switch (state) {
    case 'denied':
      return 'It was denied on your phone, so nothing is shown. If it was you who denied it, you can ask again.';
    case 'fraud':
      return 'You reported that you hadn’t asked for it. Nothing is shown, you are paused, and the leads have been told.';
    case 'failed':
      return sayFailure(failure);
    default:
      return 'There was no answer in time, so nothing is shown. Ask again when your phone is at hand.';
  }
}

/** Asks the owner's factor to let this browser in, unless it is being asked already. */
export async function askFactor(
  desk: FactorDesk & { readonly doors: Doors },
  door: Door,
): Promise<AskAnswer> {
  if (!door.factorDue || (door.proof && isOpen(door.proof, door.now))) return confirmOf(desk, door);
  const command = { verb: 'confirm-browser', link: door.id, itIsMe: true } as const;
  const outcome = await perform(desk.ports, ownerOf(door), command);
  if ('refused' in outcome && outcome.refused.code !== 'confirming-already')
    return over(sayRefusal(outcome.refused, door.directory, door.client));
  return confirmOf(desk, (await desk.doors.find({ id: door.id })) ?? door);
}

/** The digits of the owner's authenticator. */
export async function typeCode(desk: FactorDesk, door: Door, code: string): Promise<Refusal | null> {
  const { proof } = door;
  if (!proof) return { code: 'proof-stale' };
  const outcome = await desk.prover.enterCode(ownerOf(door), proof.id, code);
  return 'refused' in outcome ? outcome.refused : null;
}

/** Duo's own page. */
export async function openPrompt(
  desk: FactorDesk,
  door: Door,
): Promise<{ readonly url: string } | { readonly refused: Refusal }> {
  const { proof } = door;
  return proof ? desk.prover.prompt(ownerOf(door), proof.id) : { refused: { code: 'proof-stale' } };
}

/** Another factor of theirs. */
export async function askAnother(desk: FactorDesk, door: Door): Promise<Refusal | null> {
  const { proof } = door;
  if (!proof) return { code: 'proof-stale' };
  const outcome = await desk.prover.another(ownerOf(door), proof.id);
  return 'refused' in outcome ? outcome.refused : null;
}

/** Whom a browser at this door asks in the name of; nothing is theirs before their factor says so. */
function ownerOf({ person }: Door): Actor {
  return { person, via: 'web' };
}
