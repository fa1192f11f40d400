/**
 * Whether somebody who knocks is let in: by a ticket typed as password, or a registered key’s signature. Whatever is wrong,
 * the answer is the same refusal at the same times.
 */

import ssh2 from 'ssh2';
import { fingerprintOf } from '../../connectors/ssh/keys.js';
import type { Credential, Gate, Passage } from '../gate.js';
import type { Limits } from './limits.js';

export interface Visitor {
  readonly connection: ssh2.Connection;
  readonly address: string;
  /** Whether the connection is gone. */
  isGone(): boolean;
  /** Ends the connection. */
  dismiss(): void;
}

export interface AdmissionOptions {
  readonly gate: Gate;
  readonly limits: Limits;
  /** Called before the client hears that it is in. */
  readonly enter: (passage: Passage) => void;
  /** A passage was given to a connection that is gone. */
  readonly missed: (passage: Passage) => void;
  readonly fault: (error: unknown) => void;
}

const METHODS: ssh2.AuthenticationType[] = ['publickey', 'password'];
/** RSA with SHA-1, DSA and anything unknown are not among them. */
const KEY_TYPES = new Set([
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
]);
const LONGEST_NAME = 64;
const LONGEST_TICKET = 512;

type Claim = Credential | { readonly kind: 'question'; readonly fingerprint: string };

/** Answers every attempt to sign in on this connection. */
export function guard(visitor: Visitor, options: AdmissionOptions): void {
  const left = { attempts: options.limits.attempts, questions: options.limits.questions };
  visitor.connection.on('authentication', (context) => {
    const claim = claimOf(context);
    const kind = context.method === 'password' || claim?.kind === 'key' ? 'attempts' : 'questions';
    left[kind] -= 1;
    if (left[kind] < 0) return visitor.dismiss();
    // Says nothing of anybody: how every client finds out what it may try.
    if (context.method === 'none') return context.reject(METHODS);
    answer(visitor, context, claim, options).catch((error) => {
      options.fault(error);
      visitor.dismiss();
    });
  });
}

async function answer(
  visitor: Visitor,
  context: ssh2.AuthContext,
  claim: Claim | null,
  options: AdmissionOptions,
): Promise<void> {
  const asked = performance.now();
  const passage = await decide(visitor, context.username, claim, options);
  if (passage === null) {
    const { refusalMs } = options.limits;
    const took = performance.now() - asked;
    await new Promise((resolve) => setTimeout(resolve, Math.ceil(took / refusalMs) * refusalMs - took));
    if (!visitor.isGone()) context.reject(METHODS);
    return;
  }
  if (passage !== 'known') {
    if (visitor.isGone()) return options.missed(passage);
    options.enter(passage);
  }
  if (!visitor.isGone()) context.accept();
}

async function decide(
  { address }: Visitor,
  grant: string,
  claim: Claim | null,
  { gate, fault }: AdmissionOptions,
): Promise<Passage | 'known' | null> {
  if (claim === null || grant === '' || grant.length > LONGEST_NAME) return null;
  try {
    if (claim.kind !== 'question') return await gate.admit({ grant, credential: claim, address });
    return (await gate.knowsKey(grant, claim.fingerprint)) ? 'known' : null;
  } catch (error) {
    fault(error);
    return null;
  }
}

/** What the client claims, once what can be checked here has been; null where it can’t be right. */
function claimOf(context: ssh2.AuthContext): Claim | null {
  if (context.method === 'password') {
    // Not a string where the client asks to change its password.
    const ticket: unknown = context.password;
    const fits = typeof ticket === 'string' && ticket !== '' && ticket.length <= LONGEST_TICKET;
    return fits ? { kind: 'ticket', ticket } : null;
  }
  if (context.method !== 'publickey' || !isFit(context)) return null;
  const fingerprint = fingerprintOf(context.key.data);
  if (!context.signature) return { kind: 'question', fingerprint };
  return isSigned(context) ? { kind: 'key', fingerprint } : null;
}

function isFit({ key, hashAlgo }: ssh2.PublicKeyAuthContext): boolean {
  return (
    Buffer.isBuffer(key.data) && KEY_TYPES.has(key.algo) && (key.algo !== 'ssh-rsa' || Boolean(hashAlgo))
  );
}

function isSigned({ key, blob, signature, hashAlgo }: ssh2.PublicKeyAuthContext): boolean {
  const read = ssh2.utils.parseKey(key.data);
  const parsed = Array.isArray(read) ? read[0] : read;
  if (!parsed || parsed instanceof Error || parsed.type !== key.algo || !blob || !signature) return false;
  try {
    return parsed.verify(blob, signature, hashAlgo) === true;
  } catch {
    return false;
  }
}
