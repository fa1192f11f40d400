/** No code is served that may not be, whatever happened before: tried over thousands of made-up stories. */

import { expect, test } from 'vitest';
import type { Account } from '../../src/core/accounts.js';
import type { CodeAsk, CodeWindow } from '../../src/core/code-window.js';
import { isAskOpen, MOST_ASKS, openWindow, readCode } from '../../src/core/code-window.js';
import { askContacts, giveCode, showCode, takeCode } from '../../src/core/codes.js';
import { Directory } from '../../src/core/directory.js';
import type { LinkFacts } from '../../src/core/facts.js';
import { isLive } from '../../src/core/grant.js';
import type { Judged } from '../../src/core/judged.js';
import type { Link, LinkState } from '../../src/core/link.js';
import { held, houseOf, later, NOW } from '../fixtures/story.js';

/** The same numbers in every run. */
function dice(seed: number) {
  let state = Math.imul(seed + 1, 2654435761);
  return (most: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    // The low bits of such a sequence hardly change.
    return (state >>> 16) % most;
  };
}

const pick = <T>(roll: (most: number) => number, among: readonly T[]): T => among[roll(among.length)] as T;

const BASE = houseOf();
const house = (codes: Partial<Account>) =>
  new Directory({
    ...{ version: 1, timezone: 'UTC', operator: 'Northwind IT', groups: {}, clients: BASE.clients },
    people: BASE.people,
    policies: BASE.accounts.map((a) => BASE.policy(a.policy)).filter((p) => p !== undefined),
    accounts: BASE.accounts.map((a) => ({ ...a, ...codes })),
  });
const GONE = BASE.without('Tess', null);
const HOUSES = { keyturn: house({ totp: true }), contacts: house({ totpHeldBy: 'contacts' }) };

/** Tess was shown a password of Delta's at a time; what is so now is anybody's guess. */
function story(roll: (most: number) => number): LinkFacts {
  const heldBy = pick(roll, ['keyturn', 'contacts'] as const);
  const directory = HOUSES[heldBy];
  const facts = held('delta/registrar', directory, {
    minutes: roll(64),
    ...pick(roll, [{}, {}, {}, { state: 'ended', outcome: 'revoked', endedAt: later(-1) } as const]),
  });
  const link: Link = {
    ...{
      id: 'L-1',
      tokenHash: 't',
      purpose: pick(roll, ['reveal', 'reveal', 'reveal', 'reveal', 'reveal', 'new-secret'] as const),
    },
    ...{ grant: 'G-8F3KQ2', person: 'Tess', number: '47', fails: 0, proof: null, version: 4 },
    state: pick<LinkState>(roll, ['spent', 'spent', 'spent', 'spent', 'spent', 'spent', 'confirmed', 'dead']),
    browserHash: pick(roll, ['mine', 'mine', 'mine', 'mine', 'mine', 'another']),
    ...{ createdAt: later(-20), expiresAt: later(-10) },
  };
  const openedAt = later(-roll(6));
  const window: CodeWindow = {
    ...{
      link: 'L-1',
      heldBy,
      shown: roll(34),
      lastStep: null,
      openedAt,
      untilAt: later(5, openedAt),
      version: 1,
    },
  };
  const typedAt = new Date(NOW.getTime() - roll(75) * 1000);
  const ask = (n: number): CodeAsk => {
    const state = pick(roll, ['typed', 'typed', 'asked', 'handed', 'over'] as const);
    const typed = state === 'typed';
    return {
      ...{ id: `K-${n}`, link: 'L-1', n, state, askedAt: openedAt, handedAt: null, version: 1 },
      ...{ sealed: typed ? 'sealed' : null, typedBy: typed ? 'Noor' : null, typedAt: typed ? typedAt : null },
      untilAt: typed ? later(1, typedAt) : window.untilAt,
    };
  };
  return {
    ...facts,
    directory: roll(8) === 0 ? GONE : directory,
    paused: roll(8) === 0 ? ['Tess'] : [],
    seed: heldBy === 'keyturn' && roll(8) > 0 ? { version: 1, by: null, at: later(-600) } : null,
    link,
    proof: null,
    codeWindow: roll(8) > 0 ? window : null,
    codeAsks: Array.from({ length: roll(4) }, (_, n) => ask(n + 1)),
  };
}

