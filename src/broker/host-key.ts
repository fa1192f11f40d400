/** The bastion's own host key: generated once, by whichever replica comes first, and kept in the vault. */

import type { Secret } from '../config/secret.js';
import { newKey } from '../connectors/ssh/keys.js';
import { event, KEYTURN } from '../core/audit.js';
import { change } from '../core/judged.js';
import type { Database } from '../store/driver.js';
import { newestSecret } from '../store/secrets.js';
import type { StorePorts } from '../store/store.js';
import type { SecretBinding, Vault } from '../vault/vault.js';

/** No account's id has a space in it. */
const PLACE: SecretBinding = { client: 'operator', account: 'bastion host key', version: 1 };

export interface HostKeyDesk {
  readonly database: Database;
  readonly ports: Pick<StorePorts, 'facts' | 'store'>;
  readonly vault: Pick<Vault, 'seal' | 'open'>;
}

/** The one that is in the vault; null before any bastion was opened. */
export async function keptHostKey(database: Database, vault: Pick<Vault, 'open'>): Promise<Secret | null> {
  const { client, account } = PLACE;
  const kept = await newestSecret(database, client, account);
  return kept && vault.open(kept.sealed, { client, account, version: kept.version });
}

/** Ed25519, in OpenSSH form. All replicas have the same. */
export async function bastionHostKey({ database, ports, vault }: HostKeyDesk): Promise<Secret> {
  const { client, account, version } = PLACE;
  for (;;) {
    const kept = await keptHostKey(database, vault);
    if (kept) return kept;
    const made = newKey();
    const sealed = await vault.seal(made, PLACE);
    const facts = await ports.facts.facts();
    // Where another replica was first, this changes nothing, and its key is read.
    await ports.store.commit(
      change(facts, {
        guards: [{ noun: 'secret', client, account, version: 0 }],
        writes: [{ put: 'secret', row: { ...PLACE, sealed, by: null, at: facts.now } }],
        audit: [event(KEYTURN, 'operator', 'secret.stored', account, { version })],
      }),
    );
  }
}
