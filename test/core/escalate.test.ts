import { describe, expect, test } from 'vitest';
import { KEYTURN } from '../../src/core/audit.js';
import { type Card, plain } from '../../src/core/cards/card.js';
import { requestCopies } from '../../src/core/cards/copies.js';
import { approve, deny } from '../../src/core/decide.js';
import { escalate } from '../../src/core/escalate.js';
import type { RequestFacts } from '../../src/core/facts.js';
import { mayKnowOf } from '../../src/core/may-know.js';
import type { Policy } from '../../src/core/policy.js';
import { asked, houseOf, later, says } from '../fixtures/story.js';

const telling = (more: Partial<NonNullable<Policy['escalate']>> = {}) =>
  houseOf({ policy: { escalate: { after: 900, to: 'L3', mayDecide: false, ...more } } });

/** Nobody has decided for twenty minutes; `escalated`: and others were told after fifteen. */
function waits(directory = telling(), escalated = false, account = 'acme/front-desk'): RequestFacts {
  const facts = asked(account, directory, {
    escalateAt: later(15),
    escalatedAt: escalated ? later(15) : null,
  });
  return { ...facts, now: later(20) };
}

const copyOf = (facts: RequestFacts, person: string, kind = 'escalated'): Card | undefined =>
  requestCopies(facts).find((c) => c.kind === kind && 'person' in c.place && c.place.person === person)?.card;
const labels = (card: Card | undefined) => card?.actions.map((a) => a.label);
const lines = (card: Card | undefined) => card?.lines.map(plain);

describe('when nobody has decided', () => {
  test('it is put on record once, and the cards are brought to it', () => {
    const judged = escalate(waits(), KEYTURN);
    if (!('change' in judged) || !judged.change) throw new Error(JSON.stringify(judged));
    const { writes, audit, notices } = judged.change;
    expect(writes).toEqual([
      {
        put: 'request',
        row: expect.objectContaining({ escalatedAt: later(20), version: 2, state: 'pending' }),
      },
    ]);
    expect(audit).toEqual([
      expect.objectContaining({
        action: 'request.escalated',
        data: { to: ['Maya', 'Sana', 'Theo'], mayDecide: false },
      }),
    ]);
    expect(notices).toEqual([{ about: 'request', id: 'R-8F3KQ2' }]);
  });

  test.each([
    ['before its time', { ...waits(), now: later(14) }, 'busy'],
    ['a second time', waits(telling(), true), 'busy'],
    ['where the policy named nobody', asked('acme/front-desk'), 'busy'],
    ['after the request’s own time', { ...waits(), now: later(60) }, 'busy'],
    ['of what was decided', asked('acme/front-desk', telling(), { state: 'denied' }), 'request-over'],
  ])('not %s', (_, facts, code) => {
    expect(escalate(facts, KEYTURN)).toMatchObject({ refused: { code } });
  });
});

describe('those who are told', () => {
  test('get the card without the buttons of those who decide, and read why', () => {
    const card = copyOf(waits(telling(), true), 'Maya');
    expect(labels(card)).toEqual([]);
    expect(lines(card)).toEqual([
      'Nobody has decided for 15 minutes: Maya Chen, Sana Idris and Theo Marsh were told.',
      'You are told so that you can reach them; you can’t decide it.',
      'Still needed: a lead (Lena Falk or Omar Haddad).',
    ]);
  });

  test('can’t decide it, and can look at it', () => {
    const facts = waits(telling(), true);
    for (const judged of [
      approve(facts, { person: 'Maya', via: 'slack' }),
      deny(facts, { person: 'Maya', via: 'slack' }, 'no'),
    ])
      expect(judged).toMatchObject({ refused: { code: 'not-approver' } });
    const apart = houseOf({ policy: { escalate: { after: 900, to: 'L3', mayDecide: false } } });
    expect(mayKnowOf(waits(apart, true), { person: 'Maya', via: 'slack' })).toBe(true);
  });

  test('nobody is told before', () => {
    expect(copyOf(waits(), 'Maya')).toBeUndefined();
  });

  test('are never the one who asked', () => {
    const facts = waits(telling({ to: 'L2' }), true);
    expect(requestCopies(facts).filter((c) => c.kind === 'escalated')).toEqual([]);
    expect(lines(copyOf(facts, 'Tess', 'mine'))).toContain('Nobody has decided for 15 minutes.');
  });

  test('an approver who has not spoken hears of it once more, with the buttons', () => {
    const facts = waits(telling({ to: 'leads' }), true, 'acme/safe');
    expect(labels(copyOf(facts, 'Lena'))).toContain('Approve');
    const spoken = { ...facts, decisions: [says('Lena', { at: later(5) })] };
    expect(copyOf(spoken, 'Lena')).toBeUndefined();
    expect(labels(copyOf(spoken, 'Omar'))).toContain('Approve');
    expect(lines(copyOf(spoken, 'Omar'))).toContain(
      'Undecided after 15 minutes: Lena Falk and Omar Haddad were told.',
    );
  });

  test('may be an auditor, or the client’s own people', () => {
    const auditor = waits(telling({ to: 'aude@northwind.example' }), true);
    expect(labels(copyOf(auditor, 'Aude'))).toEqual([]);
    const client = waits(telling({ to: 'contacts' }), true, 'delta/registrar');
    expect(copyOf(client, 'Noor')).toBeDefined();
    expect(copyOf(client, 'Ivy')).toBeUndefined();
  });

  test('keep a true card when it has been decided', () => {
    const facts = waits(telling(), true);
    const denied: RequestFacts = {
      ...facts,
      request: { ...facts.request, state: 'denied', endedBy: 'Lena' },
      decisions: [says('Lena', { verdict: 'deny', reason: 'not now' })],
    };
    expect(copyOf(denied, 'Maya')).toMatchObject({ title: 'Request denied', actions: [] });
  });
});

