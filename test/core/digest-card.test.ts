/** What a digest says to whom: a lead of everything, others of what is their work, nobody of what isn't. */

import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/core/accounts.js';
import { plain } from '../../src/core/cards/card.js';
import { digestCard, digestCopies } from '../../src/core/cards/digest-card.js';
import { readers } from '../../src/core/digest.js';
import { contentOf } from '../../src/core/digest-content.js';
import { type ClientFacts, type DigestFacts, QUIET } from '../../src/core/digest-facts.js';
import { Directory } from '../../src/core/directory.js';
import type { Person } from '../../src/core/people.js';
import type { Review } from '../../src/core/review.js';
import { ASKED } from '../fixtures/born.js';
import { CAST } from '../fixtures/cast.js';
import { OFFERS } from '../support/house.js';

const people: Person[] = CAST.people.map((p) => ({ ...p, id: p.name.split(' ')[0] as string }));
const cedar: Client = {
  ...{ id: 'cedar', name: 'Cedar Clinic', engagement: 'managed', colour: 'brown', domains: [] },
  staff: ['maya@northwind.example', 'leads'],
};
const policies = CAST.policies.map((p) => ({
  ...p,
  version: 1,
  breakGlass: { may: ['L2'], maxDuration: 3600, reviewWithin: 3600, notify: ['leads', 'security'] },
}));
const house = (to: readonly string[], more: Partial<typeof CAST> = {}) =>
  new Directory({
    ...{
      ...CAST,
      ...more,
      version: 1,
      timezone: 'America/Chicago',
      operator: 'Northwind IT',
      people,
      policies,
    },
    clients: [...(more.clients ?? CAST.clients), cedar],
    digest: { at: '08:00', to },
  });

const now = new Date('2026-11-23T14:00:00Z');
const ago = (hours: number) => new Date(now.getTime() - hours * 3600_000);
const client = (id: string, more: Partial<ClientFacts>): ClientFacts => ({ ...QUIET, client: id, ...more });

function facts(more: Partial<DigestFacts> = {}, directory = house(['leads'])): DigestFacts {
  return {
    ...{ now, directory, offers: OFFERS, paused: [] },
    last: { day: '2026-11-22', bornAt: ago(1000) },
    since: ago(24),
    heads: ['acme', 'cedar', 'operator'].map((chain, n) => ({ chain, seq: n + 7, hash: `${n}a`.repeat(32) })),
    ...{ clients: [], days: [], pending: [], reviews: [], tasks: [], taskCounts: [], sweeps: [] },
    ...{ incidents: [], proposals: [], unreached: [], ...more },
  };
}

function reads(given: DigestFacts, person: string): string[] {
  const content = contentOf(given, '2026-11-23', readers(given.directory));
  // As it comes back from the database.
  const card = digestCard(JSON.parse(JSON.stringify(content)), person, null);
  if (!card) return [];
  return [
    card.title,
    ...card.rows.map(({ label, text }) => `${label}: ${plain(text)}`),
    ...card.lines.map(plain),
    ...card.actions.map(({ label }) => `[${label}]`),
  ];
}

const review = (request: string, person: string, dueAt: Date): DigestFacts['reviews'][number] => ({
  review: {
    ...{ request, client: 'acme', account: 'router', person, state: 'owed', at: ago(30), dueAt },
    ...{ remindAt: dueAt, reminders: 0, allowedBy: null, allowedUntilAt: null, reviewer: null, note: null },
    ...{ settledAt: null, version: 1 },
  } satisfies Review,
  request: {
    ...{ id: request, client: 'acme', account: 'router', requester: person, seconds: 3600, reason: 'fire' },
    ...{ ticket: null, delivery: 'reveal', policy: 'two-person', policyVersion: 1, state: 'approved' },
    ...{ version: 2, askedAt: ago(30), decideBy: ago(30), endedAt: ago(30), endedBy: null },
    ...{ ...ASKED, kind: 'break-glass' as const },
  } as DigestFacts['reviews'][number]['request'],
});
const task = (grant: string, assignee: string | null) => ({
  ...{ grant, client: 'acme', account: 'free', holder: 'Tess', assignee, dueAt: ago(75) },
});

