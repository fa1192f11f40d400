/** What the database itself refuses of sessions, tickets and keys, whoever asks it. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf } from '../../src/store/driver.js';
import { KINDS } from '../support/house.js';
import { connects, enters, gateOf, leaves, openSessions, takes, ticketIn } from '../support/sessions.js';
import type { World } from '../support/world.js';

describe.each(KINDS)('sessions, on the %s database', (kind) => {
  let world: World;
  let grant = '';
  let maya = '';
  let session = '';
  beforeAll(async () => {
    world = await openSessions(kind);
    maya = await takes(world.person('Maya'), 'acme/web1-root');
    await connects(world.person('Maya'), maya);
    grant = await takes(world.person('Tess'), 'acme/web1-root');
    const passage = await enters(gateOf(world), grant, ticketIn(await connects(world.person('Tess'), grant)));
    if (!passage) throw new Error('Tess was not let in');
    session = passage.session;
    await leaves(gateOf(world), passage);
  }, 120_000);
  afterAll(() => world.close());

  /** What comes of statements that nothing of Keyturn's own would send; undone again. */
  const tried = (...texts: string[]) =>
    world.database.db
      .transaction(async (one) => {
        for (const text of texts) await one.execute(text);
        throw new Error('went through');
      })
      .catch((error: Error) => codeOf(error) || error.message);

  const ticketFor = (of: string, more: Record<string, string> = {}) => {
    const row: Record<string, string> = {
      ...{ id: `'T-NEW'`, token_hash: `'a new hash'`, grant: 'g.id', client: 'g.client', person: 'g.holder' },
      ...{ state: `'open'`, fails: '0', proof: 'null', opened_at: 'keyturn.now()' },
      ...{ expires_at: `keyturn.now() + interval '9 minutes'`, version: '1', ...more },
    };
    const columns = Object.keys(row).map((name) => `"${name}"`);
    return `insert into keyturn.tickets (${columns}) select ${Object.values(row)} from keyturn.grants g where g.id = '${of}'`;
  };
  const spend = (id = 'T-NEW') => `update keyturn.tickets set state = 'spent' where id = '${id}'`;
  const enter = (of: string, more: Record<string, string> = {}) => {
    const row: Record<string, string> = {
      ...{ id: `'X-NEW000'`, grant: 'g.id', client: 'g.client', account: 'g.account', person: 'g.holder' },
      ...{ ticket: `'T-NEW'`, key: 'null', address: `'192.0.2.1'`, owner: `'a'`, secret_version: '1' },
      ...{ idle_seconds: '900', state: `'open'`, opened_at: 'keyturn.now()', seen_at: 'keyturn.now()' },
      ...{ version: '1', ...more },
    };
    const columns = Object.keys(row).map((name) => `"${name}"`);
    return `insert into keyturn.sessions (${columns}) select ${Object.values(row)} from keyturn.grants g where g.id = '${of}'`;
  };
  const idOf = (name: string) => `(select id from keyturn.people where spec->>'name' like '${name} %')`;
  const end = `update keyturn.grants set state = 'ended', outcome = 'revoked', ended_at = keyturn.now(), version = version + 1`;

  test('begin with a ticket of the holder’s that they spend, for ten minutes at most', async () => {
    expect(await tried(ticketFor(grant), spend(), enter(grant))).toBe('went through');
    expect(await tried(ticketFor(grant), enter(grant))).toBe('KT004');
    expect(await tried(ticketFor(grant, { person: idOf('Maya') }))).toBe('KT004');
    expect(await tried(ticketFor(grant, { client: `'delta'` }))).toBe('KT004');
    expect(await tried(ticketFor(grant, { expires_at: `keyturn.now() + interval '11 minutes'` }))).toBe(
      'KT004',
    );
    expect(await tried(ticketFor(grant), spend(), enter(grant, { person: idOf('Maya') }))).toBe('KT004');
    expect(await tried(ticketFor(grant), spend(), enter(maya))).toBe('KT004');
    const late = {
      opened_at: `keyturn.now() - interval '20 minutes'`,
      expires_at: `keyturn.now() - interval '11 minutes'`,
    };
    expect(await tried(ticketFor(grant, late), spend(), enter(grant))).toBe('KT001');
  });

  test('are one a ticket, and one ticket waits a grant', async () => {
    expect(await tried(ticketFor(grant), spend(), enter(grant), enter(grant, { id: `'X-NEW001'` }))).toBe(
      '23505',
    );
    expect(await tried(ticketFor(maya))).toBe('23505');
    expect(await tried(spend(), ticketFor(grant), spend(), `update keyturn.tickets set state = 'open'`)).toBe(
      'KT002',
    );
    expect(await tried(enter(grant, { ticket: 'null' }))).toBe('KT004');
  });

  test('are admitted by nothing once the grant has ended, in the transaction itself', async () => {
    expect(await tried(`${end} where id = '${grant}'`, ticketFor(grant))).toBe('KT001');
    expect(await tried(ticketFor(grant), spend(), `${end} where id = '${grant}'`, enter(grant))).toBe(
      'KT001',
    );
    const passed = `update keyturn.clock set shift = shift + interval '2 hours'`;
    expect(await tried(ticketFor(grant), spend(), passed, enter(grant))).toBe('KT001');
  });

  test('take a key that is their holder’s, which takes a proof of theirs', async () => {
    const add = (proof: string) =>
      `insert into keyturn.ssh_keys (id, person, fingerprint, kind, comment, state, proof, added_at, version)
       values ('H-NEW', ${idOf('Tess')}, 'SHA256:${'a'.repeat(43)}', 'ssh-ed25519', '', 'active', '${proof}', keyturn.now(), 1)`;
    const proof = (person: string, act: string, state = 'spent') =>
      `insert into keyturn.proofs (id, person, act, subject_kind, subject_id, subject_version, terms, facts, via, state, method, evidence, sends, fails, asked_at, settled_at, expires_at, version)
       values ('C-NEW', ${idOf(person)}, '${act}', 'person', ${idOf('Tess')}, 1, 'x', '[]', 'slack', '${state}', 'duo_push', 'e', 0, 0, keyturn.now(), keyturn.now(), keyturn.now() + interval '5 minutes', 1)`;
    const free = `insert into keyturn.transitions values ('proof', '', 'spent')`;
    const byKey = enter(grant, { ticket: 'null', key: `'H-NEW'` });
    expect(await tried(add('C-NONE'))).toBe('KT004');
    expect(await tried(free, proof('Maya', 'add-ssh-key'), add('C-NEW'))).toBe('KT004');
    expect(await tried(free, proof('Tess', 'reveal'), add('C-NEW'))).toBe('KT004');
    const own = [free, proof('Tess', 'add-ssh-key'), add('C-NEW')];
    expect(await tried(...own, byKey)).toBe('went through');
    expect(await tried(...own, enter(maya, { ticket: 'null', key: `'H-NEW'` }))).toBe('KT004');
    const ended = `update keyturn.ssh_keys set state = 'ended', ended_at = keyturn.now()`;
    expect(await tried(...own, ended, byKey)).toBe('KT001');
    // The window of Tess's press has passed; and what a lead has ended opens nothing, inside of it or not.
    const passed = `update keyturn.clock set shift = shift + interval '11 minutes'`;
    expect(await tried(...own, passed, byKey)).toBe('KT001');
    const cut = `update keyturn.sessions set end_asked_at = keyturn.now(), end_asked_by = ${idOf('Lena')} where id = 'X-NEW001'`;
    const open = enter(grant, { id: `'X-NEW001'`, ticket: 'null', key: `'H-NEW'` });
    expect(await tried(...own, open, byKey)).toBe('went through');
    expect(await tried(...own, open, cut, byKey)).toBe('KT001');
  });

  test('keep what is on record of them, and are never deleted', async () => {
    const set = (what: string) => `update keyturn.sessions set ${what} where id = '${session}'`;
    expect(await tried(set(`address = '10.0.0.1'`))).toBe('KT003');
    expect(await tried(set(`why = 'idle'`))).toBe('KT003');
    expect(await tried(set(`recording_hash = '${'0'.repeat(64)}'`))).toBe('KT003');
    expect(await tried(set(`state = 'open', why = null, ended_at = null`))).toBe('KT002');
    expect(await tried(`update keyturn.tickets set token_hash = 'x'`)).toBe('KT003');
    for (const table of ['sessions', 'tickets', 'ssh_keys']) {
      expect(await tried(`truncate keyturn.${table} cascade`)).toBe('KT003');
      if (table !== 'ssh_keys') expect(await tried(`delete from keyturn.${table}`)).toBe('KT003');
    }
  });

  test('an end that was judged before a session was let in is judged again', async () => {
    const stale = `select keyturn.holds('{"noun": "exposures", "id": "${grant}", "count": 0}') as holds`;
    const now = stale.replace('"count": 0', '"count": 1');
    expect(await world.rows(stale)).toEqual([{ holds: false }]);
    expect(await world.rows(now)).toEqual([{ holds: true }]);
    const many = (count: number) =>
      `select keyturn.holds('{"noun": "exposures-of", "counts": {"${grant}": ${count}, "${maya}": 0}}') as holds`;
    expect(await world.rows(many(0))).toEqual([{ holds: false }]);
    expect(await world.rows(many(1))).toEqual([{ holds: true }]);
  });
});
