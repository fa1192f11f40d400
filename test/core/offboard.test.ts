import { describe, expect, test } from 'vitest';
import { KEYTURN } from '../../src/core/audit.js';
import { sayRefusal } from '../../src/core/cards/say-refusal.js';
import { offboardForm, sweepPreview } from '../../src/core/cards/sweep-preview.js';
import { Directory } from '../../src/core/directory.js';
import type { SweepFacts } from '../../src/core/facts.js';
import type { Judged } from '../../src/core/judged.js';
import { leave } from '../../src/core/leave.js';
import { dropSweep, offboard } from '../../src/core/offboard.js';
import { named } from '../../src/core/offboard-rules.js';
import type { Actor, Person } from '../../src/core/people.js';
import type { Sweep } from '../../src/core/sweep.js';
import { key, session } from '../fixtures/admissions.js';
import { CAST } from '../fixtures/cast.js';

const people: Person[] = [
  ...CAST.people.map((p) => ({ ...p, id: p.name.split(' ')[0] as string })),
  { id: 'Kim', name: 'Kim Lead', email: 'kim@northwind.example', kind: 'staff', tier: 'lead' },
];
const withLeads = (...leads: string[]) =>
  new Directory({
    ...CAST,
    ...{ version: 1, timezone: 'UTC', operator: 'Northwind IT' },
    people: people.filter((p) => p.tier !== 'lead' || leads.includes(p.id)),
    policies: CAST.policies.map((p) => ({ ...p, version: 1 })),
    accounts: CAST.accounts.map((a) => (a.id === 'shared' ? { ...a, owner: 'theo@northwind.example' } : a)),
  } as ConstructorParameters<typeof Directory>[0]);

const now = new Date('2026-11-23T14:03:00Z');
const NONE = {
  ...{ grants: 0, links: 0, requests: 0, votes: 0, identities: 0, factors: 0, proofs: 0, tasks: 0 },
  ...{ reviews: 0, proposals: 0, shown: 0, leaving: 0 },
};
const identity = { platform: 'slack', workspace: 'T0', userId: 'U0' } as const;

function facts(person: string, more: Partial<SweepFacts> = {}): SweepFacts {
  return {
    ...{
      now,
      directory: withLeads('Lena', 'Omar', 'Kim'),
      paused: [],
      person,
      standing: 'here',
      client: null,
    },
    offers: { mode: 'server', factors: [], deliveries: ['reveal'], reachableClients: [] },
    ...{ holdings: [], links: [], requests: [], votes: [], factors: [], proofs: [], visits: [], tasks: [] },
    ...{ sshKeys: [], sessions: [] },
    rotating: [],
    ...{ shown: [], reviews: [], proposals: [], alerts: [], counts: NONE, sweep: null },
    identities: [{ ...identity, person, linkedAt: now, provenAt: null, endedAt: null }],
    ...more,
  };
}

const sweep = (more: Partial<Sweep> = {}): Sweep => ({
  ...{ id: 'S-8F3KQ2', person: 'Omar', origin: 'lead', state: 'waiting', why: 'asked by a lead', at: now },
  ...{ accessEndedAt: null, proposer: null, proof: null, heir: null, confirmer: null, confirmProof: null },
  ...{ settledAt: null, version: 1, ...more },
});

const as = (person: string): Actor => ({ person, via: 'slack' });
const judge = (who: string, known: SweepFacts, heir?: string | null) =>
  offboard(known, as(who), heir, 'S-NEW000');

function sentence(judged: Judged, known: SweepFacts): string {
  if (!('refused' in judged)) throw new Error('was not refused');
  return sayRefusal(judged.refused, known.directory);
}
function rowOf(judged: Judged): Sweep {
  const write = 'change' in judged ? judged.change?.writes.find((w) => w.put === 'sweep') : undefined;
  if (write?.put !== 'sweep') throw new Error(JSON.stringify(judged));
  return write.row;
}

