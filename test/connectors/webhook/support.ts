/** Keyturn’s way to an automation. */

import { Secret } from '../../../src/config/secret.js';
import type { Connector } from '../../../src/connectors/connector.js';
import { openWebhook } from '../../../src/connectors/webhook/index.js';

export const KEY = 'b3BlbnNzbCByYW5kIC1iYXNlNjQgMzIgd2FzIGhlcmU=';

export interface Way {
  readonly url: string;
  readonly key?: string | null;
  readonly limitMs?: number;
}

export function wayTo({ url, key = KEY, limitMs = 2_000 }: Way): Connector {
  const system = { client: 'acme', id: 'acme-crm', type: 'webhook', settings: { url, secret: 'vault' } };
  return openWebhook({ system, secret: async () => (key === null ? null : new Secret(key)) }, limitMs);
}

export function urlOf({ host, port }: { readonly host: string; readonly port: number }): string {
  return `http://${host}:${port}/keyturn`;
}
