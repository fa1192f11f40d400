/** The place in front of the newcomer's played computer: what is shown there, what is typed, how large it is. */

import type { Keyboard } from '../typing/keyboard.js';

/** What came with the press of a button on a card, so that nobody has to copy it. */
export interface Handed {
  readonly line: string;
  readonly ticket: string | null;
  /** `SHA256:…`, as the card has it. */
  readonly hostKey: string | null;
}

export interface Seat {
  readonly keyboard: Keyboard;
  readonly size: { columns: number; rows: number };
  readonly handed: Handed | null;
  /** Shows words of this computer's own; lines end with a line feed. */
  say(text: string): void;
  /** Shows bytes of somebody else's. Resolves when there is room for more. */
  show(bytes: Uint8Array): Promise<void>;
  /** From now on every key goes there, and changes of the size too. Returns what ends that. */
  lend(to: { key(bytes: string): void; resized(): void }): () => void;
  /** Nobody sits there any more. */
  readonly left: AbortSignal;
}

/** Where this computer's programs may go: nowhere else. */
export interface Reach {
  /** The bastion of this process; null where there is none. */
  readonly bastion: () => { readonly port: number; readonly fingerprint: string } | null;
  /** The played client's database. */
  readonly database: { readonly port: number };
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost']);

/** Whether it is this very service on this machine. */
export function isWithin(
  line: { readonly host: string; readonly port: number },
  port: number | undefined,
): boolean {
  return LOOPBACK.has(line.host) && line.port === port;
}
