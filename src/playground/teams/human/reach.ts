/** What a person has before them: which conversation they may speak in, which message, which button. */

import { text } from '../../values.js';
import { type Action, actionsOf, findAction, inputElements, type What } from '../cards/read.js';
import { type Given, type Typed, typedInto } from '../cards/typed.js';
import type { Conversation, Tenant } from '../tenant.js';
import type { Fields, Message } from '../types.js';
import { Impossible } from './impossible.js';

/** A message, by itself or by where it stands. */
export type Where = Message | { readonly conversation: string; readonly id: string };

/** A conversation that this person is in, and where the app hears them: nobody talks to an app that isn't there. */
export function conversationFor(tenant: Tenant, user: string, id?: string): Conversation {
  const { name } = tenant.person(user);
  const found = id === undefined ? tenant.chatOf(user) : tenant.conversation(id);
  if (!found.members.has(user)) throw new Impossible(`${name} is not in ${found.name}.`);
  if (found.kind === 'channel') return found;
  if (!found.installed) throw new Impossible(`${name} has not installed the app.`);
  if (found.blocked) throw new Impossible(`${name} has blocked the app.`);
  return found;
}

/** A message as this person sees it now; `stale`: the copy given, as a client shows it that lags behind. */
export function shownTo(tenant: Tenant, user: string, where: Where, stale = false): Message {
  const { id } = conversationFor(tenant, user, where.conversation);
  if (stale && 'card' in where) return where;
  const found = tenant.visible(id, user).find((message) => message.id === where.id);
  if (!found) throw new Impossible('That message is gone.');
  return found;
}

export function actionOn(card: Fields | undefined, what: What): Action {
  const found = card && findAction(card, what);
  if (found) return found;
  const there = card ? actionsOf(card).map((one) => one.title || one.verb) : [];
  const meant = typeof what === 'function' ? 'of that kind' : `called ${JSON.stringify(what)}`;
  throw new Impossible(`Nothing ${meant} is there; there is: ${there.join(', ') || 'nothing'}.`);
}

/** What goes along with an action. What stands in inputs that are not the action's stays where it is. */
export function typedOn(card: Fields | undefined, action: Action, given: Given): Typed {
  const going = new Set(action.inputs.map((one) => text(one.id)));
  const staying = new Set(inputElements(card ?? {}).map((one) => text(one.id)));
  const taken = Object.entries(given).filter(([id]) => going.has(id) || !staying.has(id));
  return typedInto(action, Object.fromEntries(taken));
}