describe('whose word it takes', () => {
  test.each<[string, string, SweepFacts, string]>([
    ['somebody who is no lead', 'Theo', facts('Tess'), 'Only a lead can do that.'],
    [
      'an auditor',
      'Aude',
      facts('Tess'),
      'As an auditor you can read everything here, but not ask or decide.',
    ],
    ['oneself', 'Lena', facts('Lena'), 'It is about you: another lead has to do it.'],
    [
      'the only lead',
      'Lena',
      facts('Lena', { directory: withLeads('Lena') }),
      'You are the only lead, and without a lead nobody could run this. Make somebody else a lead first (keyturn apply).',
    ],
    [
      'one of two leads by the other',
      'Lena',
      facts('Omar', { directory: withLeads('Lena', 'Omar') }),
      'Omar Haddad is a lead, and that takes two other leads. Make somebody else a lead first (keyturn apply). Where Omar Haddad has left, have their chat account deactivated: that counts as the second word.',
    ],
    [
      'somebody who was swept',
      'Lena',
      facts('Tess', { standing: 'swept' }),
      'Tess Tran was offboarded already.',
    ],
    ['by a lead who is paused', 'Lena', facts('Tess', { paused: ['Lena'] }), 'You are paused'],
    [
      'what is over',
      'Lena',
      facts('Omar', { sweep: sweep({ state: 'dropped', settledAt: now }) }),
      'Too late: S-8F3KQ2 was dropped, because they are still here.',
    ],
    [
      'one’s own proposal',
      'Lena',
      facts('Omar', { sweep: sweep({ proposer: 'Lena' }) }),
      'You have asked for this already, and S-8F3KQ2 waits for another lead',
    ],
  ])('refused: %s', (_what, who, known, says) => {
    expect(sentence(judge(who, known), known)).toContain(says);
  });

  test('one lead’s for staff, who are a tombstone at once', () => {
    const judged = judge('Lena', facts('Tess'));
    expect(rowOf(judged)).toMatchObject({ state: 'done', proposer: 'Lena', confirmer: null });
    expect('change' in judged && judged.change).toMatchObject({
      alone: true,
      tombstone: { person: 'Tess', heir: null },
      guards: [
        { noun: 'holdings', id: 'Tess' },
        { noun: 'unpaused', id: 'Lena' },
      ],
    });
  });

  test('and their SSH keys end with it, itemised, as do the sessions that they have open', () => {
    const sshKeys = [key({ person: 'Tess' })];
    const judged = offboard(facts('Tess', { sshKeys, sessions: [session()] }), as('Lena'), null, 'S-8F3KQ2');
    const change = 'change' in judged ? judged.change : undefined;
    expect(change?.writes.find((w) => w.put === 'ssh-key')).toMatchObject({
      row: { state: 'ended', endedAt: now },
    });
    expect(change?.audit.map(({ action }) => action)).toContain('ssh-key.ended');
    const items = change?.writes.flatMap((w) =>
      w.put === 'all' && w.row.of === 'sweep-item' ? w.row.rows : [],
    );
    expect(items?.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual(
      expect.arrayContaining(['ssh-key H-1', 'session X-8F3KQ2']),
    );
  });

  test('two leads’ for a lead: nothing ends by the first', () => {
    const first = judge('Lena', facts('Omar'), null);
    expect(rowOf(first)).toMatchObject({ state: 'waiting', proposer: 'Lena', accessEndedAt: null });
    expect('change' in first && first.change).not.toHaveProperty('tombstone');
    const known = facts('Omar', { sweep: rowOf(first) });
    expect(rowOf(judge('Kim', known))).toMatchObject({ state: 'done', proposer: 'Lena', confirmer: 'Kim' });
  });

  test('of a first lead who is no lead, or paused, by now is none: the next is the first', () => {
    for (const more of [{ directory: withLeads('Omar', 'Kim', 'Lena'), paused: ['Lena'] }, {}]) {
      const known = facts('Omar', { sweep: sweep({ proposer: more.paused ? 'Lena' : 'Tess' }), ...more });
      expect(rowOf(judge('Kim', known))).toMatchObject({
        state: 'waiting',
        proposer: 'Kim',
        confirmer: null,
      });
    }
  });

  test('of the chat itself, and the one other lead’s, where there are but two', () => {
    const known = facts('Omar', {
      directory: withLeads('Lena', 'Omar'),
      sweep: sweep({ origin: 'automatic', accessEndedAt: now }),
    });
    expect(rowOf(judge('Lena', known))).toMatchObject({ state: 'done', proposer: 'Lena', confirmer: null });
  });

  test('is proven, wherever there are factors, for this heir and no other', () => {
    const offers = { ...facts('Tess').offers, factors: ['totp'] as const };
    const judged = judge('Lena', facts('Tess', { offers }), 'Luis');
    expect(judged).toMatchObject({
      needs: { act: 'offboard', subject: { kind: 'person', id: 'Tess' }, terms: 'new to Luis' },
    });
    expect(dropSweep(facts('Omar', { offers, sweep: sweep() }), as('Lena'))).toMatchObject({
      needs: { act: 'keep', terms: 'S-8F3KQ2' },
    });
  });
});

describe('who takes over', () => {
  test('has to be said where there is something, and may be nobody where there isn’t', () => {
    const theo = facts('Theo');
    expect(sentence(judge('Lena', theo), theo)).toBe(
      'Say who takes over: Theo Marsh leaves 1 account behind.',
    );
    expect(rowOf(judge('Lena', theo, 'Luis')).heir).toBe('Luis');
    expect(rowOf(judge('Lena', facts('Luis'))).heir).toBeNull();
  });

  test.each(['Theo', 'Aude', 'Noor', 'Nobody'])('is never %s', (heir) => {
    const known = facts('Theo');
    expect(sentence(judge('Lena', known, heir), known)).toContain('can’t take over');
  });

  test('is nobody who is paused, and not another than the first lead has named', () => {
    const paused = facts('Theo', { paused: ['Luis'] });
    expect(sentence(judge('Lena', paused, 'Luis'), paused)).toContain('Luis Ortega can’t take over');
    const second = facts('Omar', { sweep: sweep({ proposer: 'Lena', heir: 'Luis' }) });
    expect(sentence(judge('Kim', second, 'Tess'), second)).toContain(
      'S-8F3KQ2 names Luis Ortega as the one who takes over, and a second word is for the same.',
    );
    expect(rowOf(judge('Kim', second))).toMatchObject({ heir: 'Luis', confirmer: 'Kim' });
  });
});

describe('a chat that says that somebody has left', () => {
  const left = (known: SweepFacts) =>
    leave(known, KEYTURN, { identity, why: 'deactivated in Slack' }, 'S-NEW000');

  test('ends their access, three times an hour, and then leaves it to a lead', () => {
    const counts = (leaving: number) => ({ counts: { ...NONE, leaving } });
    expect(rowOf(left(facts('Tess', counts(2)))).accessEndedAt).toEqual(now);
    expect(rowOf(left(facts('Tess', counts(3)))).accessEndedAt).toBeNull();
  });

  test('ends nothing of the last lead who could put it right', () => {
    expect(rowOf(left(facts('Omar'))).accessEndedAt).toEqual(now);
    expect(rowOf(left(facts('Omar', { paused: ['Lena', 'Kim'] }))).accessEndedAt).toBeNull();
  });

  test('is heard once, and of a lead whose offboarding waits it ends the access', () => {
    const again = left(facts('Tess', { sweep: sweep({ origin: 'automatic', accessEndedAt: now }) }));
    expect(() => rowOf(again)).toThrow();
    const writes = 'change' in again ? again.change?.writes : [];
    expect(writes?.map((w) => w.put)).toEqual(['identity']);
    const known = facts('Omar', { sweep: sweep({ proposer: 'Lena', version: 4 }) });
    expect(rowOf(left(known))).toMatchObject({
      id: 'S-8F3KQ2',
      version: 5,
      accessEndedAt: now,
      proposer: 'Lena',
    });
  });

  test('says nothing by an account that only an e-mail vouches for, beside one that is proven', () => {
    const offers = { ...facts('Tess').offers, factors: ['totp'] as const };
    const [met] = facts('Tess').identities;
    const proven = { ...met, userId: 'U1', provenAt: now } as SweepFacts['identities'][number];
    const judged = left(facts('Tess', { offers, identities: [met as never, proven] }));
    expect(() => rowOf(judged)).toThrow();
    expect(rowOf(left(facts('Tess', { offers })))).toHaveProperty('accessEndedAt', now);
  });
});

describe('what is said before', () => {
  const at = new Date('2026-11-12T09:00:00Z');
  const shown = ['router', 'free', 'router'].map((account, n) => ({
    ...{ grant: `G-00000${n}`, client: 'acme', account, secretVersion: 1, at },
  }));
  const known = facts('Theo', {
    shown,
    votes: [{ id: 'R-1', client: 'acme', account: 'router' }],
    counts: { ...NONE, grants: 3, requests: 1, identities: 2, shown: 3 },
  });

  test('is how much ends, which passwords have to be changed, and what somebody takes over', () => {
    expect(sweepPreview(known)).toEqual([
      'Ends at once: 3 grants, 1 request and 2 chat accounts. From then on nothing of theirs works, and no file brings them back.',
      '2 passwords to change, which they were shown: Acme Dental, Office router (since 12 Nov 09:00); Acme Dental, Printer panel (since 12 Nov 09:00).',
      'Somebody has to take over 1 account.',
      'Their word counts no more on 1 request that waits.',
    ]);
  });

  test('is asked of a lead with the one field that is open', () => {
    const form = offboardForm(known);
    expect(form).toMatchObject({ title: 'Offboard Theo Marsh', submit: 'Confirm offboarding', id: 'Theo' });
    const [heir] = form.fields;
    const names = heir?.input.kind === 'choice' ? heir.input.choices.map(({ value }) => value) : [];
    expect(names).toEqual(['Tess', 'Luis', 'Maya', 'Lena', 'Omar', 'Sana', 'Kim']);
    expect(heir?.optional).toBeUndefined();
    expect(offboardForm(facts('Luis')).fields[0]?.optional).toBe(true);
  });

  test('finds people by address or by whole name, and nobody by half of one', () => {
    const { directory } = known;
    expect(named(directory, ' TESS@northwind.example')).toEqual({ id: 'Tess' });
    expect(named(directory, 'tess  tran')).toEqual({ id: 'Tess' });
    expect(named(directory, 'Tess')).toEqual({ refused: { code: 'unknown-person', typed: 'Tess' } });
  });
});
