import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../src/core/accounts.js';
import { KEYTURN } from '../../src/core/audit.js';
import { sayRefusal } from '../../src/core/cards/say-refusal.js';
import type { Change } from '../../src/core/change.js';
import type { Command } from '../../src/core/command.js';
import type { DeclaredDirectory } from '../../src/core/directory.js';
import type { Person, PersonId } from '../../src/core/people.js';
import { perform, performInBrowser } from '../../src/core/perform.js';
import { verifyChains } from '../../src/store/audit.js';
import { shiftClock } from '../../src/store/deployment.js';
import { codeOf } from '../../src/store/driver.js';
import { CAST } from '../fixtures/cast.js';
import { type House, KINDS, openHouse } from '../support/house.js';

const staff = (name: string, tier: 'L2' | 'lead') => ({
  ...{ email: `${name.split(' ')[0]?.toLowerCase()}@northwind.example`, name, kind: 'staff', tier },
});

/** The cast with a third lead, somebody who looks after an account, and a few more who can leave. */
const WIDER: DeclaredDirectory = {
  ...CAST,
  people: [
    ...CAST.people,
    staff('Kim Lead', 'lead'),
    ...['Ann One', 'Bob Two', 'Cem Three', 'Dee Four', 'Eve Five'].map((name) => staff(name, 'L2')),
  ] as DeclaredDirectory['people'],
  accounts: CAST.accounts.map((a) => (a.id === 'shared' ? { ...a, owner: 'tess@northwind.example' } : a)),
};

const ask = (account: string): Command => {
  const [client = '', id = ''] = account.split('/');
  return { verb: 'ask', client, account: id, seconds: 3600, reason: 'printer is down', ticket: null };
};

let links = 0;

