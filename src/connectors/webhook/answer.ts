/** What the operator’s automation answered: believed only when it is signed, fresh, and of this very call. */

import { z } from 'zod';
import type { Secret } from '../../config/secret.js';
import { type ReadBack, TargetError, type Trouble } from '../connector.js';
import type { Answered } from './post.js';
import { signed, TOLERANCE } from './signature.js';

const value = z.union([z.string().max(200), z.number(), z.boolean(), z.null()]);
const readBack = z
  .record(z.string().regex(/^[a-z][a-z0-9_]{0,39}$/), value)
  .refine((read) => Object.keys(read).length <= 20);
const troubles = ['unreachable', 'not-allowed', 'missing', 'refused'] as const satisfies readonly Trouble[];

const done = z.strictObject({ call: z.string(), done: z.literal(true), read_back: readBack });
const undone = z.strictObject({
  call: z.string(),
  done: z.literal(false),
  trouble: z.enum(troubles),
  message: z.string().max(2000),
});
const later = z.strictObject({ call: z.string(), poll: z.number().min(0).max(86_400) });

/** The question that this answers. */
export interface Asked {
  /** `vmware (hooks.acme.example)`. */
  readonly name: string;
  readonly call: string;
  readonly key: Secret;
  /** Passwords that were sent: an answer that holds one is not kept. */
  readonly secrets: readonly string[];
}

/** @throws TargetError for everything that isn’t a signed “done” */
export function readAnswer(asked: Asked, answered: Answered, now: Date): ReadBack {
  statusFault(asked, answered.status);
  const is = signed(answered.signature, answered.body, asked.key, now);
  if (is === 'no')
    throw untrusted(
      asked,
      'isn’t signed with the key in the vault. Nothing it says is believed; look at who answers there',
    );
  if (is === 'stale')
    throw untrusted(
      asked,
      `was signed over ${TOLERANCE / 60} minutes ago, or ahead of time. Set the clocks of both sides`,
    );
  const json = parse(answered.body);
  const about = z.looseObject({ call: z.string() }).safeParse(json);
  if (about.success && about.data.call !== asked.call)
    throw untrusted(asked, 'is the answer to another call. It has to repeat the call of the question');
  if (answered.status === 202 && later.safeParse(json).success)
    throw new TargetError('unreachable', `${asked.name} isn’t done yet. Keyturn asks again.`);
  const no = undone.safeParse(json);
  if (no.success)
    throw new TargetError(no.data.trouble, `${asked.name} says: ${quote(asked, no.data.message)}.`);
  const yes = answered.status === 200 ? done.safeParse(json) : undefined;
  if (!yes?.success) throw unfit(asked, 'isn’t one that Keyturn knows');
  if (asked.secrets.some((secret) => answered.body.includes(JSON.stringify(secret).slice(1, -1))))
    throw unfit(asked, 'repeats a password, so it was thrown away');
  return yes.data.read_back;
}

/** A fact that an act isn’t done without. */
export function fact(name: string, read: ReadBack, key: string): boolean {
  const value = read[key];
  if (typeof value === 'boolean') return value;
  throw new TargetError(
    'refused',
    `The answer of ${name} says done, but not what was read back: read_back.${key} has to be true or false. Correct the automation.`,
  );
}

/** What a server says by its status alone, before anything is signed; it can say no, and never yes. */
function statusFault(asked: Asked, status: number): void {
  if (status === 200 || status === 202) return;
  const said = `${asked.name} answered ${status}`;
  if (status >= 300 && status < 400)
    throw new TargetError(
      'untrusted',
      `${said}, a redirect, which isn’t followed. Write the final address as url.`,
    );
  if (status === 401 || status === 403)
    throw new TargetError('not-allowed', `${said}. Look whether it has the same signing key as the vault.`);
  if (status >= 500 || status === 408 || status === 429)
    throw new TargetError('unreachable', `${said}. Look at its log; Keyturn tries again.`);
  throw new TargetError('refused', `${said}. Look whether url leads to the automation, and at its log.`);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function quote({ secrets }: Asked, message: string): string {
  const clean = secrets
    .filter(Boolean)
    .reduce((said, secret) => said.replaceAll(secret, '[redacted]'), message);
  const line = clean
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 300);
  return line.replace(/[.!?]+$/, '') || 'nothing more';
}

function untrusted({ name }: Asked, why: string): TargetError {
  return new TargetError('untrusted', `The answer of ${name} ${why}.`);
}

function unfit({ name }: Asked, why: string): TargetError {
  return new TargetError('refused', `The answer of ${name} ${why}. Correct the automation.`);
}
