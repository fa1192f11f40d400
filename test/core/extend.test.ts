import { describe, expect, test } from 'vitest';
import { cancel, lapse } from '../../src/core/ask.js';
import { KEYTURN } from '../../src/core/audit.js';
import { sayRefusal } from '../../src/core/cards/say-refusal.js';
import type { Change } from '../../src/core/change.js';
import { approve, deny } from '../../src/core/decide.js';
import { endOne } from '../../src/core/end-grant.js';
import { extend, type More } from '../../src/core/extend.js';
import type { RequestFacts } from '../../src/core/facts.js';
import type { Judged } from '../../src/core/judged.js';
import type { Actor } from '../../src/core/people.js';
import { holdingOf } from '../../src/core/revoke.js';
import { asked, asksMore, held, houseOf, later, says } from '../fixtures/story.js';

const TESS: Actor = { person: 'Tess', via: 'slack' };
const LENA: Actor = { person: 'Lena', via: 'slack' };
const SANA: Actor = { person: 'Sana', via: 'slack' };

const more = (facts: RequestFacts, wish: Partial<More> = {}, actor = TESS) =>
  extend(facts, actor, { seconds: 1800, reason: 'still at it', ...wish }, 'R-M0RE22');

/** The sentence of a refusal. */
function no(judged: Judged, facts: RequestFacts): string {
  if (!('refused' in judged)) throw new Error(`was not refused: ${JSON.stringify(judged)}`);
  return sayRefusal(judged.refused, facts.directory, facts.request.client);
}

function yes(judged: Judged): Change {
  if (!('change' in judged) || !judged.change || 'refused' in judged)
    throw new Error(`was refused: ${JSON.stringify(judged)}`);
  return judged.change;
}

const put = (change: Change, noun: string) =>
  change.writes.filter((w) => w.put === noun).map((w) => w.row as Record<string, unknown>);
const said = (change: Change) => change.audit.map(({ action, subject }) => `${action} ${subject}`);

/** In all, one and a half hours: a grant of an hour has room for thirty minutes more. */
const house = houseOf({ policy: { maxTotal: 5400 } });