const isDone = (judged: Judged) => 'change' in judged && !('refused' in judged);

/** All that has to be so before this browser gets anything. */
function mayHave({ link, grant, codeWindow, now, paused, directory }: LinkFacts): boolean {
  return (
    link.state === 'spent' &&
    link.purpose === 'reveal' &&
    link.browserHash === 'mine' &&
    grant !== null &&
    isLive(grant, now) &&
    codeWindow !== null &&
    now < codeWindow.untilAt &&
    !paused.includes('Tess') &&
    directory.person('Tess') !== undefined
  );
}

test('codes are served to the browser that was shown the password, while grant and window live, and at no other time', () => {
  const served = { shown: 0, taken: 0, asked: 0, refused: 0 };
  for (let n = 0; n < 4_000; n++) {
    const facts = story(dice(n));
    const may = mayHave(facts);
    const newest = facts.codeAsks.at(-1);
    const shows = isDone(showCode(facts, 'mine', 100));
    const takes = isDone(takeCode(facts, 'mine'));
    const asks = isDone(askContacts(facts, 'mine', 'K-9'));
    served.shown += Number(shows);
    served.taken += Number(takes);
    served.asked += Number(asks);
    served.refused += Number(!shows && !takes && !asks);
    const own = may && facts.codeWindow?.heldBy === 'keyturn' && facts.seed !== null;
    expect(shows).toBe(own && (facts.codeWindow?.shown ?? 99) < 32);
    const theirs = may && facts.codeWindow?.heldBy === 'contacts';
    expect(asks).toBe(theirs && facts.codeAsks.length < MOST_ASKS);
    expect(takes).toBe(theirs && newest?.state === 'typed' && isAskOpen(newest, facts.now));
    for (const judged of [showCode(facts, 'mine', 1), takeCode(facts, 'mine')])
      if ('change' in judged && judged.change)
        expect(judged.change.guards).toContainEqual({ noun: 'live-grant', id: 'G-8F3KQ2' });
  }
  for (const count of Object.values(served)) expect(count).toBeGreaterThan(50);
});

test('a code is typed by the client’s own who approve, while it is asked for and the grant lives, and by nobody else', () => {
  let typed = 0;
  for (let n = 0; n < 4_000; n++) {
    const facts = story(dice(n));
    const [ask] = facts.codeAsks;
    if (!ask) continue;
    for (const { id } of facts.directory.people) {
      const judged = giveCode(facts, ask, { person: id, via: 'slack' }, 'sealed');
      if (!isDone(judged)) continue;
      typed++;
      expect([id, ask.state, isAskOpen(ask, facts.now)]).toEqual(['Noor', 'asked', true]);
      expect(facts.grant !== null && isLive(facts.grant, facts.now)).toBe(true);
      expect(JSON.stringify('change' in judged ? judged.change?.audit : '')).not.toContain('sealed');
    }
  }
  expect(typed).toBeGreaterThan(50);
});

test('a showing opens codes for five minutes, and never longer than the access', () => {
  const facts = story(dice(1));
  const until = (minutes: number) =>
    openWindow({ ...facts, ...held('delta/registrar', HOUSES.keyturn, { minutes }) })?.untilAt;
  expect(until(20)).toEqual(later(5));
  expect(until(58)).toEqual(later(2));
});

test.each([
  ['123456', '123456'],
  [' 123 456 ', '123456'],
  ['1234-5678', '12345678'],
  ['12345', null],
  ['123456789', null],
  ['12345a', null],
  ['１２３４５６', null],
  ['', null],
])('%j is read as %j', (text, code) => {
  expect(readCode(text)).toBe(code);
});
