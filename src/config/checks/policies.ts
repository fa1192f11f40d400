/** The limits that a policy's lengths of time keep among each other, and the factors that it counts on. */

import { parseDuration, printDuration } from '../duration.js';
import type { Complaint, Json, Path } from '../fault.js';
import { field, find, text } from '../reading.js';

const minute = 60;
const shortestGrant = 5 * minute;
const longestLink = 10 * minute;
const longestWait = 30 * 86_400;

export function policyFaults(document: Json): Complaint[] {
  const hasMfa = field(document, 'mfa') !== undefined;
  return find(document, ['policies', '*']).flatMap(({ path, value }) => [
    ...grantLengths(path, value),
    ...breakGlass(path, value),
    ...waits(path, value),
    ...(hasMfa ? [] : factors(path, value)),
  ]);
}

/** Reads the duration of a field; what isn't one is the schema's to report. */
function length(value: Json, key: string): number | undefined {
  return parseDuration(text(value, key));
}

function bounds(path: Path, value: number | undefined, least: number, most: number, why = ''): Complaint[] {
  if (value === undefined || (value >= least && value <= most)) return [];
  const shown = printDuration(value);
  if (value < least) {
    return [{ path, message: `${shown} is too short.`, remedy: `Write at least ${printDuration(least)}.` }];
  }
  return [{ path, message: `${shown} is too long${why}.`, remedy: `Write at most ${printDuration(most)}.` }];
}

function grantLengths(path: Path, policy: Json): Complaint[] {
  const total = length(policy, 'max_total');
  const most = total ?? Infinity;
  const why = total === undefined ? '' : `: max_total is ${printDuration(total)}`;
  return [
    ...bounds([...path, 'max_total'], total, shortestGrant, Infinity),
    ...find(policy, ['durations', '*']).flatMap((entry) =>
      bounds([...path, ...entry.path], parseDuration(entry.value), shortestGrant, most, why),
    ),
  ];
}

function breakGlass(path: Path, policy: Json): Complaint[] {
  const settings = field(policy, 'break_glass');
  if (settings === undefined) return [];
  const here = [...path, 'break_glass'];
  const offered = find(policy, ['durations', '*']).map((entry) => parseDuration(entry.value) ?? 0);
  const total = length(policy, 'max_total');
  // Without approval nobody gets more than with it.
  const most = total ?? (offered.length > 0 ? Math.max(...offered) : Infinity);
  const why = total === undefined ? ': it exceeds the longest of durations' : ': it exceeds max_total';
  return [
    ...bounds([...here, 'max_duration'], length(settings, 'max_duration'), shortestGrant, most, why),
    ...bounds([...here, 'review_within'], length(settings, 'review_within'), shortestGrant, longestWait),
  ];
}

function waits(path: Path, policy: Json): Complaint[] {
  const decide = length(policy, 'decide_within');
  const escalate = field(policy, 'escalate');
  const after = escalate === undefined ? undefined : length(escalate, 'after');
  const complaints = [
    ...bounds([...path, 'decide_within'], decide, minute, longestWait),
    ...bounds([...path, 'link_lives'], length(policy, 'link_lives'), minute, longestLink),
  ];
  const deadline = decide ?? (field(policy, 'decide_within') === undefined ? 8 * 60 * minute : undefined);
  if (after === undefined || deadline === undefined || after < deadline) return complaints;
  const message = `${printDuration(after)} is too late: the request lapses after ${printDuration(deadline)}.`;
  const remedy = `Write less than ${printDuration(deadline)}.`;
  return [...complaints, { path: [...path, 'escalate', 'after'], message, remedy }];
}

/** Rule 11: a factor that is asked for and can't be given would be either a closed door or an open one. */
function factors(path: Path, policy: Json): Complaint[] {
  const flags = field(policy, 'mfa');
  if (flags === false) return [];
  const acts = ['approve', 'reveal', 'break_glass'];
  const on = acts.filter((act) => typeof flags !== 'object' || flags === null || field(flags, act) !== false);
  if (on.length === 0) return [];
  const message = `this policy asks for a factor (${on.join(', ')}), and no mfa provider is configured.`;
  const remedy = 'Add mfa: { order: [totp] } at the top, or write mfa: false in the policy.';
  return [{ path: [...path, 'mfa'], message, remedy }];
}