describe('what needs somebody', () => {
  test('is theirs alone: one’s own break-glass is for the other lead to review', () => {
    const given = facts({
      reviews: [review('R-AAAAAA', 'Lena', ago(3)), review('R-BBBBBB', 'Tess', ago(-3))],
    });
    expect(reads(given, 'Lena').slice(1)).toEqual([
      'Review: R-BBBBBB Acme Dental, Office router: Tess Tran’s break-glass, by 11:00',
      'Quiet: Acme Dental, Delta Resale, Beacon Law and Cedar Clinic.',
      '[Review R-BBBBBB]',
    ]);
    expect(reads(given, 'Omar').slice(1, 3)).toEqual([
      'Review: R-AAAAAA Acme Dental, Office router: Lena Falk’s break-glass, late since 05:00',
      'Review: R-BBBBBB Acme Dental, Office router: Tess Tran’s break-glass, by 11:00',
    ]);
  });

  test('a password is its named person’s to change, and a lead’s where it is nobody’s; of many, the first three and a count', () => {
    const mine = ['G-1', 'G-2', 'G-3', 'G-4', 'G-5'].map((grant) => task(grant, 'Omar'));
    const taskCounts = [
      { assignee: 'Omar', count: 1204 },
      { assignee: null, count: 1 },
    ];
    const given = facts({ tasks: [...mine, task('G-9', null)], taskCounts });
    expect(reads(given, 'Omar').filter((line) => line.startsWith('Change: '))).toEqual(
      Array(3).fill('Change: Acme Dental, Printer panel: Tess Tran was shown it, 3 days ago'),
    );
    expect(reads(given, 'Omar')).toContain('Besides, for you: 1202 more to change.');
    expect(reads(given, 'Lena').filter((line) => line.startsWith('Change: '))).toHaveLength(1);
    expect(reads(given, 'Lena').some((line) => line.startsWith('Besides'))).toBe(false);
  });

  test('a sweep, an incident and a proposal wait for a lead who isn’t the one concerned', () => {
    const given = facts({
      sweeps: [{ id: 'S-1', person: 'Omar', state: 'waiting', at: ago(2), due: 0 }],
      incidents: [{ id: 'A-1', person: 'Omar' }],
      proposals: [{ id: 'V-1', proposer: 'Omar' }],
    });
    expect(reads(given, 'Lena').slice(1, 5)).toEqual([
      'Settle: A-1 Omar Haddad is paused until a lead has settled it',
      'Offboard: S-1 Omar Haddad: waits for a lead since 06:00',
      'Apply: V-1 Omar Haddad’s configuration waits for a second lead',
      'Offboarding of Omar Haddad (S-1): waits for a lead',
    ]);
    expect(reads(given, 'Omar').some((line) => /^(Settle|Offboard|Apply): /.test(line))).toBe(false);
  });
});