describe.each(KINDS)('an offboarding on the %s database', (kind) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse(kind, WIDER);
  });
  afterAll(() => house.close());

  const rows = <Row = Record<string, unknown>>(sql: string, values: unknown[] = []) =>
    house.database.run<Row>({ name: '', text: sql }, values);
  const idOf = async (name: string) => (await house.as(name)).person;
  const done = async (name: string, command: Command): Promise<string> => {
    const outcome = await house.act(name, command);
    if (!('done' in outcome)) throw new Error(JSON.stringify(outcome));
    return outcome.done;
  };
  const refusal = async (name: string, command: Command): Promise<string> => {
    const outcome = await house.act(name, command);
    if (!('refused' in outcome)) throw new Error('was not refused');
    return sayRefusal(outcome.refused, (await house.ports.facts.facts()).directory);
  };
  const granted = async (name: string, account: string): Promise<string> => {
    const id = await done(name, ask(account));
    const [row] = await rows<{ state: string }>('select state from keyturn.requests where id = $1', [id]);
    if (row?.state === 'pending') await done('Lena', { verb: 'approve', id });
    return id.replace('R', 'G');
  };
  const reveals = async (name: string, grant: string): Promise<void> => {
    const n = ++links;
    const link = { id: `L-${kind}${n}`, tokenHash: `token ${kind} ${n}` };
    await done(name, { verb: 'press-reveal', id: grant, link });
    await performInBrowser(house.ports, link.tokenHash, {
      verb: 'ask-browser',
      browserHash: 'b',
      number: '47',
    });
    await done(name, { verb: 'confirm-browser', link: link.id, itIsMe: true });
    const shown = await performInBrowser(house.ports, link.tokenHash, { verb: 'claim', browserHash: 'b' });
    if (!('done' in shown)) throw new Error(JSON.stringify(shown));
  };
  const changes = async (client: string, account: string): Promise<void> => {
    const facts = await house.ports.store.accountFacts(client, account);
    const version = (facts.secret?.version ?? 0) + 1;
    const sealed = { client, account, version, sealed: 'x', by: null, at: facts.now };
    await done('Lena', { verb: 'set-secret', sealed });
  };
  const links_ = async (name: string, userId: string): Promise<PersonId> => {
    const person = await idOf(name);
    await rows(
      `insert into keyturn.identities (platform, workspace, user_id, person, linked_at) values ('slack', 'T0', $1, $2, keyturn.now())`,
      [userId, person],
    );
    return person;
  };
  const leaves = async (person: PersonId, userId: string) =>
    perform(house.ports, KEYTURN, {
      ...{ verb: 'leave', person, why: 'deactivated in Slack' },
      identity: { platform: 'slack', workspace: 'T0', userId },
    });
  const sweepOf = async (name: string) => {
    const all = await rows<{ id: string; state: string; origin: string; ended: boolean }>(
      `select s.id, s.state, s.origin, s.access_ended_at is not null as ended from keyturn.sweeps s
       join keyturn.people p on p.id = s.person where p.spec->>'name' like $1 || ' %' order by s.at`,
      [name],
    );
    return all.at(-1);
  };
  const itemsOf = async (sweep: string) =>
    (
      await rows<{ kind: string; subject: string; state: string }>(
        'select kind, subject, state from keyturn.sweep_items where sweep = $1 order by kind, subject',
        [sweep],
      )
    ).map(({ kind: what, subject, state }) => `${what} ${subject} ${state}`);

  test('takes everything, gives what stays to the heir, and waits for the passwords', async () => {
    const tess = await links_('Tess', 'U0TESS');
    const luis = await idOf('Luis');
    const front = await granted('Tess', 'acme/front-desk');
    const free = await granted('Tess', 'acme/free');
    await reveals('Tess', front);
    const pending = await done('Tess', ask('acme/router'));
    const open = { id: `L-${kind}open`, tokenHash: `open ${kind}` };
    await done('Tess', { verb: 'press-reveal', id: front, link: open });
    // What Theo saw of the account that Tess looks after is hers to change.
    const shared = await granted('Theo', 'acme/shared');
    await reveals('Theo', shared);
    await done('Theo', { verb: 'return', id: shared });

    expect(await refusal('Theo', { verb: 'offboard', person: tess, heir: luis })).toBe(
      'Only a lead can do that.',
    );
    expect(await refusal('Lena', { verb: 'offboard', person: tess })).toBe(
      'Say who takes over: Tess Tran leaves 1 account and 1 task behind.',
    );
    for (const heir of [tess, await idOf('Aude'), await idOf('Noor'), 'P-NOBODY'])
      expect(await refusal('Lena', { verb: 'offboard', person: tess, heir })).toContain('can’t take over');
    expect(await rows('select 1 from keyturn.sweeps')).toEqual([]);

    const sweep = await done('Lena', { verb: 'offboard', person: tess, heir: luis });
    expect(await itemsOf(sweep)).toEqual(
      [
        'account acme/shared done',
        `exposure ${front} due`,
        `grant ${free} done`,
        `grant ${front} done`,
        'identity slack/T0/U0TESS done',
        `link ${open.id} done`,
        `request ${pending} done`,
        'role L2 done',
        `task ${shared} done`,
      ].sort(),
    );
    expect(await sweepOf('Tess')).toMatchObject({ state: 'running', ended: true });
    expect(await rows('select state, heir from keyturn.people where id = $1', [tess])).toEqual([
      { state: 'swept', heir: luis },
    ]);
    expect(await rows('select id, state from keyturn.requests where id = $1', [pending])).toEqual([
      { id: pending, state: 'cancelled' },
    ]);
    const due = await rows<{ grant: string; assignee: string }>(
      `select "grant", assignee from keyturn.revocations where state = 'due' order by "grant"`,
    );
    expect(due.find((r) => r.grant === shared)?.assignee).toBe(luis);
    expect(due.find((r) => r.grant === front)?.assignee).toBe(await idOf('Lena'));
    expect(await house.ports.store.sweepStory(sweep)).toMatchObject({
      passwords: { total: 1, changed: 0 },
      unchanged: [{ client: 'acme', account: 'front-desk', version: 1 }],
    });
    expect(await refusal('Omar', { verb: 'offboard', person: tess })).toBe(
      'Tess Tran (left) was offboarded already.',
    );

    await changes('acme', 'front-desk');
    expect((await house.ports.store.sweepStory(sweep))?.passwords).toEqual({ total: 1, changed: 1 });
    expect(await perform(house.ports, KEYTURN, { verb: 'finish-sweep', id: sweep })).toEqual({ done: sweep });
    expect(await sweepOf('Tess')).toMatchObject({ state: 'done' });
    expect(await perform(house.ports, KEYTURN, { verb: 'finish-sweep', id: sweep })).toHaveProperty(
      'refused',
    );
    // The account that was hers is Luis's, whatever the file says.
    const { directory } = await house.ports.facts.facts();
    expect(directory.owner('tess@northwind.example')?.id).toBe(luis);
  });

  test('is judged again where a password was shown, or changed, in between', async () => {
    const maya = await idOf('Maya');
    const grant = await granted('Maya', 'acme/front-desk');
    const other = await granted('Maya', 'acme/free');
    await reveals('Maya', other);
    const { store } = house.ports;
    let tries = 0;
    const slow = async (change: Change) => {
      tries += 1;
      if (tries === 1) await reveals('Maya', grant);
      if (tries === 2) await changes('acme', 'free');
      return store.commit(change);
    };
    const stalled = { ...house.ports, store: { ...store, commit: slow } };
    const outcome = await perform(stalled, await house.as('Lena'), { verb: 'offboard', person: maya });
    expect(tries).toBe(3);
    const sweep = 'done' in outcome ? outcome.done : '';
    expect((await itemsOf(sweep)).filter((item) => item.startsWith('exposure'))).toEqual([
      `exposure ${grant} due`,
    ]);
    await changes('acme', 'front-desk');
  });

  test('discounts a vote that was cast, and the last one needed has to be another’s', async () => {
    const request = await done('Sana', ask('acme/safe'));
    await done('Kim', { verb: 'approve', id: request });
    const kim = await idOf('Kim');
    const first = await done('Lena', { verb: 'offboard', person: kim });
    expect(await sweepOf('Kim')).toMatchObject({ state: 'waiting', ended: false });
    expect(await refusal('Lena', { verb: 'offboard', person: kim })).toBe(
      `You have asked for this already, and ${first} waits for another lead: they press Confirm offboarding on its card, or run keyturn offboard with --as their own address.`,
    );
    expect(await refusal('Kim', { verb: 'drop-sweep', id: first })).toBe(
      'It is about you: another lead has to do it.',
    );
    expect(await refusal('Omar', { verb: 'confirm-sweep', id: first, heir: await idOf('Luis') })).toContain(
      'names nobody as the one who takes over',
    );
    expect(await done('Omar', { verb: 'confirm-sweep', id: first })).toBe(first);
    expect(await itemsOf(first)).toContain(`vote ${request} done`);
    expect(await refusal('Omar', { verb: 'confirm-sweep', id: first })).toBe(
      `Too late: ${first} is done already.`,
    );
    await done('Lena', { verb: 'approve', id: request });
    expect(await rows('select state from keyturn.requests where id = $1', [request])).toEqual([
      { state: 'pending' },
    ]);
    await done('Omar', { verb: 'approve', id: request });
    expect(await rows('select state from keyturn.requests where id = $1', [request])).toEqual([
      { state: 'approved' },
    ]);
  });

  test('of one of two leads takes a third, or the word of their chat; of the last there is none', async () => {
    const omar = await links_('Omar', 'U0OMAR');
    expect(await refusal('Lena', { verb: 'offboard', person: omar })).toContain(
      'Omar Haddad is a lead, and that takes two other leads.',
    );
    expect(await refusal('Lena', { verb: 'offboard', person: await idOf('Lena') })).toBe(
      'It is about you: another lead has to do it.',
    );
    // Not even by hand.
    await expect(
      rows(
        `insert into keyturn.sweeps (id, person, origin, state, why, at, proposer, version, settled_at)
         values ('S-000000', $1, 'lead', 'done', 'x', keyturn.now(), $2, 1, keyturn.now())`,
        [omar, await idOf('Lena')],
      ).catch((error) => codeOf(error)),
    ).resolves.toBe('KT004');
  });

  test('begins by itself when a chat says that somebody has left, and a lead has the last word', async () => {
    const ann = await links_('Ann', 'U0ANN');
    const grant = await granted('Ann', 'acme/free');
    await reveals('Ann', grant);
    expect(await leaves(ann, 'U0ANN')).toHaveProperty('done');
    expect(await leaves(ann, 'U0ANN')).toHaveProperty('refused');
    const sweep = await sweepOf('Ann');
    expect(sweep).toMatchObject({ state: 'waiting', origin: 'automatic', ended: true });
    expect(await refusal('Ann', ask('acme/free'))).toContain('You are paused');
    expect(await itemsOf(sweep?.id ?? '')).toEqual([`exposure ${grant} due`, `grant ${grant} done`]);
    await done('Omar', { verb: 'drop-sweep', id: sweep?.id ?? '' });
    expect(await refusal('Omar', { verb: 'confirm-sweep', id: sweep?.id ?? '' })).toBe(
      `Too late: ${sweep?.id} was dropped, because they are still here.`,
    );
    await done('Ann', ask('acme/free'));
    expect((await house.ports.facts.facts()).paused).toEqual([]);
  });

  test('of more than three within the hour ends no access by itself, and pauses nobody', async () => {
    const people = ['Bob', 'Cem', 'Dee', 'Eve'];
    const all = await Promise.all(people.map((name) => links_(name, `U0${name.toUpperCase()}`)));
    // One has left already, and these come at once.
    await Promise.all(people.map((name, n) => leaves(all[n] as PersonId, `U0${name.toUpperCase()}`)));
    const sweeps = await Promise.all(people.map(sweepOf));
    expect(sweeps.map((s) => s?.ended).sort()).toEqual([false, false, true, true]);
    const late = people[sweeps.findIndex((s) => s?.ended === false)] as string;
    expect(await done(late, ask('acme/shared'))).toMatch(/^R-/);
    const open = await rows(`select 1 from keyturn.identities where user_id = $1 and ended_at is null`, [
      `U0${late.toUpperCase()}`,
    ]);
    expect(open).toEqual([]);
    await done('Lena', { verb: 'confirm-sweep', id: (await sweepOf(late))?.id ?? '' });
    expect(await sweepOf(late)).toMatchObject({ state: 'done', ended: true });
    await shiftClock(house.database, 3601);
  });

  test('of a lead who has left by their chat’s word takes one more, where only one is left', async () => {
    const omar = await idOf('Omar');
    await leaves(omar, 'U0OMAR');
    const sweep = await sweepOf('Omar');
    expect(sweep).toMatchObject({ state: 'waiting', ended: true });
    await done('Lena', { verb: 'confirm-sweep', id: sweep?.id ?? '' });
    expect(await sweepOf('Omar')).toMatchObject({ state: 'done' });
    expect(await refusal('Lena', { verb: 'offboard', person: await idOf('Lena') })).toContain(
      'You are the only lead',
    );
    // The last lead is never paused by it.
    const lena = await links_('Lena', 'U0LENA');
    await leaves(lena, 'U0LENA');
    expect(await sweepOf('Lena')).toMatchObject({ state: 'waiting', ended: false });
    expect((await house.ports.facts.facts()).paused).not.toContain(lena);
  });

  test('and every chain is whole', async () => {
    expect((await verifyChains(house.database)).map((r) => r.brokenAt).filter((at) => at !== null)).toEqual(
      [],
    );
  });
});

