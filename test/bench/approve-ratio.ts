/** Approve transactions a second, eight at once: judged in TypeScript, against one PL/pgSQL call that does the same. */

import type { Actor } from '../../src/core/people.js';
import { perform } from '../../src/core/perform.js';
import { call, createBaseline } from './baseline.js';
import { type Measurement, ratioFigure } from './figure.js';
import { inTurns, piecesIn } from './rounds.js';
import { openStage, preparePending, requestId } from './stage.js';

const ROUNDS = { rounds: 8, pieces: 800, atOnce: 8 };
const REQUESTS = piecesIn(ROUNDS);

export const approveRatio: Measurement = {
  id: 'approve_ratio',
  async measure() {
    const stage = await openStage(REQUESTS, [{ from: 'leads', need: 1 }]);
    try {
      await createBaseline(stage.database);
      await preparePending(stage, REQUESTS);
      const { ports, database, leads } = stage;
      const approvers = leads.map((p) => p.id);
      const lead = (index: number) => approvers[index % approvers.length] as string;
      const ours = async (index: number) => {
        const actor: Actor = { person: lead(index), via: 'slack' };
        const outcome = await perform(ports, actor, { verb: 'approve', id: requestId(index) });
        if (!('done' in outcome)) throw new Error(`refused: ${JSON.stringify(outcome)}`);
      };
      const theirs = (index: number) =>
        call(database, 'approve', [requestId(index), lead(index), approvers, 1]);
      const rates = await inTurns(ours, theirs, ROUNDS);
      return ratioFigure('approve_ratio', 'approvals', rates.ours, rates.theirs);
    } finally {
      await stage.close();
    }
  },
};
