/** What is Active Directory's own about lending a group: standing and nested members, and the logins made for grants. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../../src/config/secret.js';
import type { Connector, Elevation } from '../../../src/connectors/connector.js';
import { troubleOf } from '../../support/trouble.js';
import { type Corp, OWN_PASSWORD, openCorp } from './world.js';

const PASSWORD = new Secret('A-password-7-of-theirs');
const until = () => new Date(Date.now() + 3_600_000);

describe('a group of a domain', () => {
  let corp: Corp;
  let connector: Connector;
  let admins: string;
  beforeAll(async () => {
    corp = await openCorp();
    connector = corp.open();
    admins = `CN=Domain Admins,${corp.directory.usersDn}`;
  }, 120_000);
  afterAll(() => corp?.close());

  const own = (login: string): Elevation => ({ grant: 'G-8F3KQ2', group: admins, login, as: 'own' });
  const jit = (grant: string): Elevation => ({
    grant,
    group: admins,
    login: `kt-${grant.slice(2).toLowerCase()}`,
    as: 'jit',
  });
  const trouble = (call: Promise<unknown> | undefined) =>
    troubleOf(Promise.resolve(call), [OWN_PASSWORD, PASSWORD.reveal()]);
  const isAdmin = (login: string) => corp.directory.memberOf(login, 'Domain Admins');

  test('has the person in it while it is lent, and what is read there says so', async () => {
    await corp.directory.makeUser('tess', PASSWORD.reveal());
    const before = await corp.directory.members(admins);
    expect(await connector.elevate?.(own('tess'), until(), null)).toEqual({
      ...{ login: 'tess', group: admins, member: true },
      ...{ standing: false, nested: false, endsByItself: false },
    });
    expect(await isAdmin('tess')).toBe(true);
    expect(await connector.withdraw?.(own('tess'))).toEqual({
      ...{ login: 'tess', group: admins, member: false, nested: false },
    });
    expect((await corp.directory.members(admins)).sort()).toEqual(before.sort());
  });

  test('says of a person who was in it all along that they were', async () => {
    const dn = await corp.directory.makeUser('lena', PASSWORD.reveal());
    await corp.directory.addMember(admins, dn);
    expect(await connector.elevate?.(own('lena'), until(), null)).toMatchObject({
      standing: true,
      nested: false,
    });
    expect(await connector.withdraw?.(own('lena'))).toMatchObject({ member: false });
    expect(await isAdmin('lena')).toBe(false);
  });

  test('says of a person who is in it through another that they still are, and leaves the other alone', async () => {
    const dn = await corp.directory.makeUser('sana', PASSWORD.reveal());
    const inner = await corp.directory.makeGroup('Inner');
    const middle = await corp.directory.makeGroup('Middle');
    await corp.directory.addMember(inner, dn);
    await corp.directory.addMember(middle, inner);
    await corp.directory.addMember(admins, middle);
    expect(await connector.elevate?.(own('sana'), until(), null)).toMatchObject({
      standing: false,
      nested: true,
    });
    expect(await isAdmin('sana')).toBe(true);
    expect(await connector.withdraw?.(own('sana'))).toMatchObject({ member: false, nested: true });
    expect(await isAdmin('sana')).toBe(false);
    expect(await corp.directory.members(inner)).toEqual([dn]);
    expect(await corp.directory.members(admins)).toContain(middle);
  });

  test('can be named by its short name', async () => {
    await corp.directory.makeUser('noor', PASSWORD.reveal());
    const what = { ...own('noor'), group: 'Domain Admins' };
    await connector.elevate?.(what, until(), null);
    expect(await isAdmin('noor')).toBe(true);
    await connector.withdraw?.(what);
    expect(await isAdmin('noor')).toBe(false);
    for (const group of ['Domain*', 'tess', 'CN=tess,CN=Users,DC=corp,DC=test', 'CN=,=', ''])
      expect(await trouble(connector.elevate?.({ ...what, group }, until(), null))).toBe('missing');
  });

  test('is not lent by a sign-in of Keyturn’s without the right to it', async () => {
    await corp.directory.makeUser('ivy', PASSWORD.reveal());
    const dn = await corp.directory.makeUser('reader', OWN_PASSWORD);
    expect(await trouble(corp.open({ bind_dn: dn }).elevate?.(own('ivy'), until(), null))).toBe(
      'not-allowed',
    );
    expect(await isAdmin('ivy')).toBe(false);
    await corp.directory.addMember(admins, (await corp.directory.entry('ivy'))?.dn ?? '');
    expect(await trouble(corp.open({ bind_dn: dn }).withdraw?.(own('ivy')))).toBe('not-allowed');
    expect(await isAdmin('ivy')).toBe(true);
  });

  test('a login made for a grant says whose it is, and ends by itself', async () => {
    const what = jit('G-8F3KQ2');
    const end = until();
    const read = await connector.elevate?.(what, end, PASSWORD);
    expect(read).toMatchObject({
      login: 'kt-8f3kq2',
      made: true,
      signsIn: true,
      member: true,
      standing: false,
    });
    const entry = await corp.directory.entry('kt-8f3kq2');
    expect(entry).toMatchObject({
      dn: `CN=kt-8f3kq2,${corp.directory.usersDn}`,
      userPrincipalName: 'kt-8f3kq2@corp.test',
      userAccountControl: '512',
      description: expect.stringContaining('Made by Keyturn for grant G-8F3KQ2'),
    });
    const expires = Number(BigInt(String(entry?.accountExpires)) / 10_000n - 11_644_473_600_000n);
    expect(expires).toBeGreaterThanOrEqual(end.getTime());
    expect(expires).toBeLessThan(end.getTime() + 600_000);
    expect(await connector.withdraw?.(what)).toMatchObject({ exists: false, member: false });
    expect(await corp.directory.entry('kt-8f3kq2')).toBeNull();
  });

  test('no login is made in a group that isn’t there, or against the domain’s rules', async () => {
    const nowhere = { ...jit('G-8F3KQ3'), group: `CN=Nobody,${corp.directory.usersDn}` };
    expect(await trouble(connector.elevate?.(nowhere, until(), PASSWORD))).toBe('missing');
    expect(await corp.directory.entry('kt-8f3kq3')).toBeNull();
    const weak = jit('G-8F3KQ4');
    expect(await trouble(connector.elevate?.(weak, until(), new Secret('abcxyz')))).toBe('refused');
    expect(await corp.directory.signIn('kt-8f3kq4', 'abcxyz')).not.toBe('works');
    expect(await connector.jitLogins?.()).toEqual([{ login: 'kt-8f3kq4', grant: 'G-8F3KQ4' }]);
    await connector.withdraw?.(weak);
    expect(await corp.directory.entry('kt-8f3kq4')).toBeNull();
  });

  test('a login that others gave such a name to is neither listed nor taken over', async () => {
    await corp.directory.makeUser('kt-server', PASSWORD.reveal());
    expect(await connector.jitLogins?.()).toEqual([]);
    const other = new Secret('Another-8-password');
    expect(await trouble(connector.elevate?.(jit('G-SERVER'), until(), other))).toBe('refused');
    expect(await corp.directory.signIn('kt-server', PASSWORD.reveal())).toBe('works');
    expect(await isAdmin('kt-server')).toBe(false);
  });

  test('no call makes or removes a login whose name isn’t its grant’s', async () => {
    await corp.directory.makeUser('victim', PASSWORD.reveal());
    for (const login of ['victim', 'kt-server', '']) {
      const what = { ...jit('G-8F3KQ5'), login };
      expect(await trouble(connector.elevate?.(what, until(), PASSWORD))).toBe('refused');
      expect(await trouble(connector.withdraw?.(what))).toBe('refused');
    }
    expect(await corp.directory.signIn('victim', PASSWORD.reveal())).toBe('works');
    expect(await corp.directory.signIn('kt-server', PASSWORD.reveal())).toBe('works');
  });

  test('a holder who moves the login, renames it, rewords it or builds below it doesn’t keep it', async () => {
    const what = jit('G-8F3KQ6');
    await connector.elevate?.(what, until(), PASSWORD);
    const ou = await corp.directory.makeOu('Hidden');
    await corp.directory.move(`CN=kt-8f3kq6,${corp.directory.usersDn}`, `CN=Somebody else,${ou}`);
    const moved = `CN=Somebody else,${ou}`;
    await corp.directory.set(moved, 'description', 'Ours for ever');
    await corp.directory.set(moved, 'accountExpires', '0');
    await corp.directory.add(`CN=below,${moved}`, { objectClass: 'classStore' });
    await connector.withdraw?.(what);
    expect(await corp.directory.entry('kt-8f3kq6')).toBeNull();
    expect(await corp.directory.signIn('kt-8f3kq6', PASSWORD.reveal())).toBe('52e');
    expect(await corp.directory.members(admins)).not.toContain(moved);
  });
});
