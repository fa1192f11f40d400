import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message } from '../../src/playground/slack/index.js';
import { openTerminal, type Terminal } from '../support/terminal.js';
import { reads } from '../support/world.js';

const LENA = ['apply', '--as', 'lena@northwind.example'];
const OMAR = ['apply', '--as', 'omar@northwind.example'];

const TIGHTER = ['{ from: security, need: 1 }', '{ from: security, need: 2 }'] as const;
const FASTER = [
  'helpdesk:      { approvals: none, durations: [30m, 1h, 4h] }',
  'helpdesk:      { approvals: none, durations: [8h] }',
] as const;
const LOOSER = ['name: Luis Ortega, tier: L1', 'name: Luis Ortega, tier: L2'] as const;

describe('a changed configuration, of an operator with two leads', () => {
  let at: Terminal;
  beforeAll(async () => {
    at = await openTerminal({});
    await at.start();
  }, 60_000);
  afterAll(() => at.close());

  const inForce = async () =>
    (await at.keyturn.rows<{ n: number }>('select max(version)::int as n from keyturn.configurations'))[0]?.n;
  const proposals = () =>
    at.keyturn.rows<{ id: string; state: string }>('select id, state from keyturn.proposals order by at');
  const waiting = async () => (await proposals()).find((p) => p.state === 'waiting')?.id ?? 'nothing waits';

  /** Lena proposes it; the proposal's id. */
  async function proposes(...changes: readonly (readonly [string, string])[]): Promise<string> {
    const { code, stdout } = await at.confirms('Lena', [...LENA, ...(await at.file(...changes))]);
    expect(code).toBe(0);
    expect(stdout).toContain('Not applied yet: it makes access easier, so a second lead has to apply it (V-');
    return waiting();
  }

  const cardOf = (name: string, id: string): Promise<Message> =>
    at.person(name).receives('(makes access easier)', id);

  test('that only tightens is applied at once by one lead’s proof, and every lead reads what has changed', async () => {
    const tighter = await at.file(TIGHTER);
    const { code, stdout, stderr } = await at.confirms('Lena', [...LENA, ...tighter]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining('  Changes: 1\n  Making access easier: 0\n'),
    });
    expect(stdout).toMatch(/1 change, none makes access easier\.\nApplied as version 2\.$/);
    for (const name of ['Lena', 'Omar']) {
      const card = reads(
        await at.person(name).receives('The configuration has changed', 'Lena Falk applied version 2.'),
      );
      expect(card).toContain(
        'policy two-person: approvals need 1 of leads and 1 of security → need 1 of leads and 2 of security',
      );
    }
    expect(at.person('Tess').direct().join()).not.toContain('The configuration has changed');
    const [record] = await at.keyturn.rows(
      `select p.state, p.act, e.data->>'factor' as factor from keyturn.audit_events e
       join keyturn.proofs p on p.id = e.data->>'proof' where e.action = 'directory.applied'`,
    );
    expect(record).toEqual({ state: 'spent', act: 'apply', factor: 'duo_push' });
  });

  test('denied on the phone is not applied', async () => {
    await at.keyturn.wait(31);
    const running = at.begins([...LENA, ...(await at.file())]);
    await at.phone('Lena').denies('version 3');
    expect(await running.exited).toMatchObject({ code: 1 });
    expect(running.stderr.split('\n').at(-1)).toBe(
      'It was denied on your phone, so nothing was done. You are not asked again by itself.',
    );
    expect(await inForce()).toBe(2);
  });

  test('that loosens waits: the card with Apply is every other lead’s, and the proposer is never the second', async () => {
    const id = await proposes(TIGHTER, LOOSER);
    expect(await inForce()).toBe(2);
    expect(reads(await cardOf('Omar', id))).toMatch(
      /person luis@northwind\.example: is L1 → L2 \(makes access easier\)[\s\S]*Apply[\s\S]*Refuse/,
    );
    const own = await cardOf('Lena', id);
    expect(reads(own)).not.toContain('Apply');
    // Somebody else's card, and the same file once more: neither is a way around it.
    const theirs = await cardOf('Omar', id);
    expect(await at.person('Lena').clicksAndHears(theirs, 'Apply')).toBe(
      `${id} is your own: another lead has to apply or refuse it.`,
    );
    expect(await at.runs([...LENA, ...(await at.file(TIGHTER, LOOSER))])).toMatchObject({
      code: 1,
      stderr: `You have proposed this already, and ${id} waits for another lead: they press Apply on its card, or run keyturn apply with the same file and --as their own address.`,
    });
    expect(await at.person('Tess').clicksAndHears(theirs, 'Apply')).toBe('Only a lead can do that.');
    expect(await inForce()).toBe(2);
  });

  test('the second lead applies it with the same file at a terminal, by a proof of their own', async () => {
    const id = await waiting();
    const { code, stdout } = await at.confirms('Omar', [...OMAR, ...(await at.file(TIGHTER, LOOSER))]);
    expect(code).toBe(0);
    expect(stdout).toContain(`This is ${id} of Lena Falk: yours is the second word.`);
    expect(stdout).toMatch(/Applied as version 3\.$/);
    expect(
      reads(await at.person('Lena').receives('Lena Falk proposed it, and Omar Haddad applied it')),
    ).toContain(id);
    await at.person('Lena').receives('Omar Haddad applied version 3, which Lena Falk proposed.');
    const [row] = await at.keyturn.rows(
      `select a.person = v.proposer as first, b.person = v.settled_by as second, v.proposer <> v.settled_by as two
       from keyturn.proposals v join keyturn.proofs a on a.id = v.proof join keyturn.proofs b on b.id = v.settled_proof`,
    );
    expect(row).toEqual({ first: true, second: true, two: true });
  });

  test('the second lead applies it with the button, confirmed on their phone', async () => {
    const id = await proposes(TIGHTER, LOOSER, FASTER);
    await at.keyturn.wait(31);
    const omar = at.person('Omar');
    await omar.clicks(await cardOf('Omar', id), 'Apply');
    await omar.confirmsOnPhone('version 4');
    await omar.receives('Lena Falk proposed it, and Omar Haddad applied it', id);
    expect(await inForce()).toBe(4);
    expect(
      (
        await at.keyturn.rows(
          `select spec->>'durations' as d from keyturn.policies where id = 'helpdesk' and current`,
        )
      )[0],
    ).toEqual({ d: '[28800]' });
  });

  test('refused by the second lead is over, without a proof', async () => {
    const id = await proposes(TIGHTER);
    const omar = at.person('Omar');
    const card = await cardOf('Omar', id);
    await omar.clicks(card, 'Refuse');
    expect(reads(await at.person('Lena').receives('Omar Haddad refused it', id))).toContain(
      'Nothing was changed.',
    );
    expect(await omar.clicksAndHears(card, 'Apply')).toBe(`Too late: ${id} was refused by Omar Haddad.`);
    expect(await inForce()).toBe(4);
  });

  test('over which another version has come is stale, and an old card’s Apply says so', async () => {
    const id = await proposes(TIGHTER, LOOSER, FASTER, [
      'L1, L2, L3], deliver: [reveal], policy: helpdesk }',
      'L1, L2, L3, leads], deliver: [reveal], policy: helpdesk }',
    ]);
    const old = await cardOf('Omar', id);
    const tightest = await at.file(TIGHTER, LOOSER, [
      'helpdesk:      { approvals: none, durations: [30m, 1h, 4h] }',
      'helpdesk:      { approvals: none, durations: [30m] }',
    ]);
    const { stdout } = await at.confirms('Omar', [...OMAR, ...tightest]);
    expect(stdout).toContain(`${id} of Lena Falk waits for a second lead; this file takes its place.`);
    expect(stdout).toMatch(/Applied as version 5\.$/);
    await at.person('Omar').receives('can’t be applied any more', id);
    expect(await at.person('Omar').clicksAndHears(old, 'Apply')).toBe(
      `Too late: ${id} is stale, because the configuration has changed since. Propose it again with keyturn apply.`,
    );
    expect((await proposals()).find((p) => p.id === id)).toMatchObject({ state: 'stale' });
  });

  test('another file that loosens takes the place of the one that waits', async () => {
    const first = await proposes(TIGHTER, LOOSER);
    const second = await proposes(TIGHTER, LOOSER, FASTER);
    expect(second).not.toBe(first);
    expect((await proposals()).slice(-2)).toEqual([
      { id: first, state: 'stale' },
      { id: second, state: 'waiting' },
    ]);
  });
});
