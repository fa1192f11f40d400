/** Who is let in at the bastion, whatever comes together. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AdmissionFacts } from '../../src/core/facts.js';
import type { Grant } from '../../src/core/grant.js';
import { admit, type Knock, whyNotAdmit } from '../../src/core/session-admit.js';
import type { SshKey } from '../../src/core/ssh-key.js';
import { GRANT, key, knocked, session, sshHouse, ticket } from '../fixtures/admissions.js';
import { later, NOW } from '../fixtures/story.js';

const KNOCK = { id: 'X-000001', address: '203.0.113.7', owner: 'here' } as const;
const byTicket: Knock = { ...KNOCK, by: 'ticket' };
const byKey: Knock = { ...KNOCK, by: 'key' };

/** Minutes from now, on both sides of every border. */
const minutes = fc.constantFrom(-20, -16, -15, -10, -1, 0, 1, 9, 14, 50);
const at = minutes.map((m) => later(m));
/** Mostly what fits, so that every border is met from its inner side too. */
const mostly = <T>(fits: T, ...others: T[]) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(fits) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
const ahead = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(later(1), later(9)) },
  { weight: 1, arbitrary: at },
);
const aTicket = fc.record({
  grant: mostly(GRANT.id, 'G-0THER0'),
  person: mostly('Tess', 'Maya'),
  state: mostly<'open' | 'spent' | 'dead'>('open', 'spent', 'dead'),
  fails: fc.integer({ min: 0, max: 5 }),
  proof: fc.constantFrom('C-1', null),
  openedAt: at,
  expiresAt: ahead,
});
const aSession = fc
  .record({
    state: fc.constantFrom('open' as const, 'ended' as const),
    why: fc.constantFrom('left', 'target-left', 'idle', 'ended-by-lead', 'grant-over', 'bastion-stopped'),
    openedAt: at,
    endedAt: at,
    idleSeconds: fc.constantFrom(60, 900),
  })
  .map(({ state, why, endedAt, ...rest }) =>
    session({ ...rest, state, ...(state === 'ended' ? { why: why as 'left', endedAt } : {}) }),
  );
const anyFacts = fc
  .record({
    mfa: fc.boolean(),
    grant: fc.record({
      state: mostly<Grant['state']>('active', 'provisioning', 'ended'),
      endsAt: ahead,
      delivery: mostly<Grant['delivery']>('ssh', 'reveal'),
    }),
    paused: mostly<string[]>([], ['Tess'], ['Maya']),
    hasSecret: mostly(true, false),
    ticket: fc.option(aTicket.map(ticket)),
    key: fc.option(
      fc
        .record({ state: mostly<SshKey['state']>('active', 'ended'), person: mostly('Tess', 'Maya') })
        .map(key),
    ),
    pressed: fc.option(aTicket.map((more) => ticket({ ...more, grant: GRANT.id, person: 'Tess' }))),
    alike: fc.option(aSession),
    cutAt: fc.option(at),
  })
  .map(({ mfa, grant, hasSecret, ...rest }) => {
    const facts = knocked({ ...rest, grant: { ...GRANT, ...grant } }, mfa);
    return { ...facts, secret: hasSecret ? facts.secret : null };
  });

/** The rule as the design has it, said once more in other words. */
function mayEnter(facts: AdmissionFacts, by: 'ticket' | 'key'): boolean {
  const { grant, ticket: shown, key: registered, pressed, alike, cutAt, policyNow } = facts;
  const ms = (date: Date | null | undefined) => date?.getTime() ?? Number.NEGATIVE_INFINITY;
  const now = ms(NOW);
  const lives = grant?.state === 'active' && now < ms(grant.endsAt) && grant.delivery === 'ssh';
  if (!lives || facts.paused.includes('Tess') || !facts.secret) return false;
  const proven = (t: typeof shown) => t !== null && (t.proof !== null || policyNow?.mfa.reveal !== true);
  if (by === 'ticket')
    return (
      shown?.state === 'open' &&
      shown.grant === grant.id &&
      shown.person === 'Tess' &&
      now < ms(shown.expiresAt) &&
      proven(shown)
    );
  if (registered?.state !== 'active' || registered.person !== 'Tess') return false;
  const window =
    pressed !== null &&
    pressed.state !== 'dead' &&
    now < ms(pressed.expiresAt) &&
    ms(pressed.openedAt) > ms(cutAt);
  if (window) return proven(pressed);
  if (alike === null || ms(alike.openedAt) <= ms(cutAt)) return false;
  if (alike.state === 'open') return true;
  return (
    ['left', 'target-left'].includes(alike.why ?? '') && now - ms(alike.endedAt) < alike.idleSeconds * 1000
  );
}

describe('whoever knocks', () => {
  test.each(['ticket', 'key'] as const)('with a %s is let in just where the rule says so', (by) => {
    let admitted = 0;
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const isIn = whyNotAdmit(facts, { by }) === null;
        if (isIn) admitted += 1;
        expect(isIn).toBe(mayEnter(facts, by));
        const judged = admit(facts, { ...KNOCK, by });
        const change = 'change' in judged ? judged.change : undefined;
        const opened = change?.writes.some((write) => write.put === 'session') ?? false;
        expect(opened).toBe(isIn);
        // Let in by a ticket, it is spent by it; refused, it never is.
        const spent =
          change?.writes.some((write) => write.put === 'ticket' && write.row.state === 'spent') ?? false;
        if (facts.ticket?.state !== 'spent') expect(spent).toBe(isIn && by === 'ticket');
        if (isIn) {
          expect(change?.guards.map(({ noun }) => noun)).toEqual(['live-grant', 'unpaused', 'secret']);
          expect(change?.audit.map(({ action }) => action)).toEqual(['session.opened']);
        }
      }),
      { numRuns: 3_000 },
    );
    expect(admitted).toBeGreaterThan(100);
  });

  test('is refused without a word on record where nothing of what they show is known', () => {
    for (const knock of [byTicket, byKey])
      expect(admit(knocked(), knock)).toEqual({
        refused: { code: 'not-admitted', isKnown: false, why: expect.any(String) },
      });
  });

  test('too often with one ticket kills it, and from then on is only counted', () => {
    const other = (fails: number) => knocked({ ticket: ticket({ grant: 'G-0THER0', fails }) });
    const last = admit(other(4), byTicket);
    expect('change' in last && last.change?.writes).toMatchObject([
      { put: 'ticket', row: { state: 'dead', fails: 5 } },
    ]);
    expect(admit(other(5), byTicket)).not.toHaveProperty('change');
  });

  test('with as many connections open as one grant may have comes in no more until one of them is over', () => {
    const open = (count: number) =>
      knocked({
        ticket: ticket(),
        key: key(),
        pressed: ticket(),
        sessions: Array.from({ length: count }, () => session()),
      });
    for (const by of [byTicket, byKey]) {
      expect(whyNotAdmit(open(63), by)).toBeNull();
      expect(whyNotAdmit(open(64), by)).toBe('too-many-sessions');
    }
  });

  test('by break-glass comes with the proof of that, whatever the policy asks', () => {
    const glass = { ...knocked().request, kind: 'break-glass' as const, proof: 'C-9' };
    const policy = sshHouse(true);
    const facts = knocked({ directory: policy, request: glass, ticket: ticket({ proof: 'C-9' }) }, true);
    // Whoever may take it in an emergency is asked again too: here nobody may.
    expect(whyNotAdmit(facts, byTicket)).toBe('may-not-ask');
  });
});
