/** A key is changed as a password is: the new one signs in, the former doesn’t, and nobody else’s is touched. */

import { generateKeyPairSync } from 'node:crypto';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Secret } from '../../../src/config/secret.js';
import type { Connector } from '../../../src/connectors/connector.js';
import { newKey, publicHalf } from '../../../src/connectors/ssh/keys.js';
import { signsIn } from '../../support/ssh-client.js';
import { type Sshd, startSshd } from '../../support/sshd.js';
import { troubleOf } from '../../support/trouble.js';
import { aPassword, wayTo } from './support.js';

const KEYS = '/home/lena/.ssh/authorized_keys';

let sshd: Sshd;
let keyturn: Connector;
const root = aPassword();

beforeAll(async () => {
  sshd = await startSshd();
  await sshd.run(['chpasswd'], `root:${root.reveal()}\n`);
  await sshd.addUser('lena', 'a password too');
  keyturn = wayTo(sshd, { user: 'root', secret: root });
});
afterAll(() => sshd.close());

function line(key: Secret, comment: string): string {
  const { type, blob } = publicHalf(key);
  return `${type} ${blob} ${comment}`;
}

/** Puts these lines into lena’s file, as she would. */
async function put(...lines: string[]): Promise<void> {
  const script = 'mkdir -p .ssh && cat >.ssh/authorized_keys && chmod 644 .ssh/authorized_keys';
  await sshd.run(['runuser', '-u', 'lena', '--', 'sh', '-c', `cd /home/lena && ${script}`], lines.join('\n'));
}

const has = (login: string, key: Secret) => signsIn(sshd, login, { privateKey: key.reveal() });

test.each(['with Keyturn’s own login', 'by itself'])('a key is changed %s', async (how) => {
  const connector = how === 'by itself' ? wayTo(sshd, {}) : keyturn;
  const [from, hers, stray] = [newKey(), newKey(), newKey()];
  const comment = '# lena’s keys, “as they were”\t ';
  await put(
    comment,
    line(hers, 'lena@laptop'),
    `no-pty,environment="A=\\"b c" ${line(from, 'root')}`,
    line(stray, 'keyturn'),
  );
  const to = await connector.newPassword?.('lena', from);
  expect(to?.reveal()).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----/);
  if (!to) return;
  for (const _ of ['first', 'again'])
    expect(await connector.rotate('lena', to, from)).toEqual({
      ...{ login: 'lena', kind: 'key', key: publicHalf(to).fingerprint, signed_in: true },
    });
  expect(await connector.verify('lena', to)).toBe('works');
  expect(await connector.verify('lena', from)).toBe('refused');
  expect([await has('lena', to), await has('lena', from), await has('lena', stray)]).toEqual([
    true,
    false,
    false,
  ]);
  expect(await has('lena', hers)).toBe(true);
  const restricted = `no-pty,environment="A=\\"b c" ${line(to, 'keyturn')}`;
  expect(await sshd.run(['cat', KEYS])).toBe(
    `${[comment, line(hers, 'lena@laptop'), restricted].join('\n')}\n`,
  );
  expect((await sshd.run(['stat', '-c', '%U %a', KEYS])).trim()).toBe('lena 600');
  expect((await sshd.run(['ls', '-A', '/home/lena/.ssh'])).trim()).toBe('authorized_keys');
});

test('the first key of a login that had none is put there', async () => {
  await sshd.addUser('omar', 'a password too');
  const to = newKey();
  await keyturn.rotate('omar', to, null);
  expect(await has('omar', to)).toBe(true);
  expect((await sshd.run(['stat', '-c', '%U %a', '/home/omar/.ssh'])).trim()).toBe('omar 700');
});

test('a link that leads to somebody else’s file is left alone', async () => {
  await sshd.addUser('eve', 'a password too');
  await sshd.run([
    'sh',
    '-c',
    'mkdir /root/.ssh; echo mine >/root/.ssh/authorized_keys; chmod -R go-rwx /root/.ssh',
  ]);
  const links = [
    'ln -sfn /root/.ssh .ssh',
    'rm .ssh; mkdir .ssh; ln -s /root/.ssh/authorized_keys .ssh/authorized_keys',
  ];
  for (const link of links) {
    await sshd.run(['runuser', '-u', 'eve', '--', 'sh', '-c', `cd /home/eve; ${link}`]);
    expect(await troubleOf(keyturn.rotate('eve', newKey(), null), [])).toBe('refused');
    expect(await sshd.run(['cat', '/root/.ssh/authorized_keys'])).toBe('mine\n');
  }
});

test('keys as openssl and ssh-keygen write them are understood', async () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const pem = [rsa, ec].map((key) => new Secret(key.export({ type: 'pkcs8', format: 'pem' }).toString()));
  await put(...pem.map((key) => line(key, 'lena')));
  for (const key of pem) expect(await keyturn.verify('lena', key)).toBe('works');
  const locked = { cipher: 'aes256-cbc', passphrase: 'open sesame', rounds: 4 };
  const shut = new Secret(ssh2.utils.generateKeyPairSync('ed25519', locked).private);
  await expect(keyturn.verify('lena', shut)).rejects.toMatchObject({
    trouble: 'refused',
    message: /passphrase/,
  });
});

test('a password can’t become a key, or a key a password, while the former stays in force', async () => {
  const key = newKey();
  expect(await troubleOf(keyturn.rotate('lena', key, new Secret('a password too')), [])).toBe('refused');
  expect(await troubleOf(keyturn.rotate('lena', aPassword(), key), [])).toBe('refused');
  expect(await signsIn(sshd, 'lena', { password: 'a password too' })).toBe(true);
});

test('the key with which Keyturn itself signs in is never taken out', async () => {
  const own = newKey();
  await sshd.run(
    ['sh', '-c', 'mkdir -p -m 700 /root/.ssh; cat >/root/.ssh/authorized_keys'],
    line(own, 'keyturn'),
  );
  const byKey = wayTo(sshd, { user: 'root', secret: own });
  expect(await troubleOf(byKey.rotate('root', newKey(), own), [])).toBe('refused');
  expect(await byKey.verify('root', own)).toBe('works');
  const to = aPassword();
  await byKey.rotate('root', to, root);
  expect(await signsIn(sshd, 'root', { password: to.reveal() })).toBe(true);
});
