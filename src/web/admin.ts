/** The operator's own port: metrics, on loopback unless told otherwise. */

import type { Logger } from 'pino';
import { fault } from './faults.js';
import { type Listening, listen } from './listen.js';
import type { Metrics } from './metrics.js';

export interface AdminOptions {
  readonly port: number;
  /** 127.0.0.1 unless told otherwise: nobody is asked who they are here. */
  readonly host?: string;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Serves `GET /metrics` in the Prometheus text format. */
export function startAdmin({ port, host = '127.0.0.1', metrics, log }: AdminOptions): Promise<Listening> {
  return listen(
    async (req, res) => {
      const path = req.url?.split('?', 1)[0];
      if (path !== '/metrics' || (req.method !== 'GET' && req.method !== 'HEAD')) {
        res
          .writeHead(404, { 'content-type': 'text/plain; charset=utf-8' })
          .end('Only GET /metrics is here.\n');
        return;
      }
      try {
        const text = await metrics.registry.metrics();
        res.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text);
      } catch (err) {
        res.writeHead(500).end(fault(log, err, { at: 'metrics' }).says);
      }
    },
    { port, host },
  );
}
