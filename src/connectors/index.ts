/** The systems that Keyturn can change by itself, each loaded when it is first needed. */

import type { Connector, ConnectorOptions, OpenConnector } from './connector.js';

export { abilities } from '../core/abilities.js';

/** What each of these types can do stands in core/abilities.ts. */
const TYPES: Readonly<Record<string, () => Promise<OpenConnector>>> = {
  'active-directory': async () => (await import('./active-directory/index.js')).openActiveDirectory,
  ssh: async () => (await import('./ssh/index.js')).openSsh,
  postgres: async () => (await import('./postgres/index.js')).openPostgres,
  webhook: async () => (await import('./webhook/index.js')).openWebhook,
};

/** The connector of a system; null where its type has none. */
export async function openConnector(options: ConnectorOptions): Promise<Connector | null> {
  const load = Object.hasOwn(TYPES, options.system.type) ? TYPES[options.system.type] : undefined;
  return load ? (await load())(options) : null;
}
