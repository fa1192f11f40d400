/** Reports as CSV: RFC 4180, and nothing that a spreadsheet would run. */

import type { Directory } from './directory.js';
import type { ReportRecord } from './report-data.js';
import { sayRecord } from './report-record.js';

/** Says that it is UTF-8 to spreadsheets that wouldn't guess it. */
export const BYTE_ORDER_MARK = '\ufeff';

/** Every record has all of these; what it hasn't is empty. */
export const CSV_COLUMNS = [
  ...['record', 'id', 'kind', 'client', 'account', 'person', 'email', 'at', 'minutes', 'reason', 'ticket'],
  ...['state', 'decisions', 'policy', 'policy_version', 'from', 'until', 'ended', 'ended_at', 'ended_by'],
  ...['end_reason', 'shown', 'taken_back', 'taken_back_at', 'taken_back_by', 'read_back', 'review'],
  ...['review_by', 'review_note', 'count', 'granted', 'denied', 'break_glass'],
] as const;

export type CsvColumn = (typeof CSV_COLUMNS)[number];

/** What a spreadsheet takes for a formula, also behind what it skips or drops before one. */
const FORMULA = /^[\s\p{C}\p{Zs}"'`´‘’“”«»]*[=+\-@\t\r\n＝＋－＠]/u;
const CONTROL_FIRST = /^[\t\r\n]/;

/** Whether a spreadsheet might take this for more than text. */
export function isRisky(text: string): boolean {
  return CONTROL_FIRST.test(text) || FORMULA.test(text);
}

/** The text with an apostrophe before it, where it needs one. {@link unguarded} gives it back. */
export function guarded(text: string): string {
  return isRisky(text) ? `'${text}` : text;
}

/** What was written, from what a reader of the CSV finds in a cell. */
export function unguarded(cell: string): string {
  return cell.startsWith("'") && isRisky(cell.slice(1)) ? cell.slice(1) : cell;
}

/** One line, with its end. Every cell is quoted: some spreadsheets part cells at semicolons and tabs, too. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${guarded(cell).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

export function csvHead(): string {
  return `${BYTE_ORDER_MARK}${csvLine(CSV_COLUMNS)}`;
}

/** One record as its line. */
export function csvRecord(record: ReportRecord, directory: Directory): string {
  const said = sayRecord(record, directory);
  return csvLine(CSV_COLUMNS.map((column) => String(said[column] ?? '')));
}
