/** What is Active Directory's own about passwords: the old one that it goes on taking, its rules, and who may not sign in. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../../src/config/secret.js';
import type { Connector } from '../../../src/connectors/connector.js';
import { troubleOf } from '../../support/trouble.js';
import { type Corp, OWN_PASSWORD, openCorp } from './world.js';

const FIRST = new Secret('The-first-1-password');
const SECOND = new Secret('The-second-2-password');

describe('in a domain', () => {
  let corp: Corp;
  let connector: Connector;
  beforeAll(async () => {
    corp = await openCorp();
    connector = corp.open();
  }, 120_000);
  afterAll(() => corp?.close());

  const trouble = (call: Promise<unknown>, ...secrets: string[]) =>
    troubleOf(call, [OWN_PASSWORD, FIRST.reveal(), SECOND.reveal(), ...secrets]);
  const drawn = async (login: string) => {
    const password = await connector.newPassword?.(login);
    if (!password) throw new Error('no password was drawn');
    return password;
  };

  test('one reset leaves the old password working, and Keyturn’s change does not', async () => {
    const dn = await corp.directory.makeUser('once', FIRST.reveal());
    await corp.directory.setPassword(dn, SECOND.reveal());
    expect(await corp.directory.signIn('once', FIRST.reveal())).toBe('works');
    await corp.directory.makeUser('twice', FIRST.reveal());
    const read = await connector.rotate('twice', SECOND, FIRST);
    expect(read).toMatchObject({ login: 'twice', accepted: true, signsIn: true, oldRefused: true });
    expect(await corp.directory.signIn('twice', FIRST.reveal())).toBe('52e');
    expect(await corp.directory.signIn('twice', SECOND.reveal())).toBe('works');
  });

  test('a change after somebody else’s leaves neither of the passwords before it working', async () => {
    const dn = await corp.directory.makeUser('meddled', FIRST.reveal());
    await corp.directory.setPassword(dn, SECOND.reveal());
    const third = await drawn('meddled');
    await connector.rotate('meddled', third, FIRST);
    expect(await corp.directory.signIn('meddled', FIRST.reveal())).toBe('52e');
    expect(await corp.directory.signIn('meddled', SECOND.reveal())).toBe('52e');
    expect(await corp.directory.signIn('meddled', third.reveal())).toBe('works');
  });

  test('a password against its rules is refused, and the old one goes on working', async () => {
    await corp.directory.makeUser('weak', FIRST.reveal());
    expect(await trouble(connector.rotate('weak', new Secret('abcxyz'), FIRST), 'abcxyz')).toBe('refused');
    expect(await trouble(connector.rotate('weak', new Secret(''), FIRST))).toBe('refused');
    expect(await corp.directory.signIn('weak', FIRST.reveal())).toBe('works');
  });

  test('a login switched off at rest refuses its password, which can be changed all the same', async () => {
    const dn = await corp.directory.makeUser('rests', FIRST.reveal());
    expect(await connector.disable?.('rests')).toMatchObject({ login: 'rests', enabled: false });
    expect(await corp.directory.signIn('rests', FIRST.reveal())).toBe('533');
    expect(await connector.verify('rests', FIRST)).toBe('refused');
    const read = await connector.rotate('rests', SECOND, FIRST);
    expect(read).toMatchObject({ accepted: true, signsIn: false, reason: '533', oldRefused: true });
    expect(await corp.directory.signIn('rests', SECOND.reveal())).toBe('533');
    const until = new Date(Date.now() + 3_600_000);
    expect(await connector.enable?.('rests', until)).toMatchObject({ enabled: true });
    expect(await corp.directory.signIn('rests', SECOND.reveal())).toBe('works');
    await corp.directory.set(dn, 'accountExpires', '132000000000000000');
    expect(await corp.directory.signIn('rests', SECOND.reveal())).toBe('701');
  });

  test('a login that is switched on ends by itself, whatever becomes of Keyturn', async () => {
    await corp.directory.makeUser('ends', FIRST.reveal());
    await connector.enable?.('ends', new Date(Date.now() - 3_600_000));
    expect(await corp.directory.signIn('ends', FIRST.reveal())).toBe('701');
  });

  test('a login that guessing has locked out is let in with its new password', async () => {
    await corp.domain.tool('domain', 'passwordsettings', 'set', '--account-lockout-threshold=2');
    try {
      await corp.directory.makeUser('guessed', FIRST.reveal());
      await corp.directory.signIn('guessed', 'Not-this-1');
      await corp.directory.signIn('guessed', 'Nor-that-2');
      expect(await corp.directory.signIn('guessed', FIRST.reveal())).toBe('775');
      expect(await connector.verify('guessed', FIRST)).toBe('refused');
      await connector.rotate('guessed', SECOND, null);
      expect(await corp.directory.signIn('guessed', SECOND.reveal())).toBe('works');
    } finally {
      await corp.domain.tool('domain', 'passwordsettings', 'set', '--account-lockout-threshold=0');
    }
  });

  test('passwords are drawn by its rules, however long it wants them', async () => {
    await corp.directory.makeUser('long', FIRST.reveal());
    const usual = await drawn('long');
    await connector.rotate('long', usual, FIRST);
    await corp.domain.tool('domain', 'passwordsettings', 'set', '--min-pwd-length=14');
    await corp.directory.set(corp.domain.baseDn, 'minPwdLength', '60');
    try {
      expect(await trouble(connector.rotate('long', usual, usual), usual.reveal())).toBe('refused');
      const long = await drawn('long');
      expect(long.reveal().length).toBeGreaterThanOrEqual(60);
      await connector.rotate('long', long, usual);
      expect(await corp.directory.signIn('long', long.reveal())).toBe('works');
    } finally {
      await corp.directory.set(corp.domain.baseDn, 'minPwdLength', '7');
    }
  });

  test('a login’s own stricter rules are kept too', async () => {
    await corp.directory.makeUser('strict', FIRST.reveal());
    await corp.domain.tool(
      ...['domain', 'passwordsettings', 'pso', 'create', 'strict', '1', '--min-pwd-length=45'],
      '--complexity=on',
    );
    await corp.domain.tool('domain', 'passwordsettings', 'pso', 'apply', 'strict', 'strict');
    const password = await drawn('strict');
    expect(password.reveal().length).toBeGreaterThanOrEqual(45);
    await connector.rotate('strict', password, FIRST);
    expect(await corp.directory.signIn('strict', password.reveal())).toBe('works');
  });

  test('no two passwords drawn are the same, and none has the login’s name in it', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => drawn('abc')));
    expect(new Set(all.map((each) => each.reveal())).size).toBe(20);
    for (const each of all) expect(each.reveal().toLowerCase()).not.toContain('abc');
  });

  test('what hangs on a login’s password is listed', async () => {
    const spns = ['HTTP/intranet.corp.test', 'MSSQLSvc/sql1.corp.test:1433'];
    await corp.directory.makeUser('svc-sql', FIRST.reveal(), { servicePrincipalName: spns });
    await corp.directory.makeUser('plain', FIRST.reveal());
    expect([...((await connector.dependencies?.('svc-sql')) ?? [])].sort()).toEqual(spns);
    expect(await connector.dependencies?.('plain')).toEqual([]);
    expect(await trouble(Promise.resolve(connector.dependencies?.('nobody')))).toBe('missing');
  });

  test('a sign-in of Keyturn’s without the right to change a password changes none', async () => {
    await corp.directory.makeUser('held', FIRST.reveal());
    const dn = await corp.directory.makeUser('reader', OWN_PASSWORD);
    const reader = corp.open({ bind_dn: dn });
    expect(await reader.verify('held', FIRST)).toBe('works');
    expect(await trouble(reader.rotate('held', SECOND, FIRST))).toBe('not-allowed');
    expect(await corp.directory.signIn('held', FIRST.reveal())).toBe('works');
  });
});
