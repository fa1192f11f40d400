import { describe, expect, test } from 'vitest';
import { type Card, plain } from '../../src/core/cards/card.js';
import { requestCopies, strayCopy } from '../../src/core/cards/copies.js';
import { extendForm } from '../../src/core/cards/extend-form.js';
import { approve } from '../../src/core/decide.js';
import { newGrant } from '../../src/core/deliver.js';
import type { RequestFacts } from '../../src/core/facts.js';
import { asked, asksMore, held, houseOf, later, NOW, says } from '../fixtures/story.js';

const roomy = houseOf({ policy: { maxTotal: 7200 } });
const kinds = (facts: RequestFacts) => requestCopies(facts).map(({ kind }) => kind);
const copyOf = (facts: RequestFacts, kind: string): Card | undefined =>
  requestCopies(facts).find((c) => c.kind === kind)?.card;
const labels = (card: Card | null | undefined) => card?.actions.map((a) => a.label);
const lines = (card: Card | null | undefined) => card?.lines.map(plain);

describe('the warning before the end', () => {
  const warned = held('acme/front-desk', roomy, { minutes: 51, warnedAt: NOW });

  test('says when and how soon, offers more time and handing back, and rings once for this end', () => {
    const card = copyOf(warned, 'ending');
    expect(card?.title).toBe('Ends at 14:12, in 9 minutes');
    expect(card?.summary).toBe('Ends at 14:12, in 9 minutes: Front desk PC');
    expect(labels(card)).toEqual(['Extend', 'Return early']);
    const onTime = held('acme/front-desk', roomy, { minutes: 50, warnedAt: NOW });
    expect(copyOf(onTime, 'ending')?.title).toBe('Ends at 14:13, in 10 minutes');
  });

  test('is for nobody who was not warned', () => {
    expect(kinds(held('acme/front-desk', roomy))).toEqual(['request', 'request', 'request', 'mine', 'grant']);
  });

  test('offers no more time where the policy has none, or where it was asked for', () => {
    const full = held('acme/front-desk', houseOf({ policy: { maxTotal: 3600 } }), {
      minutes: 51,
      warnedAt: NOW,
    });
    expect(labels(copyOf(full, 'ending'))).toEqual(['Return early']);
    const { extensions } = asksMore(warned);
    const waiting = { ...warned, extensions };
    expect(labels(copyOf(waiting, 'ending'))).toEqual(['Return early']);
    expect(lines(copyOf(waiting, 'ending'))).toEqual([
      'R-M0RE22 asks for 30 minutes more; until it is approved, this ends 14:12.',
    ]);
  });

  test('when it was made longer, what was sent says so, and the next end has a warning of its own', () => {
    const approved = { ...asksMore(warned).request, state: 'approved', endedAt: NOW } as const;
    const grant = { ...warned.grant, endsAt: later(39) } as NonNullable<RequestFacts['grant']>;
    const longer = { ...warned, grant, extensions: [approved] };
    expect(kinds(longer)).not.toContain('ending');
    expect(strayCopy(longer, 'ending')).toMatchObject({ title: 'Extended to 14:42', actions: [], lines: [] });
    expect(lines(copyOf(longer, 'grant'))).toContain('Extended to 14:42.');
    const again = { ...longer, now: later(30), grant: { ...grant, warnedAt: later(30) } };
    expect(copyOf(again, 'ending-1')?.title).toBe('Ends at 14:42, in 9 minutes');
    expect(strayCopy(again, 'ending')?.title).toBe('Extended to 14:42');
  });

  test('when it has ended, it says how', () => {
    const over: RequestFacts = {
      ...warned,
      now: later(5),
      grant: {
        ...(warned.grant as NonNullable<RequestFacts['grant']>),
        ...{ state: 'ended', outcome: 'returned', endedAt: later(2) },
      },
    };
    expect(copyOf(over, 'ending')).toMatchObject({ title: 'Your access has ended', actions: [] });
    expect(lines(copyOf(over, 'ending'))?.[0]).toBe('Returned 14:05.');
  });
});

describe('a password that is changed while somebody holds it', () => {
  const changed: RequestFacts = {
    ...held('acme/shared', roomy),
    secret: { version: 2, by: 'Lena', at: later(-5) },
  };

  test('rings its holder, who can reveal the new one there', () => {
    const card = copyOf(changed, 'changed-2');
    expect(card?.title).toBe('The password was changed');
    expect(labels(card)).toEqual(['Reveal']);
    expect(lines(card)?.[0]).toContain('The password was changed. Press Reveal for the new one.');
  });

  test('rings nobody of a change before their time, or of their own doing, or after their end', () => {
    for (const quiet of [
      { ...changed, secret: { version: 2, by: 'Lena', at: later(-30) } },
      { ...changed, secret: { version: 2, by: 'Tess', at: later(-5) } },
      { ...changed, now: later(40) },
    ])
      expect(kinds(quiet).filter((kind) => kind.startsWith('changed'))).toEqual([]);
  });

  test('says so when the new one was shown, when there is a newer one still, and when it is over', () => {
    const shown = {
      ...changed,
      exposures: [{ secretVersion: 2 }] as unknown as RequestFacts['exposures'],
    };
    expect(lines(copyOf(shown, 'changed-2'))).toEqual(['You have been shown the new one.']);
    const newer = { ...changed, secret: { version: 3, by: 'Lena', at: later(-1) } };
    expect(lines(strayCopy(newer, 'changed-2'))).toEqual(['It has been changed once more since.']);
    expect(lines(strayCopy({ ...changed, now: later(40) }, 'changed-2'))).toEqual(['Your access has ended.']);
  });
});

