/** What a bot's token must allow for each method: "Required scopes" of docs.slack.dev/reference/methods. */

import { SlackError } from './call.js';

/** One of them is enough. */
const needed: readonly (readonly [method: RegExp, scopes: readonly string[]])[] = [
  [/^chat\.(?!getPermalink$)/, ['chat:write']],
  [/^files\./, ['files:write']],
  [/^users\.(info|list)$/, ['users:read']],
  [/^users\.lookupByEmail$/, ['users:read.email']],
  [/^conversations\.open$/, ['im:write', 'channels:manage', 'groups:write', 'mpim:write']],
  [/^conversations\.(info|list|members)$/, ['channels:read', 'groups:read', 'im:read', 'mpim:read']],
];

/** @throws {SlackError} `missing_scope`, with what was needed and what there is. */
export function checkScope(method: string, granted: readonly string[] | undefined): void {
  const scopes = needed.find(([pattern]) => pattern.test(method))?.[1];
  if (!granted || !scopes || scopes.some((one) => granted.includes(one))) return;
  throw new SlackError('missing_scope', { needed: scopes.join(','), provided: granted.join(',') });
}
