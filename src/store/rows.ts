/** Between rows as Postgres spells them (snake_case, instants as text in jsonb) and core's own shapes. */

type Json = Readonly<Record<string, unknown>>;

const INSTANT = /^(?:at|.*_at|decide_by)$/;

interface Column {
  readonly name: string;
  readonly isInstant: boolean;
}

/** What is known of each column and field by its name; there are a few dozen, and rows come by the thousand. */
const columns = new Map<string, Column>();
const fields = new Map<string, string>();

function columnOf(key: string): Column {
  const known = columns.get(key);
  if (known) return known;
  const name = key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const column = { name, isInstant: INSTANT.test(key) };
  columns.set(key, column);
  return column;
}

function fieldOf(key: string): string {
  const known = fields.get(key);
  if (known) return known;
  const field = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  fields.set(key, field);
  return field;
}

/** `{ asked_at: '2026-…' }` → `{ askedAt: Date }`. Only the top level: what lies deeper is the row's own data. */
export function fromRow<T>(row: Json): T {
  const made: Record<string, unknown> = {};
  for (const key in row) {
    const { name, isInstant } = columnOf(key);
    const value = row[key];
    made[name] = isInstant && typeof value === 'string' ? new Date(value) : value;
  }
  return made as T;
}

/** Rows of a jsonb array, which is null where it would be empty. */
export function fromRows<T>(rows: readonly Json[] | null): T[] {
  return (rows ?? []).map((row) => fromRow<T>(row));
}

export function fromRowOrNull<T>(row: Json | null | undefined): T | null {
  return row ? fromRow<T>(row) : null;
}

/**
 * `{ askedAt: Date }` → `{ asked_at: Date }`, for JSON.
 *
 * @param only the fields that are wanted; all where nothing is said.
 */
export function toRow(value: object, only: readonly string[] = Object.keys(value)): Json {
  const made: Record<string, unknown> = {};
  for (const key of only) made[fieldOf(key)] = (value as Json)[key];
  return made;
}
