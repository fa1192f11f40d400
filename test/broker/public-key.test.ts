/** What people paste as their public key, made by ssh2 as ssh-keygen makes it. */

import { generateKeyPairSync } from 'node:crypto';
import ssh2 from 'ssh2';
import { describe, expect, test } from 'vitest';
import { readPublicKey } from '../../src/broker/public-key.js';

/** By OpenSSH 9.2. */
const KNOWN = 'SHA256:Qa/0gWt3DaoROS1bGBqqOuLQwqCRjGLXU0ot2YVH4hI';

const pair = (type: 'ed25519' | 'rsa' | 'ecdsa', bits?: number) =>
  bits === undefined
    ? ssh2.utils.generateKeyPairSync(type as 'ed25519', { comment: 'tess@laptop' })
    : ssh2.utils.generateKeyPairSync(type as 'rsa', { bits, comment: 'tess@laptop' });

describe('a public key', () => {
  test.each([
    ['ed25519', undefined, 'ssh-ed25519', 256],
    ['ecdsa', 256, 'ecdsa-sha2-nistp256', 256],
    ['ecdsa', 521, 'ecdsa-sha2-nistp521', 521],
    ['rsa', 2048, 'ssh-rsa', 2048],
    ['rsa', 3072, 'ssh-rsa', 3072],
  ] as const)('%s of %s bits is read for what it is', (type, bits, kind, size) => {
    const made = pair(type, bits);
    const read = readPublicKey(made.public);
    expect(read).toEqual({
      key: {
        kind,
        bits: size,
        comment: 'tess@laptop',
        fingerprint: expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/),
      },
    });
    const parsed = ssh2.utils.parseKey(made.private);
    expect(parsed).not.toBeInstanceOf(Error);
  });

  test('has the fingerprint that ssh-keygen -lf prints', () => {
    const line =
      'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKgg6Jxv6FoKDVBsKbOuDtOpfwtSWydAFHDTBXhpLc3p  a laptop ';
    const read = readPublicKey(line);
    expect('key' in read && read.key).toMatchObject({ comment: 'a laptop' });
    expect('key' in read && read.key.fingerprint).toBe(KNOWN);
  });

  test('is not a private one, which is said so', () => {
    expect(readPublicKey(pair('ed25519').private)).toEqual({ fault: 'private' });
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(readPublicKey(pem)).toEqual({ fault: 'private' });
  });

  test.each([
    '',
    'hello',
    'ssh-ed25519',
    'ssh-ed25519 AAAA',
    'ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIKgg6Jxv6FoKDVBsKbOuDtOpfwtSWydAFHDTBXhpLc3p',
    'command="x" ssh-ed25519 AAAA',
    'ssh-ed25519 !!!!',
    `ssh-ed25519 ${'A'.repeat(9000)}`,
  ])('is not: %s', (text) => {
    expect(readPublicKey(text)).toEqual({ fault: 'unreadable' });
  });

  test('is read whole: nothing may hang on its end', () => {
    const [kind = '', data = ''] = pair('ed25519').public.split(' ');
    const longer = Buffer.concat([Buffer.from(data, 'base64'), Buffer.from('more')]).toString('base64');
    expect(readPublicKey(`${kind} ${longer}`)).toEqual({ fault: 'unreadable' });
  });
});
