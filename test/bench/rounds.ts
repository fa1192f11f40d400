/** Two ways of doing the same, in turns, so that whatever else the machine does falls on both. */

/** Does one piece of work; resolves when it is done. */
export type Round = (index: number) => Promise<unknown>;

export interface RoundOptions {
  readonly rounds: number;
  /** Pieces of work in each round. */
  readonly pieces: number;
  readonly atOnce: number;
  /** Pieces of work for each side beforehand; one round's where nothing is said. */
  readonly warm?: number;
  /** Awaited after each round: what one side leaves to be done must not weigh on the other. */
  readonly between?: (warming: boolean) => Promise<void>;
}

/** How many indices `inTurns` uses. */
export function piecesIn({ rounds, pieces, warm = pieces }: RoundOptions): number {
  return 2 * (warm + rounds * pieces);
}

/**
 * Runs both in turns, after a round of each to warm up. Every index is used
 * once, whichever side gets it. Returns each side's rates, in pieces a second.
 */
export async function inTurns(
  ours: Round,
  theirs: Round,
  { rounds, pieces, atOnce, between, warm = pieces }: RoundOptions,
): Promise<{ ours: number[]; theirs: number[] }> {
  const rates = { ours: [] as number[], theirs: [] as number[] };
  let next = 0;
  for (let round = 0; round <= rounds; round++) {
    // Who goes first changes, so that neither always follows the other's dirt.
    const order = round % 2 === 0 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const);
    for (const side of order) {
      const share = round === 0 ? warm : pieces;
      const rate = await rateOf(side === 'ours' ? ours : theirs, next, share, atOnce);
      next += share;
      await between?.(round === 0);
      if (round > 0) rates[side].push(rate);
    }
  }
  return rates;
}

async function rateOf(work: Round, first: number, pieces: number, atOnce: number): Promise<number> {
  let next = first;
  const end = first + pieces;
  const started = performance.now();
  const worker = async () => {
    while (next < end) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return pieces / ((performance.now() - started) / 1000);
}
