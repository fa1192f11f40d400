import { connectorContract, type TargetWorld } from '../../contracts/connectors.js';
import { cuttable } from '../../support/cuttable.js';
import { KEYTURN_PASSWORD, reach, startClientServer } from './server.js';

const LIMIT_MS = 3_000;
const WRONG = 'not-the-one-of-keyturn';

async function openWorld(): Promise<TargetWorld> {
  const server = await startClientServer();
  const line = await cuttable(server);
  const exists = async (login: string) =>
    (await server.sql('select from pg_roles where rolname = $1::text', [login])).length === 1;
  return {
    connector: reach({ ...line, limitMs: LIMIT_MS }),
    stranger: reach({ ...line, limitMs: LIMIT_MS, secret: WRONG }),
    limitMs: LIMIT_MS,
    line,
    group: 'ledger',
    secrets: [KEYTURN_PASSWORD, WRONG],
    make: server.makeLogin,
    signsIn: server.signsIn,
    exists,
    memberOf: async (login, group) => {
      if (!(await exists(login))) return false;
      const [row] = await server.sql<{ is: boolean }>(`select pg_has_role($1, $2, 'member') as is`, [
        login,
        group,
      ]);
      return row?.is === true;
    },
    close: async () => {
      await line.close();
      await server.stop();
    },
  };
}

connectorContract('PostgreSQL', openWorld, ['elevate', 'withdraw', 'endSessions', 'jitLogins']);
