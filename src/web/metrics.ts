/** What is measured, by name. Labels are small closed sets: never an id, a name or an address. */

import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** How much waits, and since how long the oldest of it. */
export interface Backlog {
  readonly count: number;
  readonly oldestSeconds: number;
}

export interface Metrics {
  readonly registry: Registry;
  /** `asked`, `approved`, `denied`, `cancelled`, `lapsed`. */
  readonly requests: Counter<'event'>;
  /** `approve`, `deny`. */
  readonly decisions: Counter<'verdict'>;
  /** `active`, `expired`, `returned`, `revoked`. */
  readonly grants: Counter<'event'>;
  /** `asked`, `allowed`, `denied`, `fraud`, `timeout`, `failed`, … */
  readonly proofs: Counter<'event'>;
  readonly refusals: Counter<'code'>;
  /** Who could not be verified: `signature`, `stranger`, `guest` … Counted, because they grow no chain. */
  readonly unverified: Counter<'kind'>;
  readonly commitRetries: Counter;
  /** `shown`, or the code of the refusal. */
  readonly reveals: Counter<'outcome'>;
  /** Registers a gauge that is read at each scrape; a read that fails shows as NaN, never as an old value. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void;
  /** `keyturn_outbox_jobs` and `keyturn_outbox_oldest_seconds`. */
  outbox(read: () => Promise<Backlog>): void;
  /** `keyturn_revocations_overdue` and `keyturn_revocations_overdue_oldest_seconds`. */
  overdueRevocations(read: () => Promise<Backlog>): void;
}

/** A registry of its own. `processToo` adds memory, CPU and event loop. */
export function createMetrics(processToo = false): Metrics {
  const registry = new Registry();
  if (processToo) collectDefaultMetrics({ register: registry });
  const counter = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Counter({ name: `keyturn_${name}_total`, help, labelNames, registers: [registry] });
  const gauge: Metrics['gauge'] = (name, help, read) => readGauges(registry, [{ name, help, read }]);
  return {
    registry,
    requests: counter('requests', 'Requests by what became of them', 'event'),
    decisions: counter('decisions', 'Decisions by verdict', 'verdict'),
    grants: counter('grants', 'Grants by what became of them', 'event'),
    proofs: counter('proofs', 'Second factors by what became of the question', 'event'),
    refusals: counter('refusals', 'Refusals said, by code', 'code'),
    unverified: counter('unverified_senders', 'What unverified senders tried', 'kind'),
    commitRetries: counter('commit_retries', 'Changes judged again because something moved'),
    reveals: counter('reveals', 'Claims of a password, by outcome', 'outcome'),
    gauge,
    outbox: (read) =>
      backlog(
        registry,
        read,
        ['outbox_jobs', 'Jobs that wait'],
        'outbox_oldest_seconds',
        'Age of the oldest',
      ),
    overdueRevocations: (read) =>
      backlog(
        registry,
        read,
        ['revocations_overdue', 'Ends not yet true at the target'],
        'revocations_overdue_oldest_seconds',
        'Time since the oldest of them was due',
      ),
  };
}

/** Two gauges from one read: the second of a scrape finds what the first has asked for. */
function backlog(
  registry: Registry,
  read: () => Promise<Backlog>,
  [count, countHelp]: readonly [string, string],
  oldest: string,
  oldestHelp: string,
): void {
  let asked: Promise<Backlog> | undefined;
  const once = () => {
    asked ??= read().finally(() => {
      asked = undefined;
    });
    return asked;
  };
  readGauges(registry, [
    { name: `keyturn_${count}`, help: countHelp, read: async () => (await once()).count },
    { name: `keyturn_${oldest}`, help: oldestHelp, read: async () => (await once()).oldestSeconds },
  ]);
}

interface Reading {
  readonly name: string;
  readonly help: string;
  readonly read: () => number | Promise<number>;
}

function readGauges(registry: Registry, readings: readonly Reading[]): void {
  for (const { name, help, read } of readings) {
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        // One broken reading must not take the others with it.
        this.set(
          await Promise.resolve()
            .then(read)
            .catch(() => Number.NaN),
        );
      },
    });
  }
}
