/** What people do in Slack: type a command, press, pick, submit. Each returns what they saw. */

import { escapeText, fields, isFields, isTrue, list, text } from '../../values.js';
import { SlackError } from '../api/call.js';
import { Faults } from '../blocks/faults.js';
import { suggestions } from '../blocks/objects.js';
import { elementState, findPressable, type Pressable, pressables, stateOf } from '../blocks/read.js';
import type { Courier } from '../deliver/courier.js';
import {
  actionsPayload,
  closedPayload,
  eventPayload,
  isMessage,
  messageEvent,
  shortcutPayload,
  slashPayload,
  submissionPayload,
  suggestionPayload,
  userChangeEvent,
} from '../deliver/payloads.js';
import { type ResponseUrls, sayAs } from '../deliver/response-urls.js';
import type { Fields, Message, OpenView, Place, Seen, SlackUser, View } from '../types.js';
import type { Channel, Workspace } from '../workspace.js';
import { Impossible, nothingSent, type Offered, warning } from './seen.js';
import { settleSubmission } from './submission.js';
import { missingInputs } from './typed.js';

export type What = string | { actionId: string; blockId?: string };

export class Humans {
  constructor(
    readonly workspace: Workspace,
    readonly courier: Courier,
    readonly responseUrls: ResponseUrls,
  ) {}

