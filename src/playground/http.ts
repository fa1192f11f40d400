/** Reading requests and writing answers, the same for every door of the server. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fields } from './slack/types.js';
import { isFields } from './values.js';

/** More than any Slack request holds; a bigger one is cut off. */
const bodyLimit = 4_000_000;

export async function readBody(request: IncomingMessage): Promise<string> {
  return (await readBytes(request)).toString('utf8');
}

export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > bodyLimit) throw new Error('request body too large');
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}

/** The fields of a form or a JSON body, or Slack's word for what is wrong with it. */
export function readFields(
  body: string,
  contentType: string,
): Fields | 'invalid_json' | 'json_not_object' | 'invalid_post_type' {
  if (contentType.startsWith('application/json')) {
    try {
      const found: unknown = JSON.parse(body || '{}');
      return isFields(found) ? found : 'json_not_object';
    } catch {
      return 'invalid_json';
    }
  }
  if (body && !contentType.startsWith('application/x-www-form-urlencoded')) return 'invalid_post_type';
  return Object.fromEntries(new URLSearchParams(body));
}

export function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  if (response.destroyed || response.headersSent) return;
  const written = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(written);
}
