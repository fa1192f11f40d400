/** From keyturn.yaml, or from a stored document, to a configuration that passed every check. */

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Config } from './config.js';
import { declare } from './declare.js';
import { parse } from './document.js';
import { examine } from './examine.js';
import { byPlace, type Fault, type Json } from './fault.js';
import { quick } from './quick.js';
import { printPath } from './reading.js';
import type { Variables } from './variables.js';

export type Compiled = { readonly config: Config } | { readonly faults: readonly Fault[] };

/** `document` is what the file says before substitution: safe to store, as it holds no secret. */
export type Loaded =
  | { readonly document: Json; readonly config: Config }
  | { readonly faults: readonly Fault[] };

/**
 * Compiles a document as stored in the database, filling it in from this process's own variables.
 * Never throws; gives every fault at once, with a path but without a line.
 */
export function compile(document: unknown, variables: Variables): Compiled {
  const plain = (document ?? null) as Json;
  const result = examine(plain, variables);
  if ('declared' in result) return { config: declare(result.declared) };
  const faults = result.complaints.map(({ path, message, remedy }) => {
    return { path: printPath(plain, path), message, remedy };
  });
  return { faults };
}

/** Compiles the text of a configuration. Never throws; gives every fault at once, in the order of the file. */
export function loadText(text: string, file: string, variables: Variables): Loaded {
  const document = quick(text);
  const sound = document === null ? null : examine(document, variables);
  // What is wrong with it, and where, is for the reading that knows where everything stands.
  if (document !== null && sound && 'declared' in sound) return { document, config: declare(sound.declared) };
  const parsed = parse(text, file);
  if ('faults' in parsed) return parsed;
  const result = examine(parsed.document, variables, parsed.complaints);
  if ('declared' in result) return { document: parsed.document, config: declare(result.declared) };
  return { faults: result.complaints.map((complaint) => parsed.locate(complaint)).sort(byPlace) };
}

/** Compiles a configuration file. A file that can't be read is a fault like any other. */
export function loadFile(path: string, variables: Variables): Loaded {
  const file = basename(path);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const message = missing ? `there is no file ${path}.` : `the file ${path} can’t be read.`;
    const remedy = missing
      ? 'Set KEYTURN_CONFIG to the path of your keyturn.yaml.'
      : 'Check who may read it, and that it is a file.';
    return { faults: [{ file, path: '', message, remedy }] };
  }
  const text = decode(bytes);
  if (text !== undefined) return loadText(text, file, variables);
  return {
    faults: [{ file, path: '', message: 'the file is not UTF-8 text.', remedy: 'Save it as UTF-8.' }],
  };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
