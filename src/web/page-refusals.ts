/** The "no"s that belong to this entrance alone, worded once, and the HTTP status of every other. */

import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { sayRefusal } from '../core/cards/say-refusal.js';
import { Directory } from '../core/directory.js';
import type { Refusal } from '../core/refusals.js';
import type { RefusedAnswer } from './link-answers.js';

export interface SaidNo {
  readonly status: ContentfulStatusCode;
  readonly body: RefusedAnswer;
  readonly retryAfter?: number;
}

const OWN = {
  'not-ours': [403, 'This did not come from the page that the link opens, so nothing was done.'],
  'not-json': [415, 'Only application/json is taken here.'],
  'too-large': [413, 'That is more than fits here.'],
  malformed: [400, 'That is not what this page sends. Load it again from your chat.'],
  'too-often': [429, 'Too many tries at once. Wait a moment and go on.'],
} as const;

export function pageRefusal(code: keyof typeof OWN, retryAfter?: number): SaidNo {
  const [status, says] = OWN[code];
  return { status, body: { refused: code, says }, ...(retryAfter ? { retryAfter } : {}) };
}

const STATUS: { readonly [code in Refusal['code']]?: ContentfulStatusCode } = {
  'link-over': 410,
  'other-browser': 403,
  'codes-over': 410,
  'same-secret': 422,
  'bad-secret': 422,
  'wrong-code': 422,
  'bad-day': 422,
  'bad-span': 422,
  'unknown-session': 404,
  'enrol-over': 410,
  busy: 503,
};

/** Words a refusal. A link that is unknown comes without any, and reads like every dead one. */
export function sayNo(
  refusal: Refusal,
  facts: { readonly directory: Directory; readonly client?: string } | null,
): SaidNo {
  const says = sayRefusal(refusal, facts?.directory ?? NOBODY, facts?.client);
  const said = { status: STATUS[refusal.code] ?? 409, body: { refused: refusal.code, says } } as const;
  return refusal.code === 'busy' ? { ...said, retryAfter: 1 } : said;
}

const NOBODY = new Directory({
  version: 0,
  timezone: 'UTC',
  operator: '',
  people: [],
  groups: {},
  policies: [],
  clients: [],
  accounts: [],
});