describe('with may_decide: true', () => {
  const facts = waits(telling({ mayDecide: true }), true);
  const maya = { person: 'Maya', via: 'slack' } as const;

  test('they get the request’s own card, which says so to everybody', () => {
    expect(labels(copyOf(facts, 'Maya', 'request'))).toContain('Approve');
    for (const [person, kind] of [
      ['Maya', 'request'],
      ['Lena', 'request'],
      ['Tess', 'mine'],
    ] as const)
      expect(lines(copyOf(facts, person, kind))).toContain(
        'Nobody has decided for 15 minutes: Maya Chen, Sana Idris and Theo Marsh may decide now too.',
      );
    expect(lines(copyOf(facts, 'Maya', 'request'))).toContain(
      'Still needed: a lead (Lena Falk, Omar Haddad, Maya Chen or 2 others).',
    );
  });

  test('one of them approves in a lead’s place; before that they could not', () => {
    expect(approve(facts, maya)).toMatchObject({
      change: { writes: expect.arrayContaining([expect.objectContaining({ put: 'grant' })]) },
    });
    expect(approve(waits(telling({ mayDecide: true })), maya)).toMatchObject({
      refused: { code: 'not-approver' },
    });
  });

  test('never in the place of a client’s own people', () => {
    const both = waits(telling({ mayDecide: true }), true, 'delta/registrar');
    const spoken = { ...both, decisions: [says('Lena')] };
    const judged = approve(spoken, maya);
    expect(judged).not.toMatchObject({
      change: { writes: expect.arrayContaining([expect.objectContaining({ put: 'grant' })]) },
    });
  });

  test('the one who asked stays out of it, though they are of those who are told', () => {
    const own = waits(telling({ to: 'L2', mayDecide: true }), true);
    expect(approve(own, { person: 'Tess', via: 'slack' })).toMatchObject({
      refused: { code: 'own-request' },
    });
  });
});

describe('an approver who leaves', () => {
  const gone = houseOf({ left: ['Sana'] });
  const facts: RequestFacts = {
    ...asked('acme/router', gone),
    decisions: [says('Lena'), says('Sana')],
  };

  test('has their word set aside, and the card says whose', () => {
    expect(lines(copyOf(facts, 'Lena', 'request'))).toEqual([
      '✓ Lena Falk  ✓ Sana Idris (left)',
      "Sana Idris (left)'s word no longer counts.",
      'Still needed: one of security (Theo Marsh).',
    ]);
  });

  test('and with whom nobody else is left: everybody reads that it can’t be approved, and what to do', () => {
    const empty = {
      ...facts,
      ...asked('acme/router', houseOf({ left: ['Sana', 'Theo'] })),
      decisions: facts.decisions,
    };
    expect(lines(copyOf(empty, 'Lena', 'request'))?.at(-1)).toBe(
      'Nobody is left who could give the approval of one of security; a lead has to change the policy, or Tess Tran to cancel it.',
    );
    const mine = copyOf(empty, 'Tess', 'mine');
    expect(lines(mine)?.at(-1)).toBe(
      'Nobody is left who could give the approval of one of security; ask a lead to change the policy, or cancel it.',
    );
    expect(labels(mine)).toEqual(['Cancel request']);
  });

  test('somebody who asks and is the last of a step counts as nobody', () => {
    const last = asked('acme/safe', houseOf({ left: ['Omar'] }), { requester: 'Tess' });
    expect(lines(copyOf(last, 'Tess', 'mine'))?.at(-1)).toContain('the approval of a lead;');
  });

  test('it can still be met where those who will be told may decide', () => {
    const house = houseOf({
      left: ['Sana', 'Theo'],
      policy: { escalate: { after: 900, to: 'L3', mayDecide: true } },
    });
    const waiting = { ...asked('acme/router', house, { escalateAt: later(15) }), decisions: [says('Lena')] };
    expect(lines(copyOf(waiting, 'Tess', 'mine'))?.at(-1)).toBe(
      'Still needed: one of security (nobody is left).',
    );
  });
});
