/** What people do in Teams: say, press, fill in, search. Each returns what they saw. */
import { fields, text } from '../../values.js';
import type { Action, What } from '../cards/read.js';
import type { Given } from '../cards/typed.js';
import { invokeActivity, messageActivity, submitActivity } from '../deliver/activities.js';
import type { Courier } from '../deliver/courier.js';
import type { Tamper } from '../deliver/tamper.js';
import type { Conversation, Tenant } from '../tenant.js';
import type { Fields, Found, Message, Seen } from '../types.js';
import { readActionAnswer } from './answers.js';
import { type Dialogs, dialogsOf } from './dialogs.js';
import { Impossible } from './impossible.js';
import { type Membership, membershipOf } from './membership.js';
import { actionOn, conversationFor, shownTo, typedOn, type Where } from './reach.js';
import { type Place, search } from './search.js';
import { nothingSent, noticed } from './seen.js';

export interface Saying {
  /** A channel's id. Left out: the chat with the bot. */
  readonly conversation?: string;
  /** In a channel: the message that this answers. */
  readonly thread?: string;
  /** In a channel the bot hears only what mentions it. */
  readonly mention?: boolean;
  readonly tamper?: Tamper;
}

export interface Pressing {
  readonly inputs?: Given;
  /** Sent in the place of the button's own data: by somebody who is not Teams' client. */
  readonly data?: Fields;
  readonly tamper?: Tamper;
  /** Presses on the very copy that is given, though the message may have changed since. */
  readonly stale?: boolean;
}

/** The hands of one tenant's people. */
export class Humans {
  readonly dialogs: Dialogs;
  readonly membership: Membership;

  constructor(
    readonly tenant: Tenant,
    readonly courier: Courier,
  ) {
    this.dialogs = dialogsOf(tenant, courier);
    this.membership = membershipOf(tenant, courier);
  }

  /** Says something, for everybody in the conversation to read. */
  async says(user: string, words: string, how: Saying = {}): Promise<Seen> {
    const { tenant } = this;
    const where = conversationFor(tenant, user, how.conversation);
    if (!words.trim()) throw new Impossible('Nothing is typed.');
    const mentions = how.mention === true && where.kind === 'channel';
    const said = this.#post(where, user, mentions ? `@${tenant.botName} ${words}` : words, how.thread);
    const isHeard = where.installed && (mentions || where.kind === 'personal');
    if (!isHeard) return { ...nothingSent, said };
    const activity = messageActivity(tenant, said, words, mentions);
    return { ...noticed(await this.courier.deliver(tenant, activity, how.tamper)), said };
  }

  #post(where: Conversation, user: string, words: string, thread?: string): Message {
    if (thread && !this.tenant.find(where.id, thread)) throw new Impossible('That thread is gone.');
    return this.tenant.post(where, {
      from: user,
      bot: false,
      text: words,
      ...(thread && where.kind === 'channel' ? { thread } : {}),
    });
  }

  /** Presses a button of a card, filling in its inputs first. What the client checks itself never leaves it. */
  async presses(user: string, where: Where, what: What, how: Pressing = {}): Promise<Seen> {
    const on = shownTo(this.tenant, user, where, how.stale);
    const action = actionOn(on.card, what);
    if (action.type === 'Action.OpenUrl') return { ...nothingSent, url: text(action.given.url) };
    if (action.type === 'Action.ToggleVisibility') return nothingSent;
    const { values, errors } = typedOn(on.card, action, how.inputs ?? {});
    if (Object.keys(errors).length > 0) return { ...nothingSent, ok: false, errors };
    const data = { ...(how.data ?? action.data), ...values };
    return action.type === 'Action.Execute'
      ? this.#execute(user, on, action, data, how.tamper)
      : this.#submit(user, on, data, how.tamper);
  }

  /** The card that comes back takes the pressed one's place, for this person alone. */
  async #execute(user: string, on: Message, action: Action, data: Fields, tamper?: Tamper): Promise<Seen> {
    const { tenant } = this;
    const { id, title, verb } = action;
    const named = { ...(id ? { id } : {}), ...(title ? { title } : {}), ...(verb ? { verb } : {}) };
    const value = { action: { type: 'Action.Execute', ...named, data }, trigger: 'manual' };
    const conversation = tenant.conversation(on.conversation);
    const activity = invokeActivity(tenant, user, conversation, 'adaptiveCard/action', value, on);
    const delivered = await this.courier.deliver(tenant, activity, tamper);
    const { status, ms } = delivered;
    const answer = readActionAnswer(delivered);
    if ('card' in answer) {
      tenant.screens.setView(user, on.id, { card: answer.card });
      return { ok: true, status, ms, card: answer.card, delivered };
    }
    if ('message' in answer) {
      tenant.screens.setView(user, on.id, { note: { kind: 'message', text: answer.message } });
      return { ok: true, status, ms, message: answer.message, delivered };
    }
    tenant.screens.setView(user, on.id, { note: { kind: 'error', text: answer.error } });
    return { ok: false, status, ms, ...answer, delivered };
  }

  /** An Action.Submit: what it does is in `data.msteams`; without that it is a message with a value and no words. */
  async #submit(user: string, on: Message, data: Fields, tamper?: Tamper): Promise<Seen> {
    const { tenant } = this;
    const type = text(fields(data.msteams).type);
    if (type === 'task/fetch') return this.dialogs.open(user, on, data, tamper);
    if (type) throw new Impossible(`An Action.Submit of the kind ${type} is not played here.`);
    const activity = submitActivity(tenant, user, on, data);
    return noticed(await this.courier.deliver(tenant, activity, tamper));
  }

  /** Types into a choice set that asks the bot for its choices: the input's id, or its dataset. */
  async searches(
    user: string,
    where: Where | 'dialog',
    input: string,
    typed: string,
    how: Pick<Pressing, 'inputs' | 'tamper'> = {},
  ): Promise<Found> {
    return search(this.tenant, this.courier, user, this.#place(user, where), { input, typed, ...how });
  }

  #place(user: string, where: Where | 'dialog'): Place {
    const { tenant } = this;
    if (where === 'dialog') {
      const { opener, card } = this.dialogs.shownTo(user);
      const conversation = tenant.conversation(opener.conversation);
      return { conversation, message: tenant.find(conversation.id, opener.message), card };
    }
    const message = shownTo(tenant, user, where);
    return { conversation: tenant.conversation(message.conversation), message, card: message.card };
  }
}
