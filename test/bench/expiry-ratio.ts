/** Ten thousand grants run out at once: what the clock makes of them, against one plain statement. */

import { endWhatIsDue } from '../../src/jobs/clock.js';
import type { Measurement } from './figure.js';
import { left, plainExpiry } from './offboard-baseline.js';
import { EACH, openMillion, TURNS, windTo } from './offboard-stage.js';
import { inSeconds, slownessFigure } from './offboard-turns.js';

export const expiryRatio: Measurement = {
  id: 'expiry_ratio',
  async measure() {
    const stage = await openMillion();
    const seconds = await inSeconds(TURNS, async (turn, isOurs) => {
      await windTo(stage, turn);
      const due = await left(stage);
      if (due !== EACH) throw new Error(`${due} grants are due instead of ${EACH}`);
      return async () => {
        if (isOurs) await endWhatIsDue(stage.database, stage.ports);
        else await plainExpiry(stage);
        const still = await left(stage);
        if (still > 0) throw new Error(`${still} grants are still due`);
      };
    });
    return slownessFigure('expiry_ratio', 'grants run out', seconds);
  },
};
