/** Teams' ways of saying no, as the two that the outbox knows: gone for good, or try again later. */

import { TryLater, Unreachable } from '../chat.js';
import { ConnectorError } from './connector.js';
import { LoginRefused } from './login.js';

/**
 * Why somebody can't be written to, in words that stand on a card and in doctor. The codes are those of "Status code
 * responses", learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/conversation-messages
 */
const CLOSED: Readonly<Record<string, string>> = {
  ConversationBlockedByUser: 'Keyturn is blocked there',
  MessageWritesBlocked: 'Keyturn is blocked there',
  BotNotInConversationRoster: 'Keyturn isn’t added there',
  ForbiddenOperationException: 'Keyturn isn’t added there',
  BotDisabledByAdmin: 'an administrator has blocked Keyturn there',
  ConversationNotFound: 'the chat is gone',
  ActivityNotFoundInConversation: 'the message was deleted',
  MemberNotFoundInConversation: 'the account is gone',
};

/** Not a no of theirs: nobody has added the app for them yet. */
const NOT_ADDED = ['BotNotInConversationRoster', 'ForbiddenOperationException'];

const REPAIR_SECONDS = 300;

/** What has ended a conversation for the bot; null where it is no such thing. */
export function whyClosed(error: unknown): string | null {
  if (!(error instanceof ConnectorError)) return null;
  const said = CLOSED[error.code];
  if (said !== undefined) return said;
  if (error.status === 404) return 'the chat is gone';
  return error.status === 403 ? 'Teams doesn’t let Keyturn in' : null;
}

/** Why somebody can't be written to, as the outbox wants to know it; null where it is no such thing. */
export function unreachable(error: unknown): Unreachable | null {
  const why = whyClosed(error);
  if (why === null) return null;
  return new Unreachable(why, error instanceof ConnectorError && NOT_ADDED.includes(error.code));
}

/** The same of a chat that isn't open yet. */
export function noChat(error: unknown): Unreachable | null {
  const isGone = error instanceof ConnectorError && error.status === 400 && error.code === 'BadArgument';
  // For a person whom the directory has no more. Anywhere else it is a fault in what we sent.
  return isGone ? new Unreachable('the account is gone') : unreachable(error);
}

/** What to throw at the outbox. A fault of ours, such as a card that Teams refuses, stays what it is. */
export function outboxError(error: unknown): unknown {
  if (error instanceof TryLater) return error;
  const shut = unreachable(error);
  if (shut !== null) return shut;
  if (error instanceof LoginRefused) return new TryLater(error.message, REPAIR_SECONDS);
  if (!(error instanceof ConnectorError))
    return isTransport(error) ? new TryLater(`Teams can't be reached: ${(error as Error).message}`) : error;
  const { status, afterSeconds } = error;
  if (status === 429) return new TryLater('Teams asks for patience', afterSeconds ?? 1);
  if (status === 401) return new TryLater(error.message);
  // 412 is what Teams answers to two changes of one message at once.
  return status >= 500 || status === 412 || status === 408
    ? new TryLater(error.message, afterSeconds)
    : error;
}

/** What `fetch` throws: nothing answered, or not in time. */
function isTransport(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError');
}
