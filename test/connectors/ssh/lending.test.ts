/** What a lent group or login leaves behind at a Unix system: nothing, not even a process that still holds it. */

import { existsSync } from 'node:fs';
import type ssh2 from 'ssh2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connector, Elevation } from '../../../src/connectors/connector.js';
import { signInTo } from '../../support/ssh-client.js';
import { type Sshd, startSshd } from '../../support/sshd.js';
import { troubleOf } from '../../support/trouble.js';
import { aPassword, SERVICE, wayTo } from './support.js';

const JIT: Elevation = { grant: 'G-8F3KQ2', group: 'resets', login: 'kt-8f3kq2', as: 'jit' };
const OWN: Elevation = { grant: 'G-8F3KQ2', group: 'resets', login: 'lena', as: 'own' };
const PASSWORD = 'a password of theirs';

let sshd: Sshd;
let keyturn: Connector;
const root = aPassword();
const soon = () => new Date(Date.now() + 60_000);

beforeAll(async () => {
  sshd = await startSshd();
  await sshd.run(['chpasswd'], `root:${root.reveal()}\n`);
  await sshd.run(['groupadd', 'resets']);
  for (const login of ['lena', 'omar']) await sshd.addUser(login, PASSWORD);
  keyturn = wayTo(sshd, { user: 'root', secret: root });
});
afterAll(() => sshd.close());

/** A session with something running in it, and when it has ended. */
async function session(login: string, password: string, command: string) {
  const client = (await signInTo(sshd, login, { password })) as ssh2.Client;
  const ended = new Promise<void>((resolve) => client.once('close', resolve));
  await new Promise<void>((resolve, reject) =>
    client.exec(`${command}; echo ready; exec sleep 1000`, (error, stream) => {
      if (error) return reject(error);
      stream.on('data', () => resolve());
    }),
  );
  return { client, ended };
}

async function processesOf(login: string): Promise<string[]> {
  const all = await sshd.run(['ps', '-eo', 'user:32=,stat=,args=']);
  return all.split('\n').filter((each) => each.startsWith(`${login} `) && !/^\S+\s+Z/.test(each));
}

test('a login made for a grant is marked, and expires by itself, but not before the grant ends', async () => {
  const until = new Date('2031-03-04T23:30:00Z');
  await keyturn.elevate?.(JIT, until, aPassword());
  expect(await sshd.run(['getent', 'passwd', JIT.login])).toMatch(/:Keyturn G-8F3KQ2:/);
  const expires = Number((await sshd.run(['getent', 'shadow', JIT.login])).split(':')[7]) * 86_400_000;
  expect(new Date(expires).toISOString()).toBe('2031-03-06T00:00:00.000Z');
  await keyturn.withdraw?.(JIT);
});

test('when it is taken away, so are its home, its sessions and what it left running', async () => {
  const password = aPassword();
  await keyturn.elevate?.(JIT, soon(), password);
  const { ended } = await session(
    JIT.login,
    password.reveal(),
    'touch kept; setsid sleep 999 >/dev/null 2>&1 & true',
  );
  expect((await processesOf(JIT.login)).some((each) => each.includes('sleep 999'))).toBe(true);
  const read = await keyturn.withdraw?.(JIT);
  await ended;
  expect(read).toMatchObject({ login: JIT.login, exists: false, home_left: false });
  expect(await sshd.run(['sh', '-c', 'ps -eo args= | grep -c "[s]leep 999" || true'])).toBe('0\n');
  await expect(sshd.run(['test', '-e', '/home/kt-8f3kq2'])).rejects.toThrow();
});

test('a login of such a name that somebody else made is neither taken over nor removed nor listed', async () => {
  await sshd.run(['useradd', '-m', '-c', 'Backup G-8F3KQ2', JIT.login]);
  expect(await troubleOf(keyturn.elevate?.(JIT, soon(), aPassword()) ?? Promise.resolve(), [])).toBe(
    'refused',
  );
  expect(await troubleOf(keyturn.withdraw?.(JIT) ?? Promise.resolve(), [])).toBe('refused');
  expect(await keyturn.jitLogins?.()).toEqual([]);
  expect(await sshd.run(['id', '-nG', JIT.login])).toBe(`${JIT.login}\n`);
  await sshd.run(['userdel', '-r', JIT.login]);
});

