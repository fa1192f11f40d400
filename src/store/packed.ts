/** Rows by the thousand on their way into the database: what is the same in all of them is written once. */

import type { Many } from '../core/change.js';
import { toRow } from './rows.js';

type Row = Readonly<Record<string, unknown>>;

/** What all rows have in common, and what each has beside it. */
export interface Packed {
  readonly same: Row;
  readonly rows: readonly Row[];
}

/** What an end may change of a row; nothing else of it is sent. */
const CHANGED: Readonly<Partial<Record<Many['of'], readonly string[]>>> = {
  grant: ['id', 'state', 'outcome', 'version', 'endedAt', 'endedBy', 'endReason'],
  link: ['id', 'state', 'version'],
  request: ['id', 'state', 'version', 'endedAt', 'endedBy'],
};

/** Rows that are in one state and of one kind have most in common: those together. No two of them are one row. */
export function packed({ of, rows }: Many): Packed[] {
  const alike = new Map<string, Row[]>();
  for (const row of rows as readonly unknown[] as readonly Row[]) {
    const key = `${row.state} ${row.kind}`;
    const others = alike.get(key);
    if (others) others.push(row);
    else alike.set(key, [row]);
  }
  return [...alike.values()].map((group) => pack(group, CHANGED[of]));
}

function pack(rows: readonly Row[], changed: readonly string[] = Object.keys(rows[0] ?? {})): Packed {
  const [first = {}] = rows;
  const common = changed.filter((key) => rows.every((row) => isSame(row[key], first[key])));
  const own = changed.filter((key) => !common.includes(key));
  return { same: toRow(first, common), rows: rows.map((row) => toRow(row, own)) };
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || (one instanceof Date && other instanceof Date && +one === +other);
}