describe('more time on cards', () => {
  test('is a request of its own: until when now, until when it would be, and no card of the grant again', () => {
    const waiting = asksMore(held('acme/front-desk', roomy));
    expect(kinds(waiting)).toEqual(['request', 'request', 'request', 'mine']);
    const card = copyOf(waiting, 'request');
    expect(card?.title).toBe('More time');
    expect(card?.summary).toBe('Tess Tran asks for more time of Front desk PC');
    expect(card?.rows.find((row) => row.label === 'How')?.text).toEqual({
      said: 'password, shown once · 30 minutes more',
    });
    expect(lines(card)?.[0]).toBe('Access until 14:43 now; it would be until 15:13.');
    expect(card?.note).toContain('R-M0RE22 for G-8F3KQ2');
    expect(labels(copyOf(waiting, 'mine'))).toEqual(['Cancel request']);
    const shortened = { ...waiting, decisions: [says('Lena', { seconds: 600 })] };
    expect(lines(copyOf(shortened, 'request'))?.[0]).toBe('Access until 14:43 now; it would be until 14:53.');
  });

  test('the form offers what still fits, and what is left where nothing does', () => {
    const offered = (max: number, wanted?: number) => {
      const form = extendForm(held('acme/front-desk', houseOf({ policy: { maxTotal: max } })), wanted);
      const [long] = form.fields;
      return long?.input.kind === 'choice' ? [long.input.choices.map((c) => c.value), long.input.chosen] : [];
    };
    expect(offered(7200)).toEqual([['1800', '3600'], '1800']);
    expect(offered(7200, 1500)).toEqual([['1500', '1800', '3600'], '1500']);
    expect(offered(3600 + 1200)).toEqual([['1200'], '1200']);
    expect(offered(3600 + 1200, 9000)).toEqual([['1200'], '1200']);
  });
});

describe('when the clocks change in the middle of it', () => {
  const chicago = houseOf({ timezone: 'America/Chicago', policy: { maxTotal: 36_000 } });
  const at = (instant: string, minutes: number) => {
    const start = new Date(instant);
    return held('acme/front-desk', chicago, {
      ...{ activeAt: start, endsAt: later(minutes, start), warnedAt: null },
    });
  };

  test('an hour from 01:30 in November is an hour, and both half past ones are told apart', () => {
    const facts = { ...at('2026-11-01T06:30:00Z', 60), now: new Date('2026-11-01T06:31:00Z') };
    expect(copyOf(facts, 'grant')?.title).toBe('Yours until 01:30 CST');
    const before = { ...at('2026-11-01T05:30:00Z', 60), now: new Date('2026-11-01T05:31:00Z') };
    expect(copyOf(before, 'grant')?.title).toBe('Yours until 01:30 CDT');
  });

  test('the warning comes ten real minutes before, and names the hour that is meant', () => {
    const facts = at('2026-11-01T05:30:00Z', 120);
    const warned = {
      ...facts,
      now: new Date('2026-11-01T07:20:00Z'),
      grant: { ...facts.grant, warnedAt: new Date('2026-11-01T07:20:00Z') } as RequestFacts['grant'],
    };
    expect(copyOf(warned, 'ending')?.title).toBe('Ends at 01:30 CST, in 10 minutes');
  });

  test('in March an hour from 01:30 ends at 03:30', () => {
    const facts = { ...at('2027-03-14T07:30:00Z', 60), now: new Date('2027-03-14T07:31:00Z') };
    expect(copyOf(facts, 'grant')?.title).toBe('Yours until 03:30 CDT');
  });

  test('more time across the change adds what it says', () => {
    const now = new Date('2026-11-01T06:40:00Z');
    const facts = asksMore({ ...at('2026-11-01T06:00:00Z', 60), now }, 1800);
    expect(lines(copyOf(facts, 'request'))?.[0]).toBe(
      'Access until 01:00 CST now; it would be until 01:30 CST.',
    );
    expect(approve(facts, { person: 'Lena', via: 'slack' })).toMatchObject({
      change: {
        writes: expect.arrayContaining([
          { put: 'grant', row: expect.objectContaining({ endsAt: new Date('2026-11-01T07:30:00Z') }) },
        ]),
      },
    });
  });

  test.each(['2026-11-01T05:00:00Z', '2027-03-14T06:00:00Z'])(
    'a grant from %s lasts as long as it was given',
    (instant) => {
      const facts = { ...asked('acme/front-desk', chicago, { seconds: 14_400 }), now: new Date(instant) };
      const verdict = { kind: 'approved', by: [], seconds: 14_400, because: [] } as const;
      const account = facts.accountNow as NonNullable<RequestFacts['accountNow']>;
      const { writes } = newGrant(facts, { person: 'Lena', via: 'slack' }, facts.request, verdict, account);
      const lasts = writes.flatMap(({ put, row }) =>
        put === 'grant' ? [Number(row.endsAt) - Number(row.activeAt)] : [],
      );
      expect(lasts).toEqual([14_400_000]);
    },
  );

  test('far from a change no zone is named', () => {
    const facts = { ...at('2026-11-23T14:00:00Z', 60), now: new Date('2026-11-23T14:03:00Z') };
    expect(copyOf(facts, 'grant')?.title).toBe('Yours until 09:00');
  });
});
