/** Is the process alive, and is it ready for work: for whatever supervises it. Says nothing that is secret. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';

/** Why not ready, each as one safe sentence; empty: ready. */
export type Readiness = () => Promise<readonly string[]> | readonly string[];

const PATIENCE_MS = 3_000;

/** Answers `/healthz` and `/readyz`; false for every other path. */
export function healthRoute(readiness: Readiness, log: Logger) {
  return (req: IncomingMessage, res: ServerResponse): boolean => {
    const path = req.url?.split('?', 1)[0];
    if (path !== '/healthz' && path !== '/readyz') return false;
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.setHeader('allow', 'GET, HEAD');
      answer(res, 405, { ok: false });
    } else if (path === '/healthz') {
      answer(res, 200, { ok: true });
    } else {
      void whyNot(readiness, log).then((because) =>
        answer(res, because.length === 0 ? 200 : 503, { ready: because.length === 0, because }),
      );
    }
    return true;
  };
}

/** A check that fails or hangs is a "no" too, and its error stays in the log. */
async function whyNot(readiness: Readiness, log: Logger): Promise<readonly string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly string[]>((resolve) => {
    timer = setTimeout(() => resolve(['The check took too long.']), PATIENCE_MS);
  });
  try {
    return await Promise.race([Promise.resolve().then(readiness), late]);
  } catch (err) {
    log.error({ err }, 'the readiness check failed');
    return ['The check failed; the log says why.'];
  } finally {
    clearTimeout(timer);
  }
}

function answer(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  res.end(JSON.stringify(body));
}
