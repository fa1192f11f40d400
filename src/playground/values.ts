/** Small readers of loose JSON, so that no cast hides a missing field. */
import { createHash, randomBytes } from 'node:crypto';
import type { Fields } from './slack/types.js';

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const fields = (value: unknown): Fields => (isFields(value) ? value : {});

export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** An argument that came as a form field is a string, as JSON it may be the thing itself. */
export function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

export const isTrue = (value: unknown): boolean => value === true || value === 'true' || value === '1';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

const spell = (bytes: Buffer): string => [...bytes].map((b) => alphabet[b % alphabet.length]).join('');

/** A fresh id of Slack's look: a letter for the kind, then ten letters and digits. */
export const newId = (kind: string): string => `${kind}${spell(randomBytes(10))}`;

/** The same words give the same id: a person's direct message keeps its `D…`. */
export const stableId = (kind: string, ...words: string[]): string =>
  `${kind}0${spell(createHash('sha256').update(words.join('/')).digest().subarray(0, 9))}`;

export const token = (length = 24): string => randomBytes(length).toString('base64url').slice(0, length);

/** Slack writes `&`, `<` and `>` of what a human typed as entities; nothing else. */
export const escapeText = (typed: string): string =>
  typed.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** Forgets the oldest entries of a map beyond `most`: a fake that runs for days stays small. */
export function keepNewest(map: Map<string, unknown>, most = 20_000): void {
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}
