/** Sessions on two replicas, as an operator runs them: a revoke reaches both, and a bastion that is killed leaves nobody inside. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostKeyOf, openServer, sessionsOf, withServer } from '../support/brokered.js';
import { type Deployment, openDeployment, type Replica } from '../support/deployment.js';
import { freePort } from '../support/postgres-server.js';
import { connects, takes, ticketIn } from '../support/sessions.js';
import { type Running, SshPrograms } from '../support/ssh-program.js';
import type { Sshd } from '../support/sshd.js';
import { CONFIG, everythingStored, leaks, passwordOf } from '../support/world.js';

/** Longer than a replica that says nothing is waited for. */
const SILENCE = 25;
const SECRET = passwordOf('acme', 'web1-ops');

describe('a bastion on two replicas', () => {
  let keyturn: Deployment;
  let sshd: Sshd;
  let folder: string;
  const doors: { replica: Replica; programs: SshPrograms }[] = [];

  beforeAll(async () => {
    [keyturn, sshd] = await Promise.all([openDeployment(), openServer()]);
    folder = await mkdtemp(join(tmpdir(), 'keyturn-brokered-'));
    await writeFile(join(folder, 'keyturn.yaml'), withServer(sshd)(await readFile(CONFIG, 'utf8')));
    doors.push(await opens(), await opens());
    await keyturn.fillVault();
    await keyturn.person('Lena').hears('help');
  }, 120_000);
  afterAll(async () => {
    for (const { programs } of doors) await programs.close();
    await keyturn.close();
    await sshd.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** One more replica; all of them show one host key. */
  const opens = async () => {
    const port = await freePort();
    const env = { KEYTURN_CONFIG: join(folder, 'keyturn.yaml'), SSH_PORT: String(port) };
    const replica = await keyturn.start({ env });
    return { replica, programs: await SshPrograms.with(port, await hostKeyOf(port)) };
  };
  const door = (n: number) => doors[n] as (typeof doors)[number];

  /** Begins on this replica, whichever one answered the press. */
  const begins = async (n: number, grant: string, command: string, says: RegExp): Promise<Running> => {
    const ticket = ticketIn(await connects(keyturn.person('Tess'), grant));
    const running = door(n).programs.start('ssh', [`${grant}@127.0.0.1`, command], { ticket });
    await running.shows(says);
    return running;
  };
  const rows = async (grant: string, wanted: number) => {
    const ended = async () => (await sessionsOf(keyturn, grant)).filter(({ state }) => state === 'ended');
    await expect.poll(ended, { timeout: 20_000 }).toHaveLength(wanted);
    return ended();
  };
  const isNobodyThere = () =>
    expect
      .poll(() => sshd.run(['sh', '-c', 'pgrep -u ops || true']), { timeout: 5_000, interval: 50 })
      .toBe('');
  const over = async (grant: string) => {
    const ended = () =>
      keyturn.rows(`select 1 from keyturn.grants where id = $1 and state = 'ended'`, [grant]);
    await expect.poll(ended, { timeout: 10_000, interval: 20 }).toHaveLength(1);
    return performance.now();
  };

  test('shows one host key at both', async () => {
    const keys = await Promise.all(
      doors.map(({ programs }) => readFile(join(programs.folder, 'known'), 'utf8')),
    );
    expect(new Set(keys.map((line) => line.split(' ').slice(1).join(' '))).size).toBe(1);
  });

  test('doctor says whether people reach it, and whether it is this Keyturn’s', async () => {
    const says = async (port: number) => {
      const env = { KEYTURN_CONFIG: join(folder, 'keyturn.yaml'), SSH_PORT: String(port) };
      const { stdout } = await keyturn.keyturn(['doctor'], { env });
      return stdout.split('\n').filter((line) => line.includes(`127.0.0.1:${port}`));
    };
    const { port } = door(0).programs;
    expect(await says(port)).toEqual([
      expect.stringMatching(
        new RegExp(`^ok {2}the bastion answers at 127.0.0.1:${port}, with the host key SHA256:`),
      ),
    ]);
    expect(await says(sshd.port)).toContain(
      `DO  at 127.0.0.1:${sshd.port} another host key answers than this Keyturn's: see what listens there, or set SSH_PORT to the port that leads to it`,
    );
    const nobody = await freePort();
    expect(await says(nobody)).toEqual([
      `DO  no bastion answers at 127.0.0.1:${nobody}, where Connect sends people: is "keyturn start" running, and is SSH_PORT let through to it?`,
    ]);
  });

  test('a revoke ends what streams on either, in both directions, within two seconds', async () => {
    const grant = await takes(keyturn.person('Tess'), 'acme/web1-ops');
    const running = [
      await begins(0, grant, 'yes this goes on', /goes on/),
      await begins(1, grant, 'yes this goes on too', /goes on too/),
      await begins(1, grant, 'echo begun; cat > received', /begun/),
    ];
    const feed = setInterval(() => running[2]?.type('more and more\n'.repeat(1_000)), 20);
    keyturn.deliverTo(door(0).replica);
    await keyturn.person('Lena').types(`revoke ${grant} wrong server`);
    const revoked = await over(grant);
    for (const { code, stderr } of await Promise.all(running.map(({ finished }) => finished))) {
      expect(code).toBe(255);
      expect(stderr).toContain('Keyturn: this access has ended (the grant is over).');
    }
    expect(performance.now() - revoked).toBeLessThan(2_000);
    clearInterval(feed);
    await isNobodyThere();
    expect((await rows(grant, 3)).map(({ why }) => why)).toEqual(['grant-over', 'grant-over', 'grant-over']);
  }, 60_000);

  test('killed in the middle of a session it leaves nobody at the target, and whoever is left puts that on record', async () => {
    const grant = await takes(keyturn.person('Tess'), 'acme/web1-ops');
    const killed = await begins(0, grant, 'yes on and on', /on and on/);
    const idle = await begins(0, grant, 'echo begun; exec cat', /begun/);
    const goesOn = await begins(1, grant, 'echo begun; exec cat', /begun/);
    await door(0).replica.running.kill('SIGKILL');
    const died = performance.now();
    expect((await killed.finished).code).toBe(255);
    expect((await idle.finished).code).toBe(255);
    expect(performance.now() - died).toBeLessThan(2_000);
    // Only the one that the living replica carries is still there, and it still works.
    await expect.poll(() => sshd.run(['pgrep', '-c', '-u', 'ops', 'cat']), { timeout: 5_000 }).toBe('1\n');
    goesOn.type('still here\n');
    await goesOn.shows(/still here/);
    await keyturn.wait(SILENCE);
    const [one, two] = await rows(grant, 2);
    expect([one?.why, two?.why]).toEqual(['bastion-stopped', 'bastion-stopped']);
    keyturn.deliverTo(door(1).replica);
    await keyturn.person('Tess').types(`return ${grant}`);
    expect((await goesOn.finished).stderr).toContain('the grant is over');
    await isNobodyThere();
    const page = await keyturn.keyturn(['audit', 'verify']);
    expect(page.code).toBe(0);
  }, 60_000);

  test('killed with nobody beside it, the next one to start says what was left behind, and the grant’s end is sound', async () => {
    const tess = keyturn.person('Tess');
    const grant = await takes(tess, 'acme/web1-ops');
    const running = await begins(1, grant, 'echo begun; exec cat', /begun/);
    await door(1).replica.running.kill('SIGKILL');
    expect((await running.finished).code).toBe(255);
    await isNobodyThere();
    await keyturn.wait(3600);
    doors.push(await opens());
    const [session] = await rows(grant, 1);
    expect(session?.why).toBe('bastion-stopped');
    await tess.receives('Your access has ended', grant);
    const { programs } = door(2);
    const { code } = await programs.run('ssh', [`${grant}@127.0.0.1`, 'id'], { ticket: 'anything' });
    expect(code).toBe(255);
  }, 90_000);

  test('nothing that any of them printed, or keeps, has the password in it', async () => {
    for (const { replica } of doors) await replica.running.stop();
    expect(leaks(keyturn.printed.join('\n'), SECRET)).toEqual([]);
    expect(keyturn.printed.join('\n')).toContain('a session begins');
    expect(leaks(await everythingStored(keyturn.database), SECRET)).toEqual([]);
  });
});
