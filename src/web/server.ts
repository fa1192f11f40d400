/** The one HTTP server: health first, then the chats, then the pages that people open. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import type { Logger } from 'pino';
import { fault } from './faults.js';
import { healthRoute, type Readiness } from './health.js';
import { type Listening, listen, type Place } from './listen.js';

export type { Readiness } from './health.js';
export type { Listening } from './listen.js';

/** Answers the request and returns true, or leaves it untouched and returns false. */
export type Route = (req: IncomingMessage, res: ServerResponse) => boolean;

export interface WebApp {
  fetch(request: Request, env: HttpBindings): Response | Promise<Response>;
}

export interface ServerOptions extends Place {
  readonly routes: readonly Route[];
  readonly app: WebApp;
  readonly log: Logger;
  readonly readiness: Readiness;
}

/** More than any entrance takes; each of them has a smaller limit of its own. */
const MOST_BYTES = 1_000_000;

/** Resolves with the bound port once connections are taken. */
export async function startServer(options: ServerOptions): Promise<Listening> {
  const { log, app } = options;
  const pages = getRequestListener((request, env) => app.fetch(request, env as HttpBindings), {
    // Node's own Request and Response stay as they are for everybody else in the process.
    overrideGlobalObjects: false,
    errorHandler: (err) => new Response(fault(log, err, { at: 'web' }).says, { status: 500 }),
  });
  const routes = [healthRoute(options.readiness, log), ...options.routes];
  return listen((req, res) => {
    try {
      if (Number(req.headers['content-length'] ?? 0) > MOST_BYTES) return refuseSize(res);
      if (!routes.some((route) => route(req, res))) void pages(req, res);
    } catch (err) {
      const { says } = fault(log, err, { at: 'server' });
      if (res.headersSent) return void res.destroy();
      res.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end(says);
    }
  }, options);
}

function refuseSize(res: ServerResponse): void {
  res.writeHead(413, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  res.end('That is more than Keyturn takes at once.');
}
