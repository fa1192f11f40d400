/** kill -9 while something stands at a client's system, or is being changed there: what has ended is taken back all the same. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Deployment, openDeployment, type Replica } from '../support/deployment.js';
import { freePort } from '../support/postgres-server.js';
import { openPostgresTarget, type PostgresTarget, withPostgres } from '../support/postgres-target.js';
import { CONFIG, idIn } from '../support/world.js';

/** Longer than the lease of whoever was killed at work. */
const LEASE = 70;
const LENA = ['--as', 'lena@northwind.example'];

describe('a client’s system, and a Keyturn that is killed', () => {
  let keyturn: Deployment;
  let target: PostgresTarget;
  let replica: Replica;
  let folder: string;
  let env: Record<string, string>;
  beforeAll(async () => {
    [keyturn, target] = await Promise.all([openDeployment(), openPostgresTarget('the first password')]);
    folder = await mkdtemp(join(tmpdir(), 'keyturn-custody-'));
    env = { KEYTURN_CONFIG: join(folder, 'keyturn.yaml') };
    await writeFile(env.KEYTURN_CONFIG as string, withPostgres(target)(await readFile(CONFIG, 'utf8')));
    replica = await keyturn.start({ env });
    for (const [name, input] of [
      ['acme/acme-books', target.secret],
      ['acme/books', 'the first password'],
    ] as const)
      expect(await keyturn.keyturn(['secret', 'set', name, ...LENA], { env, input })).toMatchObject({
        code: 0,
      });
  }, 120_000);
  afterAll(async () => {
    await keyturn.close();
    await target.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A process ends with the test that started it, so each begins with one that found things as they were left. */
  beforeEach(async () => {
    if (replica.running.child.exitCode ?? replica.running.child.signalCode)
      replica = await keyturn.start({ env });
  }, 60_000);

  const killed = async () => {
    await replica.running.kill('SIGKILL');
  };

  test('killed while a login is lent a group: after the restart the membership is gone, and that is on record', async () => {
    const tess = keyturn.person('Tess');
    const grant = idIn(await tess.hears('acme/readers 30m reading'), 'G');
    await tess.receives('is in the group now', grant);
    expect(await target.isMember(target.mate)).toBe(true);
    await killed();
    await keyturn.wait(31 * 60);
    expect(await target.isMember(target.mate)).toBe(true);
    replica = await keyturn.start({ env });
    await tess.receives('Taken back, checked at the target', grant);
    expect(await target.isMember(target.mate)).toBe(false);
    const trail = await keyturn.rows<{ data: { readBack: string } }>(
      `select data from keyturn.audit_events where subject = $1 and action = 'revocation.done'`,
      [grant],
    );
    expect(trail).toMatchObject([{ data: { readBack: 'the login is not in the group any more' } }]);
  }, 120_000);

  test.each([1, 2, 3])(
    'killed at any instant of changing a password: the vault knows the one in force, and the shown one is dead (%i)',
    async () => {
      const luis = keyturn.person('Luis');
      const grant = idIn(await luis.hears('acme/books 30m month end'), 'G');
      const shown = await luis.reveals(grant);
      expect(await target.signsIn(target.login, shown)).toBe(true);
      await luis.types(`return ${grant}`);
      await later(Math.random() * 250);
      await killed();
      await keyturn.wait(LEASE);
      replica = await keyturn.start({ env });
      await luis.receives('Taken back, checked at the target', grant);
      expect(await target.signsIn(target.login, shown)).toBe(false);
    },
    120_000,
  );

  test('a target that is away for half an hour: the end survives a restart, the leads are alarmed, and it is done soon after its return', async () => {
    const [tess, lena] = [keyturn.person('Tess'), keyturn.person('Lena')];
    const grant = idIn(await tess.hears('acme/readers 30m reading on'), 'G');
    await tess.receives('is in the group now', grant);
    target.line.takeDown('drops');
    await tess.types(`return ${grant}`);
    await tess.receives('Not taken back yet', grant);
    await killed();
    await keyturn.wait(15 * 60);
    const admin = String(await freePort());
    replica = await keyturn.start({ env: { ...env, ADMIN_PORT: admin } });
    const counted = async () => {
      const metrics = await (await fetch(`http://127.0.0.1:${admin}/metrics`)).text();
      return Number(/^keyturn_revocations_stuck (\d+)$/m.exec(metrics)?.[1]);
    };
    expect(await counted()).toBe(0);
    await keyturn.wait(15 * 60);
    await lena.receives('Not taken back: a target doesn’t do what it has to', 'acme-books');
    expect(await counted()).toBe(1);
    expect(await target.isMember(target.mate)).toBe(true);
    target.line.bringUp();
    await keyturn.wait(60);
    await tess.receives('Taken back, checked at the target', grant);
    expect(await target.isMember(target.mate)).toBe(false);
    expect(await counted()).toBe(0);
  }, 120_000);

  test('a login that no grant stands behind is found by its name and removed, and nobody else’s is touched', async () => {
    await killed();
    const orphan = 'kt-0rphan'.replace('o', '0');
    await target.asAdmin(
      `create role "${orphan}" login in role ${target.group} admin ${target.owner};
       comment on role "${orphan}" is 'Keyturn G-0RPHAN';
       create role "kt-backup-${target.group}" login`,
    );
    replica = await keyturn.start({ env });
    const removed = `select data->>'login' as login from keyturn.audit_events where action = 'orphan.removed'`;
    await vi.waitFor(async () => expect(await keyturn.rows(removed)).toEqual([{ login: orphan }]), {
      timeout: 20_000,
    });
    expect(await target.exists(orphan)).toBe(false);
    expect(await target.exists(`kt-backup-${target.group}`)).toBe(true);
    await target.asAdmin(`drop role "kt-backup-${target.group}"`);
  }, 120_000);
});
