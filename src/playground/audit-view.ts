/** The audit trail as the page shows it: the newest events, with names for ids. */

import { newestEvents, verifyChains } from '../store/audit.js';
import type { Database } from '../store/driver.js';
import type { AuditView } from './page/contract.js';

/** The newest 200 events of all chains, newest first, and whether every chain is whole. */
export async function auditView(database: Database): Promise<AuditView> {
  const [events, chains, names] = await Promise.all([
    newestEvents(database, 200),
    verifyChains(database),
    namesOf(database),
  ]);
  return {
    whole: chains.every((chain) => chain.brokenAt === null),
    events: events.map(({ chain, seq, at, actor, action, subject, data }) => ({
      chain,
      seq,
      at: at.toISOString(),
      actor: actor === null ? 'Keyturn' : (names.get(actor) ?? actor),
      action,
      subject,
      detail: withNames(data, names),
    })),
  };
}

/** The trail keeps people by id; a reader wants names. */
function withNames(data: Readonly<Record<string, unknown>>, names: ReadonlyMap<string, string>) {
  const named = (value: unknown): unknown => {
    if (typeof value === 'string') return names.get(value) ?? value;
    if (Array.isArray(value)) return value.map(named);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, named(inner)]));
  };
  return named(data) as Record<string, unknown>;
}

async function namesOf(database: Database): Promise<Map<string, string>> {
  const text = `select id, spec->>'name' as name from keyturn.people`;
  const rows = await database.run<{ id: string; name: string }>({ name: 'names', text }, []);
  return new Map(rows.map((row) => [row.id, row.name]));
}
