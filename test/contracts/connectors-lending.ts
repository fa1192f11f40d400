/** What every connector keeps that lends groups: a person’s own login, or one made for the grant. */

import { expect, test } from 'vitest';
import { elevate, lend, type Stage, withdraw } from './connector-stage.js';

export function lendingAGroup(stage: Stage): void {
  test('a person’s login is in the group while it is lent, and not before or after', async () => {
    const { login, password } = await stage.login();
    const what = stage.elevation(login);
    expect(await stage.world.memberOf(login, what.group)).toBe(false);
    for (const _ of ['first', 'again']) {
      stage.expectReading(await elevate(stage, what, null));
      expect(await stage.world.memberOf(login, what.group)).toBe(true);
    }
    for (const _ of ['first', 'again']) {
      stage.expectReading(await withdraw(stage, what));
      expect(await stage.world.memberOf(login, what.group)).toBe(false);
    }
    expect(await stage.world.signsIn(login, password.reveal())).toBe(true);
  });

  test('a login or a group that isn’t there can’t be lent; taking it back is done already', async () => {
    const nobody = stage.elevation(stage.freshName());
    expect(await stage.trouble(elevate(stage, nobody, null))).toBe('missing');
    stage.expectReading(await withdraw(stage, nobody));
    const { login } = await stage.login();
    const nowhere = { ...stage.elevation(login), group: stage.world.group.replace(/[a-z]+/i, '$&xyz') };
    expect(await stage.trouble(elevate(stage, nowhere, null))).toBe('missing');
  });

  test('a lending cut off anywhere can be done again, or taken back', async () => {
    const { login } = await stage.login();
    const what = stage.elevation(login);
    await stage.cutAnywhere(
      () => elevate(stage, what, null),
      async (n) => {
        if (n % 2 === 0) await elevate(stage, what, null);
        await withdraw(stage, what);
        expect(await stage.world.memberOf(login, what.group)).toBe(false);
      },
    );
    await elevate(stage, what, null);
    await stage.cutAnywhere(
      () => withdraw(stage, what),
      async () => {
        await withdraw(stage, what);
        expect(await stage.world.memberOf(login, what.group)).toBe(false);
        await elevate(stage, what, null);
      },
    );
  });

  test('a group can’t be lent or taken back while its target is out of reach', async () => {
    const { login } = await stage.login();
    const what = stage.elevation(login);
    stage.world.line.takeDown('drops');
    try {
      expect(await stage.trouble(elevate(stage, what, null))).toBe('unreachable');
      expect(await stage.trouble(withdraw(stage, what))).toBe('unreachable');
    } finally {
      stage.world.line.bringUp();
    }
    expect(await stage.trouble(lend(stage.world.stranger, what, null))).toBe('not-allowed');
  });
}

export function lendingALogin(stage: Stage): void {
  test('a login made for a grant signs in and is in the group, and afterwards is gone', async () => {
    const what = stage.jit();
    const password = await stage.password(what.login);
    for (const _ of ['first', 'again']) {
      stage.expectReading(await elevate(stage, what, password));
      expect(await stage.world.signsIn(what.login, password.reveal())).toBe(true);
      expect(await stage.world.memberOf(what.login, what.group)).toBe(true);
    }
    for (const _ of ['first', 'again']) {
      stage.expectReading(await withdraw(stage, what));
      expect(await stage.world.exists(what.login)).toBe(false);
      expect(await stage.world.signsIn(what.login, password.reveal())).toBe(false);
    }
  });

  test('made again with another password, the login has only that one', async () => {
    const what = stage.jit();
    const first = await stage.password(what.login);
    const second = await stage.password(what.login);
    await elevate(stage, what, first);
    await elevate(stage, what, second);
    expect(await stage.world.signsIn(what.login, second.reveal())).toBe(true);
    expect(await stage.world.signsIn(what.login, first.reveal())).toBe(false);
    await withdraw(stage, what);
  });

  test('the making of a login cut off anywhere can be finished, or leaves no login once taken back', async () => {
    const what = stage.jit();
    const password = await stage.password(what.login);
    await stage.cutAnywhere(
      () => elevate(stage, what, password),
      async (n) => {
        if (n % 3 === 0) {
          await elevate(stage, what, password);
          expect(await stage.world.signsIn(what.login, password.reveal())).toBe(true);
          expect(await stage.world.memberOf(what.login, what.group)).toBe(true);
        }
        await withdraw(stage, what);
        expect(await stage.world.exists(what.login)).toBe(false);
      },
    );
  });

  test('the removal of a login cut off anywhere is finished when it is done again', async () => {
    const what = stage.jit();
    const password = await stage.password(what.login);
    await elevate(stage, what, password);
    await stage.cutAnywhere(
      () => withdraw(stage, what),
      async () => {
        await withdraw(stage, what);
        expect(await stage.world.exists(what.login)).toBe(false);
        await elevate(stage, what, password);
      },
    );
    await withdraw(stage, what);
  });
}

export function listing(stage: Stage): void {
  test('the logins made for grants are listed, and nobody else’s', async () => {
    const others = 'kt-backup';
    const password = await stage.password(others);
    await stage.world.make(others, password.reveal());
    const made = [stage.jit(), stage.jit()];
    for (const what of made) await elevate(stage, what, await stage.password(what.login));
    const list = async () => [...((await stage.connector.jitLogins?.()) ?? [])].map(asText).sort();
    expect(await list()).toEqual(made.map(asText).sort());
    for (const what of made) await withdraw(stage, what);
    expect(await list()).toEqual([]);
    expect(await stage.world.signsIn(others, password.reveal())).toBe(true);
  });
}

function asText(each: { readonly login: string; readonly grant: string }): string {
  return `${each.login} for ${each.grant}`;
}
