/** Which login is meant: exactly the one that is named, whatever the name has in it. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../../src/config/secret.js';
import type { Connector } from '../../../src/connectors/connector.js';
import { troubleOf } from '../../support/trouble.js';
import { type Corp, OWN_PASSWORD, openCorp } from './world.js';

const FIRST = new Secret('The-first-1-password');
const SECOND = new Secret('The-second-2-password');

describe('a login is found', () => {
  let corp: Corp;
  let connector: Connector;
  beforeAll(async () => {
    corp = await openCorp();
    connector = corp.open();
    await corp.directory.makeUser('tess', FIRST.reveal(), { userPrincipalName: 'tess.tickle@acme.example' });
  }, 120_000);
  afterAll(() => corp?.close());

  const trouble = (call: Promise<unknown>) =>
    troubleOf(call, [OWN_PASSWORD, FIRST.reveal(), SECOND.reveal()]);

  test.each(['tess', 'TESS', 'CORP\\tess', '.\\tess', 'tess.tickle@acme.example', 'tess@corp.test'])(
    'by any name that it goes by: %s',
    async (login) => {
      expect(await connector.verify(login, FIRST)).toBe('works');
      expect(await connector.dependencies?.(login)).toEqual([]);
    },
  );

  test.each([
    '*',
    't*',
    'tess)(objectClass=*',
    '*)(sAMAccountName=Administrator',
    'tess)(|(cn=*',
    '\\2a',
    'tess\u0000',
    'téss',
    'tess@elsewhere.example',
    '@',
    '',
    'CN=tess,CN=Users,DC=corp,DC=test',
  ])('by no name that only matches or contains it: %j', async (login) => {
    expect(await connector.verify(login, FIRST)).toBe('refused');
    expect(await trouble(connector.rotate(login, SECOND, FIRST))).toBe('missing');
    expect(await trouble(Promise.resolve(connector.disable?.(login)))).toBe('missing');
    expect(await corp.directory.signIn('tess', FIRST.reveal())).toBe('works');
  });

  test('where its distinguished name is full of signs, and so is its group’s', async () => {
    const { directory } = corp;
    const ou = await directory.makeOu('R\\26D \\"east\\"\\, \\+ more (new) *');
    const user = `CN=Doe\\, Jane \\#1 \\<x\\> é/ (temp) *,${ou}`;
    const group = `CN=Ops\\+Admins\\; (all) *\\\\,${ou}`;
    await directory.makeUserAt(user, 'jdoe', FIRST.reveal());
    await directory.add(group, { objectClass: 'group', sAMAccountName: 'opsadmins' });
    await connector.rotate('jdoe', SECOND, FIRST);
    expect(await directory.signIn('jdoe', SECOND.reveal())).toBe('works');
    const what = { grant: 'G-8F3KQ2', group, login: 'jdoe', as: 'own' } as const;
    await connector.elevate?.(what, new Date(Date.now() + 60_000), null);
    expect(await directory.memberOf('jdoe', 'opsadmins')).toBe(true);
    await connector.withdraw?.(what);
    expect(await directory.memberOf('jdoe', 'opsadmins')).toBe(false);
    const jit = corp.open({ jit_ou: ou });
    const made = { ...what, login: 'kt-8f3kq2', as: 'jit' } as const;
    await jit.elevate?.(made, new Date(Date.now() + 60_000), SECOND);
    expect((await directory.entry('kt-8f3kq2'))?.dn).toMatch(/^CN=kt-8f3kq2,OU=R&D/);
    expect(await directory.memberOf('kt-8f3kq2', 'opsadmins')).toBe(true);
    await jit.withdraw?.(made);
    expect(await directory.entry('kt-8f3kq2')).toBeNull();
  });
});
