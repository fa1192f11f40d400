/** One tenant as it stands: who is in it, where the app is, what was said, what is on whose screen. */
import { Impossible } from './human/impossible.js';
import { personalChatId, splitThread, userId } from './ids.js';
import { Screens } from './screens.js';
import type { Fields, Message, TeamsUser, TenantOptions } from './types.js';

export interface Conversation {
  readonly id: string;
  readonly kind: 'personal' | 'channel';
  readonly name: string;
  readonly team?: { readonly id: string; readonly name: string };
  /** Object ids. */
  readonly members: Set<string>;
  /** Whether the app is in it. */
  installed: boolean;
  /** The person wants to hear nothing more from the bot. */
  blocked: boolean;
}

export interface Draft {
  readonly from: string;
  readonly bot: boolean;
  readonly text: string;
  readonly textFormat?: string;
  readonly attachments?: readonly Fields[];
  readonly thread?: string;
}

export const adaptive = 'application/vnd.microsoft.card.adaptive';

export class Tenant {
  readonly users = new Map<string, TeamsUser>();
  readonly conversations = new Map<string, Conversation>();
  readonly screens: Screens;
  endpoint: string;
  readonly #messages = new Map<string, Message[]>();
  #lastId = 0;

  constructor(
    readonly options: TenantOptions,
    readonly now: () => number,
    readonly changed: (users?: readonly string[]) => void,
    readonly url: () => string,
  ) {
    this.endpoint = options.bot.endpoint ?? '';
    this.screens = new Screens(changed);
    for (const user of options.users) this.users.set(user.id, user);
    for (const { id, name, team, members, installed = true } of options.channels ?? []) {
      const all = new Set(members ?? this.users.keys());
      this.conversations.set(id, {
        id,
        name,
        team,
        kind: 'channel',
        members: all,
        installed,
        blocked: false,
      });
    }
    const installed = new Set(options.installedFor ?? this.users.keys());
    for (const { id } of options.users) this.#addChat(id, installed.has(id));
  }

  #addChat(user: string, installed: boolean): void {
    const id = personalChatId(this.id, this.appId, user);
    const members = new Set([user]);
    this.conversations.set(id, {
      id,
      kind: 'personal',
      name: this.botName,
      members,
      installed,
      blocked: false,
    });
  }

  get id(): string {
    return this.options.tenant;
  }

  get appId(): string {
    return this.options.bot.appId;
  }

  get botName(): string {
    return this.options.bot.name ?? 'Keyturn';
  }

  /** Each region of Teams has its own, and since 2024 it names the tenant. */
  get serviceUrl(): string {
    return `${this.url()}/emea/${this.id}/`;
  }

  userId(user: string): string {
    return userId(this.id, this.appId, user);
  }

  /** Somebody who can do something here. */
  person(id: string): TeamsUser {
    const user = this.users.get(id);
    if (!user) throw new Impossible(`There is no ${id} in ${this.options.name}.`);
    if (user.deleted) throw new Impossible(`${user.name}'s account is deactivated.`);
    return user;
  }

  /** By Teams' own id or by the object id, as the connector takes both. */
  findUser(given: string): TeamsUser | undefined {
    const found =
      this.users.get(given) ?? [...this.users.values()].find((one) => this.userId(one.id) === given);
    return found?.deleted ? undefined : found;
  }

  setUser(id: string, change: Partial<TeamsUser>): void {
    this.users.set(id, { ...this.person(id), ...change });
    this.changed();
  }

  chatOf(user: string): Conversation {
    return this.conversation(personalChatId(this.id, this.appId, user));
  }

  /** A conversation by its id, or by that of its team, which stands for the team's first channel. */
  findConversation(given: string): Conversation | undefined {
    const { base } = splitThread(given);
    const inTeam = () => [...this.conversations.values()].find((one) => one.team?.id === base);
    return this.conversations.get(base) ?? inTeam();
  }

  conversation(id: string): Conversation {
    const found = this.findConversation(id);
    if (!found) throw new Impossible(`There is no conversation ${id} in ${this.options.name}.`);
    return found;
  }

  /** Teams' message ids are milliseconds, never the same twice. */
  newId(): string {
    this.#lastId = Math.max(this.#lastId + 1, Math.floor(this.now()));
    return String(this.#lastId);
  }

  history(conversation: string): readonly Message[] {
    return this.#messages.get(conversation) ?? [];
  }

  find(conversation: string, id: string): Message | undefined {
    return this.history(conversation).find((one) => one.id === id && !one.deleted);
  }

  post(conversation: Conversation, draft: Draft): Message {
    const message: Message = {
      textFormat: 'plain',
      ...draft,
      ...cardOf(draft.attachments),
      attachments: draft.attachments ?? [],
      tenant: this.id,
      conversation: conversation.id,
      id: this.newId(),
      at: this.now(),
      edited: false,
      deleted: false,
    };
    this.#messages.set(conversation.id, [...this.history(conversation.id), message]);
    this.changed([...conversation.members]);
    return message;
  }

  /** Puts another message in the place of one. What single people saw of it instead is gone: the new one is for all. */
  amend(message: Message, change: Partial<Draft> & { deleted?: boolean }): Message {
    const { card: _, ...rest } = message;
    const attachments = change.attachments ?? message.attachments;
    const next = { ...rest, ...change, ...cardOf(attachments), attachments, edited: !change.deleted };
    const all = this.history(message.conversation).map((one) => (one.id === message.id ? next : one));
    this.#messages.set(message.conversation, all);
    this.screens.forgetViews(message.id);
    this.changed([...this.conversation(message.conversation).members]);
    return next;
  }

  /** What one person sees of a conversation: everybody's messages, and on some their own view. */
  visible(conversation: string, user: string): Message[] {
    const where = this.findConversation(conversation);
    if (!where?.members.has(user)) return [];
    const there = this.history(where.id).filter((one) => !one.deleted);
    return there.map((one) => ({ ...one, ...this.screens.viewOf(user, one.id) }));
  }
}

function cardOf(attachments: readonly Fields[] = []): { card?: Fields } {
  const card = attachments.find((one) => one.contentType === adaptive)?.content;
  return card ? { card: card as Fields } : {};
}
