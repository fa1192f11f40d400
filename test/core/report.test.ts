import { describe, expect, test } from 'vitest';
import { Directory } from '../../src/core/directory.js';
import type { ReportFacts } from '../../src/core/facts.js';
import type { Person } from '../../src/core/people.js';
import { badDay, isDay, whyNotRead } from '../../src/core/report.js';
import type { VisitPage } from '../../src/core/visit.js';
import { readWords } from '../../src/core/words.js';
import { CAST } from '../fixtures/cast.js';

const people: Person[] = CAST.people.map((p) => ({ ...p, id: p.name.split(' ')[0] as string }));
const contact = (name: string, approves: boolean): Person => ({
  ...{ id: name, name, email: `${name.toLowerCase()}@delta.example`, kind: 'contact', client: 'delta' },
  ...{ approves, requests: true },
});
const auditor: Person = {
  id: 'Aude',
  name: 'Aude Roy',
  email: 'aude@x.example',
  kind: 'staff',
  role: 'auditor',
};
const directory = new Directory({
  ...CAST,
  ...{ version: 1, timezone: 'UTC', operator: 'Northwind IT' },
  people: [...people, auditor, contact('Boss', true), contact('Clerk', false)],
  policies: CAST.policies.map((p) => ({ ...p, version: 1 })),
});

const ABOUT = {
  'client delta': { id: 'delta', name: 'Delta Resale', client: 'delta', clientName: 'Delta Resale' },
  'client acme': { id: 'acme', name: 'Acme Dental', client: 'acme', clientName: 'Acme Dental' },
  'account delta/registrar': {
    id: 'delta/registrar',
    name: 'Registrar',
    client: 'delta',
    clientName: 'Delta',
  },
  'account acme/router': { id: 'acme/router', name: 'Router', client: 'acme', clientName: 'Acme Dental' },
  'person tess': { id: 'Tess', name: 'Tess Tran', client: null, clientName: null },
  'person boss': { id: 'Boss', name: 'Boss', client: 'delta', clientName: 'Delta Resale' },
  'sweep S-8F3KQ2': { id: 'S-8F3KQ2', name: 'Tess Tran', client: null, clientName: null },
} as const;

type What = keyof typeof ABOUT | 'client nothing' | 'account delta/nothing' | 'person nobody';

function facts(what: What, more: Partial<ReportFacts> = {}): ReportFacts {
  const [report, subject = ''] = what.split(' ');
  const now = new Date('2026-11-23T14:03:00Z');
  return {
    ...{
      now,
      directory,
      paused: [],
      start: now,
      end: now,
      unopened: [],
      from: '2026-11-01',
      to: '2026-11-23',
    },
    offers: { mode: 'server', factors: [], deliveries: ['reveal'], reachableClients: [] },
    asked: { report: report as VisitPage['report'], subject, from: null, to: null },
    about: (ABOUT as Record<string, ReportFacts['about']>)[what] ?? null,
    ...more,
  };
}

const all = [...Object.keys(ABOUT), 'client nothing', 'account delta/nothing', 'person nobody'] as What[];
const reads = (who: string) =>
  all.filter((what) => whyNotRead(facts(what), { person: who, via: 'slack' }) === null);

describe('who may read which report', () => {
  const everything = Object.keys(ABOUT);
  test.each([
    ['a lead', 'Lena', everything],
    ['an auditor', 'Aude', everything],
    ['a technician', 'Tess', ['person tess']],
    ['another one', 'Luis', []],
    ['who approves for a client', 'Boss', ['client delta', 'account delta/registrar']],
    ['who only asks for a client', 'Clerk', []],
    ['who isn’t here', 'Ghost', []],
  ])('%s', (_, who, may) => expect(reads(who)).toEqual(may));

  test('what isn’t theirs and what doesn’t exist is one refusal, word for word', () => {
    for (const who of ['Tess', 'Boss', 'Clerk'])
      for (const what of all.filter((one) => !reads(who).includes(one)))
        expect(whyNotRead(facts(what), { person: who, via: 'web' })).toEqual({ code: 'may-not-report' });
  });

  test('a lead is told what doesn’t exist', () => {
    expect(whyNotRead(facts('client nothing'), { person: 'Lena', via: 'slack' })).toEqual({
      code: 'unknown-report',
      typed: 'nothing',
    });
  });

  test('nobody reads while they are paused, a lead no more than anybody else', () => {
    const paused = facts('client acme', { paused: ['Lena'] });
    expect(whyNotRead(paused, { person: 'Lena', via: 'cli' })).toEqual({ code: 'paused' });
  });

  test('the first day is not after the last', () => {
    const backwards = facts('client acme', { from: '2026-11-02', to: '2026-11-01' });
    expect(whyNotRead(backwards, { person: 'Lena', via: 'web' })).toMatchObject({ code: 'bad-span' });
  });
});

test.each(['2026-11-23', '2024-02-29', '2000-01-01', '2999-12-31'])('%s is a day', (day) =>
  expect(isDay(day)).toBe(true),
);
test.each([
  '2026-02-29',
  '2026-13-01',
  '2026-00-10',
  '1999-12-31',
  '26-11-23',
  '2026-1-1',
  '2026-11-23 ',
  'today',
  '',
])('“%s” is none', (day) => {
  expect(isDay(day)).toBe(false);
  expect(badDay({ from: null, to: day })).toEqual({ code: 'bad-day', typed: day });
});

test.each([
  ['report account acme/front-desk', { report: 'account', subject: 'acme/front-desk', from: null, to: null }],
  ['REPORT Client ACME 2026-11-01', { report: 'client', subject: 'acme', from: '2026-11-01', to: null }],
  [
    'report person mailto:Tess@northwind.example',
    { report: 'person', subject: 'tess@northwind.example', from: null, to: null },
  ],
  ['report', null],
  ['report sweep S-8F3KQ2', null],
  ['report client acme 2026-11-01 2026-11-02 more', null],
])('“%s” is read so', (text, page) => expect(readWords(text)).toEqual({ word: 'report', page }));
