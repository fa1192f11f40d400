/**
 * What every connector keeps, whatever it reaches: the one suite that each of them passes over a real target. The test
 * file of a connector calls `connectorContract`; what is true at the target is always asked without the connector.
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../src/config/secret.js';
import type { Connector } from '../../src/connectors/connector.js';
import { inAnHour, Stage, type TargetWorld } from './connector-stage.js';
import { lendingAGroup, lendingALogin, listing } from './connectors-lending.js';

export type { TargetWorld };

/** The optional methods of a connector. */
export type Optional = Exclude<keyof Connector, 'verify' | 'rotate' | 'close'>;

const OPTIONAL: readonly Optional[] = [
  'elevate',
  'withdraw',
  'enable',
  'disable',
  'endSessions',
  'dependencies',
  'jitLogins',
  'newPassword',
];

/**
 * Registers the suite.
 *
 * @param can the optional methods that this connector has; those of the others are not registered.
 */
export function connectorContract(
  name: string,
  openWorld: () => Promise<TargetWorld>,
  can: readonly Optional[],
): void {
  describe(`the ${name} connector`, { timeout: 300_000 }, () => {
    const stage = new Stage();
    beforeAll(async () => stage.open(await openWorld()), 120_000);
    afterAll(() => stage.world?.close());

    test('has the optional methods that are tried here, and no others', () => {
      expect(OPTIONAL.filter((each) => stage.connector[each] !== undefined).sort()).toEqual([...can].sort());
    });
    verifying(stage);
    rotating(stage);
    outOfReach(stage);
    if (can.includes('elevate')) {
      lendingAGroup(stage);
      lendingALogin(stage);
    }
    if (can.includes('jitLogins')) listing(stage);
    if (can.includes('disable')) switching(stage);
  });
}

function verifying(stage: Stage): void {
  test('a password that signs in is said to work, and any other to be refused', async () => {
    const { login, password } = await stage.login();
    expect(await stage.connector.verify(login, password)).toBe('works');
    expect(await stage.connector.verify(login, await stage.password(login))).toBe('refused');
    expect(await stage.connector.verify(login, new Secret(''))).toBe('refused');
    expect(await stage.connector.verify(stage.freshName(), password)).toBe('refused');
  });
}

function rotating(stage: Stage): void {
  test('after a change the new password signs in, and none of those before it does', async () => {
    const { login, password: first } = await stage.login();
    const second = await stage.password(login);
    const third = await stage.password(login);
    stage.expectReading(await stage.connector.rotate(login, second, first));
    expect(await stage.world.signsIn(login, second.reveal())).toBe(true);
    expect(await stage.world.signsIn(login, first.reveal())).toBe(false);
    await stage.connector.rotate(login, third, second);
    expect(await stage.world.signsIn(login, third.reveal())).toBe(true);
    expect(await stage.world.signsIn(login, second.reveal())).toBe(false);
    expect(await stage.world.signsIn(login, first.reveal())).toBe(false);
  });

  test('a password that nobody knew is changed too', async () => {
    const { login, password } = await stage.login();
    const to = await stage.password(login);
    await stage.connector.rotate(login, to, null);
    expect(await stage.world.signsIn(login, to.reveal())).toBe(true);
    expect(await stage.world.signsIn(login, password.reveal())).toBe(false);
  });

  test('the same change done again, or three times at once, does no harm', async () => {
    const { login, password } = await stage.login();
    const to = await stage.password(login);
    await Promise.all([1, 2, 3].map(() => stage.connector.rotate(login, to, password)));
    expect(await stage.world.signsIn(login, to.reveal())).toBe(true);
    expect(await stage.world.signsIn(login, password.reveal())).toBe(false);
    await stage.connector.rotate(login, to, password);
    await stage.connector.rotate(login, to, to);
    expect(await stage.world.signsIn(login, to.reveal())).toBe(true);
    expect(await stage.world.signsIn(login, password.reveal())).toBe(false);
  });

  test('a change cut off anywhere leaves one of the two passwords working, and done again it is done', async () => {
    const { login, password } = await stage.login();
    let from = password;
    let to = await stage.password(login);
    await stage.cutAnywhere(
      () => stage.connector.rotate(login, to, from),
      async () => {
        const either =
          (await stage.world.signsIn(login, from.reveal())) ||
          (await stage.world.signsIn(login, to.reveal()));
        expect(either).toBe(true);
        await stage.connector.rotate(login, to, from);
        expect(await stage.world.signsIn(login, to.reveal())).toBe(true);
        expect(await stage.world.signsIn(login, from.reveal())).toBe(false);
        from = to;
        to = await stage.password(login);
      },
    );
  });

  test('the password of a login that isn’t there can’t be changed', async () => {
    const login = stage.freshName();
    expect(await stage.trouble(stage.connector.rotate(login, await stage.password(login), null))).toBe(
      'missing',
    );
    expect(await stage.world.exists(login)).toBe(false);
  });
}

function outOfReach(stage: Stage): void {
  test.each(['drops', 'silent'] as const)(
    'a target out of reach (%s) is said to be unreachable, in time',
    async (how) => {
      const { login, password } = await stage.login();
      const to = await stage.password(login);
      const hasty = stage.world.hasty ?? stage.connector;
      stage.world.line.takeDown(how);
      try {
        const since = performance.now();
        expect(await stage.trouble(hasty.verify(login, password))).toBe('unreachable');
        expect(await stage.trouble(hasty.rotate(login, to, password))).toBe('unreachable');
        expect(performance.now() - since).toBeLessThan(2 * stage.world.limitMs + 1_000);
      } finally {
        stage.world.line.bringUp();
      }
      await stage.connector.rotate(login, to, password);
      expect(await stage.world.signsIn(login, to.reveal())).toBe(true);
    },
  );

  test('a system secret that is refused is said to be so, and nothing changes', async () => {
    const { login, password } = await stage.login();
    const to = await stage.password(login);
    expect(await stage.trouble(stage.world.stranger.rotate(login, to, password))).toBe('not-allowed');
    expect(await stage.world.signsIn(login, password.reveal())).toBe(true);
  });
}

function switching(stage: Stage): void {
  test('a login that is switched off signs in with nothing, and switched on with its password again', async () => {
    const { login, password } = await stage.login();
    for (const _ of ['first', 'again']) {
      stage.expectReading((await stage.connector.disable?.(login)) ?? {});
      expect(await stage.world.signsIn(login, password.reveal())).toBe(false);
      expect(await stage.connector.verify(login, password)).toBe('refused');
    }
    for (const _ of ['first', 'again']) {
      stage.expectReading((await stage.connector.enable?.(login, inAnHour())) ?? {});
      expect(await stage.world.signsIn(login, password.reveal())).toBe(true);
    }
  });

  test('the password of a login that is switched off can be changed, and the login stays off', async () => {
    const { login, password } = await stage.login();
    const to = await stage.password(login);
    await stage.connector.disable?.(login);
    await stage.connector.rotate(login, to, password);
    expect(await stage.world.signsIn(login, to.reveal())).toBe(false);
    await stage.connector.enable?.(login, inAnHour());
    expect(await stage.world.signsIn(login, to.reveal())).toBe(true);
    expect(await stage.world.signsIn(login, password.reveal())).toBe(false);
  });

  test('a login that isn’t there can’t be switched', async () => {
    const nobody = stage.freshName();
    const { connector } = stage;
    expect(await stage.trouble(Promise.resolve(connector.enable?.(nobody, inAnHour())))).toBe('missing');
    expect(await stage.trouble(Promise.resolve(connector.disable?.(nobody)))).toBe('missing');
  });
}
