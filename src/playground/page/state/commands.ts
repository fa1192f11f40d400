/** What the composer suggests after `/access`. */

import type { CommandHint } from '../contract.js';

/** The command the app registers. */
export const COMMAND = '/access';

/** Used where the cast brings no list of its own. */
export const COMMANDS: readonly CommandHint[] = [
  { usage: 'request', does: 'opens the request form' },
  {
    usage: '<client>/<account> <duration> <reason…>',
    does: 'asks in one line; #TICKET anywhere in it is the ticket',
  },
  { usage: 'mine', does: 'my requests and grants' },
  { usage: 'pending', does: 'what waits for my decision' },
  { usage: 'show <id>', does: 'one request or grant, whole' },
  { usage: 'approve <id> [<duration>]', does: 'approves, for a shorter time if you say so' },
  { usage: 'deny <id> <reason…>', does: 'denies, and says why' },
  { usage: 'cancel <id>', does: 'takes back a request of mine' },
  { usage: 'return <id>', does: 'hands access back before its time' },
  { usage: 'revoke <id> <reason…>', does: 'ends somebody’s access now' },
  { usage: 'help', does: 'what one can type' },
];

/** The part of a usage that is typed as it stands: `approve ` of `approve <id>`. */
export function fixedPart(usage: string): string {
  return usage.replace(/[<[].*$/, '');
}

/** The hints that still fit what is typed; none once the command itself is complete. */
export function hintsFor(draft: string, commands: readonly CommandHint[]): readonly CommandHint[] {
  if (!draft.startsWith('/')) return [];
  if (COMMAND.startsWith(draft.trimEnd())) return commands;
  if (!draft.startsWith(`${COMMAND} `)) return [];
  const typed = draft.slice(COMMAND.length + 1).trimStart();
  return commands.filter((hint) => fits(hint.usage, typed));
}

function fits(usage: string, typed: string): boolean {
  const fixed = fixedPart(usage);
  if (usage === typed) return false;
  if (fixed === '') return typed === '' || /^[^\s/]*\//.test(typed);
  return fixed.startsWith(typed) || (fixed !== typed && fixed.endsWith(' ') && typed.startsWith(fixed));
}
