/** Made-up passwords put into custody, without anybody's phone: for local mode and for tests. */

import type { App } from '../app.js';
import type { Secret } from '../config/secret.js';
import { event, KEYTURN } from '../core/audit.js';
import { change } from '../core/judged.js';

/** Stores the first version of an account's password. */
export async function seedPassword(
  { ports, custody }: Pick<App, 'ports' | 'custody'>,
  client: string,
  account: string,
  secret: Secret,
): Promise<void> {
  const place = { client, account, version: 1 };
  const sealed = await custody.sealSecret(secret, place);
  const facts = await ports.facts.facts();
  const outcome = await ports.store.commit(
    change(facts, {
      writes: [{ put: 'secret', row: { ...place, sealed, by: null, at: facts.now } }],
      audit: [event(KEYTURN, client, 'secret.stored', `${client}/${account}`, { version: 1 })],
    }),
  );
  if (outcome !== 'done') throw new Error(`${client}/${account} could not be put into custody`);
}
