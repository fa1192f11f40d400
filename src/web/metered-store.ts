/** Counts what was committed, by the audit events that say so: one place, whatever the entrance. */

import type { AuditEvent } from '../core/audit.js';
import type { Change } from '../core/change.js';
import type { Store } from '../core/ports.js';
import type { Metrics } from './metrics.js';

/** The same store; each commit that is done moves the counters, each that moved counts as a retry. */
export function meterStore(store: Store, metrics: Metrics): Store {
  return {
    ...store,
    async commit(change: Change) {
      const outcome = await store.commit(change);
      if (outcome === 'moved') metrics.commitRetries.inc();
      else for (const event of change.audit) countEvent(metrics, event);
      return outcome;
    },
  };
}

/** Moves the counters that an audit event belongs to; most belong to none. */
export function countEvent(metrics: Metrics, { action, data }: Pick<AuditEvent, 'action' | 'data'>): void {
  const [noun, event = ''] = action.split('.');
  if (noun === 'request') metrics.requests.inc({ event });
  if (noun === 'decision') metrics.decisions.inc({ verdict: event });
  if (noun === 'grant') metrics.grants.inc({ event });
  if (noun === 'proof') metrics.proofs.inc({ event });
  if (action === 'act.refused') metrics.refusals.inc({ code: String(data.because) });
}
