/** One workspace as it stands: who is in it, what was said, what is open on whose screen. */

import { list, stableId } from '../values.js';
import { completed } from './blocks/read.js';
import { Files } from './files.js';
import { Screens } from './screens.js';
import type { Fields, Message, SlackUser, WorkspaceOptions } from './types.js';

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'channel' | 'dm';
  readonly members: Set<string>;
  readonly isPrivate: boolean;
  botIsMember: boolean;
  isArchived: boolean;
  /** A direct message: the human at the other end. */
  readonly user?: string;
}

export interface NewMessage {
  readonly channel: string;
  readonly user: string;
  readonly bot: boolean;
  readonly text: string;
  readonly blocks?: readonly unknown[];
  readonly attachments?: readonly unknown[];
  readonly metadata?: unknown;
  readonly threadTs?: string;
  readonly clientMsgId?: string;
  readonly ephemeralFor?: string;
}

export const slackbot = 'USLACKBOT';

export class Workspace {
  readonly users = new Map<string, SlackUser>();
  readonly channels = new Map<string, Channel>();
  readonly screens: Screens;
  readonly files: Files;
  readonly appId: string;
  readonly botId: string;
  eventsUrl: string;
  readonly #messages = new Map<string, Message[]>();
  #lastMicros = 0;

  constructor(
    readonly options: WorkspaceOptions,
    readonly now: () => number,
    readonly changed: (users?: readonly string[]) => void,
  ) {
    this.appId = options.appId ?? stableId('A', options.team);
    this.botId = stableId('B', options.team, options.botUserId);
    this.eventsUrl = options.eventsUrl ?? '';
    this.screens = new Screens(options.team, this.appId, this.botId, now, changed);
    this.files = new Files(now, options.fileDelayMs ?? 0);
    for (const user of options.users) this.users.set(user.id, user);
    const bot = { id: options.botUserId, name: options.botName ?? 'Keyturn', isBot: true };
    if (!this.users.has(bot.id)) this.users.set(bot.id, bot);
    for (const channel of options.channels) this.#addChannel(channel);
  }

  get team(): string {
    return this.options.team;
  }

  /** Slack's subdomain, made from the name. */
  get domain(): string {
    return this.options.name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  }

  #addChannel(options: WorkspaceOptions['channels'][number]): void {
    const everybody = [...this.users.values()].filter((u) => !u.isBot && !u.deleted).map((u) => u.id);
    this.channels.set(options.id, {
      id: options.id,
      name: options.name,
      kind: 'channel',
      members: new Set(options.members ?? everybody),
      botIsMember: options.botIsMember,
      isPrivate: options.isPrivate ?? false,
      isArchived: options.isArchived ?? false,
    });
  }

  /** A person's direct message with the app. Its id is the same in every run. */
  dmOf(user: string): Channel {
    const id = stableId('D', this.team, user);
    let dm = this.channels.get(id);
    if (!dm) {
      dm = {
        id,
        name: 'directmessage',
        kind: 'dm',
        members: new Set([user]),
        isPrivate: true,
        botIsMember: true,
        isArchived: false,
        user,
      };
      this.channels.set(id, dm);
    }
    return dm;
  }

  /** A message stamp: seconds and microseconds, never the same twice. */
  stamp(): string {
    this.#lastMicros = Math.max(this.#lastMicros + 1, Math.floor(this.now() * 1000));
    return `${Math.floor(this.#lastMicros / 1e6)}.${String(this.#lastMicros % 1e6).padStart(6, '0')}`;
  }

  /** Everything ever said in a channel, in order, with what was deleted. */
  history(channel: string): readonly Message[] {
    return this.#messages.get(channel) ?? [];
  }

  find(channel: string, ts: string): Message | undefined {
    return this.history(channel).find((message) => message.ts === ts && !message.deleted);
  }

  post(draft: NewMessage): Message {
    const message: Message = {
      ...draft,
      team: this.team,
      ts: this.stamp(),
      blocks: completed(draft.blocks ?? []),
      attachments: this.#attached(draft.attachments),
      at: this.now(),
      edited: false,
      deleted: false,
    };
    const said = this.#messages.get(draft.channel) ?? [];
    this.#messages.set(draft.channel, [...said, message]);
    this.#tell(message);
    return message;
  }

  #attached(attachments: readonly unknown[] = []): Fields[] {
    return attachments.map((one, n) => {
      const given = one as Fields;
      return { id: n + 1, ...given, ...(given.blocks ? { blocks: completed(list(given.blocks)) } : {}) };
    });
  }

  /** Changes a message by putting a new one in its place. */
  amend(message: Message, change: Partial<NewMessage> & { edited?: boolean; deleted?: boolean }): Message {
    const next: Message = {
      ...message,
      ...change,
      blocks: change.blocks ? completed(change.blocks) : message.blocks,
      attachments: change.attachments ? this.#attached(change.attachments) : message.attachments,
      updatedAt: this.now(),
    };
    const said = this.history(message.channel);
    this.#messages.set(
      message.channel,
      said.map((one) => (one.ts === message.ts ? next : one)),
    );
    this.#tell(next);
    return next;
  }

  #tell(message: Message): void {
    const members = this.channels.get(message.channel)?.members ?? [];
    this.changed(message.ephemeralFor ? [message.ephemeralFor] : [...members]);
  }

  /** A line that only one person sees, from Slack itself. */
  slackbotSays(user: string, channel: string, text: string): Message {
    return this.post({ channel, user: slackbot, bot: true, text, ephemeralFor: user });
  }

  setUser(id: string, change: Partial<SlackUser>): SlackUser {
    const user = this.users.get(id);
    if (!user) throw new Error(`${this.team} has no user ${id}`);
    const next = { ...user, ...change };
    this.users.set(id, next);
    this.changed();
    return next;
  }

  /** What a person may see of a channel: their own ephemerals, nobody else's. */
  visible(channel: string, user: string): Message[] {
    if (!this.channels.get(channel)?.members.has(user)) return [];
    return this.history(channel).filter(
      (message) => !message.deleted && (!message.ephemeralFor || message.ephemeralFor === user),
    );
  }
}
