/** The real Postgres server of tests and benchmarks. */

import { type PostgresServer, startPostgres as start } from '../../src/playground/postgres/server.js';

export { freePort, type PostgresServer } from '../../src/playground/postgres/server.js';

export function startPostgres(): Promise<PostgresServer> {
  const settings = {
    max_connections: '200',
    wal_buffers: '16MB', // copying the template writes half of that
  };
  return start({ prefix: 'keyturn-postgres-', settings });
}
