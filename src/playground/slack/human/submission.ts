/** What a modal does with the app's answer to its submission. docs.slack.dev/surfaces/modals#updating_response */

import { fields, isFields, text } from '../../values.js';
import { checkView } from '../blocks/view.js';
import { type Screens, stackLimit } from '../screens.js';
import type { Fields, Seen, View } from '../types.js';

const trouble = 'We had some trouble connecting. Try again?';

/** Closes, changes or keeps the modal as the answer says; anything else is "trouble connecting". */
export function settleSubmission(screens: Screens, user: string, viewId: string, seen: Seen): Seen {
  const failed = (error: string): Seen => {
    screens.toast(user, `${trouble} (${error})`);
    return { ...seen, ok: false, error };
  };
  if (!seen.ok) return failed(seen.error ?? 'dispatch_failed');
  const { body } = seen;
  if (body !== '' && body !== undefined && body !== null && !isFields(body))
    return failed('invalid_response');
  const given = fields(body);
  const open = screens.find(viewId);
  if (given.response_action === undefined) {
    // An empty acknowledgement closes this view; the one beneath shows again.
    if (Object.keys(given).length > 0) return failed('invalid_response');
    screens.closeView(viewId);
    return seen;
  }
  if (given.response_action === 'clear') {
    screens.clear(user);
    return seen;
  }
  if (!open) return failed('view_not_found');
  if (given.response_action === 'errors') {
    const errors = readErrors(open.view, given.errors);
    if (!errors) return failed('invalid_errors');
    screens.showErrors(viewId, errors);
    return { ...seen, ok: false, errors };
  }
  const view = fields(given.view);
  const faults = checkView(given.view, 'modal');
  if (!faults.none) return failed(`invalid_arguments: ${faults.found.join('; ')}`);
  if (given.response_action === 'update') screens.update(open, view);
  else if (given.response_action === 'push') {
    if (screens.stack(user).length >= stackLimit) return failed('push_limit_reached');
    screens.push(user, view);
  } else return failed('invalid_response_action');
  return seen;
}

/** Errors go under input blocks of this view, and nowhere else. */
function readErrors(view: View, given: unknown): Record<string, string> | undefined {
  const inputs = view.blocks
    .filter((block: Fields) => block.type === 'input')
    .map((block) => text(block.block_id));
  const entries = Object.entries(fields(given));
  const fits = entries.every(
    ([id, message]) => inputs.includes(id) && typeof message === 'string' && message !== '',
  );
  return entries.length > 0 && fits ? (Object.fromEntries(entries) as Record<string, string>) : undefined;
}
