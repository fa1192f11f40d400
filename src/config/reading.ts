/**
 * Reading a document that may be wrong anywhere. The checks use these instead of the parsed
 * schema, so that one misspelt key doesn't hide the other faults of its entry.
 */

import type { Json, Path } from './fault.js';

export interface Found {
  readonly path: Path;
  readonly value: Json;
}

/** Every value at a pattern, `*` standing for any key or position. What has another shape is passed over. */
export function find(document: Json, pattern: readonly string[]): Found[] {
  let found: Found[] = [{ path: [], value: document }];
  for (const part of pattern) {
    found = found.flatMap(({ path, value }) =>
      part === '*' ? entries(value, path) : own(value, part, path),
    );
  }
  return found;
}

/** The value at a path, or undefined. */
export function valueAt(document: Json, path: Path): Json | undefined {
  let value: Json | undefined = document;
  for (const part of path) value = value === undefined ? undefined : field(value, part);
  return value;
}

/** A key's or a position's value, or undefined; never something inherited. */
export function field(value: Json, key: string | number): Json | undefined {
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string | number, Json>)[key];
}

/** The text of a field, or undefined when it isn't text. */
export function text(value: Json, key: string | number): string | undefined {
  const found = field(value, key);
  return typeof found === 'string' ? found : undefined;
}

/** The texts of a list field; whatever isn't text is left out. */
export function texts(value: Json, key: string | number): string[] {
  const found = field(value, key);
  return Array.isArray(found) ? found.filter((item): item is string => typeof item === 'string') : [];
}

/** Calls with every text in the document and its key or position; `place` gives its path, for the few that need it. */
export function eachText(
  document: Json,
  see: (value: string, key: string | number | undefined, place: () => Path) => void,
): void {
  const path: (string | number)[] = [];
  const place = () => [...path];
  const visit = (value: Json) => {
    if (typeof value === 'string') return see(value, path.at(-1), place);
    if (value === null || typeof value !== 'object') return;
    for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
      path.push(key);
      visit((value as Record<string | number, Json>)[key] ?? null);
      path.pop();
    }
  };
  visit(document);
}

/** A path as people read it: list entries go by their id or e-mail where they have one. */
export function printPath(document: Json, path: Path): string {
  let printed = '';
  let value: Json | undefined = document;
  for (const part of path) {
    const inside: Json | undefined = value === undefined ? undefined : field(value, part);
    if (typeof part === 'number') printed += `[${nameOf(inside) ?? part}]`;
    else printed += printed === '' ? part : `.${part}`;
    value = inside;
  }
  return printed;
}

function nameOf(entry: Json | undefined): string | undefined {
  if (entry === undefined) return undefined;
  return text(entry, 'id') ?? text(entry, 'email') ?? text(entry, 'team') ?? text(entry, 'tenant');
}

function entries(value: Json, path: Path): Found[] {
  if (Array.isArray(value)) return value.map((item, index) => ({ path: [...path, index], value: item }));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).map(([key, item]) => ({ path: [...path, key], value: item }));
}

function own(value: Json, key: string, path: Path): Found[] {
  const found = field(value, key);
  return found === undefined ? [] : [{ path: [...path, key], value: found }];
}
