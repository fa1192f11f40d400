/** `keyturn offboard`: the same at a terminal, with the database and the leads' factors alone. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTerminal, type Terminal } from '../support/terminal.js';
import { reads } from '../support/world.js';

const LENA = ['--as', 'lena@northwind.example'];
const OMAR = ['--as', 'omar@northwind.example'];
const THIRD = ['name: Maya Chen,   tier: L3', 'name: Maya Chen,   tier: lead'] as const;
const GONE = ['  - { email: omar@northwind.example, name: Omar Haddad, tier: lead }\n', ''] as const;

describe('offboarding at a terminal', () => {
  let at: Terminal;
  beforeAll(async () => {
    at = await openTerminal({});
    await at.start();
  }, 120_000);
  afterAll(() => at.close());

  const sweeps = () =>
    at.keyturn.rows<{ id: string; state: string }>('select id, state from keyturn.sweeps order by at');

  test('says what it would end, and does nothing without a yes', async () => {
    const run = await at.runs(['offboard', 'luis@northwind.example', ...LENA]);
    expect(run).toMatchObject({
      code: 1,
      stderr: 'There is no terminal to say yes in. Run it again with --yes. Nothing was done.',
    });
    expect(run.stdout).toContain('Offboard Luis Ortega\nEnds at once: 1 chat account.');
    expect(await sweeps()).toEqual([]);
  });

  test.each<[string, string[], string]>([
    ['nobody', ['nobody@nowhere.example', ...LENA], 'I know nobody called “nobody@nowhere.example”.'],
    ['oneself', ['lena@northwind.example', ...LENA], 'It is about you: another lead has to do it.'],
    ['one of two leads', ['omar@northwind.example', ...LENA], 'that takes two other leads'],
    [
      'by somebody else',
      ['luis@northwind.example', '--as', 'tess@northwind.example'],
      'Tess Tran is not a lead',
    ],
    [
      'to nobody',
      ['luis@northwind.example', ...LENA, '--to', 'x@y.example', '--yes'],
      'x@y.example is not one of the people',
    ],
    [
      'to an auditor',
      ['luis@northwind.example', ...LENA, '--to', 'aude@northwind.example', '--yes'],
      'Aude Roy can’t take over',
    ],
  ])('refuses %s, and no phone rings', async (_what, args, says) => {
    const before = at.phone('Lena').pushes;
    const run = await at.runs(['offboard', ...args]);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(says);
    expect(at.phone('Lena').pushes).toBe(before);
    expect(await sweeps()).toEqual([]);
  });

  test('ends it with the lead’s phone, prints what has ended, and the cards come', async () => {
    const run = await at.confirms('Lena', ['offboard', 'luis@northwind.example', ...LENA, '--yes']);
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('  Offboard: Luis Ortega\n');
    expect(run.stdout).toMatch(/Offboarded \(S-[0-9A-Z]{6}\)\nPerson: Luis Ortega\n/);
    expect(run.stdout).toContain('Ended: 1 chat account. Confirmed by Lena Falk.');
    await at.person('Omar').receives('Offboarded', 'Luis Ortega');
    expect((await at.runs(['offboard', 'luis@northwind.example', ...LENA, '--yes'])).stderr).toBe(
      'Luis Ortega (left) was offboarded already.',
    );
  });

  test('a file that takes a lead away waits for a second lead, as an offboarding would', async () => {
    const run = await at.confirms('Lena', ['apply', ...LENA, ...(await at.file(THIRD, GONE))]);
    expect(run.stdout).toContain('gone (was Omar Haddad, lead); a lead goes by the words of two   (loosens)');
    expect(run.stdout).toContain('Not applied yet');
  });

  test('a lead goes by two leads, each with the same words and a phone of their own', async () => {
    const third = await at.file(THIRD);
    await at.confirms('Lena', ['apply', ...LENA, ...third]);
    const applied = await at.confirms('Omar', ['apply', ...OMAR, ...third]);
    // It still names Luis.
    expect(applied.stdout).toMatch(
      /Applied as version 2\.\nluis@northwind\.example was offboarded, and a file doesn't bring anybody back\.$/,
    );
    expect((await at.keyturn.rows(`select state from keyturn.people where email like 'luis%'`))[0]).toEqual({
      state: 'swept',
    });
    const words = ['offboard', 'maya@northwind.example'];
    const first = await at.confirms('Lena', [...words, ...LENA, '--yes']);
    expect(first.stdout).toContain(
      'They are a lead, so a second lead has to confirm it. Nothing has ended yet.',
    );
    expect((await at.runs([...words, ...LENA, '--yes'])).stderr).toContain('waits for another lead');
    const id = (await sweeps()).at(-1)?.id;
    const second = await at.confirms('Omar', [...words, ...OMAR, '--yes']);
    expect(second.stdout).toContain(`${id} of Lena Falk waits for a second lead: yours is the second word.`);
    expect(second.stdout).toContain('Confirmed by Lena Falk and Omar Haddad.');
    expect(reads(await at.person('Omar').receives('Offboarded', 'Maya Chen'))).toContain(id);
    expect((await at.runs(['audit', 'verify'])).stdout).toMatch(/All \d chains are whole\./);
  });
});
