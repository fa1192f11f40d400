import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import type { AuditAction } from '../../src/core/audit.js';
import type { Change } from '../../src/core/change.js';
import { startAdmin } from '../../src/web/admin.js';
import { meterStore } from '../../src/web/metered-store.js';
import { createMetrics } from '../../src/web/metrics.js';
import { World } from './world.js';

const log = pino({ level: 'silent' });

test('the admin port serves the metrics, on loopback, and nothing else', async () => {
  const metrics = createMetrics(true);
  const admin = await startAdmin({ port: 0, metrics, log });
  onTestFinished(() => admin.stop());
  const at = `http://127.0.0.1:${admin.port}`;
  metrics.unverified.inc({ kind: 'signature' });
  const got = await fetch(`${at}/metrics`);
  expect(got.headers.get('content-type')).toContain('text/plain');
  const text = await got.text();
  expect(text).toContain('keyturn_unverified_senders_total{kind="signature"} 1');
  expect(text).toContain('process_resident_memory_bytes');
  expect((await fetch(`${at}/`)).status).toBe(404);
  expect((await fetch(`${at}/metrics`, { method: 'POST' })).status).toBe(404);
});

test('two gauges of one backlog come from one read, and a read that fails is NaN', async () => {
  const metrics = createMetrics();
  let reads = 0;
  metrics.outbox(async () => {
    reads++;
    return { count: 4, oldestSeconds: 12.5 };
  });
  metrics.overdueRevocations(async () => {
    throw new Error('away');
  });
  metrics.gauge('keyturn_answer', 'The answer', () => 42);
  const text = await metrics.registry.metrics();
  expect(reads).toBe(1);
  expect(text).toContain('keyturn_outbox_jobs 4');
  expect(text).toContain('keyturn_outbox_oldest_seconds 12.5');
  expect(text).toContain('keyturn_revocations_overdue Nan');
  expect(text).toContain('keyturn_answer 42');
});

test('commits move the counters by their audit events; what moved counts as a retry', async () => {
  const metrics = createMetrics();
  const world = new World();
  const store = meterStore(world, metrics);
  const actions = [
    'request.asked',
    'decision.approve',
    'request.approved',
    'grant.active',
    'proof.denied',
    'act.refused',
  ];
  const audit = actions.map((action) => ({
    chain: 'acme',
    action: action as AuditAction,
    actor: null,
    via: 'slack' as const,
    subject: 'R-1',
    data: {},
  }));
  const refused = {
    ...audit[0],
    action: 'act.refused',
    data: { because: 'own-request' },
  } as (typeof audit)[0];
  const change: Change = { directory: 1, guards: [], writes: [], audit: [...audit, refused], notices: [] };
  expect(await store.commit(change)).toBe('done');
  const moved: Change = {
    ...change,
    guards: [{ noun: 'secret', client: 'acme', account: 'front-desk', version: 9 }],
  };
  expect(await store.commit(moved)).toBe('moved');
  const text = await metrics.registry.metrics();
  for (const line of [
    'keyturn_requests_total{event="asked"} 1',
    'keyturn_requests_total{event="approved"} 1',
    'keyturn_decisions_total{verdict="approve"} 1',
    'keyturn_proofs_total{event="denied"} 1',
    'keyturn_grants_total{event="active"} 1',
    'keyturn_refusals_total{code="own-request"} 1',
    'keyturn_commit_retries_total 1',
  ])
    expect(text).toContain(line);
});
