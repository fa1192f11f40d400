/** Faults: in full in the log, and one safe sentence with a reference for the person. */

import { randomInt } from 'node:crypto';
import type { Logger } from 'pino';

const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

export interface ToldFault {
  readonly reference: string;
  readonly says: string;
}

/** Logs what went wrong under a fresh reference. `about` must hold nothing secret. */
export function fault(log: Logger, err: unknown, about: Readonly<Record<string, unknown>>): ToldFault {
  const reference = `E-${Array.from({ length: 6 }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('')}`;
  log.error({ ...about, err, reference }, 'a request failed');
  return {
    reference,
    says: `Something went wrong here. Try again; if it stays so, tell a lead: ${reference}.`,
  };
}
