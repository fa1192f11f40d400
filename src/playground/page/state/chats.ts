/** What every chat has in common: who one is there, and who said what in which of its rooms. */

import type { CastMember } from '../contract.js';
import type { TeamsConversation, TeamsMessage, TeamsState } from '../teams-contract.js';
import type { Change } from './api.js';
import type { Model } from './model.js';
import type { TeamsChange } from './teams-api.js';

/** One message; of two, the later has the newer `ts`. */
export interface Spoken {
  readonly ts: string;
  readonly from: { readonly id: string };
  /** ISO time. */
  readonly at: string;
}

/** A channel, or the chat that one has with the bot alone. */
export interface Room<M extends Spoken = Spoken> {
  readonly id: string;
  readonly name: string;
  readonly kind: 'channel' | 'dm';
  readonly messages: readonly M[];
}

/** One person's whole chat. A Slack is one as it stands. */
export interface Chat {
  readonly me: { readonly id: string };
  readonly channels: readonly Room[];
  readonly toasts: readonly { readonly id: string; readonly text: string }[];
}

export type TeamsSpoken = TeamsMessage & Spoken;

/** A person's chat, if it is loaded. */
export function chatOf({ slack, teams }: Pick<Model, 'slack' | 'teams'>, key: string): Chat | undefined {
  const there = teams[key];
  return there ? teamsChat(there) : slack[key];
}

function teamsChat({ me, toasts, conversations }: TeamsState): Chat {
  return { me, toasts, channels: conversations.map(teamsRoom) };
}

/** A conversation as a room. Ids of Teams tell no order, so a time does, and a place in the list where two share one. */
export function teamsRoom({ id, name, kind, messages }: TeamsConversation): Room<TeamsSpoken> {
  return {
    id,
    name,
    kind: kind === 'personal' ? 'dm' : 'channel',
    messages: messages.map((message, index) => ({
      ...message,
      ts: `${Date.parse(message.at)}.${String(index).padStart(6, '0')}`,
    })),
  };
}

/** Where somebody looks who has nothing waiting: in Slack at a channel, in Teams at the chat with the bot. */
export function firstRoom(person: CastMember, { channels }: Chat): Room | undefined {
  const wanted = person.chat === 'teams' ? 'dm' : 'channel';
  return channels.find(({ kind }) => kind === wanted) ?? channels[0];
}

/** Whether somebody's chat may have changed; a change that names no place may be anybody's. */
export function isConcerned(person: CastMember, { team, tenant, users }: Change & TeamsChange): boolean {
  if (team !== undefined && !(person.chat === 'slack' && person.team === team)) return false;
  if (tenant !== undefined && !(person.chat === 'teams' && person.tenant === tenant)) return false;
  return users === undefined || users.includes(person.user);
}

/** Whose chat it is, as one word for all who share it. */
export function placeOf(person: CastMember): string {
  return person.chat === 'teams' ? `teams ${person.tenant}` : `slack ${person.team}`;
}

/** What the chat is called: `Northwind IT Slack`. */
export function placeName({ slack, teams }: Pick<Model, 'slack' | 'teams'>, person: CastMember): string {
  if (person.chat === 'teams') return `${teams[person.key]?.tenant.name ?? ''} Teams`.trim();
  return `${slack[person.key]?.team.name ?? ''} Slack`.trim();
}
