/** Between rows as Postgres spells them (snake_case, instants as text in jsonb) and core's own shapes. */

type Json = Readonly<Record<string, unknown>>;

const INSTANT = /^(?:at|.*_at|decide_by)$/;

/** `{ asked_at: '2026-…' }` → `{ askedAt: Date }`. Only the top level: what lies deeper is the row's own data. */
export function fromRow<T>(row: Json): T {
  const entries = Object.entries(row).map(([key, value]) => [
    key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    INSTANT.test(key) && typeof value === 'string' ? new Date(value) : value,
  ]);
  return Object.fromEntries(entries) as T;
}

/** Rows of a jsonb array, which is null where it would be empty. */
export function fromRows<T>(rows: readonly Json[] | null): T[] {
  return (rows ?? []).map((row) => fromRow<T>(row));
}

export function fromRowOrNull<T>(row: Json | null | undefined): T | null {
  return row ? fromRow<T>(row) : null;
}

/** `{ askedAt: Date }` → `{ asked_at: Date }`, for JSON. */
export function toRow(value: object): Json {
  const entries = Object.entries(value).map(([key, v]) => [
    key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    v,
  ]);
  return Object.fromEntries(entries);
}
