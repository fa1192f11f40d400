/** What the composer suggests after `/access`. */

import type { CommandHint } from '../contract.js';

/** The command the app registers. */
export const COMMAND = '/access';

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
