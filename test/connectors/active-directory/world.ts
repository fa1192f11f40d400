/** A Samba domain, the line to it, and connectors that Keyturn has for it. */

import { Secret } from '../../../src/config/secret.js';
import { openActiveDirectory } from '../../../src/connectors/active-directory/index.js';
import type { Connector } from '../../../src/connectors/connector.js';
import { type Cuttable, cuttable } from '../../support/cuttable.js';
import { LDAP, LDAPS, type SambaDomain, startSamba } from '../../support/samba.js';
import { type Directory, openDirectory } from '../../support/samba-directory.js';

/** For what never answers. */
export const HASTY_MS = 2_000;
export const OWN_PASSWORD = 'Keyturn-own-7-secret';

export interface Corp {
  readonly domain: SambaDomain;
  readonly directory: Directory;
  /** To LDAPS. */
  readonly line: Cuttable;
  /** To LDAP, for StartTLS. */
  readonly plainLine: Cuttable;
  /** Keyturn's connector, with settings of its own, another password and another limit where given. */
  open(settings?: Readonly<Record<string, unknown>>, password?: string | null, limitMs?: number): Connector;
  close(): Promise<void>;
}

export async function openCorp(): Promise<Corp> {
  const domain = await startSamba();
  const directory = await openDirectory(domain);
  const own = await directory.makeUser('keyturn', OWN_PASSWORD);
  await directory.addMember(`CN=Domain Admins,${directory.usersDn}`, own);
  const line = await cuttable({ host: domain.address, port: LDAPS });
  const plainLine = await cuttable({ host: domain.address, port: LDAP });
  const opened: Connector[] = [];
  const usual = {
    url: `ldaps://${line.host}:${line.port}`,
    base_dn: domain.baseDn,
    bind_dn: own,
    bind_password: 'vault',
    ca: domain.ca,
  };
  return {
    domain,
    directory,
    line,
    plainLine,
    open(settings = {}, password = OWN_PASSWORD, limitMs) {
      const connector = openActiveDirectory(
        {
          system: {
            client: 'corp',
            id: 'corp-ad',
            type: 'active-directory',
            settings: { ...usual, ...settings },
          },
          secret: async () => (password === null ? null : new Secret(password)),
        },
        limitMs,
      );
      opened.push(connector);
      return connector;
    },
    async close() {
      await Promise.all(opened.map((each) => each.close()));
      await directory.close();
      await Promise.all([line.close(), plainLine.close()]);
      await domain.close();
    },
  };
}
