/** What stands between `<` and `>`: links, mentions, dates. */

import { formatDate } from './date.js';
import { unescaped } from './escapes.js';
import type { Inline } from './tree.js';

/** Reads the angle construct at `at`, or nothing: then the `<` is an ordinary character. */
export function angle(source: string, at: number, now: Date): { inline: Inline; end: number } | undefined {
  const end = source.indexOf('>', at);
  if (end < 0) return undefined;
  const [target = '', ...rest] = source.slice(at + 1, end).split('|');
  if (/[\n<]/.test(target)) return undefined;
  const label = rest.length > 0 ? unescaped(rest.join('|')) : undefined;
  const inline = special(target, label, now) ?? link(target, label);
  return inline && { inline, end: end + 1 };
}

function special(target: string, label: string | undefined, now: Date): Inline | undefined {
  const person = /^@([UW][A-Z0-9]+)$/.exec(target)?.[1];
  if (person) return { is: 'person', id: person, ...(label && { name: label }) };
  const channel = /^#(C[A-Z0-9]+)$/.exec(target)?.[1];
  if (channel) return { is: 'channel', id: channel, ...(label && { name: label }) };
  const everyone = /^!(here|channel|everyone)$/.exec(target)?.[1];
  if (everyone) return { is: 'everyone', name: everyone };
  return date(target, label, now);
}

function date(target: string, label: string | undefined, now: Date): Inline | undefined {
  const parts = /^!date\^(\d+)\^([^^]*)(?:\^(.*))?$/.exec(target);
  if (!parts) return undefined;
  const when = new Date(Number(parts[1]) * 1000);
  if (Number.isNaN(when.getTime())) return { is: 'date', text: label ?? '' };
  const url = parts[3] && safeUrl(parts[3]);
  const text = formatDate(unescaped(parts[2] ?? ''), when, now);
  return { is: 'date', text, iso: when.toISOString(), ...(url && { url }) };
}

function link(target: string, label: string | undefined): Inline | undefined {
  const url = safeUrl(unescaped(target));
  return url ? { is: 'link', url, text: label ?? url } : undefined;
}

/** The address if a browser may follow it; `javascript:` and its like are no links. */
export function safeUrl(url: string): string | undefined {
  return /^(https?:\/\/|mailto:)[^\s]+$/i.test(url) ? url : undefined;
}
