/** Somebody at the terminal who is being asked for their factor. */

import { sayRefusal } from '../core/cards/say-refusal.js';
import type { Actor } from '../core/people.js';
import type { Refusal } from '../core/refusals.js';
import type { Prover } from '../mfa/prover.js';
import type { Desk } from './applied.js';
import { Told } from './told.js';

export interface Sitting {
  readonly desk: Desk;
  readonly prover: Prover;
  readonly actor: Actor;
  readonly proof: string;
  readonly publicUrl: string;
  readonly code: string | undefined;
  /** Aborted when they gave up, or when there is nothing more to ask. */
  readonly over: AbortController;
}

/** The refusal as the terminal's last line; null: the judgement asked for a proof that it had. */
export async function asTold({ ports }: Desk, refused: Refusal | null): Promise<Told> {
  const { directory } = await ports.facts.facts();
  return new Told(sayRefusal(refused ?? { code: 'proof-stale' }, directory));
}
