/** Ids of Teams' look. The same words give the same id, so that a restart knows everybody again. */
import { createHash } from 'node:crypto';

const digest = (...words: string[]): string =>
  createHash('sha256').update(words.join('/')).digest('base64url');

export const botId = (appId: string): string => `28:${appId}`;

/** Teams knows a person under another id for each bot ("pairwise"). */
export const userId = (tenant: string, appId: string, user: string): string =>
  `29:1${digest('user', tenant, appId, user)}`;

export const personalChatId = (tenant: string, appId: string, user: string): string =>
  `a:1${digest('chat', tenant, appId, user)}`;

/** A conversation in a channel is a thread: `19:…@thread.tacv2;messageid=…`. */
export const threadId = (channel: string, root: string): string => `${channel};messageid=${root}`;

export function splitThread(conversation: string): { base: string; thread?: string } {
  const [base = '', thread] = conversation.split(';messageid=');
  return thread ? { base, thread } : { base };
}
