/** Two ways of ending the same number of grants, in turns, and how much longer the product takes. */

import { type Figure, median } from './figure.js';
import { EACH } from './offboard-stage.js';

export interface Seconds {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

/** Prepares a turn; what it resolves to is measured. */
export type Turn = (turn: number, isOurs: boolean) => Promise<() => Promise<unknown>>;

/** Who goes first changes, so that neither always follows the other's dirt. */
export async function inSeconds(turns: number, prepare: Turn): Promise<Seconds> {
  const seconds = { ours: [] as number[], theirs: [] as number[] };
  for (let turn = 0; turn < turns; turn++) {
    const isOurs = turn % 4 === 0 || turn % 4 === 3;
    const act = await prepare(turn, isOurs);
    const started = performance.now();
    await act();
    seconds[isOurs ? 'ours' : 'theirs'].push((performance.now() - started) / 1000);
  }
  return seconds;
}

/** How many times as long as the plain statement: at most three times. */
export function slownessFigure(id: string, what: string, { ours, theirs }: Seconds): Figure {
  const [mine, plain] = [median(ours), median(theirs)];
  const value = mine / plain;
  const times = `${EACH} ${what}: ${mine.toFixed(2)} s, plainly ${plain.toFixed(2)} s`;
  return {
    ...{ id, value, unit: 'ratio', baseline: plain, goal: 3, aim: '≤ 3', met: value <= 3 },
    notes: [times],
  };
}
