/** The Northwind example, its variables, and ways to spoil it. */

import { readFileSync } from 'node:fs';
import { loadText } from '../../src/config/compile.js';
import type { Config } from '../../src/config/config.js';
import { type Fault, printFaults } from '../../src/config/fault.js';
import type { Variables } from '../../src/config/variables.js';

export const northwind = readFileSync(new URL('../fixtures/northwind.yaml', import.meta.url), 'utf8');

export const variables: Variables = {
  SLACK_BOT_TOKEN: 'xoxb-northwind-1',
  SLACK_SIGNING_SECRET: '8f742231b10e8888abcd99yyyzzz85a5',
  DELTA_SLACK_BOT_TOKEN: 'xoxb-delta-1',
  DELTA_SLACK_SIGNING_SECRET: '1f742231b10e8888abcd99yyyzzz85a6',
  MICROSOFT_APP_ID: '9b1c2a30-0000-4000-8000-000000000001',
  MICROSOFT_APP_PASSWORD: 'kJ8~Q2vN4pR7sT1wX5zA',
  DUO_API_HOST: 'api-1a2b3c4d.duosecurity.com',
  DUO_IKEY: 'DIWJ8X6AEYOR5OMC6TQ1',
  DUO_SKEY: 'Zh5eGmUq9zpfQnyUIu5OL9iWoMMv5ZNmk3zLJ4Ep',
  DUO_CLIENT_ID: 'DIWJ8X6AEYOR5OMC6TQ2',
  DUO_CLIENT_SECRET: 'Yh5eGmUq9zpfQnyUIu5OL9iWoMMv5ZNmk3zLJ4Eq',
};

/** Northwind with each `before` replaced by its `after`; a `before` that isn't there fails the test. */
export function spoilt(...changes: readonly (readonly [before: string, after: string])[]): string {
  let text = northwind;
  for (const [before, after] of changes) {
    if (!text.includes(before)) throw new Error(`northwind.yaml has no ${before}`);
    text = text.replace(before, () => after);
  }
  return text;
}

export function faultsOf(text: string, set: Variables = variables): readonly Fault[] {
  const loaded = loadText(text, 'keyturn.yaml', set);
  return 'faults' in loaded ? loaded.faults : [];
}

/** What somebody reads after spoiling Northwind. */
export function told(...changes: readonly (readonly [before: string, after: string])[]): string {
  return printFaults(faultsOf(spoilt(...changes)));
}

export function configOf(text: string, set: Variables = variables): Config {
  const loaded = loadText(text, 'keyturn.yaml', set);
  if ('faults' in loaded) throw new Error(printFaults(loaded.faults));
  return loaded.config;
}
