/** `report`: what chat and the page show of an account, a person or a client, at the terminal or as CSV. */

import { csvHead, csvRecord } from '../core/report-csv.js';
import { type ReportSection, reportPage } from '../core/report-page.js';
import { readReportWords } from '../core/words.js';
import { readReportData, reportRecords } from '../store/reports.js';
import { openDesk } from './applied.js';
import type { Args } from './args.js';
import { databaseEnvironment, namedPerson, withDatabase } from './open.js';
import { out } from './out.js';
import { proven } from './prove.js';
import { Told } from './told.js';
import { waysOf } from './ways.js';

export async function report(args: Args): Promise<number> {
  const typed = readReportWords(args.words);
  if (!typed)
    throw new Told(
      'Write it like: keyturn report account acme/front-desk --from 2026-11-01 --to 2026-11-23 --as you@your-company.example',
      2,
    );
  const page = { ...typed, from: args.from ?? typed.from, to: args.to ?? typed.to };
  return withDatabase(databaseEnvironment(), async (database) => {
    const desk = await openDesk(database);
    const { directory } = await desk.ports.facts.facts();
    const person = namedPerson(args, directory);
    const command = { verb: 'read-report', how: 'terminal', ...page } as const;
    await proven(desk, person, command, await waysOf(args, desk, person));
    const facts = await desk.ports.store.reportFacts(page, person.id);
    if (args.csv) {
      await out(csvHead());
      for await (const records of reportRecords(database, facts))
        await out(records.map((record) => csvRecord(record, facts.directory)).join(''));
      return 0;
    }
    const { title, from, to, counts, sections } = reportPage(facts, await readReportData(database, facts));
    const lines = [`${title}, ${from} to ${to}`, ...counts, ...sections.flatMap(sayTable)];
    await out(`${lines.map(harmless).join('\n')}\n`);
    return 0;
  });
}

/** A row a paragraph: a terminal is too narrow for so many columns. */
function sayTable({ title, says, head, rows }: ReportSection): string[] {
  const said = rows.flatMap((row) => [
    '',
    ...row.flatMap((lines, n) => (lines.length === 0 ? [] : [`  ${head[n]}: ${lines.join(' · ')}`])),
  ]);
  return ['', `${title}: ${says}`, ...said];
}

/** What a terminal would obey rather than show. */
function harmless(line: string): string {
  return line.replace(/\p{Cc}/gu, ' ');
}
