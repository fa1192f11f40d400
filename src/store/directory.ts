/** The directory as stored, read whole and kept until its version moves. */

import type { Account, Client, System } from '../core/accounts.js';
import { Directory, type FormerPerson } from '../core/directory.js';
import type { Person } from '../core/people.js';
import type { Policy } from '../core/policy.js';
import type { Operator } from '../core/proposal.js';
import type { Database } from './driver.js';

const READ = {
  name: 'directory',
  text: `select d.directory_version as version,
    (select operator from keyturn.configurations order by version desc limit 1) as operator,
    (select jsonb_agg(p.spec || jsonb_build_object('id', p.id, 'email', p.email) order by p.position)
       from keyturn.people p where p.state = 'here') as people,
    (select jsonb_agg(jsonb_build_object('id', p.id, 'email', p.email, 'name', p.spec->>'name', 'heir', p.heir))
       from keyturn.people p where p.state <> 'here') as former,
    (select jsonb_object_agg(g.name, g.members) from keyturn.groups g) as groups,
    (select jsonb_agg(p.spec || jsonb_build_object('id', p.id, 'version', p.version) order by p.id)
       from keyturn.policies p where p.current) as policies,
    (select jsonb_agg(c.spec order by c.position) from keyturn.clients c where c.removed_at is null) as clients,
    (select jsonb_agg(a.spec order by a.position) from keyturn.accounts a where a.removed_at is null) as accounts,
    (select jsonb_agg(s.spec order by s.position) from keyturn.systems s where s.removed_at is null) as systems
    from keyturn.deployment d`,
};

interface Row {
  readonly version: number;
  readonly operator: Operator | null;
  readonly people: readonly Person[] | null;
  readonly former: readonly FormerPerson[] | null;
  readonly groups: Readonly<Record<string, readonly string[]>> | null;
  readonly policies: readonly Policy[] | null;
  readonly clients: readonly Client[] | null;
  readonly accounts: readonly Account[] | null;
  readonly systems: readonly System[] | null;
}

/** Reads the directory of one instant. Empty, at version 0, before the first apply. */
export async function readDirectory(database: Database): Promise<Directory> {
  const [row] = await database.run<Row>(READ, []);
  return new Directory({
    version: row?.version ?? 0,
    operator: row?.operator?.name ?? 'Keyturn',
    timezone: row?.operator?.timezone ?? 'UTC',
    digest: row?.operator?.digest,
    people: row?.people ?? [],
    former: row?.former ?? [],
    groups: row?.groups ?? {},
    policies: row?.policies ?? [],
    clients: row?.clients ?? [],
    accounts: row?.accounts ?? [],
    systems: row?.systems ?? [],
  });
}

/** Keeps the newest directory; each reading of facts says which version it wants. */
export class DirectoryCache {
  #kept: Promise<Directory> | null = null;

  constructor(private readonly database: Database) {}

  /** The directory at this version or a newer one. */
  async at(version: number): Promise<Directory> {
    const kept = await this.#kept;
    if (kept && kept.version >= version) return kept;
    const reading = readDirectory(this.database);
    this.#kept = reading;
    // A failed reading is not kept: the next one asks again.
    reading.catch(() => {
      if (this.#kept === reading) this.#kept = null;
    });
    return reading;
  }
}
