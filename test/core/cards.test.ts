import { describe, expect, test } from 'vitest';
import { type Card, plain } from '../../src/core/cards/card.js';
import { requestCopies } from '../../src/core/cards/copies.js';
import { sayDuration } from '../../src/core/cards/words.js';
import { Directory } from '../../src/core/directory.js';
import type { RequestFacts } from '../../src/core/facts.js';
import type { Person } from '../../src/core/people.js';
import { ASKED, GRANTED } from '../fixtures/born.js';
import { CAST } from '../fixtures/cast.js';
import { OFFERS } from '../support/house.js';

const people: Person[] = CAST.people.map((p) => ({ ...p, id: p.name.split(' ')[0] as string }));
const policies = CAST.policies.map((p) => ({ ...p, version: 1 }));
const directory = new Directory({
  ...CAST,
  version: 1,
  timezone: 'UTC',
  operator: 'Northwind IT',
  people,
  policies,
});
const now = new Date('2026-11-23T14:03:00Z');
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

function facts(account: string, more: Partial<RequestFacts> = {}): RequestFacts {
  const [client = '', id = ''] = account.split('/');
  const accountNow = directory.account(client, id);
  return {
    now,
    directory,
    offers: OFFERS,
    paused: [],
    secret: { version: 1, by: null, at: now },
    live: [],
    pending: [],
    request: {
      id: 'R-8F3KQ2',
      client,
      account: id,
      requester: 'Tess',
      seconds: 3600,
      reason: 'Move the MX records to the new provider, as agreed with Noor',
      ticket: 'T-20455',
      delivery: 'reveal',
      policy: accountNow?.policy ?? '',
      policyVersion: 1,
      state: 'pending',
      version: 1,
      askedAt: now,
      decideBy: later(60),
      endedAt: null,
      endedBy: null,
      ...ASKED,
    },
    decisions: [],
    grant: null,
    revocation: null,
    exposures: [],
    tickets: [],
    sessions: [],
    sessionUses: [],
    dueOnAccount: [],
    seed: null,
    links: [],
    confirming: [],
    extensions: [],
    glassSpent: false,
    review: null,
    client: directory.client(client),
    accountNow,
    policyNow: accountNow && directory.policy(accountNow.policy),
    ...more,
  };
}

const granted = (state: 'active' | 'ended'): Partial<RequestFacts> => ({
  request: { ...facts('acme/router').request, state: 'approved' },
  decisions: [
    {
      request: 'R-8F3KQ2',
      person: 'Lena',
      verdict: 'approve',
      seconds: 1800,
      reason: null,
      proof: null,
      at: now,
    },
    {
      request: 'R-8F3KQ2',
      person: 'Sana',
      verdict: 'approve',
      seconds: null,
      reason: null,
      proof: null,
      at: now,
    },
  ],
  grant: {
    id: 'G-8F3KQ2',
    request: 'R-8F3KQ2',
    client: 'acme',
    account: 'router',
    holder: 'Tess',
    delivery: 'reveal',
    seconds: 1800,
    exclusive: true,
    state,
    outcome: state === 'ended' ? 'returned' : null,
    version: 1,
    activeAt: now,
    endsAt: later(30),
    endedAt: state === 'ended' ? later(10) : null,
    endedBy: null,
    endReason: null,
    ...GRANTED,
  },
});

/** A phone of 390 px shows about this many characters of a card's line. */
const WIDTH = 42;
const wrapped = (text: string) =>
  text.split('\n').reduce((n, line) => n + Math.max(1, Math.ceil(line.length / WIDTH)), 0);

function phoneLines(card: Card): number {
  const head = wrapped(`🟥 ${card.client?.name ?? ''} · ${card.title}`);
  const rows = card.rows.reduce((n, row) => n + wrapped(`${row.label}  ${plain(row.text)}`), 0);
  const lines = card.lines.reduce((n, line) => n + wrapped(plain(line)), 0);
  const actions = card.actions.length > 0 ? 1 : 0;
  return head + rows + lines + actions + (card.note ? 1 : 0);
}

describe('a card', () => {
  test.each([
    ['one lead', facts('acme/front-desk')],
    ['two groups', facts('acme/router')],
    ['two organisations', facts('delta/registrar')],
    ['granted', facts('acme/router', granted('active'))],
    ['ended', facts('acme/router', granted('ended'))],
  ])('fits a phone in twelve lines: %s', (_, f) => {
    for (const { card, kind } of requestCopies(f))
      expect(phoneLines(card), `${kind}: ${JSON.stringify(card)}`).toBeLessThanOrEqual(12);
  });

  test('says the client first, and who is still needed, by name', () => {
    const [shared] = requestCopies(facts('delta/registrar'));
    expect(shared?.card.client).toEqual({ name: 'Delta Resale', colour: 'red' });
    expect(shared?.card.lines.map(plain)).toEqual([
      'Still needed: a lead (Lena Falk or Omar Haddad) and Noor Aziz of Delta Resale.',
    ]);
  });

  test('says “taken back” only when it is', () => {
    const shown = {
      exposures: [
        {
          id: 'E-1',
          grant: 'G-8F3KQ2',
          client: 'acme',
          account: 'router',
          person: 'Tess',
          secretVersion: 1,
          proof: null,
          at: now,
        },
      ],
    };
    const due = {
      grant: 'G-8F3KQ2',
      client: 'acme',
      account: 'router',
      kind: 'manual',
      state: 'due',
      assignee: 'Lena',
      dueAt: later(10),
      doneAt: null,
      doneBy: null,
      proof: null,
      undo: null,
      tried: 0,
      triedAt: null,
      trouble: null,
      version: 1,
    } as const;
    const said = (f: RequestFacts) =>
      requestCopies(f)
        .flatMap((c) => c.card.lines.map(plain))
        .join('\n');
    const waiting = said(facts('acme/router', { ...granted('ended'), ...shown, revocation: due }));
    expect(waiting).toContain('The password was shown and still works until Lena Falk changes it.');
    expect(waiting).not.toContain('Taken back');
    const done = {
      ...due,
      state: 'done',
      doneAt: later(20),
      doneBy: 'Lena',
      proof: { readBack: 'entered by hand' },
    } as const;
    expect(said(facts('acme/router', { ...granted('ended'), ...shown, revocation: done }))).toContain(
      'Taken back: Lena Falk changed the password and entered the new one 14:23.',
    );
  });

  test('durations are said as people say them', () => {
    expect([45, 60, 1800, 3600, 5400, 7260].map(sayDuration)).toEqual([
      '45 seconds',
      '1 minute',
      '30 minutes',
      '1 hour',
      '1 hour 30 minutes',
      '2 hours 1 minute',
    ]);
  });
});