/** One thing that happens: a showing of an account's newest password, a change of it, or an end of the access. */
const happening = fc.record({
  what: fc.constantFrom('shown', 'changed', 'returned'),
  account: fc.constantFrom('a', 'b', 'c'),
});
const RUNS = 40;

describe('what a leaver knows', () => {
  let house: House;
  beforeAll(async () => {
    const [model] = CAST.accounts.filter(({ id }) => id === 'free');
    const numbers = Array.from({ length: RUNS }, (_, n) => n);
    house = await openHouse('embedded', {
      ...CAST,
      people: [...CAST.people, ...numbers.map((n) => staff(`Leaver${n} Last`, 'L2') as Omit<Person, 'id'>)],
      accounts: numbers.flatMap((n) =>
        ['a', 'b', 'c'].map((id) => ({ ...(model as Account), id: `${id}${n}`, name: `${id}${n}` })),
      ),
    });
  });
  afterAll(() => house.close());

  const run = <Row>(text: string, values: unknown[] = []) =>
    house.database.run<Row>({ name: '', text }, values);
  const act = async (name: string, command: Command): Promise<string> => {
    const outcome = await house.act(name, command);
    if (!('done' in outcome)) throw new Error(JSON.stringify(outcome));
    return outcome.done;
  };

  async function shows(name: string, grant: string): Promise<void> {
    const n = ++links;
    const link = { id: `L-K${n}`, tokenHash: `known ${n}` };
    await act(name, { verb: 'press-reveal', id: grant, link });
    await performInBrowser(house.ports, link.tokenHash, {
      ...{ verb: 'ask-browser', browserHash: 'b', number: '47' },
    });
    await act(name, { verb: 'confirm-browser', link: link.id, itIsMe: true });
    await performInBrowser(house.ports, link.tokenHash, { verb: 'claim', browserHash: 'b' });
  }

  test('is listed exactly: what they were shown, and what nobody has changed since', async () => {
    let leaver = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 9 }), async (history) => {
        const n = leaver++;
        const name = `Leaver${n}`;
        const version: Record<string, number> = { a: 1, b: 1, c: 1 };
        const known = new Map<string, number>();
        const held = new Map<string, string>();
        for (const { what, account } of history) {
          const newest = version[account] as number;
          if (what === 'changed') {
            const { now } = await house.ports.facts.facts();
            const place = { client: 'acme', account: `${account}${n}`, version: newest + 1 };
            await act('Lena', { verb: 'set-secret', sealed: { ...place, sealed: 'x', by: null, at: now } });
            version[account] = newest + 1;
          } else if (what === 'returned') {
            const grant = held.get(account);
            if (grant) await act(name, { verb: 'return', id: grant });
            held.delete(account);
          } else {
            const grant =
              held.get(account) ?? (await act(name, ask(`acme/${account}${n}`))).replace('R', 'G');
            held.set(account, grant);
            await shows(name, grant);
            known.set(account, newest);
          }
        }
        const sweep = await act('Lena', { verb: 'offboard', person: (await house.as(name)).person });
        const listed = await run<{ it: string }>(
          `select distinct data->>'account' || ' v' || (data->>'version') as it from keyturn.sweep_items
           where sweep = $1 and kind = 'exposure' and state = 'due' order by 1`,
          [sweep],
        );
        const still = [...known].filter(([account, v]) => v === version[account]);
        expect(listed.map(({ it }) => it)).toEqual(
          still.map(([account, v]) => `${account}${n} v${v}`).sort(),
        );
        // Each of them is somebody's task, and nothing else is.
        const due = await run<{ account: string }>(
          `select distinct account from keyturn.revocations where state = 'due' and assignee is not null
           and account = any($1) order by 1`,
          [['a', 'b', 'c'].map((account) => `${account}${n}`)],
        );
        expect(due.map(({ account }) => account)).toEqual(still.map(([account]) => `${account}${n}`).sort());
      }),
      // One leaver a run: nothing is shrunk.
      { numRuns: RUNS, endOnFailure: true },
    );
  }, 120_000);
});
