/** Public keys that people have registered for sessions: by a factor of their own, and ended by them. */

import { event } from './audit.js';
import { onPhone } from './cards/phone-facts.js';
import { alertFor } from './enrol.js';
import type { PersonFacts, SshKeyFacts } from './facts.js';
import { change, type Judged, refuse, whoActs } from './judged.js';
import type { Actor, PersonId } from './people.js';
import { provenBy, spend } from './prove.js';
import type { Refusal } from './refusals.js';

export type SshKeyState = 'active' | 'ended';

export interface SshKey {
  readonly id: string;
  readonly person: PersonId;
  /** `SHA256:…`, without padding. */
  readonly fingerprint: string;
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`, … */
  readonly kind: string;
  /** What its owner calls it. */
  readonly comment: string;
  readonly state: SshKeyState;
  readonly proof: string;
  readonly addedAt: Date;
  readonly endedAt: Date | null;
  readonly version: number;
}

export const SSH_KEY_TRANSITIONS: readonly (readonly [SshKeyState | null, SshKeyState])[] = [
  [null, 'active'],
  ['active', 'ended'],
];

/** What was read of a public key; the key itself is kept nowhere: whoever has it proves so to the bastion. */
export interface OfferedKey {
  readonly fingerprint: string;
  readonly kind: string;
  readonly bits: number;
  readonly comment: string;
}

/** The least size of each kind that counts. */
const LEAST_BITS: Readonly<Record<string, number>> = {
  'ssh-ed25519': 256,
  'ecdsa-sha2-nistp256': 256,
  'ecdsa-sha2-nistp384': 384,
  'ecdsa-sha2-nistp521': 521,
  'ssh-rsa': 3072,
};

export const MOST_SSH_KEYS = 10;

/** Registers a key for oneself: always by a factor that one has, so that nobody's chat account alone opens a server. */
export function addSshKey(
  facts: SshKeyFacts,
  actor: Actor,
  offered: OfferedKey,
  id: string,
  alert: string,
): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const cannot = whyNotAdd(facts, offered);
  if (cannot) return refuse(cannot);
  const { fingerprint, kind, comment } = offered;
  const spent = spend(facts, actor, true, {
    act: 'add-ssh-key',
    subject: { kind: 'person', id: who.person.id, version: 1 },
    terms: fingerprint,
    client: who.person.client ?? null,
    facts: onPhone([
      ['Register the SSH key', fingerprint],
      ['Person', who.person.name],
    ]),
  });
  if (!('writes' in spent)) return spent;
  const row: SshKey = {
    ...{ id, person: who.person.id, fingerprint, kind, comment, state: 'active' },
    ...{ proof: spent.proof as string, addedAt: facts.now, endedAt: null, version: 1 },
  };
  const told = alertFor(facts, alert, 'ssh-key-added', id, { fingerprint, by: who.person.id });
  const data = { key: id, fingerprint, kind, ...provenBy(actor, spent) };
  return {
    change: change(facts, {
      writes: [...spent.writes, { put: 'ssh-key', row }, { put: 'alert', row: told }],
      audit: [event(actor, who.person.client ?? 'operator', 'ssh-key.added', row.person, data)],
      notices: [{ about: 'alert', id: told.id }],
    }),
  };
}

function whyNotAdd(facts: SshKeyFacts, { fingerprint, kind, bits, comment }: OfferedKey): Refusal | null {
  const least = LEAST_BITS[kind];
  const isShaped = /^SHA256:[A-Za-z0-9+/]{43}$/.test(fingerprint) && comment.length <= 60;
  if (least === undefined || !isShaped) return { code: 'bad-ssh-key', why: 'unknown' };
  if (!Number.isSafeInteger(bits) || bits < least) return { code: 'bad-ssh-key', why: 'weak' };
  if (facts.sshKeys.some((key) => key.fingerprint === fingerprint)) return { code: 'ssh-key-known' };
  // Somebody else's too: two people with one key would be one on record.
  if (facts.isTaken) return { code: 'bad-ssh-key', why: 'taken' };
  return facts.sshKeys.length >= MOST_SSH_KEYS ? { code: 'too-many-ssh-keys', most: MOST_SSH_KEYS } : null;
}

/** Ends a key, by its person's factor where there are any: what it has opened is cut. */
export function endSshKey(facts: PersonFacts, actor: Actor, id: string, alert: string): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const key = facts.sshKeys.find((one) => one.id === id);
  if (!key) return refuse({ code: 'no-ssh-key' });
  const spent = spend(facts, actor, facts.offers.factors.length > 0, {
    act: 'end-ssh-key',
    subject: { kind: 'ssh-key', id, version: key.version },
    terms: 'end',
    client: who.person.client ?? null,
    facts: onPhone([
      ['End the SSH key', key.fingerprint],
      ['Person', who.person.name],
    ]),
  });
  if (!('writes' in spent)) return spent;
  const told = alertFor(facts, alert, 'ssh-key-ended', id, {
    ...{ fingerprint: key.fingerprint, by: who.person.id },
  });
  const data = { key: id, fingerprint: key.fingerprint, ...provenBy(actor, spent) };
  return {
    change: change(facts, {
      writes: [
        ...spent.writes,
        { put: 'ssh-key', row: endedKey(key, facts.now) },
        { put: 'alert', row: told },
      ],
      audit: [event(actor, who.person.client ?? 'operator', 'ssh-key.ended', key.person, data)],
      notices: [{ about: 'alert', id: told.id }],
    }),
  };
}

export function endedKey(key: SshKey, now: Date): SshKey {
  return { ...key, state: 'ended', endedAt: now, version: key.version + 1 };
}
