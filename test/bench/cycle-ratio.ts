/** Whole lives, eight at once: asked, approved by two people, revealed in a confirmed browser, handed back. */

import type { Outcome } from '../../src/core/command.js';
import type { Person } from '../../src/core/people.js';
import { perform, performInBrowser } from '../../src/core/perform.js';
import { call, createBaseline } from './baseline.js';
import { type Measurement, ratioFigure } from './figure.js';
import { inTurns, piecesIn } from './rounds.js';
import { openStage, placeOf, type Stage } from './stage.js';

const ROUNDS = { rounds: 6, pieces: 120, atOnce: 8, warm: 300 };
const CYCLES = piecesIn(ROUNDS);
const STEPS = [
  { from: 'leads', need: 1 },
  { from: 'security', need: 1 },
];

interface Cast {
  readonly holder: Person;
  readonly lead: Person;
  readonly guard: Person;
}

export const cycleRatio: Measurement = {
  id: 'cycle_ratio',
  async measure() {
    const stage = await openStage(CYCLES, STEPS);
    try {
      await createBaseline(stage.database);
      const rates = await inTurns(
        (index) => ourCycle(stage, index),
        (index) => theirCycle(stage, index),
        ROUNDS,
      );
      return ratioFigure('cycle_ratio', 'whole lives', rates.ours, rates.theirs);
    } finally {
      await stage.close();
    }
  },
};

function castOf({ requesters, leads, security }: Stage, index: number): Cast {
  const pick = (people: readonly Person[]) => people[index % people.length] as Person;
  return { holder: pick(requesters), lead: pick(leads), guard: pick(security) };
}

const REASON = 'the printer is on fire again';

async function ourCycle({ ports, ...stage }: Stage, index: number): Promise<void> {
  const { holder, lead, guard } = castOf({ ports, ...stage }, index);
  const act = async (person: Person, command: Parameters<typeof perform>[2]) =>
    done(await perform(ports, { person: person.id, via: 'slack' }, command));
  const place = placeOf(index);
  const id = await act(holder, { verb: 'ask', ...place, seconds: 3600, reason: REASON, ticket: null });
  await act(lead, { verb: 'approve', id });
  await act(guard, { verb: 'approve', id });
  const link = { id: `L-${index}`, tokenHash: `token ${index}` };
  const browserHash = `browser ${index}`;
  await act(holder, { verb: 'press-reveal', id, link });
  const browse = async (command: Parameters<typeof performInBrowser>[2]) =>
    done(await performInBrowser(ports, link.tokenHash, command));
  await browse({ verb: 'ask-browser', browserHash, number: '47' });
  await act(holder, { verb: 'confirm-browser', link: link.id, itIsMe: true });
  await browse({ verb: 'claim', browserHash });
  await act(holder, { verb: 'return', id });
}

function done(outcome: Outcome): string {
  if ('done' in outcome) return outcome.done;
  throw new Error(`refused: ${JSON.stringify(outcome)}`);
}

async function theirCycle(
  { database, ports, leads, security, ...stage }: Stage,
  index: number,
): Promise<void> {
  const { holder, lead, guard } = castOf({ database, ports, leads, security, ...stage }, index);
  const approvers = [...leads, ...security].map((p) => p.id);
  const { client, account } = placeOf(index);
  const id = ports.fresh.requestId();
  const grant = `G${id.slice(1)}`;
  const link = `L-${index}`;
  await call(database, 'ask', [id, client, account, holder.id, 3600, REASON]);
  await call(database, 'approve', [id, lead.id, approvers, 2]);
  await call(database, 'approve', [id, guard.id, approvers, 2]);
  await call(database, 'press', [grant, holder.id, link, `token ${index}`]);
  await call(database, 'browser', [`token ${index}`, `browser ${index}`, '47']);
  await call(database, 'confirm', [link, holder.id]);
  await call(database, 'claim', [`token ${index}`, `browser ${index}`, ports.fresh.exposureId()]);
  await call(database, 'give_back', [grant, holder.id, leads[0]?.id]);
}
