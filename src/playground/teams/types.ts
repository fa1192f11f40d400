/** What a fake Teams is made of, and what it tells those who start it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fields } from '../slack/types.js';

export type { Fields } from '../slack/types.js';

/** Somebody in a tenant. `id` is their object id in the directory; Teams makes its own `29:…` of it for each bot. */
export interface TeamsUser {
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  /** Left out: the e-mail. */
  readonly userPrincipalName?: string;
  readonly guest?: boolean;
  /** Deactivated: not found by anybody any more. */
  readonly deleted?: boolean;
}

/** The registration of the bot in a tenant: what Azure hands out, and where the bot listens. */
export interface BotOptions {
  readonly appId: string;
  readonly appPassword: string;
  readonly name?: string;
  /** The messaging endpoint; `setEndpoint` tells it later. */
  readonly endpoint?: string;
}

export interface ChannelOptions {
  /** `19:…@thread.tacv2`. */
  readonly id: string;
  readonly name: string;
  readonly team: { readonly id: string; readonly name: string };
  /** Object ids; left out: everybody of the tenant. */
  readonly members?: readonly string[];
  /** Whether the app is installed in the team. Left out: yes. */
  readonly installed?: boolean;
}

export interface TenantOptions {
  readonly tenant: string;
  readonly name: string;
  readonly bot: BotOptions;
  readonly users: readonly TeamsUser[];
  readonly channels?: readonly ChannelOptions[];
  /** Who has the app in their personal scope from the start. Left out: everybody. */
  readonly installedFor?: readonly string[];
}

export interface FakeTeamsOptions {
  /** 0 or left out: any free port. */
  readonly port?: number;
  readonly host?: string;
  readonly tenants: readonly TenantOptions[];
  /** Milliseconds. Not for timers. */
  readonly clock?: () => number;
  /** How long the bot has for an answer. Left out: 15 s. */
  readonly answerTimeoutMs?: number;
  /** False: nothing is ever too fast. */
  readonly rateLimits?: boolean;
  /** Who answers what is not Teams' own path. */
  readonly fallback?: (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;
}

/** A line under a card that only the one who pressed sees. */
export interface Note {
  readonly kind: 'message' | 'error';
  readonly text: string;
}

/** One message. It is never changed: an update puts another in its place. */
export interface Message {
  readonly tenant: string;
  /** The chat or the channel, without a thread. */
  readonly conversation: string;
  readonly id: string;
  /** In a channel: the message that began the thread. */
  readonly thread?: string;
  /** An object id, or `28:…` of the bot. */
  readonly from: string;
  readonly bot: boolean;
  readonly text: string;
  readonly textFormat: string;
  readonly attachments: readonly Fields[];
  /** The one adaptive card that people meet first. */
  readonly card?: Fields;
  readonly at: number;
  readonly edited: boolean;
  readonly deleted: boolean;
  /** What an invoke answered, for the one who pressed. */
  readonly note?: Note;
}

/** A dialog (task module) on somebody's screen. */
export interface Dialog {
  readonly title: string;
  readonly card?: Fields;
  /** An answer of words alone. */
  readonly message?: string;
  readonly url?: string;
  /** What went wrong in it. */
  readonly error?: string;
  /** Where it was opened from. */
  readonly opener: { readonly conversation: string; readonly message: string };
}

export interface Change {
  readonly tenant: string;
  /** Whose screen changed; left out: everybody's. */
  readonly users?: readonly string[];
}

/** One request that was sent to a bot, and its answer. */
export interface Delivered {
  readonly tenant: string;
  readonly activity: Fields;
  readonly request: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  /** 0: there was no answer, and `error` says why. */
  readonly status: number;
  readonly body?: unknown;
  readonly error?: 'timeout' | 'unreachable';
  readonly ms: number;
}

/** What one human saw after doing one thing. */
export interface Seen {
  readonly ok: boolean;
  readonly status: number;
  readonly ms: number;
  /** Teams' own words. */
  readonly error?: string;
  /** What was wrong with the bot's answer, which the person isn't told. */
  readonly fault?: string;
  /** Under the inputs, where the client sent nothing because of them. */
  readonly errors?: Readonly<Record<string, string>>;
  /** The message that an invoke answered with. */
  readonly message?: string;
  /** The card that took the pressed one's place, for this person. */
  readonly card?: Fields;
  readonly dialog?: Dialog;
  /** An Action.OpenUrl leads there. */
  readonly url?: string;
  /** What the person said, as it stands in the chat. */
  readonly said?: Message;
  readonly delivered?: Delivered;
}

export interface Choice {
  readonly title: string;
  readonly value: string;
}

/** What a search in a choice set brought; Teams shows fifteen. */
export interface Found extends Seen {
  readonly choices: readonly Choice[];
}

/** A call of the bot, without its token or secret. */
export interface CallRecord {
  readonly operation: Operation;
  readonly tenant?: string;
  readonly conversation?: string;
  readonly activityId?: string;
  readonly body?: unknown;
  readonly status: number;
}

export type Operation =
  | 'metadata'
  | 'keys'
  | 'token'
  | 'createConversation'
  | 'sendActivity'
  | 'updateActivity'
  | 'deleteActivity'
  | 'getMembers'
  | 'getMember';
