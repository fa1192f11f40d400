/** Words for what the schema found. Values are quoted as the file has them, never as the environment filled them in. */

import type { z } from 'zod';
import type { Complaint, Json, Path } from './fault.js';
import { valueAt } from './reading.js';
import { type ShapeName, shapes } from './schema/shapes.js';
import { looksLikeToken, secretFields } from './secrets.js';
import { didYouMean } from './suggest.js';

type Issue = z.core.$ZodIssue;

/** What to write where a key is missing. */
const examples: Record<string, string> = {
  approvals: 'none, or [{ from: leads, need: 1 }]',
  durations: '[30m, 1h]',
  may_request: '[L2, L3]',
  deliver: '[reveal]',
  operator: '{ name: Northwind IT, timezone: America/Chicago }',
  timezone: 'America/Chicago',
  engagement: 'managed',
  colour: 'green',
  order: '[totp]',
  of: 'operator',
  elevate: '{ as: own }',
  bind_password: 'vault',
  password: 'vault',
  credentials: 'vault',
  secret: 'vault',
};

/** The complaints that one issue of the schema amounts to; `document` is the one before substitution. */
export function explain(issue: Issue, document: Json, at: Path = issue.path as Path): Complaint[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(at, key, issue.message.split(' ')));
    case 'invalid_union':
      return explainUnion(issue, document, at);
    case 'invalid_key':
      return issue.issues.flatMap((inner) => explainText(inner, document, at, at.at(-1) ?? '', true));
    case 'invalid_type':
      return [wrongType(issue.expected, document, at)];
    case 'invalid_value':
      return [notOneOf(issue.values.map(String), document, at)];
    case 'too_small':
    case 'too_big':
      return [outOfBounds(issue, document, at)];
    default:
      return explainText(issue, document, at, valueAt(document, at) ?? null, false);
  }
}

function explainText(issue: Issue, document: Json, path: Path, value: Json, onKey: boolean): Complaint[] {
  const shape = shapes[issue.message as ShapeName];
  if (shape === undefined) {
    return [{ path, onKey, message: 'this can’t be understood.', remedy: `Write ${issue.message}.` }];
  }
  const shown = onKey ? JSON.stringify(value) : quote(document, path);
  return [{ path, onKey, message: `${shown} is not ${shape.is}.`, remedy: shape.write }];
}

function unknownKey(at: Path, key: string, known: string[]): Complaint {
  const remedy = didYouMean(key, known, `Keys that can stand here: ${known.join(', ')}.`);
  return { path: [...at, key], onKey: true, message: `there is no setting "${key}" here.`, remedy };
}

/** Of the branches of a union, the one that was meant is the one whose outermost shape fits. */
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, document: Json, at: Path): Complaint[] {
  if (issue.errors.length === 0) {
    const { options = [] } = issue as { options?: readonly unknown[] };
    return [notOneOf(options.map(String), document, at)];
  }
  const meant = issue.errors.find((errors) => errors.every((error) => !isOutermost(error)));
  if (meant !== undefined) {
    return meant.flatMap((inner) => explain(inner, document, [...at, ...(inner.path as Path)]));
  }
  const value = valueAt(document, at);
  if (value === undefined || value === null) return [wrongType('value', document, at)];
  const example = examples[String(at.at(-1))];
  const remedy = `Write ${example ?? 'true, false, or one flag an act: { approve: false }'}.`;
  return [{ path: at, message: `${quote(document, at)} can’t stand here.`, remedy }];
}

function isOutermost(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}

const typeWords: Record<string, string> = {
  string: 'a text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list in [ ]',
  object: 'settings, each as name: value',
  record: 'settings, each as name: value',
};

function wrongType(expected: string, document: Json, path: Path): Complaint {
  const value = valueAt(document, path);
  const key = String(path.at(-1) ?? '');
  const wanted = typeWords[expected] ?? 'a value';
  if (value === undefined && key !== '') {
    return {
      path,
      message: `"${key}" is missing.`,
      remedy: `Add ${key}: ${examples[key] ?? `and after it ${wanted}`}.`,
    };
  }
  if (value === null || value === undefined) {
    const remedy = path.length === 0 ? 'Begin with operator:.' : `Write ${wanted}, or take the line out.`;
    return { path, message: 'nothing is written here.', remedy };
  }
  const message = `${quote(document, path)} is not ${wanted}.`;
  if (expected === 'string' && typeof value !== 'object') {
    return { path, message, remedy: `Put it in quotes: "${isSecret(path) ? '…' : value}".` };
  }
  if (expected === 'array' && typeof value === 'string' && !isSecret(path)) {
    return { path, message, remedy: `Write [${value}].` };
  }
  return { path, message, remedy: `Write ${wanted}.` };
}

function notOneOf(values: string[], document: Json, path: Path): Complaint {
  const value = valueAt(document, path);
  const choice = values.length === 1 ? `Write ${values[0]}.` : `Write one of: ${values.join(', ')}.`;
  if (value === undefined) return { path, message: `"${String(path.at(-1))}" is missing.`, remedy: choice };
  const remedy = typeof value === 'string' ? didYouMean(value, values, choice) : choice;
  return { path, message: `${quote(document, path)} can’t stand here.`, remedy };
}

function outOfBounds(
  issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  document: Json,
  path: Path,
): Complaint {
  const small = issue.code === 'too_small';
  if (issue.origin === 'array') {
    const example = examples[String(path.at(-1))];
    return { path, message: 'this list is empty.', remedy: `Write ${example ?? 'at least one entry'}.` };
  }
  if (issue.origin === 'string') {
    const remedy = small ? 'Write something, or take the line out.' : `At most ${issue.maximum} characters.`;
    return { path, message: small ? 'nothing is written here.' : 'this text is too long.', remedy };
  }
  const remedy = small ? `Write at least ${issue.minimum}.` : `Write at most ${issue.maximum}.`;
  return { path, message: `${quote(document, path)} is too ${small ? 'small' : 'large'}.`, remedy };
}

function quote(document: Json, path: Path): string {
  const value = valueAt(document, path);
  if (isSecret(path)) return 'this value';
  if (Array.isArray(value)) return 'a list';
  if (value !== null && typeof value === 'object') return 'a group of settings';
  if (typeof value === 'string' && looksLikeToken(value)) return 'this value';
  // An address may carry a password between its colon and its @.
  const printed = JSON.stringify(value ?? null).replace(/(:\/\/[^\s:@/]*):[^\s@]*@/, '$1:…@');
  return printed.length > 60 ? `${printed.slice(0, 57)}…"` : printed;
}

function isSecret(path: Path): boolean {
  return path.some(
    (part) => secretFields.has(String(part)) || /password|credentials|^secret$/.test(String(part)),
  );
}
