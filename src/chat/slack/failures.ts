/** Slack's ways of saying no, as the two that the outbox knows: gone for good, or try again later. */

import { webApi } from '@slack/bolt';
import { TryLater, Unreachable } from '../chat.js';

/** The place or the person is gone, or never let us in: trying again changes nothing. */
const GONE: ReadonlySet<string> = new Set([
  ...['channel_not_found', 'not_in_channel', 'is_archived', 'message_not_found', 'cant_update_message'],
  ...['user_not_found', 'users_not_found', 'user_not_visible', 'user_disabled', 'account_inactive'],
  ...['cannot_dm_bot', 'messages_tab_disabled', 'edit_window_closed', 'team_access_not_granted'],
  ...['restricted_action', 'restricted_action_read_only_channel', 'restricted_action_thread_only_channel'],
  ...['restricted_action_non_threadable_channel', 'is_inactive', 'no_dual_broadcast_content_update'],
]);

/** Slack has trouble of its own. */
const BUSY: ReadonlySet<string> = new Set([
  ...['ratelimited', 'rate_limited', 'message_limit_exceeded', 'request_timeout', 'service_unavailable'],
  ...['fatal_error', 'internal_error', 'team_added_to_org', 'external_channel_migrating'],
]);

/** The operator has to repair the app; what is owed arrives afterwards. */
const MISCONFIGURED: ReadonlySet<string> = new Set([
  ...['invalid_auth', 'not_authed', 'token_revoked', 'token_expired', 'missing_scope'],
  ...['access_denied', 'no_permission', 'not_allowed_token_type', 'org_login_required', 'ekm_access_denied'],
]);

const REPAIR_SECONDS = 300;

/** Slack's own word for what went wrong, where Slack answered. */
export function slackWord(error: unknown): string | null {
  return error instanceof webApi.WebAPIPlatformError ? error.data.error : null;
}

/** What to throw at the outbox. A fault of ours, such as blocks that Slack refuses, stays what it is. */
export function outboxError(error: unknown): unknown {
  const word = slackWord(error);
  if (error instanceof webApi.WebAPIRateLimitedError)
    return new TryLater('Slack asks for patience', error.retryAfter);
  if (word === null) {
    return isTransport(error) ? new TryLater(`Slack can't be reached: ${(error as Error).message}`) : error;
  }
  if (GONE.has(word)) return new Unreachable(word);
  if (BUSY.has(word)) return new TryLater(word);
  return MISCONFIGURED.has(word) ? new TryLater(word, REPAIR_SECONDS) : error;
}

/** Whether it may go by itself: Slack's own trouble, or the network's. */
export function mayPass(error: unknown): boolean {
  if (error instanceof TryLater || error instanceof webApi.WebAPIRateLimitedError) return true;
  const word = slackWord(error);
  return word === null ? isTransport(error) : BUSY.has(word);
}

function isTransport(error: unknown): boolean {
  if (error instanceof webApi.WebAPIRequestError || error instanceof webApi.WebAPIHTTPError) return true;
  // The client's own word for a 429 that doesn't say how long.
  return error instanceof Error && error.message.startsWith('Retry header');
}