describe('asking for more time', () => {
  test('makes a request of its own, for the same policy, that lapses when the access ends', () => {
    const facts = held('acme/front-desk', house);
    const change = yes(more(facts));
    expect(put(change, 'request')).toEqual([
      expect.objectContaining({
        ...{ id: 'R-M0RE22', kind: 'extend', extends: 'G-8F3KQ2', requester: 'Tess', seconds: 1800 },
        ...{ policy: 'one-lead', state: 'pending', ticket: 'T-204', reason: 'still at it' },
        decideBy: later(40),
      }),
    ]);
    expect(put(change, 'grant')).toEqual([]);
    expect(said(change)).toEqual(['request.asked R-M0RE22']);
    expect(change.audit[0]?.data).toMatchObject({ kind: 'extend', extends: 'G-8F3KQ2', minutes: 30 });
    expect(change.notices.map(({ id }) => id)).toEqual(['R-M0RE22', 'R-8F3KQ2']);
  });

  test('waits no longer than the policy lets anybody decide', () => {
    const brief = houseOf({ policy: { maxTotal: 5400, decideWithin: 600 } });
    expect(put(yes(more(held('acme/front-desk', brief))), 'request')[0]).toMatchObject({
      decideBy: later(10),
    });
  });

  test('is told to others after as long as any request, but never after its own end', () => {
    const telling = (after: number) =>
      houseOf({ policy: { maxTotal: 5400, escalate: { after, to: 'L3', mayDecide: false } } });
    expect(put(yes(more(held('acme/front-desk', telling(900)))), 'request')[0]).toMatchObject({
      escalateAt: later(15),
    });
    expect(put(yes(more(held('acme/front-desk', telling(3000)))), 'request')[0]).toMatchObject({
      escalateAt: null,
    });
  });

  test('where the policy asks for nobody’s approval, it is given at once', () => {
    const facts = held('acme/free', house);
    const change = yes(more(facts));
    expect(put(change, 'request').map((r) => r.state)).toEqual(['pending', 'approved']);
    expect(put(change, 'grant')).toEqual([expect.objectContaining({ endsAt: later(70), version: 2 })]);
    expect(said(change)).toEqual([
      'request.asked R-M0RE22',
      'request.approved R-M0RE22',
      'grant.extended G-8F3KQ2',
    ]);
    expect(change.audit[2]?.data).toMatchObject({ until: later(70).toISOString(), minutes: 30 });
    expect(change.guards).toContainEqual({ noun: 'live-grant', id: 'G-8F3KQ2' });
  });

  test('the same click that comes twice asks once', () => {
    const change = yes(more(held('acme/front-desk', house), {}, { ...TESS, delivery: 'T0 press 1' }));
    expect(put(change, 'delivery')).toEqual([{ key: 'T0 press 1' }]);
  });

  test('without max_total, the longest of the durations is the most in all', () => {
    const facts = held('acme/front-desk');
    expect(yes(more(facts, { seconds: 14_400 - 3600 })).writes).toHaveLength(1);
    expect(no(more(facts, { seconds: 14_400 - 3600 + 1 }), facts)).toBe(
      'At most 3 hours more can be given: the policy allows 4 hours in all.',
    );
  });

  test('is refused for longer than the policy allows in all, and it is said how much is left', () => {
    const facts = held('acme/front-desk', house);
    expect(no(more(facts, { seconds: 1801 }), facts)).toBe(
      'At most 30 minutes more can be given: the policy allows 1 hour 30 minutes in all.',
    );
  });

  test('is refused where less than five minutes are left of that', () => {
    const full = held('acme/front-desk', house, { endsAt: later(66) });
    expect(no(more(full), full)).toBe(
      'G-8F3KQ2 can’t be made longer: its policy allows 1 hour 30 minutes in all. Ask anew when it has ended.',
    );
  });

  test.each([0, -60, 299, 90.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'is refused for %d seconds',
    (seconds) => {
      const facts = held('acme/front-desk', house);
      expect(no(more(facts, { seconds }), facts)).toBe(
        'The time has to be between 5 minutes and 30 minutes, written like 30m, 1h or 1h30m.',
      );
    },
  );

  test.each([
    ['no reason', '', 'Say why, in a few words: the approvers decide by it, and it stays on record.'],
    ['a blank one', '  \n', 'Say why, in a few words: the approvers decide by it, and it stays on record.'],
  ])('is refused with %s', (_, reason, sentence) => {
    const facts = held('acme/front-desk', house);
    expect(no(more(facts, { reason }), facts)).toBe(sentence);
  });

  test('is refused to anybody but the holder, a lead or an approver too', () => {
    const facts = held('acme/front-desk', house);
    for (const person of ['Lena', 'Maya'])
      expect(no(more(facts, {}, { ...LENA, person }), facts)).toBe('Only the holder of a grant can do that.');
  });

  test('is refused from the second on in which the access has ended, whether or not that is on record', () => {
    const over = { ...held('acme/front-desk', house), now: later(40) };
    expect(no(more(over), over)).toContain('G-8F3KQ2 is over (expired)');
    const returned = held('acme/front-desk', house, { state: 'ended', outcome: 'returned' });
    expect(no(more(returned), returned)).toContain('G-8F3KQ2 is over (returned)');
    const last = { ...held('acme/front-desk', house), now: new Date(later(40).getTime() - 1) };
    expect(yes(more(last)).writes).toHaveLength(1);
  });

  test('is refused while another request of theirs for it waits', () => {
    const facts = { ...held('acme/front-desk', house), pending: asksMore(held('acme/front-desk')).pending };
    expect(no(more(facts), facts)).toBe(
      'You have asked for this already: R-M0RE22 waits for a decision. Cancel it first if you want something else.',
    );
  });

  test('is refused to whoever may not ask for the account any more', () => {
    const facts = held('acme/front-desk', house, { holder: 'Luis' });
    expect(no(more(facts, {}, { ...TESS, person: 'Luis' }), facts)).toBe(
      "acme/front-desk isn't yours to ask for. A lead can tell you who may.",
    );
  });

  test('is refused where the account can’t be lent now', () => {
    const bare = { ...held('acme/front-desk', house), secret: null };
    expect(no(more(bare), bare)).toContain(
      "acme/front-desk can't be lent now: its password isn't in custody",
    );
  });

  test('is refused where nobody is left who could approve it', () => {
    const empty = houseOf({ policy: { maxTotal: 5400 }, left: ['Lena', 'Omar'] });
    const facts = held('acme/front-desk', empty);
    expect(no(more(facts), facts)).toContain('Nobody could approve this: it needs a lead');
  });

  test('is refused to somebody who is paused, and to an auditor', () => {
    const facts = { ...held('acme/front-desk', house), paused: ['Tess'] };
    expect(no(more(facts), facts)).toContain('You are paused');
    expect(no(more(facts, {}, { ...TESS, person: 'Aude' }), facts)).toContain('As an auditor');
  });
});

describe('deciding about more time', () => {
  const waiting = asksMore(held('acme/front-desk', house));

  test('the last approval makes the same grant longer, and no other grant', () => {
    const change = yes(approve(waiting, LENA));
    expect(put(change, 'grant')).toEqual([
      expect.objectContaining({ id: 'G-8F3KQ2', endsAt: later(70), activeAt: later(-20), version: 2 }),
    ]);
    expect(put(change, 'request')).toEqual([expect.objectContaining({ id: 'R-M0RE22', state: 'approved' })]);
    expect(change.guards).toContainEqual({ noun: 'live-grant', id: 'G-8F3KQ2' });
    expect(change.notices.map(({ id }) => id)).toEqual(['R-M0RE22', 'R-8F3KQ2']);
    expect(said(change)).toContain('grant.extended G-8F3KQ2');
  });

  test('an exclusive account that its holder has isn’t out for this', () => {
    expect(waiting.accountNow?.exclusive).toBe(true);
    expect(waiting.live).toHaveLength(1);
    expect(put(yes(approve(waiting, LENA)), 'decision')).toHaveLength(1);
  });

  test('an approver may shorten it, and of several the shortest counts', () => {
    const two = asksMore(held('acme/router', house));
    const first = { ...two, decisions: [says('Lena', { request: 'R-M0RE22', seconds: 900 })] };
    expect(put(yes(approve(two, LENA, 900)), 'grant')).toEqual([]);
    expect(put(yes(approve(first, SANA)), 'grant')).toEqual([
      expect.objectContaining({ endsAt: later(40 + 15) }),
    ]);
    expect(no(approve(waiting, LENA, 1801), waiting)).toContain('You can shorten the time');
  });

  test('nobody approves their own', () => {
    const own = asksMore(held('acme/front-desk', house, { holder: 'Lena' }), 1800, { requester: 'Lena' });
    expect(no(approve(own, LENA), own)).toContain('It is your own request');
  });

  test('after the access has ended there is nothing to approve or to deny', () => {
    for (const over of [
      { ...waiting, now: later(40) },
      asksMore(held('acme/front-desk', house, { state: 'ended', outcome: 'returned' })),
      asksMore(held('acme/front-desk', house, { state: 'ended', outcome: 'returned' }), 1800, {
        state: 'lapsed',
      }),
    ]) {
      const sentence = 'Too late: G-8F3KQ2 has ended, so there is nothing to make longer.';
      expect(no(approve(over, LENA), over)).toBe(sentence);
      expect(no(deny(over, LENA, 'no'), over)).toBe(sentence);
    }
  });

  test('under a policy that allows less by now, an approver can give what is left and no more', () => {
    const stricter = asksMore(held('acme/front-desk', houseOf({ policy: { maxTotal: 4200 } })));
    expect(no(approve(stricter, LENA), stricter)).toBe(
      'At most 10 minutes more can be given: the policy allows 1 hour 10 minutes in all.',
    );
    expect(put(yes(approve(stricter, LENA, 600)), 'grant')).toEqual([
      expect.objectContaining({ endsAt: later(50) }),
    ]);
  });

  test('a denial ends the request and leaves the grant as it was', () => {
    const change = yes(deny(waiting, LENA, 'not now'));
    expect(put(change, 'request')[0]).toMatchObject({ state: 'denied' });
    expect(put(change, 'grant')).toEqual([]);
  });

  test('it lapses at its time, and before that when the access has ended', () => {
    expect(no(lapse(waiting, KEYTURN), waiting)).toContain('Many people act on this');
    const returned = asksMore(held('acme/front-desk', house, { state: 'ended', outcome: 'returned' }));
    expect(put(yes(lapse(returned, KEYTURN)), 'request')[0]).toMatchObject({ state: 'lapsed' });
  });

  test('an end of the grant lapses it in the same change', () => {
    const parts = endOne(waiting, TESS, holdingOf(waiting), 'returned', null);
    const [row] = parts.writes.filter((w) => w.put === 'request').map((w) => w.row);
    expect(row).toMatchObject({ id: 'R-M0RE22', state: 'lapsed' });
    expect(parts.notices.map(({ id }) => id)).toContain('R-M0RE22');
  });

  test('whoever asked takes it back, and nobody else', () => {
    expect(put(yes(cancel(waiting, TESS)), 'request')[0]).toMatchObject({ state: 'cancelled' });
    expect(no(cancel(waiting, LENA), waiting)).toContain('Only the one who asked');
  });

  test('an ordinary request for an account that is out is refused as ever', () => {
    const other = { ...asked('acme/front-desk', house, { requester: 'Maya' }), live: waiting.live };
    expect(no(approve(other, LENA), other)).toContain('it is lent to one person at a time');
  });
});
