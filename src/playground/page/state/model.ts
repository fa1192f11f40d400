/** Everything the page knows at one moment. */

import type { ClockView } from '../clock-contract.js';
import type { AuditView, Cast, CastMember } from '../contract.js';
import type { DuoPhone } from '../duo-contract.js';
import type { SlackState } from '../slack-contract.js';
import type { TeamsState } from '../teams-contract.js';
import type { HandedLine } from '../terminal-contract.js';
import { chatOf, type Room } from './chats.js';
import type { Seen } from './unread.js';

export interface Toast {
  readonly id: string;
  readonly text: string;
  readonly tone: 'info' | 'fault';
}

/** The terminal that is open; each has an id of its own. */
export interface OpenTerminal {
  readonly id: string;
  readonly handed: HandedLine | null;
}

export interface Model {
  readonly cast: Cast;
  /** Who the newcomer is now. */
  readonly who: CastMember;
  /** Keyturn's, which may have been wound on. */
  readonly clock: ClockView;
  /** The Slacks of those who are there, by the key of whose they are. */
  readonly slack: Readonly<Record<string, SlackState>>;
  /** The Teams of those who are there. */
  readonly teams: Readonly<Record<string, TeamsState>>;
  /** The phones that are played, by the key of whose they are. */
  readonly phones: Readonly<Record<string, DuoPhone>>;
  /** Whether the phone of the person one is, is held up to be read. */
  readonly phoneUp: boolean;
  /** The channel each person has open; `HOME` is the app's home. */
  readonly open: Readonly<Record<string, string>>;
  readonly seen: Readonly<Record<string, Seen>>;
  /** What was seen of the open channel when it was opened: the "new" line is drawn there. */
  readonly newFrom: string;
  readonly drafts: Readonly<Record<string, string>>;
  readonly online: boolean;
  readonly guide: number;
  readonly guideShut: boolean;
  readonly auditOpen: boolean;
  readonly audit: AuditView | undefined;
  readonly terminal: OpenTerminal | undefined;
  /** Whether it is shown; it goes on where it isn't. */
  readonly terminalUp: boolean;
  readonly toasts: readonly Toast[];
}

export const HOME = '@home';

/** The channel that this person has open, if their chat is loaded and has it. */
export function openRoom(model: Model, key: string = model.who.key): Room | undefined {
  if (model.open[key] === HOME) return undefined;
  return openIn(model, chatOf(model, key)?.channels ?? [], key);
}

/** The one of these rooms that is open; the first where none is. */
export function openIn<R extends { readonly id: string }>(
  { open, who }: Model,
  rooms: readonly R[],
  key: string = who.key,
): R | undefined {
  return rooms.find(({ id }) => id === open[key]) ?? rooms[0];
}

/** Where a draft belongs: to one person in one channel. */
export function draftKey(model: Model): string {
  return `${model.who.key} ${openRoom(model)?.id ?? ''}`;
}
