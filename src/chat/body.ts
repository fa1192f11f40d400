/** A platform's request, read whole, and its answer. */

import type { IncomingMessage, ServerResponse } from 'node:http';

/** The platforms' own payloads stay far below this: a Slack view is at most 250,000 bytes, a Teams message about as many. */
const MOST_BYTES = 1_000_000;

/** Ends the answer, unless it has begun already. `body` goes as JSON. */
export function end(res: ServerResponse, status: number, body?: unknown): void {
  if (res.headersSent) return;
  const text = body === undefined ? '' : JSON.stringify(body);
  res.writeHead(status, {
    ...(text === '' ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    // A body that wasn't read to its end would be taken for the next request.
    ...(status === 413 ? { connection: 'close' } : {}),
  });
  res.end(text, () => {
    if (status === 413) res.req.destroy();
  });
}

/** The whole body; null where it is too long, and then the rest stays unread. Rejects where the connection ends before. */
export function readBody(req: IncomingMessage): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    req.on('data', (part: Buffer) => {
      size += part.length;
      if (size <= MOST_BYTES) return void parts.push(part);
      req.pause();
      resolve(null);
    });
    req.once('end', () => resolve(Buffer.concat(parts)));
    req.once('error', reject);
    req.once('close', () => reject(new Error('the connection was closed')));
  });
}