  #person(id: string): SlackUser {
    const user = this.workspace.users.get(id);
    if (!user) throw new Impossible(`There is no ${id} in ${this.workspace.options.name}.`);
    if (user.deleted) throw new Impossible(`${user.name}'s account is deactivated.`);
    return user;
  }

  #channelFor(user: string, id: string): Channel {
    const dm = this.workspace.dmOf(user);
    const channel = id === dm.id ? dm : this.workspace.channels.get(id);
    if (!channel?.members.has(user)) throw new Impossible(`${user} is not in ${id}.`);
    return channel;
  }

  /** A message as this person sees it now, or the old copy they still look at; or a view. */
  #place(user: string, place: Place): Message | View {
    if ('viewId' in place) {
      const open = this.workspace.screens.find(place.viewId as string);
      if (open?.user !== user) throw new Impossible('That window is no longer open.');
      return open.view;
    }
    if ('blocks' in place) return place as Message | View;
    const { channel, ts } = place as { channel: string; ts: string };
    const found = this.workspace.visible(channel, user).find((message) => message.ts === ts);
    if (!found) throw new Impossible('That message is gone.');
    return found;
  }

  #pressable(place: Message | View, what: What): Pressable {
    const found = findPressable(place, what);
    if (found) return found;
    const there = pressables(place).map((one) => `${one.actionId} (${one.label})`);
    throw new Impossible(
      `Nothing called ${JSON.stringify(what)} is there; there is: ${there.join(', ') || 'nothing'}.`,
    );
  }

  /** Types a slash command. Slack shows the acknowledgement's text to this person alone. */
  async slash(userId: string, channelId: string, command: string, words: string): Promise<Seen> {
    const user = this.#person(userId);
    const channel = this.#channelFor(userId, channelId);
    const responseUrl = this.responseUrls.issue(this.workspace, userId, channelId);
    const payload = slashPayload(this.workspace, user, channel, command, words, responseUrl);
    const seen = await this.courier.carry(this.workspace, 'slash', payload);
    const error = seen.ok ? this.#showAck(userId, channelId, seen.body) : seen.error;
    if (!error) return seen;
    this.workspace.slackbotSays(userId, channelId, `${command} failed with the error "${error}"`);
    return { ...seen, ok: false, error };
  }

  /** Shows what came with the acknowledgement; a word of Slack's when it can't be shown. */
  #showAck(user: string, channel: string, body: unknown): string | undefined {
    const given = isFields(body) ? body : { text: text(body) };
    if (!given.text && !given.blocks && !given.attachments) return undefined;
    try {
      sayAs(this.workspace, channel, user, given);
      return undefined;
    } catch (error) {
      if (error instanceof SlackError) return 'invalid_command_response';
      throw error;
    }
  }

  /** Presses a button, in a message (also an old copy of it), a modal or App Home. */
  click(userId: string, place: Place, what: What): Promise<Seen> {
    const where = this.#place(userId, place);
    return this.#act(userId, where, this.#pressable(where, what), {});
  }

  /**
   * Picks in a select, or types into an input. Slack tells the app at once only outside
   * `input` blocks, or where the block says `dispatch_action`.
   */
  select(userId: string, place: Place, what: What, chosen: unknown): Promise<Seen> {
    const where = this.#place(userId, place);
    const used = this.#pressable(where, what);
    const state = elementState(used.element, chosen);
    const values = { [used.blockId]: { [used.actionId]: state } };
    const { type: _, ...picked } = state;
    if (isMessage(where)) return this.#act(userId, where, used, picked, values);
    const open = this.workspace.screens.find(where.id);
    if (!open) throw new Impossible('That window is no longer open.');
    const filled = this.workspace.screens.fill(open, values);
    const block = list(filled.view.blocks)
      .map(fields)
      .find((one) => one.block_id === used.blockId);
    const silent = block?.type === 'input' && !isTrue(block.dispatch_action);
    return silent ? Promise.resolve(nothingSent) : this.#act(userId, filled.view, used, picked);
  }

  async #act(
    userId: string,
    place: Message | View,
    used: Pressable,
    chosen: Fields,
    values: View['state']['values'] = {},
  ): Promise<Seen> {
    const user = this.#person(userId);
    const { workspace } = this;
    const before = isMessage(place) ? stateOf(place) : place.state.values;
    const url = isMessage(place)
      ? this.responseUrls.issue(workspace, userId, place.channel, place)
      : undefined;
    const payload = actionsPayload(workspace, user, place, used, chosen, { ...before, ...values }, url);
    return this.#warned(userId, await this.courier.carry(workspace, 'interaction', payload));
  }

  /** An interaction that fails leaves a passing warning on the screen. */
  #warned(user: string, seen: Seen): Seen {
    if (!seen.ok) this.workspace.screens.toast(user, warning(seen.error));
    return seen;
  }

  /** Types into an external select; the app's list must come in time and within Slack's limits. */
  async options(userId: string, place: Place, what: What, typed: string): Promise<Offered> {
    const user = this.#person(userId);
    const where = this.#place(userId, place);
    const used = this.#pressable(where, what);
    // Slack asks from the third character on unless the element says otherwise.
    if (typed.length < Number(used.element.min_query_length ?? 3)) return { ...nothingSent, options: [] };
    const payload = suggestionPayload(this.workspace, user, where, used, typed);
    const seen = this.#warned(userId, await this.courier.carry(this.workspace, 'interaction', payload));
    if (!seen.ok) return { ...seen, options: [] };
    const faults = new Faults();
    suggestions(seen.body, '', faults);
    if (!faults.none)
      return { ...seen, ok: false, error: `invalid_options: ${faults.found.join('; ')}`, options: [] };
    const { options, option_groups } = fields(seen.body);
    return {
      ...seen,
      options: list(options) as Fields[],
      ...(option_groups ? { optionGroups: list(option_groups) as Fields[] } : {}),
    };
  }

  /** Presses a modal's submit button with these values typed; Slack's own checks come first. */
  async submit(userId: string, viewId: string, values: Fields): Promise<Seen> {
    const user = this.#person(userId);
    const { screens } = this.workspace;
    const open = screens.find(viewId);
    if (open?.user !== userId || open.view.type !== 'modal')
      throw new Impossible('That window is no longer open.');
    const filled = screens.fill(open, this.#typed(open, values));
    const missing = missingInputs(filled.view);
    if (Object.keys(missing).length > 0) {
      screens.showErrors(viewId, missing);
      return { ...nothingSent, ok: false, error: 'not_sent', errors: missing };
    }
    screens.showErrors(viewId, {});
    const payload = submissionPayload(this.workspace, user, filled.view);
    const seen = await this.courier.carry(this.workspace, 'interaction', payload);
    return settleSubmission(screens, userId, viewId, seen);
  }

  #typed(open: OpenView, values: Fields): View['state']['values'] {
    const typed: View['state']['values'] = {};
    for (const [blockId, actions] of Object.entries(values))
      for (const [actionId, given] of Object.entries(fields(actions))) {
        const used = this.#pressable(open.view, { blockId, actionId });
        typed[blockId] = { ...typed[blockId], [actionId]: elementState(used.element, given) };
      }
    return typed;
  }

  /** Closes a modal. The app hears of it only where the view asked for it. */
  async close(userId: string, viewId: string, cleared = false): Promise<Seen> {
    const user = this.#person(userId);
    const { screens } = this.workspace;
    const open = screens.find(viewId);
    if (open?.user !== userId) throw new Impossible('That window is no longer open.');
    if (cleared) screens.clear(userId);
    else screens.closeView(viewId);
    if (!open.view.notify_on_close) return nothingSent;
    return this.courier.carry(
      this.workspace,
      'interaction',
      closedPayload(this.workspace, user, open.view, cleared),
    );
  }

  /** Runs a global shortcut from the lightning menu. */
  async shortcut(userId: string, callbackId: string): Promise<Seen> {
    const payload = shortcutPayload(this.workspace, this.#person(userId), callbackId);
    return this.#warned(userId, await this.courier.carry(this.workspace, 'interaction', payload));
  }

  /** Says something. The app hears it where it is a member. */
  message(userId: string, channelId: string, words: string): Promise<Seen> {
    this.#person(userId);
    const channel = this.#channelFor(userId, channelId);
    const said = this.workspace.post({
      channel: channelId,
      user: userId,
      bot: false,
      text: escapeText(words),
      clientMsgId: crypto.randomUUID(),
    });
    return channel.botIsMember
      ? this.event(messageEvent(this.workspace, said))
      : Promise.resolve(nothingSent);
  }

  /** Opens the app's Home tab. */
  openHome(userId: string): Promise<Seen> {
    this.#person(userId);
    const view = this.workspace.screens.home(userId);
    const channel = this.workspace.dmOf(userId).id;
    return this.event({
      type: 'app_home_opened',
      user: userId,
      channel,
      tab: 'home',
      ...(view ? { view } : {}),
    });
  }

  /** Changes a person, and tells the app as Slack does. */
  change(userId: string, change: Partial<SlackUser>): Promise<Seen> {
    return this.event(userChangeEvent(this.workspace, this.workspace.setUser(userId, change)));
  }

  /** Delivers any event. */
  event(event: Fields): Promise<Seen> {
    return this.courier.event(this.workspace, eventPayload(this.workspace, event));
  }
}
