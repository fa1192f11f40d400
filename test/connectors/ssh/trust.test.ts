/** Whom Keyturn signs in to, and what anybody at the target can see of it: PAM as Debian has it. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { Secret } from '../../../src/config/secret.js';
import { signInTo } from '../../support/ssh-client.js';
import { type Sshd, startSshd } from '../../support/sshd.js';
import { troubleOf } from '../../support/trouble.js';
import { aPassword, SERVICE, wayTo } from './support.js';

const OTHER_KEY = `SHA256:${'A'.repeat(43)}`;

let sshd: Sshd;
const root = aPassword();
const lena = aPassword();

beforeAll(async () => {
  sshd = await startSshd({ pam: true });
  await sshd.run(['chpasswd'], `root:${root.reveal()}\n`);
  await sshd.addUser('lena', lena.reveal());
});
afterAll(() => sshd.close());

test('a server with another host key is sent nothing, and the lead reads both fingerprints', async () => {
  const before = await sshd.log();
  const stranger = wayTo(sshd, { user: 'root', secret: root, hostKey: OTHER_KEY });
  const calls = [() => stranger.verify('lena', lena), () => stranger.rotate('lena', aPassword(), lena)];
  for (const call of calls) {
    const failed = await (call() as Promise<unknown>).catch((error: Error) => error);
    expect(failed).toMatchObject({ trouble: 'untrusted' });
    const { message } = failed as Error;
    expect([OTHER_KEY, sshd.hostKey].every((each) => message.includes(each))).toBe(true);
  }
  expect((await sshd.log()).slice(before.length)).not.toMatch(/lena|root/);
});

test('any of a server’s host keys can be the one that is configured', async () => {
  const byRsa = wayTo(sshd, { hostKey: `${sshd.rsaHostKey}=` });
  expect(await byRsa.verify('lena', lena)).toBe('works');
});

test.each([
  'Ciphers aes256-cbc,3des-cbc',
  'MACs hmac-sha1\nCiphers aes256-ctr',
  'KexAlgorithms diffie-hellman-group14-sha1',
  'HostKeyAlgorithms ssh-rsa',
])('a server that offers only this is refused: %s', async (config) => {
  const outdated = await startSshd({ config: [config] });
  try {
    await outdated.addUser('lena', lena.reveal());
    for (const hostKey of [outdated.hostKey, outdated.rsaHostKey])
      expect(await troubleOf(wayTo(outdated, { hostKey }).verify('lena', lena), [])).toBe('untrusted');
  } finally {
    await outdated.close();
  }
});

test('a server that takes no passwords is said so, and not that the password is wrong', async () => {
  const keysOnly = await startSshd({ config: ['PasswordAuthentication no'] });
  try {
    await keysOnly.addUser('lena', lena.reveal());
    const asked = wayTo(keysOnly, {}).verify('lena', lena);
    await expect(asked).rejects.toMatchObject({ trouble: 'refused', message: /takes no passwords/ });
  } finally {
    await keysOnly.close();
  }
});

test('a login that needs no password proves nothing about one', async () => {
  const open = await startSshd({ config: ['PermitEmptyPasswords yes'] });
  try {
    await open.addUser('guest', 'soon gone');
    await open.run(['passwd', '-d', 'guest']);
    const asked = wayTo(open, {}).verify('guest', lena);
    await expect(asked).rejects.toMatchObject({ trouble: 'refused', message: /without any secret/ });
  } finally {
    await open.close();
  }
});

test('no password can be seen in the list of processes, or read in a log, while or after it is changed', async () => {
  const keyturn = wayTo(sshd, { user: 'root', secret: root });
  const to = aPassword();
  let over = false;
  let looks = 0;
  let sawIt = false;
  const leaks: string[] = [];
  const look = async () => {
    while (!over || looks < 3) {
      const seen = await sshd.run([
        ...['sh', '-c', 'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null; true'],
      ]);
      looks += 1;
      sawIt ||= seen.includes('chpasswd');
      if ([to, lena, root].some((each) => seen.includes(each.reveal()))) leaks.push(seen);
    }
  };
  const looking = look();
  await keyturn.rotate('lena', to, lena);
  const what = { grant: 'G-8F3KQ2', group: 'users', login: 'kt-8f3kq2', as: 'jit' } as const;
  await keyturn.elevate?.(what, new Date(Date.now() + 60_000), to);
  await keyturn.withdraw?.(what);
  over = true;
  await looking;
  expect(sawIt).toBe(true);
  expect(leaks).toEqual([]);
  const logs =
    (await sshd.log()) +
    (await sshd.run(['sh', '-c', 'cat /root/.bash_history /run/*.log 2>/dev/null; true']));
  expect([to, lena, root].filter((each) => logs.includes(each.reveal()))).toEqual([]);
  await keyturn.rotate('lena', lena, to);
});

test('without a login of Keyturn’s own, an account changes its own password', async () => {
  const alone = wayTo(sshd, {});
  await sshd.addUser('omar', 'first of omar');
  const to = new Secret('quite another 7 words');
  const read = await alone.rotate('omar', to, new Secret('first of omar'));
  expect(read).toEqual({ login: 'omar', kind: 'password', signed_in: true });
  expect(await signInTo(sshd, 'omar', { password: 'first of omar' })).toBeNull();
  // Once more, by somebody who never heard that it was done.
  await alone.rotate('omar', to, new Secret('first of omar'));
  expect(await alone.verify('omar', to)).toBe('works');
  expect(await troubleOf(alone.rotate('omar', aPassword(), null), [to.reveal()])).toBe('not-allowed');
  const what = { grant: 'G-8F3KQ2', group: 'users', login: 'omar', as: 'own' } as const;
  expect(await troubleOf(alone.elevate?.(what, new Date(), null) ?? Promise.resolve(), [])).toBe(
    'not-allowed',
  );
});

test('a password that the server finds too weak is refused, in its own words', async () => {
  const alone = wayTo(sshd, {});
  await sshd.addUser('nora', 'first of nora');
  const weak = alone.rotate('nora', new Secret('abc'), new Secret('first of nora'));
  await expect(weak).rejects.toMatchObject({ trouble: 'refused', message: /passwd at .* longer password/ });
  expect(await alone.verify('nora', new Secret('first of nora'))).toBe('works');
});

test('what would reach another login’s password by a line break is refused', async () => {
  const keyturn = wayTo(sshd, { user: 'root', secret: root });
  const before = await sshd.run(['cat', '/etc/shadow']);
  for (const bad of ['x\nroot:owned', '', 'y'.repeat(257)])
    expect(await troubleOf(keyturn.rotate('lena', new Secret(bad), lena), [])).toBe('refused');
  for (const bad of ['lena; id', '-R/tmp', '$(id)', "le'na", '', 'lena\nroot'])
    expect(await troubleOf(keyturn.rotate(bad, aPassword(), lena), [])).toBe('refused');
  expect(await sshd.run(['cat', '/etc/shadow'])).toBe(before);
});

test('a locked login stays locked, and Keyturn’s own password stays as it is', async () => {
  const keyturn = wayTo(sshd, { user: 'root', secret: root });
  await sshd.addUser('gone', 'left us');
  await sshd.run(['usermod', '-L', 'gone']);
  const before = await sshd.run(['cat', '/etc/shadow']);
  expect(await troubleOf(keyturn.rotate('gone', aPassword(), null), [])).toBe('refused');
  expect(await troubleOf(keyturn.rotate('root', aPassword(), root), [])).toBe('refused');
  expect(await sshd.run(['cat', '/etc/shadow'])).toBe(before);
});

test('a login of Keyturn’s that may not be root says what to do', async () => {
  const own = aPassword();
  await sshd.addUser(SERVICE, own.reveal());
  const before = await sshd.run(['cat', '/etc/shadow']);
  for (const [sudo, words] of [
    [true, /sudo at .* NOPASSWD/],
    [false, /isn’t root/],
  ] as const) {
    const keyturn = wayTo(sshd, { user: SERVICE, secret: own, sudo });
    const asked = keyturn.rotate('lena', aPassword(), lena);
    await expect(asked).rejects.toMatchObject({ trouble: 'not-allowed', message: words });
  }
  expect(await sshd.run(['cat', '/etc/shadow'])).toBe(before);
});
