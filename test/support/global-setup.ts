/** Before any test: the build that tests start as a process, one Postgres server for all of them, and what embedded ones begin with. */

import { buildOnce } from './build.js';
import { makeTemplate } from './embedded.js';
import { SERVER_URL } from './postgres.js';
import { startPostgres } from './postgres-server.js';

export default async function setup(): Promise<() => Promise<void>> {
  const [server, removeTemplate] = await Promise.all([startPostgres(), makeTemplate(), buildOnce()]);
  process.env[SERVER_URL] = server.url;
  return async () => {
    await server.stop();
    await removeTemplate();
  };
}
