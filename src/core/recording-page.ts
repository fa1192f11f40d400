/** Recorded sessions in words, for their page. */

import type { Colour } from './accounts.js';
import { sayDuration } from './cards/words.js';
import type { Directory } from './directory.js';
import { isLive, type RecordedSession } from './recording.js';
import { sayClock } from './report-instant.js';
import type { SessionEnd } from './session.js';

/** One session in a list. */
export interface SessionLine {
  readonly session: string;
  readonly grant: string;
  readonly client: string;
  readonly colour: Colour;
  readonly account: string;
  readonly who: string;
  readonly when: string;
  readonly from: string;
  /** Of an open one: null. */
  readonly lasted: string | null;
  readonly ended: string;
  readonly size: string | null;
  /** SHA-256, hex; null where the recording was not closed. */
  readonly hash: string | null;
  readonly isLive: boolean;
}

const ENDED: Readonly<Record<SessionEnd, string>> = {
  left: 'They left',
  'target-left': 'The system closed it',
  'grant-over': 'The access was over',
  'holder-paused': 'They were paused',
  'key-ended': 'Their key was ended',
  'ended-by-lead': 'A lead ended it',
  idle: 'Nothing was typed for too long',
  'not-recordable': 'It could not be recorded any more',
  'recording-full': 'It had shown as much as is recorded of one',
  'bastion-stopped': 'Keyturn was stopped',
  'target-refused': 'The system refused the sign-in',
  'wrong-host-key': 'The system showed another host key',
};

export function sessionLine(recorded: RecordedSession, directory: Directory): SessionLine {
  const { session, grant, client, account, person, address, begunAt, end, endedAt, trail } = recorded;
  const known = directory.client(client);
  const live = isLive(recorded);
  const until = endedAt ?? recorded.closedAt;
  return {
    ...{ session, grant, client: known?.name ?? client, colour: known?.colour ?? 'blue' },
    account: directory.account(client, account)?.name ?? `${client}/${account}`,
    who: directory.nameOf(person),
    when: sayClock(begunAt, directory),
    from: address,
    lasted: until === null ? null : sayLength((until.getTime() - begunAt.getTime()) / 1000),
    ended: live ? 'Goes on now' : (ENDED[trail?.why as SessionEnd] ?? 'Ended'),
    size: end === null ? null : saySize(end.bytes),
    hash: end?.hash ?? null,
    isLive: live,
  };
}

/** `42 seconds`, or in minutes from two on. */
export function sayLength(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 120) return whole === 1 ? '1 second' : `${whole} seconds`;
  return sayDuration(Math.round(whole / 60) * 60);
}

/** `812 bytes`, `1.4 MB`. */
export function saySize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  const [size, unit] = bytes < 1_000_000 ? [bytes / 1_000, 'KB'] : [bytes / 1_000_000, 'MB'];
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`;
}

/** What a recording is worth that was read whole. */
export const VERDICTS = {
  matches: 'This recording matches the audit trail.',
  differs:
    'This recording does not match the audit trail: it was altered after it was made. Don’t rely on it, and tell the other leads.',
  'not-on-trail': 'This recording is whole. The audit trail has no hash of it yet.',
  'broken-off':
    'This recording broke off before it was closed, so the audit trail has no hash of it. What is here is as it was written.',
} as const;
