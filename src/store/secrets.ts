/** Sealed secrets and wrapped data keys: the database never sees either open. */

import type { Database } from './driver.js';

/** The sealed secret of one version; null where there is none. */
export async function sealedSecret(
  database: Database,
  client: string,
  account: string,
  version: number,
): Promise<string | null> {
  const text = 'select sealed from keyturn.secrets where client = $1 and account = $2 and version = $3';
  const [row] = await database.run<{ sealed: string }>({ name: 'sealed_secret', text }, [
    client,
    account,
    version,
  ]);
  return row?.sealed ?? null;
}

/** The newest version of a secret, sealed; null where there is none. */
export async function newestSecret(
  database: Database,
  client: string,
  account: string,
): Promise<{ readonly version: number; readonly sealed: string } | null> {
  const text = `select version, sealed from keyturn.secrets where client = $1 and account = $2 order by version desc limit 1`;
  const [row] = await database.run<{ version: number; sealed: string }>({ name: 'newest_secret', text }, [
    client,
    account,
  ]);
  return row ?? null;
}

/** The accounts, as `client/id`, that have a secret in custody. */
export async function accountsWithSecret(database: Database): Promise<Set<string>> {
  const text = `select distinct client || '/' || account as name from keyturn.secrets`;
  const rows = await database.run<{ name: string }>({ name: 'accounts_with_secret', text }, []);
  return new Set(rows.map((row) => row.name));
}

interface WrappedKey {
  readonly client: string;
  readonly wrapped: string;
  readonly keyId: string;
}

/** Where the vault keeps its data keys. */
export function dataKeys(database: Database) {
  const columns = `client, wrapped, key_id as "keyId"`;
  const one = (text: string, name: string, values: unknown[]) =>
    database.run<WrappedKey>({ name, text }, values).then((rows) => rows[0] ?? null);
  const get = (client: string) =>
    one(`select ${columns} from keyturn.data_keys where client = $1`, 'data_key', [client]);
  return {
    get,
    /** The first writer wins; everybody gets what is stored. */
    insert: async (client: string, wrapped: string, keyId: string): Promise<WrappedKey> => {
      const text = `insert into keyturn.data_keys (client, wrapped, key_id) values ($1, $2, $3)
        on conflict (client) do nothing returning ${columns}`;
      const mine = await one(text, 'insert_data_key', [client, wrapped, keyId]);
      return mine ?? ((await get(client)) as WrappedKey);
    },
    list: () =>
      database.run<WrappedKey>(
        { name: 'data_keys', text: `select ${columns} from keyturn.data_keys order by client` },
        [],
      ),
    replace: async (client: string, old: string, wrapped: string, keyId: string): Promise<boolean> => {
      const text = `update keyturn.data_keys set wrapped = $3, key_id = $4 where client = $1 and wrapped = $2
        returning ${columns}`;
      return (await one(text, 'replace_data_key', [client, old, wrapped, keyId])) !== null;
    },
  };
}
