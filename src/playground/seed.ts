/** Made-up passwords put into custody, without anybody's phone: for local mode and for tests. */

import type { App } from '../app.js';
import type { Secret } from '../config/secret.js';
import { event, KEYTURN } from '../core/audit.js';
import { change } from '../core/judged.js';
import { seedName } from '../core/seed.js';
import { readSeed } from '../vault/otp-seed.js';

/** Stores the first version of the seed of an account's one-time codes; `address` is an otpauth:// one. */
export async function seedCodes(
  { ports, custody }: Pick<App, 'ports' | 'custody'>,
  client: string,
  account: string,
  address: string,
): Promise<void> {
  const seed = readSeed(address);
  if ('why' in seed) throw new Error(seed.why);
  const place = { client, account: seedName(account), version: 1 };
  const row = { ...place, sealed: await custody.sealSecret(seed.address, place), by: null };
  const facts = await ports.facts.facts();
  const said = event(KEYTURN, client, 'secret.stored', `${client}/${account} (one-time codes)`, {
    version: 1,
  });
  const written = { writes: [{ put: 'secret', row: { ...row, at: facts.now } }] as const, audit: [said] };
  if ((await ports.store.commit(change(facts, written))) !== 'done')
    throw new Error(`the one-time codes of ${client}/${account} could not be put into custody`);
}

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
