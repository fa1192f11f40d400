/** The HTTP side: what must hold of a request before Bolt verifies its signature, and what Bolt leaves open. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse } from 'node:querystring';
import type { HTTPReceiver } from '@slack/bolt';
import { end, readBody } from '../body.js';

const MOST_SKEW_SECONDS = 300;
const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

/** Why a request was not believed, for the count of such tries. */
export type Unverified = 'signature' | 'timestamp' | 'malformed' | 'elsewhere';

/** When a request came in, by the process's own clock: Slack's three seconds run from then. */
export interface Arrived {
  readonly arrivedAt: number;
}

/** Answers one POST to a workspace's address. Never throws. */
export async function receive(
  receiver: HTTPReceiver,
  req: IncomingMessage,
  res: ServerResponse,
  unverified: (kind: Unverified) => void,
): Promise<void> {
  const arrivedAt = performance.now();
  try {
    const refuse = (status: number, kind: Unverified) => {
      unverified(kind);
      end(res, status);
    };
    if (req.method !== 'POST') return end(res, 404);
    const body = await readBody(req);
    if (body === null) return refuse(413, 'malformed');
    const type = contentType(req);
    if (type === null || !isReadable(type, body)) return refuse(400, 'malformed');
    if (isSkewed(req)) return refuse(401, 'timestamp');
    res.once('finish', () => {
      if (res.statusCode === 401) unverified('signature');
    });
    // Bolt compares the whole header, and takes a body that has been read from here.
    req.headers['content-type'] = type;
    receiver.requestListener(Object.assign(req, { rawBody: body, arrivedAt }), res);
  } catch {
    // The connection is gone, or the request makes no sense: there is nobody to tell.
    end(res, 400);
  }
}

/** Slack's two content types, without the charset that a proxy may add. */
function contentType(req: IncomingMessage): string | null {
  const type = (req.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  return type === FORM || type === JSON_TYPE ? type : null;
}

/** Bolt looks into the payload outside any try: anything but an object would end the process. */
function isReadable(type: string, body: Buffer): boolean {
  const text = body.toString();
  if (type === JSON_TYPE) return text.trimStart().startsWith('{');
  const { payload } = parse(text);
  return payload === undefined || (typeof payload === 'string' && payload.trimStart().startsWith('{'));
}

/** Bolt refuses what is old, and lets pass what is signed for tomorrow. A missing header is left to Bolt. */
function isSkewed(req: IncomingMessage): boolean {
  const header = req.headers['x-slack-request-timestamp'];
  if (header === undefined) return false;
  const skew = Number(header) - Date.now() / 1000;
  return !(Math.abs(skew) <= MOST_SKEW_SECONDS);
}
