import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Secret } from '../../../src/config/secret.js';
import { type Connector, type Elevation, jitLoginOf } from '../../../src/connectors/connector.js';
import { Authority, type ServerIdentity } from '../../../src/playground/duo/certificates.js';
import { troubleOf } from '../../support/trouble.js';
import { type ClientServer, KEYTURN_PASSWORD, reach, startClientServer } from './server.js';

let server: ClientServer;
let connector: Connector;

beforeAll(async () => {
  server = await startClientServer();
  connector = reach(server);
}, 120_000);
afterAll(() => server?.stop());

const GRANT_ALPHABET = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';
const newPassword = () => new Secret(randomBytes(18).toString('base64'));
const inAnHour = () => new Date(Date.now() + 3_600_000);

function jit(): Elevation {
  const letters = Array.from(randomBytes(6), (byte) => GRANT_ALPHABET.charAt(byte % GRANT_ALPHABET.length));
  const grant = `G-${letters.join('')}`;
  return { grant, group: 'ledger', login: jitLoginOf(grant), as: 'jit' };
}

const own = (login: string, group = 'ledger'): Elevation => ({ grant: 'G-8F3KQ2', group, login, as: 'own' });

async function makeLogin(login: string, more = ''): Promise<Secret> {
  const password = newPassword();
  await server.makeLogin(login, password.reveal());
  if (more !== '') await server.sql(more);
  return password;
}

async function lend(what: Elevation, password = newPassword()) {
  const reading = await connector.elevate?.(what, inAnHour(), what.as === 'jit' ? password : null);
  return { reading, password };
}

const takeBack = (what: Elevation) => connector.withdraw?.(what);
const trouble = (call: Promise<unknown> | undefined) => troubleOf(Promise.resolve(call), [KEYTURN_PASSWORD]);

/** Whoever connects from now on finds this setting so. */
async function reloaded(setting: string, value: string): Promise<void> {
  await server.sql('select pg_reload_conf()');
  await vi.waitFor(
    async () => expect(await server.sql(`show ${setting}`)).toEqual([{ [setting]: value }]),
    10_000,
  );
}

/** Whether this session still answers. */
async function answers(client: pg.Client): Promise<boolean> {
  return client.query('select 1').then(
    () => true,
    () => false,
  );
}