describe('a client’s line', () => {
  test('says what happened and what is open, with the head of its chain', () => {
    const busy = client('acme', {
      ...{ grants: 4, denials: 1, breakGlass: 2, reviewsOwed: 2, reviewsLate: 1, pending: 1, unchanged: 3 },
      ...{ due: 1, stuck: 1, sweeping: 6, oldestPendingAt: ago(0.4), oldestDueAt: ago(75) },
    });
    expect(reads(facts({ clients: [busy], unreached: ['Noor', 'Omar'] }), 'Lena').slice(1)).toEqual([
      'Acme Dental: 2 reviews owed (1 late), 1 revocation stuck, 1 revocation due (oldest 3 days), 3 shown passwords unchanged, 1 pending (oldest 24 minutes), 6 left of an offboarding, 2 break-glass, 4 granted, 1 denied · #7 0a0a0a0a0a0a',
      'Delta Resale: no chat reaches Noor Aziz',
      'No chat reaches Omar Haddad: tell them yourself.',
      'Quiet: Beacon Law and Cedar Clinic.',
    ]);
  });

  test('of many, those with something open come first, and the rest share one', () => {
    const clients = Array.from({ length: 60 }, (_, n) => ({
      ...{ id: `c${n}`, name: `Client ${n}`, engagement: 'managed' as const, colour: 'red' as const },
      ...{ staff: [], domains: [] },
    }));
    const busy = clients.map(({ id }, n) => client(id, n === 59 ? { unchanged: 1 } : { grants: 1 }));
    const lines = reads(facts({ clients: busy }, house(['leads'], { clients })), 'Lena');
    expect(lines[1]).toBe('Client 59: 1 shown password unchanged');
    const more = lines
      .map((line) => /^(\d+) more clients: (\d+) granted\./.exec(line))
      .find((found) => found);
    expect(Number(more?.[1])).toBeGreaterThan(0);
    expect(more?.[2]).toBe(more?.[1]);
    const own = lines.filter((line) => line.startsWith('Client '));
    expect(own.length + Number(more?.[1])).toBe(60);
    expect(lines.length).toBeLessThan(30);
  });

  test('of a client that is gone and has something open is still there', () => {
    expect(reads(facts({ clients: [client('old', { unchanged: 1 })] }), 'Lena')).toContain(
      'old: 1 shown password unchanged',
    );
  });
});

describe('who is sent it', () => {
  const both = [client('cedar', { grants: 1 }), client('acme', { grants: 2 })];
  const days = [
    {
      day: '2026-11-23',
      clients: [
        { client: 'cedar', grants: 7, denials: 0, breakGlass: 0 },
        { client: 'acme', grants: 2, denials: 1, breakGlass: 0 },
      ],
    },
  ];

  test('those whom the configuration means, never a contact or an auditor', () => {
    const named = house(['L3', 'aude@northwind.example', 'noor@delta.example', 'leads']);
    expect(readers(named).map(({ id }) => id)).toEqual(['Maya', 'Lena', 'Omar', 'Sana', 'Theo']);
  });

  test('whoever isn’t a lead reads of the clients that are their work, in words and in the picture', () => {
    const given = facts({ clients: both, days, unreached: ['Omar'] }, house(['L3', 'leads']));
    const sana = JSON.stringify(reads(given, 'Sana'));
    expect(sana).toContain('Acme Dental: 2 granted');
    expect(sana).not.toContain('Cedar');
    expect(sana).not.toContain('Omar');
    expect(JSON.stringify(reads(given, 'Maya'))).toContain('Cedar Clinic: 1 granted');
    const content = contentOf(given, '2026-11-23', readers(given.directory));
    expect(digestCard(content, 'Sana', null)?.picture).toMatchObject({
      alt: '1 day to 23 Nov: 2 granted, 1 denied, 0 taken by break-glass.',
    });
    expect(digestCard(content, 'Lena', null)?.picture?.days).toEqual([
      { day: '2026-11-23', grants: 9, denials: 1, breakGlass: 0 },
    ]);
  });

  test('nobody for whom it wasn’t made, and nobody who would not be sent it any more', () => {
    const content = contentOf(facts({ clients: both }), '2026-11-23', readers(house(['leads'])));
    expect(digestCard(content, 'Tess', null)).toBeNull();
    const stored = { content, anchor: null };
    expect(digestCopies(stored, house(['leads', 'L3'])).map(({ place }) => place)).toEqual([
      { person: 'Lena' },
      { person: 'Omar' },
    ]);
    expect(digestCopies(stored, house(['lena@northwind.example'])).map(({ place }) => place)).toEqual([
      { person: 'Lena' },
    ]);
  });

  test('a quiet day is one line', () => {
    expect(reads(facts(), 'Lena')).toEqual([
      'Digest, 23 Nov',
      'Quiet since yesterday 08:00: nothing was lent, nothing waits.',
    ]);
  });

  test('one that comes days late says since when it tells', () => {
    const late = facts({ clients: both, since: ago(96) });
    expect(reads(late, 'Lena')[1]).toBe('No digest was sent since 19 Nov 08:00: this one covers all of it.');
  });
});
