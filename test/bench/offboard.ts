/** Somebody leaves who holds ten thousand of a million grants: until nothing of theirs is active, and against one plain statement. */

import type { Actor, Person } from '../../src/core/people.js';
import { perform } from '../../src/core/perform.js';
import { type Figure, type Measurement, median } from './figure.js';
import { left, plainOffboarding } from './offboard-baseline.js';
import { EACH, GRANTS, openMillion, TURNS } from './offboard-stage.js';
import { inSeconds, type Seconds, slownessFigure } from './offboard-turns.js';

let measured: Promise<Seconds> | undefined;

/** Both figures are of the same leavers: somebody leaves only once. */
function secondsOf(): Promise<Seconds> {
  measured ??= measure();
  return measured;
}

async function measure(): Promise<Seconds> {
  const stage = await openMillion();
  const { ports, requesters, leads } = stage;
  const lead: Actor = { person: (leads[0] as Person).id, via: 'slack' };
  return inSeconds(TURNS, async (turn, isOurs) => {
    const leaver = (requesters[turn] as Person).id;
    const held = await left(stage, leaver);
    if (held !== EACH) throw new Error(`a leaver holds ${held} grants instead of ${EACH}`);
    return async () => {
      if (isOurs) {
        const outcome = await perform(ports, lead, { verb: 'offboard', person: leaver });
        if (!('done' in outcome)) throw new Error(`refused: ${JSON.stringify(outcome)}`);
      } else await plainOffboarding(stage, leaver, lead.person);
      const still = await left(stage, leaver);
      if (still > 0) throw new Error(`${still} grants are still active`);
    };
  });
}

export const offboardState: Measurement = {
  id: 'offboard_state_s',
  async measure(): Promise<Figure> {
    const { ours, theirs } = await secondsOf();
    const value = median(ours);
    return {
      ...{
        id: 'offboard_state_s',
        value,
        unit: 's',
        baseline: median(theirs),
        goal: 2,
        aim: '< 2',
        met: value < 2,
      },
      notes: [
        `${EACH} grants of ${GRANTS}, the slowest of ${ours.length} in ${Math.max(...ours).toFixed(2)} s`,
      ],
    };
  },
};

export const offboardRatio: Measurement = {
  id: 'offboard_ratio',
  measure: async () => slownessFigure('offboard_ratio', 'grants of a leaver', await secondsOf()),
};