describe('a password that was changed', () => {
  test('is in no statement, so that no log of the server has it', async () => {
    await makeLogin('app');
    await server.sql(`alter system set log_statement = 'all'`);
    await reloaded('log_statement', 'all');
    const to = newPassword();
    await connector.rotate('app', to, null);
    const log = await server.sql<{ text: string }>(
      `select pg_read_file((select setting from pg_settings where name = 'data_directory') || '/../server.log') as text`,
    );
    await server.sql('alter system reset log_statement');
    await reloaded('log_statement', 'none');
    expect(log[0]?.text).toMatch(/alter role "app" password 'SCRAM-SHA-256\$4096:/);
    expect(log[0]?.text).not.toContain(to.reveal());
    expect(log[0]?.text).not.toContain(KEYTURN_PASSWORD);
  });

  test('ends no session that is open, until sessions are ended', async () => {
    const from = await makeLogin('worker');
    const open = await server.enter('worker', from.reveal());
    const to = newPassword();
    await connector.rotate('worker', to, from);
    expect(await answers(open)).toBe(true);
    expect(await connector.endSessions?.('worker')).toEqual({ login: 'worker', sessions: 1 });
    expect(await answers(open)).toBe(false);
    expect(await connector.endSessions?.('worker')).toEqual({ login: 'worker', sessions: 0 });
    expect(await server.signsIn('worker', to.reveal())).toBe(true);
  });

  test('of a login that may not sign in is told, not taken for done', async () => {
    await makeLogin('sleeper', 'alter role sleeper nologin');
    expect(await trouble(connector.rotate('sleeper', newPassword(), null))).toBe('refused');
    await makeLogin('expired', `alter role expired valid until '2001-01-01'`);
    expect(await trouble(connector.rotate('expired', newPassword(), null))).toBe('refused');
  });

  test('works for a login that may not enter this database, or has too many sessions', async () => {
    await makeLogin('outsider', 'revoke connect on database books from public');
    const to = newPassword();
    expect(await connector.rotate('outsider', to, null)).toMatchObject({ signedIn: true });
    expect(await connector.verify('outsider', newPassword())).toBe('refused');
    await server.sql('grant connect on database books to public; alter role outsider connection limit 0');
    expect(await connector.verify('outsider', to)).toBe('works');
  });

  test('has to be one that every client reads alike', async () => {
    const password = await makeLogin('plain');
    expect(await trouble(connector.rotate('plain', new Secret('caf\u0065\u0301'), null))).toBe('refused');
    expect(await trouble(connector.rotate('plain', new Secret(''), null))).toBe('refused');
    expect(await connector.verify('plain', password)).toBe('works');
  });

  test('is never Keyturn’s own, with which it would lock itself out', async () => {
    expect(await trouble(connector.rotate('keyturn', newPassword(), null))).toBe('refused');
    expect(await trouble(connector.endSessions?.('keyturn'))).toBe('refused');
    expect(await trouble(connector.elevate?.(own('keyturn'), inAnHour(), null))).toBe('refused');
    expect(await takeBack(own('keyturn'))).toMatchObject({ member: true });
    expect(await server.signsIn('keyturn', KEYTURN_PASSWORD)).toBe(true);
    await makeLogin('still');
    await lend(own('still'));
    await takeBack(own('still'));
  });

  test('is looked for by the exact name, however odd or long it is', async () => {
    const odd = `o'dd "one"; drop role keyturn; --\\`;
    await makeLogin(odd);
    const to = newPassword();
    await connector.rotate(odd, to, null);
    expect(await server.signsIn(odd, to.reveal())).toBe(true);
    const long = 'l'.repeat(63);
    const before = await makeLogin(long);
    expect(await trouble(connector.rotate(`${long}x`, newPassword(), null))).toBe('missing');
    expect(await trouble(connector.rotate('nul\0byte', newPassword(), null))).toBe('refused');
    expect(await connector.verify(long, before)).toBe('works');
  });

  test('is not Keyturn’s to change without the right, and the sentence says which', async () => {
    await makeLogin('boss', 'alter role boss superuser');
    const call = connector.rotate('boss', newPassword(), null);
    await expect(call).rejects.toMatchObject({
      trouble: 'not-allowed',
      message: expect.stringMatching(/says: .+superuser.+ \(42501\)\. Keyturn’s role needs CREATEROLE/i),
    });
  });
});

describe('a group lent to a person’s own login', () => {
  test('is theirs in the catalogue, and after its end no session goes on with it', async () => {
    const password = await makeLogin('maya');
    expect((await lend(own('maya'))).reading).toEqual({
      login: 'maya',
      group: 'ledger',
      member: true,
      until: null,
    });
    const open = await server.enter('maya', password.reveal());
    await open.query('set role ledger');
    await open.query('insert into entries values (1)');
    expect(await takeBack(own('maya'))).toEqual({
      login: 'maya',
      group: 'ledger',
      member: false,
      sessions: 1,
    });
    expect(await answers(open)).toBe(false);
    const again = await server.enter('maya', password.reveal());
    await expect(again.query('insert into entries values (2)')).rejects.toMatchObject({ code: '42501' });
    await again.end();
  });

  test('isn’t lent where they have it by another way, which an end would leave', async () => {
    await makeLogin('omar', 'create role accounting; grant ledger to accounting; grant accounting to omar');
    await expect(lend(own('omar'))).rejects.toMatchObject({
      trouble: 'refused',
      message: expect.stringContaining('omar is in ledger by way of accounting as well'),
    });
  });

  test('isn’t said to be taken back while they have it by another way', async () => {
    await makeLogin('lena', 'create role auditors; grant ledger to auditors');
    await lend(own('lena'));
    await server.sql('grant auditors to lena');
    expect(await trouble(takeBack(own('lena')))).toBe('refused');
    await server.sql('revoke auditors from lena');
    expect(await takeBack(own('lena'))).toMatchObject({ member: false });
  });

  test('is taken back whoever else has put them there', async () => {
    await makeLogin('sana', 'create role dba; grant ledger to dba with admin option; grant dba to keyturn');
    await lend(own('sana'));
    await server.sql('set role dba; grant ledger to sana');
    expect(await takeBack(own('sana'))).toMatchObject({ member: false });
    expect(await server.sql(`select pg_has_role('sana', 'ledger', 'member') as is`)).toEqual([{ is: false }]);
  });

  test('that Keyturn may not lend is told with the server’s reason', async () => {
    await makeLogin('theo', 'create role masters superuser');
    expect(await trouble(connector.elevate?.(own('theo', 'masters'), inAnHour(), null))).toBe('not-allowed');
    expect(await trouble(connector.elevate?.(own('theo', 'theo'), inAnHour(), null))).toBe('refused');
  });
});

describe('a login made for a grant', () => {
  test('ends by itself at its time, has few connections, and says whose it is', async () => {
    const what = jit();
    const until = new Date('2099-05-04T03:02:01Z');
    const reading = await connector.elevate?.(what, until, newPassword());
    expect(reading).toEqual({ login: what.login, group: 'ledger', member: true, until: until.toISOString() });
    const [role] = await server.sql(
      `select rolcanlogin, rolinherit, rolsuper, rolcreaterole, rolcreatedb, rolconnlimit, rolvaliduntil,
        shobj_description(oid, 'pg_authid') as comment from pg_roles where rolname = $1`,
      [what.login],
    );
    expect(role).toEqual({
      rolcanlogin: true,
      rolinherit: true,
      rolsuper: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolconnlimit: 5,
      rolvaliduntil: until,
      comment: `Keyturn ${what.grant}`,
    });
    await takeBack(what);
  });

  test('has the group’s rights as it is, and loses its sessions with its end', async () => {
    const what = jit();
    const { password } = await lend(what);
    const open = await server.enter(what.login, password.reveal());
    await open.query('insert into entries values (3)');
    expect(await takeBack(what)).toEqual({ login: what.login, exists: false, sessions: 1 });
    expect(await answers(open)).toBe(false);
    expect(await takeBack(what)).toEqual({ login: what.login, exists: false });
  });

  test('leaves what it made to the group, in every database, and takes its rights with it', async () => {
    const what = jit();
    const { password } = await lend(what);
    for (const database of ['books', 'stock']) {
      const inside = await server.enter(what.login, password.reveal(), database);
      await inside.query('create table made (n int); insert into made values (7)');
      await inside.end();
      await server.sql(
        `set role ledger; create table shown (n int); grant select on shown to "${what.login}"`,
        [],
        database,
      );
    }
    expect(await takeBack(what)).toMatchObject({ exists: false });
    for (const database of ['books', 'stock']) {
      const rows = await server.sql(
        `select n, (select tableowner from pg_tables where tablename = 'made') as owner from made`,
        [],
        database,
      );
      expect(rows).toEqual([{ n: 7, owner: 'ledger' }]);
    }
  });

  test('leaves what it made to Keyturn where the group is gone by then', async () => {
    await server.sql(
      'create role passing; grant passing to keyturn with admin option; grant create on schema public to passing',
    );
    const what = { ...jit(), group: 'passing' };
    const { password } = await lend(what);
    const inside = await server.enter(what.login, password.reveal());
    await inside.query('create table orphan (n int); insert into orphan values (8)');
    await inside.end();
    await server.sql('drop owned by passing; drop role passing');
    expect(await takeBack(what)).toMatchObject({ exists: false });
    expect(
      await server.sql(
        `select n, (select tableowner from pg_tables where tablename = 'orphan') as owner from orphan`,
      ),
    ).toEqual([{ n: 8, owner: 'keyturn' }]);
  });

  test('signs in no more even where it can’t be dropped yet', async () => {
    const what = jit();
    const { password } = await lend(what);
    const inside = await server.enter(what.login, password.reveal(), 'stock');
    await inside.query('create table kept (n int)');
    await server.sql('revoke connect on database stock from public, keyturn');
    expect(await trouble(takeBack(what))).toBe('not-allowed');
    expect(await answers(inside)).toBe(false);
    expect(await server.signsIn(what.login, password.reveal())).toBe(false);
    await server.sql('grant connect on database stock to public, keyturn');
    expect(await takeBack(what)).toMatchObject({ exists: false });
  });

  test('that somebody else gave rights of its own is off, and goes once those are taken back', async () => {
    const what = jit();
    const { password } = await lend(what);
    await server.sql(`create table given (n int); grant select on given to "${what.login}"`);
    await expect(takeBack(what)).rejects.toMatchObject({
      trouble: 'refused',
      message: expect.stringContaining('privileges for table public.given'),
    });
    expect(await server.signsIn(what.login, password.reveal())).toBe(false);
    await server.sql('drop table given');
    expect(await takeBack(what)).toMatchObject({ exists: false });
  });

  test('of the same name that isn’t Keyturn’s is neither taken over nor removed', async () => {
    const what = jit();
    const password = await makeLogin(what.login);
    expect(await trouble(lend(what))).toBe('refused');
    expect(await trouble(takeBack(what))).toBe('refused');
    expect(await connector.jitLogins?.()).toEqual([]);
    expect(await connector.verify(what.login, password)).toBe('works');
    const theirs = { ...jit(), login: 'maya' };
    expect(await trouble(lend(theirs))).toBe('refused');
    expect(await trouble(takeBack(theirs))).toBe('refused');
    await server.sql(`drop role "${what.login}"`);
  });

  test('isn’t made at all where its group isn’t there', async () => {
    const what = { ...jit(), group: 'nowhere' };
    expect(await trouble(lend(what))).toBe('missing');
    expect(await server.sql('select from pg_roles where rolname = $1', [what.login])).toEqual([]);
  });
});

describe('a server', () => {
  test('without Keyturn’s password in custody is not tried', async () => {
    const without = reach({ ...server, secret: null });
    expect(await trouble(without.rotate('app', newPassword(), null))).toBe('not-allowed');
  });

  test('that lets somebody in without a password verifies none', async () => {
    const password = await makeLogin('trusted');
    await server.sql(
      `copy (values ('host all trusted 127.0.0.1/32 trust')) to program 'cat - pg_hba.conf > hba && mv hba pg_hba.conf'`,
    );
    await server.sql('select pg_reload_conf()');
    await vi.waitFor(
      async () => expect(await trouble(connector.verify('trusted', password))).toBe('untrusted'),
      10_000,
    );
    expect(await trouble(connector.rotate('trusted', newPassword(), null))).toBe('untrusted');
  });

  test('that holds a session back is given up in time, and the change goes through later', async () => {
    await makeLogin('busy');
    const holder = await server.enter('keyturn', KEYTURN_PASSWORD);
    await holder.query(`select pg_advisory_lock(hashtextextended('keyturn busy', 0))`);
    const impatient = reach({ ...server, limitMs: 500 });
    expect(await trouble(impatient.rotate('busy', newPassword(), null))).toBe('unreachable');
    await holder.end();
    expect(await connector.rotate('busy', newPassword(), null)).toMatchObject({ signedIn: true });
  });
});

describe('a server that says who it is', () => {
  const authority = new Authority();
  let real: ServerIdentity;

  beforeAll(async () => {
    real = authority.issue(['db.beacon.example', '127.0.0.1']);
    await present(real);
  });

  /** Has the server show this certificate to whoever comes next. */
  async function present({ cert, key }: ServerIdentity): Promise<void> {
    for (const [file, pem] of [
      ['server.crt', cert],
      ['server.key', key],
    ] as const)
      await server.sql(
        `copy (select unnest(string_to_array('${pem.trim()}', E'\\n'))) to program 'umask 077; cat > ${file}'`,
      );
    await server.sql('alter system set ssl = on');
    await reloaded('ssl', 'on');
  }

  test('is spoken to over TLS where its authority is known', async () => {
    const trusted = reach({ ...server, ca: authority.ca });
    const password = await makeLogin('secure');
    expect(await trusted.verify('secure', password)).toBe('works');
    const to = newPassword();
    expect(await trusted.rotate('secure', to, password)).toMatchObject({ signedIn: true });
  });

  test('by a certificate of another authority, for another host or out of date is not trusted', async () => {
    const password = await makeLogin('careful');
    const stranger = reach({ ...server, ca: new Authority().ca });
    expect(await trouble(stranger.verify('careful', password))).toBe('untrusted');
    const trusted = reach({ ...server, ca: authority.ca });
    await present(authority.issue(['db.evil.example', 'localhost']));
    expect(await trouble(trusted.rotate('careful', newPassword(), null))).toBe('untrusted');
    await present(authority.issue(['127.0.0.1'], Date.now() - 1_000));
    expect(await trouble(trusted.verify('careful', password))).toBe('untrusted');
    await present(real);
    expect(await trusted.verify('careful', password)).toBe('works');
  });

  test('isn’t believed by an address that asks for TLS, wherever it is, unless it is verified', async () => {
    const password = await makeLogin('asking');
    expect(await trouble(reach({ ...server, query: '?sslmode=require' }).verify('asking', password))).toBe(
      'untrusted',
    );
  });

  test('that isn’t this machine has to speak TLS, whatever it offers', async () => {
    const password = await makeLogin('remote');
    await server.sql('alter system set ssl = off');
    await reloaded('ssl', 'off');
    // Another name of this machine, which isn't one of those that need no TLS.
    const elsewhere = reach({ ...server, host: '0.0.0.0' });
    expect(await trouble(elsewhere.verify('remote', password))).toBe('untrusted');
    await present(real);
  });
});
