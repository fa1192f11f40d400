/** What the composers suggest: after `/access` in Slack, alone in Teams. */

import type { CommandHint } from '../contract.js';

/** The command the app registers. */
export const COMMAND = '/access';

/** The part of a usage that is typed as it stands: `approve ` of `approve <id>`. */
export function fixedPart(usage: string): string {
  return usage.replace(/[<[].*$/, '');
}

/**
 * The hints that still fit what is typed; none once the command itself is complete.
 *
 * @param command what stands before the words: the app's slash command, or its name in a channel of Teams
 */
export function hintsFor(
  draft: string,
  commands: readonly CommandHint[],
  command: string = COMMAND,
): readonly CommandHint[] {
  if (!draft.startsWith(command.charAt(0))) return [];
  if (command.startsWith(draft.trimEnd())) return commands;
  if (!draft.startsWith(`${command} `)) return [];
  const typed = draft.slice(command.length + 1).trimStart();
  return commands.filter((hint) => fits(hint.usage, typed));
}

/** The hints for the chat with the bot in Teams, where the same words stand alone; all while nothing is typed. */
export function promptsFor(draft: string, commands: readonly CommandHint[]): readonly CommandHint[] {
  const typed = draft.trimStart();
  return commands.filter((hint) => typed === '' || fits(hint.usage, typed));
}

function fits(usage: string, typed: string): boolean {
  const fixed = fixedPart(usage);
  if (usage === typed) return false;
  if (fixed === '') return typed === '' || /^[^\s/]*\//.test(typed);
  return fixed.startsWith(typed) || (fixed !== typed && fixed.endsWith(' ') && typed.startsWith(fixed));
}
