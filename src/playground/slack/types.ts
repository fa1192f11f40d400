/** What a fake Slack is made of, and what it tells those who start it. */

export type Fields = Record<string, unknown>;

/** One person (or bot) of a workspace, with the marks a bot must look at. */
export interface SlackUser {
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  readonly isBot?: boolean;
  /** A multi-channel guest. */
  readonly isRestricted?: boolean;
  /** A single-channel guest. */
  readonly isUltraRestricted?: boolean;
  readonly deleted?: boolean;
  /** Comes from another workspace through Slack Connect; `teamId` says which. */
  readonly isStranger?: boolean;
  readonly isEmailConfirmed?: boolean;
  readonly teamId?: string;
  readonly tz?: string;
}

export interface ChannelOptions {
  readonly id: string;
  readonly name: string;
  /** Left out: everybody of the workspace. */
  readonly members?: readonly string[];
  readonly botIsMember: boolean;
  readonly isPrivate?: boolean;
  readonly isArchived?: boolean;
}

export interface WorkspaceOptions {
  readonly team: string;
  readonly name: string;
  readonly botToken: string;
  readonly signingSecret: string;
  /** Set: Socket Mode is on, and deliveries go to the connected socket. */
  readonly appToken?: string;
  readonly appId?: string;
  readonly botUserId: string;
  readonly botName?: string;
  /** Where the app listens. May be set later with `setEventsUrl`. */
  readonly eventsUrl?: string;
  readonly users: readonly SlackUser[];
  readonly channels: readonly ChannelOptions[];
  /** What the bot's token allows. Left out: everything. */
  readonly scopes?: readonly string[];
  /** How long Slack looks through an uploaded file before a message may show it. Left out: no time at all. */
  readonly fileDelayMs?: number;
}

/** Slack's own numbers; a test may loosen or tighten them. `false` turns limits off. */
export interface RateLimits {
  /** chat.postMessage: "1 per second per channel, short bursts tolerated". */
  readonly postPerSecond: number;
  readonly postBurst: number;
  /** Tiers 2, 3 and 4 of other methods, calls a minute for a workspace. */
  readonly tier2: number;
  readonly tier3: number;
  readonly tier4: number;
}

export interface FakeSlackOptions {
  /** 0 or left out: any free port. */
  readonly port?: number;
  readonly host?: string;
  readonly workspaces: readonly WorkspaceOptions[];
  /** Milliseconds, for trigger ids, response urls, message stamps and rate limits. */
  readonly clock?: () => number;
  readonly rateLimits?: Partial<RateLimits> | false;
  /** How long an app has to acknowledge; Slack gives 3,000 ms. */
  readonly ackTimeoutMs?: number;
  /** Before the first, second and third retry of an event; Slack: at once, 1 min, 5 min. */
  readonly retryDelaysMs?: readonly number[];
  /** Gets what is not Slack's: lets a page be served from the same origin. */
  readonly fallback?: (
    request: import('node:http').IncomingMessage,
    response: import('node:http').ServerResponse,
  ) => void | Promise<void>;
  /** Takes a connection that wants to become a WebSocket where it is not Slack's; else it says false. */
  readonly upgrade?: (
    request: import('node:http').IncomingMessage,
    socket: import('node:stream').Duplex,
    head: Buffer,
  ) => boolean;
}

/** A message as it stands. An update makes a new object, so an old copy can still be clicked. */
export interface Message {
  readonly team: string;
  readonly channel: string;
  readonly ts: string;
  /** Who wrote it: a user id, the bot's, or Slackbot's. */
  readonly user: string;
  readonly bot: boolean;
  readonly text: string;
  readonly blocks: readonly Fields[];
  readonly attachments: readonly Fields[];
  readonly metadata?: unknown;
  readonly threadTs?: string;
  readonly clientMsgId?: string;
  readonly ephemeralFor?: string;
  readonly at: number;
  readonly updatedAt?: number;
  /** Whether Slack shows "(edited)": only when a text without blocks was updated. */
  readonly edited: boolean;
  readonly deleted: boolean;
}

/** Slack's view object, as apps receive it. */
export interface View extends Fields {
  readonly id: string;
  readonly team_id: string;
  readonly type: 'modal' | 'home';
  readonly blocks: readonly Fields[];
  readonly hash: string;
  readonly callback_id: string;
  readonly external_id: string;
  readonly private_metadata: string;
  readonly root_view_id: string;
  readonly previous_view_id: string | null;
  readonly notify_on_close: boolean;
  readonly state: { readonly values: StateValues };
}

export type StateValues = Record<string, Record<string, Fields>>;

/** A modal on somebody's screen, with what went wrong in it. */
export interface OpenView {
  readonly user: string;
  readonly view: View;
  readonly errors: Readonly<Record<string, string>>;
}

/** A message or a modal: where an element sits. */
export type Place = Message | View | { viewId: string } | { channel: string; ts: string };

export interface Change {
  readonly team: string;
  /** Whose screen changed; left out: everybody's. */
  readonly users?: readonly string[];
}

/** What one human saw after doing one thing. */
export interface Seen {
  readonly ok: boolean;
  /** HTTP status of the acknowledgement (Socket Mode: 200), 0 when there was none. */
  readonly status: number;
  /** Slack's own word: `operation_timeout`, `dispatch_failed`, `http_client_error`, … */
  readonly error?: string;
  /** The parsed acknowledgement. */
  readonly body?: unknown;
  readonly ms: number;
  readonly via: 'http' | 'socket' | 'none';
  /** After a submission: the messages under the inputs. */
  readonly errors?: Readonly<Record<string, string>>;
  /** Every try; an event is retried in the background and `settled` waits for the last. */
  readonly attempts: number;
  readonly settled?: Promise<Seen>;
}
