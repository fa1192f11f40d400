/** What the database tells a digest, and that there is one of each day. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { event, KEYTURN } from '../../src/core/audit.js';
import type { Command } from '../../src/core/command.js';
import { readers, sendDigest } from '../../src/core/digest.js';
import type { ClientFacts, DigestFacts } from '../../src/core/digest-facts.js';
import { performInBrowser } from '../../src/core/perform.js';
import { apply } from '../../src/store/apply.js';
import { verifyChains } from '../../src/store/audit.js';
import { shiftClock } from '../../src/store/deployment.js';
import { digestFacts, storedDigest } from '../../src/store/digest.js';
import { codeOf } from '../../src/store/driver.js';
import { savePosting } from '../../src/store/postings.js';
import type { StorePorts } from '../../src/store/store.js';
import { CAST } from '../fixtures/cast.js';
import { type House, KINDS, openHouse } from '../support/house.js';

const DAY = 24 * 3600;

describe.each(KINDS)('a digest on the %s database', (kind) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse(kind);
  });
  afterAll(() => house.close());

  const ask = (account: string): Command => {
    const [client = '', id = ''] = account.split('/');
    return { verb: 'ask', client, account: id, seconds: 3600, reason: 'printer is down', ticket: null };
  };
  const done = async (name: string, command: Command): Promise<string> => {
    const outcome = await house.act(name, command);
    if (!('done' in outcome)) throw new Error(JSON.stringify(outcome));
    return outcome.done;
  };
  const read = (ports: StorePorts = house.ports) => digestFacts(house.database, ports.facts);
  const of = (facts: DigestFacts, client: string) =>
    facts.clients.find((one) => one.client === client) as ClientFacts;
  const today = (facts: DigestFacts, client: string) =>
    facts.days.at(-1)?.clients.find((one) => one.client === client);
  const send = async (ports: StorePorts = house.ports): Promise<string | null> => {
    const change = sendDigest(await read(ports));
    return change && (await ports.store.commit(change)) === 'done' ? (change.notices[0]?.id ?? null) : null;
  };

  /** Tess takes it, is shown the password and hands it back. */
  async function shown(account: string): Promise<string> {
    const id = await done('Tess', ask(account));
    const link = { id: `L-${id.slice(2)}`, tokenHash: `token of ${id}` };
    await done('Tess', { verb: 'press-reveal', id, link });
    await performInBrowser(house.ports, link.tokenHash, {
      verb: 'ask-browser',
      browserHash: 'b',
      number: '47',
    });
    await done('Tess', { verb: 'confirm-browser', link: link.id, itIsMe: true });
    await performInBrowser(house.ports, link.tokenHash, { verb: 'claim', browserHash: 'b' });
    await done('Tess', { verb: 'return', id });
    return id;
  }

  test('a new deployment has nothing to tell, and everybody who approves is still to be met', async () => {
    const facts = await read();
    expect(facts.clients).toEqual([]);
    expect(facts.days).toHaveLength(30);
    expect(facts.heads.map(({ chain }) => chain)).toEqual(['operator']);
    expect(facts.unreached.map((id) => facts.directory.nameOf(id))).toEqual([
      ...['Lena Falk', 'Omar Haddad', 'Sana Idris', 'Theo Marsh', 'Noor Aziz'],
    ]);
    expect(await send()).toBeNull();
  });

  test('it counts what was granted and denied, and what is open, client by client', async () => {
    await shown('acme/free');
    await done('Lena', { verb: 'deny', id: await done('Maya', ask('acme/router')), reason: 'call first' });
    await done('Maya', ask('acme/front-desk'));
    await done('Tess', ask('delta/registrar'));
    const facts = await read();
    expect(of(facts, 'acme')).toMatchObject({
      grants: 1,
      denials: 1,
      pending: 1,
      unchanged: 1,
      due: 0,
      stuck: 0,
    });
    expect(of(facts, 'delta')).toMatchObject({ grants: 0, denials: 0, pending: 1, unchanged: 0 });
    expect(today(facts, 'acme')).toMatchObject({ grants: 1, denials: 1, breakGlass: 0 });
    expect(today(facts, 'delta')).toBeUndefined();
    const lena = facts.directory.leads()[0]?.id;
    expect(facts.tasks).toMatchObject([{ client: 'acme', account: 'free', assignee: lena }]);
    expect(facts.taskCounts).toEqual([{ assignee: lena, count: 1 }]);
  });

  test('the day after it is due; of two replicas that are at it at once one writes it, and a second look writes none', async () => {
    await shiftClock(house.database, DAY);
    const another = house.replica();
    const written = await Promise.all([send(), send(another), send(), send(another)]);
    expect(written.filter((day) => day !== null)).toHaveLength(1);
    expect(await send(another)).toBeNull();
    const rows = await house.database.run({ name: '', text: 'select day from keyturn.digests' }, []);
    expect(rows).toHaveLength(1);
  });

  test('it carries the head of every chain, and its own event carries them too', async () => {
    const [row] = await house.database.run<{ day: string }>(
      { name: '', text: 'select day from keyturn.digests' },
      [],
    );
    const stored = await storedDigest(house.database, row?.day ?? '');
    const heads = stored?.content.heads ?? [];
    expect(heads.map(({ chain }) => chain)).toEqual(['acme', 'delta', 'operator']);
    for (const { chain, seq, hash } of heads) {
      const text = `select encode(hash, 'hex') as hash from keyturn.audit_events where chain = $1 and seq = $2`;
      expect(await house.database.run({ name: '', text }, [chain, seq])).toEqual([{ hash }]);
    }
    const text = `select data, encode(hash, 'hex') as hash from keyturn.audit_events where action = 'digest.sent'`;
    const events = await house.database.run<{ data: { heads: object }; hash: string }>(
      { name: '', text },
      [],
    );
    expect(events).toHaveLength(1);
    expect(stored?.anchor?.hash).toBe(events[0]?.hash);
    expect(events[0]?.data.heads).toEqual(
      Object.fromEntries(heads.map(({ chain, seq, hash }) => [chain, { seq, hash }])),
    );
    expect((await verifyChains(house.database)).every((chain) => chain.brokenAt === null)).toBe(true);
  });

  test('no event is told of twice, and none is lost between two digests', async () => {
    const quiet = await read();
    // Nobody decided Maya's in time, so it doesn't wait any more.
    expect(of(quiet, 'acme')).toMatchObject({ grants: 0, denials: 0, pending: 0, unchanged: 1 });
    await shown('acme/free');
    // Read before, committed after: what happens in between belongs to the next one.
    await shiftClock(house.database, DAY);
    const early = sendDigest(await read());
    await shown('acme/free');
    expect(early && (await house.ports.store.commit(early))).toBe('done');
    expect(of(await read(), 'acme')).toMatchObject({ grants: 1, unchanged: 3 });
    const rows = await house.database.run<{ n: number }>(
      {
        name: '',
        text: `select (c->>'grants')::int as n from keyturn.digests d, jsonb_array_elements(d.content->'clients') c
          where c->>'id' = 'acme' order by d.day`,
      },
      [],
    );
    expect(rows).toEqual([{ n: 1 }, { n: 1 }]);
  });

  test('what was missed is told of by the newest one alone, since the last', async () => {
    const before = await read();
    await shiftClock(house.database, 5 * DAY);
    const day = await send();
    const stored = await storedDigest(house.database, day ?? '');
    expect(stored?.content.since).toBe(before.since.toISOString());
    expect(Date.parse(stored?.content.at ?? '') - before.since.getTime()).toBeGreaterThan(5 * DAY * 1000);
    const rows = await house.database.run({ name: '', text: 'select day from keyturn.digests' }, []);
    expect(rows).toHaveLength(3);
  });

  test('whose every chat turned away the last card isn’t reached; who has another chat is', async () => {
    const { directory } = await house.ports.facts.facts();
    const [lena, omar] = directory.leads().map(({ id }) => id) as [string, string];
    for (const [person, workspace] of [
      [lena, 'T0'],
      [omar, 'T0'],
      [omar, 'T1'],
    ] as const)
      await house.database.run(
        {
          name: '',
          text: `insert into keyturn.identities (platform, workspace, user_id, person, linked_at)
            values ('slack', $1, 'U' || $2, $2, keyturn.now())`,
        },
        [workspace, person],
      );
    const refused = (person: string, subject: string, unreachable: string | null) =>
      savePosting(house.database, {
        ...{ kind: 'request', subject, place: `person:${person}`, platform: 'slack', workspace: 'T0' },
        ...{ channel: null, message: null, cardHash: null, unreachable },
      });
    const names = async () => {
      const facts = await read();
      return facts.unreached.map((id) => facts.directory.nameOf(id));
    };
    expect(await names()).not.toContain('Lena Falk');
    const id = await done('Tess', ask('acme/router'));
    await refused(lena, id, 'the app was removed');
    await refused(omar, id, 'the app was removed');
    expect(await names()).toContain('Lena Falk');
    expect(await names()).not.toContain('Omar Haddad');
    await shiftClock(house.database, 60);
    await refused(lena, await done('Tess', ask('acme/shared')), null);
    expect(await names()).not.toContain('Lena Falk');
  });

  test('a digest is never edited or deleted', async () => {
    for (const text of [`update keyturn.digests set content = '{}'`, 'delete from keyturn.digests']) {
      const failure = await house.database
        .run({ name: '', text }, [])
        .catch((error: unknown) => codeOf(error));
      expect(failure).toMatch(/^KT/);
    }
  });

  test('when and to whom is what was applied; what was applied before it could say means leads, at eight', async () => {
    const before = (await house.ports.facts.facts()).directory;
    expect(before.digest).toEqual({ at: '08:00', to: ['leads'] });
    expect(readers(before).map(({ name }) => name)).toEqual(['Lena Falk', 'Omar Haddad']);
    const operator = { name: 'Northwind IT', timezone: 'UTC', digest: { at: '17:30', to: ['security'] } };
    await apply(
      house.database,
      { operator },
      { operator, directory: CAST },
      {
        email: null,
        event: event(KEYTURN, 'operator', 'directory.applied', 'keyturn.yaml'),
      },
    );
    const { directory } = await house.replica().facts.facts();
    expect(directory.digest).toEqual({ at: '17:30', to: ['security'] });
    expect(readers(directory).map(({ name }) => name)).toEqual(['Sana Idris', 'Theo Marsh']);
  });
});
