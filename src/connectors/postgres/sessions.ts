/** Ending what is signed in as a role. */

import { setTimeout as after } from 'node:timers/promises';
import type { Role } from './roles.js';
import type { Call, Session } from './session.js';

const BETWEEN_LOOKS_MS = 25;

/**
 * Ends every session of this role that is there now, and waits until each is gone. Those that begin later go on:
 * a change of its password or NOLOGIN comes first where none may.
 *
 * @returns how many there were.
 */
export async function endSessionsOf(call: Call, session: Session, role: Role): Promise<number> {
  const found = await backendsOf(session, role);
  for (let left = found; left.length > 0; left = stillThere(left, await backendsOf(session, role))) {
    call.stillInTime();
    // One that ends by itself meanwhile makes a warning, no error.
    await session.query('select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [
      left.map(({ pid }) => pid),
    ]);
    await after(BETWEEN_LOOKS_MS);
  }
  return found.length;
}

interface Backend {
  readonly pid: number;
  /** A process id comes again; with its beginning it is one session's. */
  readonly since: string;
}

async function backendsOf(session: Session, role: Role): Promise<Backend[]> {
  return session.query<{ pid: number; since: string }>(
    `select pid, backend_start::text as since from pg_stat_activity
      where usesysid = $1::oid and pid <> pg_backend_pid()`,
    [role.oid],
  );
}

function stillThere(before: readonly Backend[], now: readonly Backend[]): Backend[] {
  return before.filter(({ pid, since }) => now.some((it) => it.pid === pid && it.since === since));
}
