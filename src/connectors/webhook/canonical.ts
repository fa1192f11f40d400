/** JSON with its keys in order and no spaces, so that one meaning has one text. */

export type Plain = string | number | boolean | null | undefined;

/** Of a flat object. What is undefined is left out. */
export function canonical(body: Readonly<Record<string, Plain>>): string {
  const entries = Object.entries(body).filter(([, value]) => value !== undefined);
  return JSON.stringify(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))));
}
