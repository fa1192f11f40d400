import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Directory } from '../../src/core/directory.js';
import type { Person } from '../../src/core/people.js';
import { escalatedTo, judge, mayDecide, type Policy, unmeetableStep } from '../../src/core/policy.js';
import type { Decision } from '../../src/core/request.js';
import { CAST } from '../fixtures/cast.js';

const people: Person[] = CAST.people.map((p) => ({ ...p, id: p.name.split(' ')[0] as string }));
const policies = CAST.policies.map((p): Policy => ({ ...p, version: 1 }));
const directory = new Directory({
  ...CAST,
  version: 1,
  timezone: 'UTC',
  operator: 'Northwind IT',
  people,
  policies,
});
const named = (id: string) => directory.policy(id) as Policy;
const asked = { requester: 'Tess', client: 'acme', seconds: 3600 };
const says = (
  person: string,
  verdict: 'approve' | 'deny' = 'approve',
  seconds: number | null = null,
): Decision => ({
  request: 'R-000000',
  person,
  verdict,
  seconds,
  reason: verdict === 'deny' ? 'no' : null,
  proof: null,
  at: new Date(0),
});

describe('judge', () => {
  test('a requester’s own approval does not count, even if they are an approver', () => {
    const verdict = judge(named('one-lead'), { ...asked, requester: 'Lena' }, [says('Lena')], directory);
    expect(verdict.kind).toBe('waiting');
    expect(verdict.because).toContainEqual({ kind: 'set-aside', person: 'Lena', why: 'own' });
  });

  test('the word of somebody who may no longer decide is set aside, and the verdict says so', () => {
    const verdict = judge(named('one-lead'), asked, [says('Maya')], directory);
    expect(verdict.because).toContainEqual({ kind: 'set-aside', person: 'Maya', why: 'no-longer-approver' });
  });

  test('two approvals are two people, however many groups one of them is in', () => {
    const both = {
      ...named('two-person'),
      approvals: [
        { from: 'leads', need: 1 },
        { from: 'everybody', need: 1 },
      ],
    };
    const wide = new Directory({
      ...CAST,
      version: 1,
      timezone: 'UTC',
      operator: 'N',
      people,
      policies,
      groups: { everybody: ['lead', 'L3'] },
    });
    expect(judge(both, asked, [says('Lena')], wide).kind).toBe('waiting');
    expect(judge(both, asked, [says('Lena'), says('Sana')], wide).kind).toBe('approved');
  });

  test('somebody who fits two steps moves over when that lets another person count', () => {
    const policy = {
      ...named('two-person'),
      approvals: [
        { from: 'L3', need: 1 },
        { from: 'security', need: 1 },
      ],
    };
    expect(judge(policy, asked, [says('Sana'), says('Maya')], directory)).toMatchObject({
      kind: 'approved',
      by: ['Maya', 'Sana'],
    });
  });

  test('one denial outweighs any number of approvals', () => {
    const verdict = judge(
      named('two-person'),
      asked,
      [says('Lena'), says('Sana'), says('Omar', 'deny')],
      directory,
    );
    expect(verdict).toMatchObject({ kind: 'denied', by: 'Omar' });
  });

  test('the shortest approved time wins', () => {
    const verdict = judge(
      named('two-person'),
      asked,
      [says('Lena', 'approve', 1800), says('Sana', 'approve', 900)],
      directory,
    );
    expect(verdict).toMatchObject({ kind: 'approved', seconds: 900 });
  });

  test('contacts approve for their own client only', () => {
    expect(directory.approvers('contacts', 'delta').map((p) => p.id)).toEqual(['Noor']);
    expect(unmeetableStep(named('split-custody'), asked, directory)).toEqual({
      step: { from: 'contacts', need: 1 },
      have: 0,
    });
  });

  test('a step that needs the requester is unmeetable', () => {
    expect(unmeetableStep(named('two-leads'), { ...asked, requester: 'Lena' }, directory)).toEqual({
      step: { from: 'leads', need: 2 },
      have: 1,
    });
  });

  test('whoever speaks in whatever order, approved means that every step has its own distinct others', () => {
    const ids = people.map((p) => p.id);
    const escalation = fc.record({
      to: fc.constantFrom('L1', 'L2', 'L3', 'leads', 'security', 'contacts', 'aude@northwind.example'),
      mayDecide: fc.boolean(),
      isTold: fc.boolean(),
    });
    const step = fc.record({
      from: fc.constantFrom('leads', 'security', 'L3', 'L2', 'contacts'),
      need: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 3 }),
        fc.subarray(ids),
        fc.constantFrom(...ids),
        fc.constantFrom('acme', 'delta'),
        escalation,
        (approvals, speakers, requester, client, { to, mayDecide: may, isTold }) => {
          const escalate = { after: 60, to, mayDecide: may };
          const policy = { ...named('two-person'), approvals, escalate };
          const escalatedAt = isTold ? new Date(0) : null;
          const asks = { requester, client, seconds: 600, escalatedAt };
          const verdict = judge(
            policy,
            asks,
            speakers.map((s) => says(s)),
            directory,
          );
          const standIns = isTold && may ? to : null;
          const others = (all: readonly string[]) => all.filter((s) => s !== requester);
          const best = mostPlaces(approvals, others(speakers), client, standIns);
          const all = approvals.reduce((n, s) => n + s.need, 0);
          expect(verdict.kind).toBe(best === all ? 'approved' : 'waiting');
          // What can be met is met when everybody who may has approved.
          const possible = mostPlaces(approvals, others(ids), client, standIns) === all;
          expect(unmeetableStep(policy, asks, directory) === null).toBe(possible);
          expect(mayDecide(policy, asks, directory)).not.toContain(requester);
          expect(escalatedTo(policy, asks, directory)).not.toContain(requester);
          if (verdict.kind !== 'approved') return;
          expect(new Set(verdict.by).size).toBe(all);
          expect(verdict.by).not.toContain(requester);
        },
      ),
      { numRuns: 10_000 },
    );
  });
});

const whoIsMeant = new Map<string, readonly string[]>();

function idsOf(from: string, client: string): readonly string[] {
  const key = `${from} ${client}`;
  const ids = whoIsMeant.get(key) ?? directory.approvers(from, client).map((p) => p.id);
  whoIsMeant.set(key, ids);
  return ids;
}

/** The answer by brute force: how many places can be filled at all. `standIns` may take any but the contacts' own. */
function mostPlaces(
  approvals: readonly { from: string; need: number }[],
  people: readonly string[],
  client: string,
  standIns: string | null,
): number {
  const places = approvals.flatMap((s) => Array.from({ length: s.need }, () => s.from));
  const able = places.map((from) => {
    const own = idsOf(from, client);
    const isStaffStep = from !== 'contacts' && standIns !== null && standIns !== 'contacts';
    const all = isStaffStep ? [...own, ...idsOf(standIns, client)] : own;
    return people.map((id) => all.includes(id));
  });
  const known = new Map<string, number>();
  /** From the nth place on, with those taken whose bit is set. */
  const fill = (n: number, taken: number): number => {
    if (n === places.length) return 0;
    const key = `${n} ${taken}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const tries = people.map((_, who) =>
      able[n]?.[who] && !(taken & (1 << who)) ? () => 1 + fill(n + 1, taken | (1 << who)) : () => 0,
    );
    const best = Math.max(fill(n + 1, taken), ...tries.map((one) => one()));
    known.set(key, best);
    return best;
  };
  return fill(0, 0);
}
