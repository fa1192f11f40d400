/** `npm run bench`: each promise beside its baseline, as a table, or as one line of JSON. */

import { parseArgs } from 'node:util';
import { approveRatio } from './approve-ratio.js';
import { bastionRatio } from './bastion-ratio.js';
import { cardsUpdated } from './cards-updated.js';
import { readBack, rotations } from './custody.js';
import { cycleRatio } from './cycle-ratio.js';
import { expiryRatio } from './expiry-ratio.js';
import type { Figure } from './figure.js';
import { large } from './large.js';
import { localFirstClick } from './local-first-click.js';
import { offboardRatio, offboardState } from './offboard.js';
import { reports } from './report.js';
import { rss } from './rss.js';
import { sessionCut } from './session-cut.js';
import { sessionMemory } from './session-memory.js';
import { slackAck } from './slack-ack.js';
import { slackThroughput } from './slack-throughput.js';
import { startAll } from './start-all.js';
import { startBare } from './start-bare.js';

const ALL = [
  approveRatio,
  cycleRatio,
  slackAck,
  slackThroughput,
  cardsUpdated,
  startBare,
  startAll,
  localFirstClick,
  large,
  reports,
  rotations,
  readBack,
  bastionRatio,
  sessionCut,
  sessionMemory,
  rss,
  // Last, because what they have filled stays until the run has ended.
  offboardState,
  offboardRatio,
  expiryRatio,
];

const { values } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string' } } });
const chosen = ALL.filter((m) => values.only === undefined || m.id === values.only);
if (chosen.length === 0) {
  console.error(`There is no figure "${values.only}". There are: ${ALL.map((m) => m.id).join(', ')}`);
  process.exit(2);
}

const figures: Figure[] = [];
for (const measurement of chosen) {
  if (!values.json && process.stderr.isTTY) console.error(`measuring ${measurement.id} …`);
  figures.push(await measurement.measure());
}
console.log(values.json ? asLine(figures) : asTable(figures));
process.exit(0);

function asLine(all: readonly Figure[]): string {
  const kept = all.map(({ id, value, unit, baseline, goal, met }) => ({
    ...{ id, value: rounded(value), unit, baseline: rounded(baseline), goal, met },
  }));
  return JSON.stringify({ figures: kept });
}

function asTable(all: readonly Figure[]): string {
  const rows = all.map((f) => [
    ...[f.id, `${rounded(f.value)} ${f.unit}`, String(rounded(f.baseline)), f.aim, f.met ? 'yes' : 'NO'],
    f.notes.join('; '),
  ]);
  const table = [['figure', 'value', 'baseline', 'goal', 'met', 'notes'], ...rows];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table
    .map((row) =>
      row
        .map((cell, n) => cell.padEnd(widths[n] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
