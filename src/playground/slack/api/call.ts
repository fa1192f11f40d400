/** One call of the Web API: what a method gets, and how it says no. */

import { fields, isFields, list, parsed, text } from '../../values.js';
import { checkMessageBlocks } from '../blocks/blocks.js';
import type { Faults } from '../blocks/faults.js';
import { checkFiles } from '../blocks/files.js';
import type { Files } from '../files.js';
import type { Fields, Message } from '../types.js';
import type { Channel, Workspace } from '../workspace.js';

export interface Call {
  readonly workspace: Workspace;
  readonly args: Fields;
  /** This server's address, for urls that Slack hands out. */
  readonly url: string;
}

export type Method = (call: Call) => Fields;

/** Slack's way to refuse: `ok: false`, a word, and sometimes where and why. */
export class SlackError extends Error {
  constructor(
    readonly code: string,
    readonly extra: Fields = {},
  ) {
    super(code);
  }
}

/** A refusal that names places, as `invalid_blocks` and `invalid_arguments` do. */
export const faulty = (code: string, messages: readonly string[]): SlackError =>
  new SlackError(code, {
    errors: messages,
    response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
  });

/** A required argument as text. */
export function need(call: Call, name: string): string {
  const value = call.args[name];
  if (value === undefined || value === null || value === '')
    throw faulty('invalid_arguments', [`missing required field: ${name}`]);
  return String(value);
}

/** The blocks argument, checked; undefined when it was not given. */
function blocksOf(args: Fields, files: Files): Fields[] | undefined {
  if (args.blocks === undefined || args.blocks === null || args.blocks === '') return undefined;
  const blocks = parsed(args.blocks);
  if (!Array.isArray(blocks) || !blocks.every(isFields)) throw new SlackError('invalid_blocks_format');
  refuse(checkMessageBlocks(blocks));
  refuse(checkFiles(blocks, '/blocks', files));
  // Undocumented but real: all text of a message's blocks together, about 12,000 characters.
  if (textLength(blocks) > 12_000) throw new SlackError('msg_blocks_too_long');
  return blocks;
}

function refuse(faults: Faults): void {
  if (!faults.none) throw faulty('invalid_blocks', faults.found);
}

function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + textLength(one), 0);
  if (!isFields(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [name, inner]) =>
      sum + (name === 'text' && typeof inner === 'string' ? inner.length : textLength(inner)),
    0,
  );
}

/** Attachments, at most 100; blocks inside them obey the same rules. */
function attachmentsOf(args: Fields, files: Files): Fields[] | undefined {
  if (args.attachments === undefined || args.attachments === null || args.attachments === '')
    return undefined;
  const attachments = parsed(args.attachments);
  if (!Array.isArray(attachments) || !attachments.every(isFields))
    throw new SlackError('invalid_attachments');
  if (attachments.length > 100) throw new SlackError('too_many_attachments');
  attachments.forEach((one, n) => {
    const at = `/attachments/${n}/blocks`;
    if (one.blocks) refuse(checkMessageBlocks(one.blocks, at));
    refuse(checkFiles(one.blocks, at, files));
  });
  return attachments;
}

/** Text of at most 40,000 characters, and something to show at all. */
export function contentOf(
  args: Fields,
  files: Files,
): {
  text: string;
  blocks: Fields[] | undefined;
  attachments: Fields[] | undefined;
} {
  const words = text(args.text);
  if (words.length > 40_000) throw new SlackError('msg_too_long');
  const blocks = blocksOf(args, files);
  const attachments = attachmentsOf(args, files);
  if (!words && !blocks?.length && !attachments?.length) throw new SlackError('no_text');
  return { text: words, blocks, attachments };
}

/** The channel an app may write to. A private one that it is not in does not exist for it. */
export function writable(call: Call, id: string): Channel {
  const channel = call.workspace.channels.get(id);
  if (!channel || (channel.isPrivate && !channel.botIsMember)) throw new SlackError('channel_not_found');
  if (channel.isArchived) throw new SlackError('is_archived');
  if (!channel.botIsMember) throw new SlackError('not_in_channel');
  return channel;
}

/** A message as the API returns it. */
export function messageJson(workspace: Workspace, message: Message): Fields {
  return {
    type: 'message',
    user: message.user,
    ts: message.ts,
    ...(message.bot ? { bot_id: workspace.botId, app_id: workspace.appId } : {}),
    text: message.text,
    team: workspace.team,
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.attachments.length > 0 ? { attachments: message.attachments } : {}),
    ...(message.metadata ? { metadata: message.metadata } : {}),
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    ...(message.edited ? { edited: { user: message.user, ts: message.ts } } : {}),
  };
}

/** Message metadata: an event type and a payload, or Slack's refusal. */
export function metadataOf(args: Fields): unknown {
  if (args.metadata === undefined || args.metadata === '') return undefined;
  const metadata = fields(parsed(args.metadata));
  if (!text(metadata.event_type) || !isFields(metadata.event_payload))
    throw new SlackError('invalid_metadata_format');
  return metadata;
}

/** Pages through a list by cursor, as users.list and conversations.members do. */
export function page<T>(
  all: readonly T[],
  args: Fields,
  most = 1000,
): { items: T[]; response_metadata: Fields } {
  const limit = Math.min(Math.max(Number(args.limit ?? 0) || 100, 1), most);
  const cursor = text(args.cursor);
  const start = cursor ? Number(Buffer.from(cursor, 'base64').toString().replace('from:', '')) : 0;
  if (!Number.isInteger(start) || start < 0 || (cursor && start >= all.length))
    throw new SlackError('invalid_cursor');
  const end = start + limit;
  const next = end < all.length ? Buffer.from(`from:${end}`).toString('base64') : '';
  return { items: list(all.slice(start, end)) as T[], response_metadata: { next_cursor: next } };
}