test('a made login that was turned into root is locked, and nothing of root’s is ended', async () => {
  await keyturn.elevate?.(JIT, soon(), aPassword());
  await sshd.run(['sed', '-i', 's/^\\(kt-8f3kq2:x:\\)[0-9]*/\\10/', '/etc/passwd']);
  expect(await troubleOf(keyturn.withdraw?.(JIT) ?? Promise.resolve(), [])).toBe('refused');
  expect(await sshd.run(['getent', 'shadow', JIT.login])).toMatch(/^kt-8f3kq2:!.*:1:$/m);
  await sshd.run(['sed', '-i', '/^kt-8f3kq2:/d', '/etc/passwd', '/etc/shadow']);
  await sshd.run(['groupdel', JIT.login]);
});

test('what a person still runs with a lent group ends with it, and nothing else of theirs does', async () => {
  const before = await session('lena', PASSWORD, 'true');
  await keyturn.elevate?.(OWN, soon(), null);
  const holding = await session('lena', PASSWORD, 'sleep 998 & true');
  const others = await session('omar', PASSWORD, 'true');
  const read = await keyturn.withdraw?.(OWN);
  await holding.ended;
  expect(read).toMatchObject({ member: false });
  expect(Number(read?.ended)).toBeGreaterThan(1);
  const left = await processesOf('lena');
  expect(left.some((each) => each.includes('sleep 1000'))).toBe(true);
  expect(left.some((each) => each.includes('sleep 998'))).toBe(false);
  expect((await processesOf('omar')).some((each) => each.includes('sleep 1000'))).toBe(true);
  for (const { client } of [before, others]) client.end();
});

test('a login’s own first group can’t be lent', async () => {
  const own = { ...OWN, group: 'lena' };
  expect(await troubleOf(keyturn.elevate?.(own, soon(), null) ?? Promise.resolve(), [])).toBe('refused');
});

test.each(['omar', 'root'])(
  'the sessions of %s are ended, and nobody else’s, nor Keyturn’s own',
  async (login) => {
    const mine = await session(login, login === 'root' ? root.reveal() : PASSWORD, 'sleep 997 & true');
    const lena = await session('lena', PASSWORD, 'true');
    const read = await keyturn.endSessions?.(login);
    await mine.ended;
    expect(read).toMatchObject({ login, sessions_left: 0 });
    expect(Number(read?.ended)).toBeGreaterThan(2);
    expect(await sshd.run(['sh', '-c', 'ps -eo args= | grep -c "[s]leep 997" || true'])).toBe('0\n');
    expect((await processesOf('lena')).some((each) => each.includes('sleep 1000'))).toBe(true);
    expect(await keyturn.endSessions?.(login)).toEqual({ login, ended: 0, sessions_left: 0 });
    lena.client.end();
  },
);

// Where there is no sudo, that a lead is told so is tried in trust.test.ts.
if (existsSync('/usr/bin/sudo'))
  test('a login of Keyturn’s own that isn’t root does all of it through sudo', async () => {
    const own = aPassword();
    await sshd.addUser(SERVICE, own.reveal());
    await sshd.run(
      ['sh', '-c', 'cat >/etc/sudoers.d/keyturn && chmod 440 /etc/sudoers.d/keyturn'],
      `${SERVICE} ALL=(ALL) NOPASSWD: ALL\n`,
    );
    const bySudo = wayTo(sshd, { user: SERVICE, secret: own });
    const to = aPassword();
    await bySudo.rotate('omar', to, null);
    expect(await bySudo.verify('omar', to)).toBe('works');
    await bySudo.elevate?.(JIT, soon(), aPassword());
    expect(await bySudo.jitLogins?.()).toEqual([{ login: JIT.login, grant: JIT.grant }]);
    expect(await bySudo.endSessions?.(SERVICE)).toMatchObject({ sessions_left: 0 });
    expect(await bySudo.withdraw?.(JIT)).toMatchObject({ exists: false });
  });
