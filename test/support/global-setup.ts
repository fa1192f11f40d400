/** Before any test: the build that tests start as a process, and one Postgres server for all of them. */

import { buildOnce } from './build.js';
import { SERVER_URL } from './postgres.js';
import { startPostgres } from './postgres-server.js';

export default async function setup(): Promise<() => Promise<void>> {
  const [server] = await Promise.all([startPostgres(), buildOnce()]);
  process.env[SERVER_URL] = server.url;
  return server.stop;
}
