/** A password that Keyturn really changes, and a group that it really lends: a client's Postgres behind its own connector. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { openPostgresTarget, type PostgresTarget, withPostgres } from '../support/postgres-target.js';
import { idIn, openWorld, reads, replaceSecret, type World } from '../support/world.js';

const FIRST = 'the first password of books';

describe.each(KINDS)('custody of a client’s Postgres, on the %s database', (kind) => {
  let target: PostgresTarget;
  let world: World;
  beforeAll(async () => {
    target = await openPostgresTarget(FIRST);
    world = await openWorld(kind, { teams: true, config: withPostgres(target) });
    await sets('system:acme-books', target.secret);
    await sets('books', FIRST);
    await world.inTeams('Maya').hears('help');
  }, 60_000);
  afterAll(async () => {
    await world.close();
    await target.close();
  });

  /** A lead puts something into custody. */
  const sets = (account: string, secret: string) => replaceSecret(world.app, 'acme', account, secret);

  const take = async (name: string, words: string) => idIn(await world.person(name).hears(words), 'G');

  test('a password that was shown is changed when its holder returns it, and the card says when that was checked', async () => {
    const tess = world.person('Tess');
    const grant = await take('Tess', 'acme/books 1h month end');
    const shown = await tess.reveals(grant);
    expect(shown).toBe(FIRST);
    expect(await target.signsIn(target.login, shown)).toBe(true);
    await tess.types(`return ${grant}`);
    const card = await tess.receives('Taken back, checked at the target', grant);
    expect(reads(card)).toContain('the old password is refused');
    expect(await target.signsIn(target.login, shown)).toBe(false);
    const trail = await world.person('Lena').hears(`show ${grant}`);
    expect(trail).toContain('version 2 of the password');
  });

  test('the next holder reads the new password, and it signs in', async () => {
    const luis = world.person('Luis');
    const grant = await take('Luis', 'acme/books 1h month end too');
    const shown = await luis.reveals(grant);
    expect(shown).not.toBe(FIRST);
    expect(await target.signsIn(target.login, shown)).toBe(true);
    await luis.types(`return ${grant}`);
    await luis.receives('Taken back, checked at the target', grant);
  });

  test('one’s own login is in the group until the grant’s end, and the clock starts when it is', async () => {
    const tess = world.person('Tess');
    const grant = await take('Tess', 'acme/readers 30m reading');
    const card = await tess.receives('is in the group now', grant);
    expect(reads(card)).not.toContain('Reveal');
    expect(await target.isMember(target.mate)).toBe(true);
    expect(await tess.hears(`show ${grant}`)).toContain('access began');
    await world.wait(31 * 60);
    await tess.receives('Taken back, checked at the target', grant);
    expect(await target.isMember(target.mate)).toBe(false);
  });

  test('who has no login on the system is told what to do about it', async () => {
    expect(await world.person('Luis').hears('acme/readers 30m reading')).toContain(
      'the configuration names none for luis@northwind.example. Ask a lead to add it under logins.',
    );
  });

  test('a login is made for a grant, its password is shown to its holder alone, and it goes with the grant', async () => {
    const maya = world.inTeams('Maya');
    const grant = idIn(await maya.hears('acme/reader 30m reading'), 'G');
    const login = `kt-${grant.slice(2).toLowerCase()}`;
    await maya.receives(`The login ${login} was made for you`, grant);
    expect(await target.exists(login)).toBe(true);
    expect(await target.isMember(login)).toBe(true);
    const password = await maya.reveals(grant);
    expect(await target.signsIn(login, password)).toBe(true);
    await world.person('Lena').types(`revoke ${grant} enough`);
    await maya.receives('the login is gone', grant);
    expect(await target.exists(login)).toBe(false);
  });

  test('a database is lent as a role of its own, with one line to paste; at the end its connections, what it owns and the role are gone', async () => {
    const tess = world.person('Tess');
    const grant = await take('Tess', 'acme/shop-db 30m a wrong order');
    const login = `kt-${grant.slice(2).toLowerCase()}`;
    const card = reads(await tess.receives(`The role ${login} was made for you`, grant));
    expect(card).toContain(`user=${login}`);
    expect(card).toContain('psql "host=127.0.0.1');
    const password = await tess.reveals(grant);
    const session = await target.opens(login, password);
    await session.query('create table mine (n int); begin; insert into mine values (1)');
    await tess.types(`return ${grant}`);
    await tess.receives('the login is gone', grant);
    expect(await target.exists(login)).toBe(false);
    await expect(session.query('select 1')).rejects.toThrow();
    expect(await target.signsIn(login, password)).toBe(false);
  });

  test('while the target is out of reach the end says so and is tried on, the leads are alarmed once, and it is done on its return', async () => {
    const [tess, lena] = [world.person('Tess'), world.person('Lena')];
    const grant = await take('Tess', 'acme/readers 30m reading again');
    await tess.receives('is in the group now', grant);
    target.line.takeDown('drops');
    await tess.types(`return ${grant}`);
    await tess.receives('Not taken back yet', grant);
    expect(await target.isMember(target.mate)).toBe(true);
    await world.wait(16 * 60);
    await lena.receives('Not taken back: a target doesn’t do what it has to', 'acme-books');
    const [row] = await world.rows(
      `select state, tried > 0 as tried from keyturn.revocations where "grant" = $1`,
      [grant],
    );
    expect(row).toEqual({ state: 'stuck', tried: true });
    target.line.bringUp();
    await world.wait(60);
    await tess.receives('Taken back, checked at the target', grant);
    expect(await target.isMember(target.mate)).toBe(false);
  });
});
