/** views.*: modals and App Home. docs.slack.dev/reference/methods/views.open */

import { isFields, parsed, text } from '../../values.js';
import { checkFiles } from '../blocks/files.js';
import { checkView, viewLimit } from '../blocks/view.js';
import { stackLimit } from '../screens.js';
import type { Fields, OpenView, View } from '../types.js';
import { type Call, faulty, type Method, need, SlackError } from './call.js';

function givenView(call: Call, type: 'modal' | 'home'): Fields {
  const view = parsed(call.args.view);
  if (!isFields(view)) throw faulty('invalid_arguments', ['must provide an object [json-pointer:/view]']);
  if (Buffer.byteLength(JSON.stringify(view)) > viewLimit) throw new SlackError('view_too_large');
  const faults = checkView(view, type);
  const found = [...faults.found, ...checkFiles(view.blocks, '/view/blocks', call.workspace.files).found];
  if (found.length > 0) throw faulty('invalid_arguments', found);
  return view;
}

/** `external_id` is unique among all views of a workspace. */
function uniqueExternal(call: Call, view: Fields, self?: OpenView): void {
  const other = call.workspace.screens.findExternal(text(view.external_id));
  if (other && other.view.id !== self?.view.id) throw new SlackError('duplicate_external_id');
}

/** The view is checked first, as Slack does: a bad view does not spend the trigger. */
function triggered(call: Call): { user: string; fromModal: boolean } {
  const trigger = call.workspace.screens.spendTrigger(need(call, 'trigger_id'));
  if (typeof trigger === 'string') throw new SlackError(trigger);
  return trigger;
}

const open: Method = (call) => {
  const view = givenView(call, 'modal');
  uniqueExternal(call, view);
  const { user } = triggered(call);
  return { view: call.workspace.screens.open(user, view) };
};

const push: Method = (call) => {
  const view = givenView(call, 'modal');
  uniqueExternal(call, view);
  const { user, fromModal } = triggered(call);
  const depth = call.workspace.screens.stack(user).length;
  if (!fromModal || depth === 0) throw new SlackError('not_found');
  if (depth >= stackLimit) throw new SlackError('push_limit_reached');
  return { view: call.workspace.screens.push(user, view) };
};

function sameHash(call: Call, view: View): void {
  if (call.args.hash && call.args.hash !== view.hash) throw new SlackError('hash_conflict');
}

const update: Method = (call) => {
  const { screens } = call.workspace;
  const view = givenView(call, 'modal');
  const external = text(call.args.external_id);
  const found = external ? screens.findExternal(external) : screens.find(need(call, 'view_id'));
  if (found?.view.type !== 'modal') throw new SlackError('not_found');
  sameHash(call, found.view);
  uniqueExternal(call, view, found);
  return { view: screens.update(found, view) };
};

const publish: Method = (call) => {
  const { workspace } = call;
  const user = need(call, 'user_id');
  const view = givenView(call, 'home');
  const person = workspace.users.get(user);
  if (!person || person.isBot)
    throw faulty('invalid_arguments', ['invalid `user_id` [json-pointer:/user_id]']);
  const before = workspace.screens.home(user);
  if (before) sameHash(call, before);
  uniqueExternal(call, view, before && { user, view: before, errors: {} });
  return { view: workspace.screens.publish(user, view) };
};

export const viewMethods: Readonly<Record<string, Method>> = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
};
