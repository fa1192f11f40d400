/** What every chat platform does for Keyturn. One folder a platform; nothing outside it knows which. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Card } from '../core/cards/card.js';
import type { ChatProfile } from '../core/identify.js';
import type { ChatIdentity } from '../core/people.js';

/** Where a card goes: a channel by its id, or one person's direct messages. */
export type Destination =
  | { readonly platform: ChatIdentity['platform']; readonly workspace: string; readonly channel: string }
  | ChatIdentity;

/** A card that was sent, by what the platform calls it. */
export interface Posted {
  readonly platform: ChatIdentity['platform'];
  readonly workspace: string;
  readonly channel: string;
  readonly message: string;
}

/** A workspace or tenant that this deployment speaks to, and whose it is. */
export interface Workspace {
  readonly platform: ChatIdentity['platform'];
  readonly id: string;
  /** `operator`, or a client's id. */
  readonly of: string;
  readonly requestsChannel?: string;
  readonly alertsChannel?: string;
}

export interface Chat {
  readonly workspaces: readonly Workspace[];
  /** What the platform says of a user now. `standing: 'unknown'` where it can't say. */
  profile(workspace: string, userId: string): Promise<ChatProfile>;
  /** Looks a user up by confirmed e-mail; null where the workspace has none such. */
  find(workspace: string, email: string): Promise<ChatProfile | null>;
  /** @throws {Unreachable} for good, {@link TryLater} for now. */
  post(to: Destination, card: Card): Promise<Posted>;
  /** @throws {Unreachable} when the message is gone for good, {@link TryLater} for now. */
  update(posted: Posted, card: Card): Promise<void>;
  /**
   * Asks somebody, in the operator's own channel where they read along, to let the app write to them. Absent where the
   * platform needs no leave; null where there is no such channel.
   */
  invite?(identity: ChatIdentity, name: string): Promise<Posted | null>;
  /** Answers an HTTP request that is this platform's; false where it isn't. */
  handle(req: IncomingMessage, res: ServerResponse): boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Is each workspace's credential good? One line each, with what to do. */
  diagnose(): Promise<{ readonly workspace: string; readonly ok: boolean; readonly says: string }[]>;
}

/** This copy can't arrive any more: the user or channel is gone, or the app was never let in. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
  constructor(
    message: string,
    /** They have only not added the app yet, and may be asked to. */
    readonly mayBeInvited = false,
  ) {
    super(message);
  }
}

/** The platform is down or asks for patience. */
export class TryLater extends Error {
  override readonly name = 'TryLater';
  constructor(
    message: string,
    readonly afterSeconds?: number,
  ) {
    super(message);
  }
}
