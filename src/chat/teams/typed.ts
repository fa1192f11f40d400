/** What somebody typed to the bot, as they typed it: without the bot's name, and without Teams' own writing. */

import { z } from 'zod';
import type { Act } from '../act.js';

const mention = z.object({
  type: z.literal('mention'),
  mentioned: z.object({ id: z.string().min(1) }),
  text: z.string().min(1).max(500),
});
const message = z.object({
  type: z.literal('message'),
  text: z.string().min(1).max(40_000),
  recipient: z.object({ id: z.string().min(1) }),
  entities: z.array(z.unknown()).max(200).optional(),
});

/** Reads a message activity; null where nothing was typed. Never throws. */
export function readTyped(activity: unknown): Act | null {
  const read = message.safeParse(activity);
  if (!read.success) return null;
  const { text, recipient, entities = [] } = read.data;
  const mentions = entities.flatMap((entity) => mention.safeParse(entity).data ?? []);
  const bare = mentions.reduce((rest, { mentioned, text: name }) => {
    // Somebody else's mention is a name like any other.
    const reads = mentioned.id === recipient.id ? ' ' : name.replace(/^<at[^>]*>|<\/at>$/g, '');
    return rest.split(name).join(reads);
  }, text);
  return { act: 'typed', text: withoutCommand(unescaped(bare).trim()) };
}

/** The cards say "/access …", as Slack wants it; typed here it means the same. */
function withoutCommand(text: string): string {
  return text.replace(/^\/access(?:\s+|$)/i, '');
}

const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** Each entity once: what was typed as `&amp;lt;` comes out as `&lt;`, not as `<`. */
function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi, (all, decimal, hex, name) => {
    if (name !== undefined) return Object.hasOwn(NAMED, name) ? (NAMED[name] as string) : all;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    return isCharacter ? String.fromCodePoint(code) : all;
  });
}
