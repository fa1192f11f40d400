/**
 * Signs in to a server whose host key is the one that was configured, with one password or one key, tried once.
 * Nothing of the secret leaves before the host key has been found right.
 */

import ssh2 from 'ssh2';
import type { Secret } from '../../config/secret.js';
import { TargetError } from '../connector.js';
import type { Deadline } from './deadline.js';
import { connectionFault } from './faults.js';
import { fingerprintOf, isPrivateKey, readPrivateKey } from './keys.js';
import type { Target } from './settings.js';

/** From connecting to being signed in, at most. */
const SIGN_IN_MS = 10_000;

/** One kind a try: a server shows one of its host keys, and the configured fingerprint may be of another. */
const HOST_KEYS = [
  ['ssh-ed25519'],
  ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'],
  ['rsa-sha2-512', 'rsa-sha2-256'],
] as const satisfies readonly (readonly ssh2.ServerHostKeyAlgorithm[])[];

/** Nothing that rests on SHA-1, MD5, CBC or a group below 2048 bits: ssh2’s own list still has some. */
export const ALGORITHMS = {
  kex: [
    ...(['curve25519-sha256', 'curve25519-sha256@libssh.org'] as const),
    ...(['ecdh-sha2-nistp256', 'ecdh-sha2-nistp384', 'ecdh-sha2-nistp521'] as const),
    ...(['diffie-hellman-group-exchange-sha256', 'diffie-hellman-group14-sha256'] as const),
    ...(['diffie-hellman-group16-sha512', 'diffie-hellman-group18-sha512'] as const),
  ],
  cipher: [
    ...(['aes256-gcm@openssh.com', 'aes128-gcm@openssh.com', 'chacha20-poly1305@openssh.com'] as const),
    ...(['aes256-ctr', 'aes192-ctr', 'aes128-ctr'] as const),
  ],
  hmac: [
    ...(['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com'] as const),
    ...(['hmac-sha2-256', 'hmac-sha2-512'] as const),
  ],
  compress: ['none'],
} satisfies ssh2.Algorithms;

/** The server showed other keys than the configured one; `shown` are their fingerprints, and may be none. */
export class OtherHostKey extends TargetError {
  constructor(
    readonly shown: readonly string[],
    message: string,
  ) {
    super('untrusted', message);
  }
}

type Attempt = { readonly client: ssh2.Client | null } | { readonly otherKey: string | null };

/** The open connection; null where the server refuses this secret. @throws TargetError for anything else, an OtherHostKey where that is it. */
export async function signIn(
  target: Target,
  login: string,
  secret: Secret,
  deadline: Deadline,
): Promise<ssh2.Client | null> {
  const shown: string[] = [];
  for (const kinds of HOST_KEYS) {
    const attempt = await tryWith(target, login, secret, [...kinds], deadline);
    if ('client' in attempt) return attempt.client;
    if (attempt.otherKey !== null) shown.push(attempt.otherKey);
  }
  throw new OtherHostKey(
    shown,
    shown.length === 0
      ? `${target.name} has no host key that is safe to trust: Keyturn takes ed25519, ECDSA, and RSA with SHA-2. Update its sshd.`
      : `${target.name} shows the host key ${shown.join(' and ')}, and ${target.fingerprint} is configured. Nothing was sent. Find out whether the server was replaced, or somebody stands in between; then correct host_key.`,
  );
}

function tryWith(
  target: Target,
  login: string,
  secret: Secret,
  serverHostKey: ssh2.ServerHostKeyAlgorithm[],
  deadline: Deadline,
): Promise<Attempt> {
  const client = new ssh2.Client();
  const method = methodsFor(target, login, secret);
  let otherKey: string | undefined;
  return new Promise<Attempt>((resolve, reject) => {
    const end = (act: () => void) => {
      clearTimeout(timer);
      act();
    };
    const fail = (error: Error) => {
      client.destroy();
      end(() => (otherKey === undefined ? reject(error) : resolve({ otherKey })));
    };
    const late = () => fail(connectionFault(target, new Error('no answer in time')));
    const timer = setTimeout(late, Math.min(SIGN_IN_MS, deadline.left()));
    // Stays for the life of the connection: an error that nobody hears ends the process.
    client.on('error', (error: Error & { level?: string }) => {
      if (error.level === 'client-authentication') {
        client.destroy();
        return end(() => method.settle(resolve, reject));
      }
      if (/no matching host key/.test(error.message)) otherKey ??= '';
      if (otherKey === '') return end(() => resolve({ otherKey: null }));
      fail(connectionFault(target, error));
    });
    client.on('close', () => fail(connectionFault(target, new Error('the connection was closed'))));
    client.on('change password', () => fail(method.mustChange()));
    client.on('ready', () => {
      const open = method.openDoor();
      if (open) return fail(open);
      end(() => resolve({ client }));
    });
    client.connect({
      host: target.host,
      port: target.port,
      username: login,
      algorithms: { ...ALGORITHMS, serverHostKey },
      readyTimeout: 0,
      keepaliveInterval: 5_000,
      keepaliveCountMax: 2,
      hostVerifier: (key: Buffer) => {
        const fingerprint = fingerprintOf(key);
        if (fingerprint === target.fingerprint) return true;
        otherKey = fingerprint;
        return false;
      },
      authHandler: method.next as ssh2.AuthHandlerMiddleware,
    });
    // Signing in is many small messages: with Nagle's algorithm each of them waits for the other side's delayed answer.
    client.setNoDelay(true);
  });
}

/** Asks first what the server takes, then tries the one way that fits, once: every failure counts towards a lockout. */
function methodsFor(target: Target, login: string, secret: Secret) {
  const key = isPrivateKey(secret) ? readPrivateKey(secret) : null;
  const what = key ? 'keys' : 'passwords';
  let offered: readonly string[] = [];
  let tried = false;
  let more = false;
  const pick = () => {
    const username = login;
    if (key) return offered.includes('publickey') && { type: 'publickey', username, key };
    if (offered.includes('password')) return { type: 'password', username, password: secret.reveal() };
    if (!offered.includes('keyboard-interactive')) return false;
    return { type: 'keyboard-interactive', username, prompt: answering(secret) };
  };
  const refused = (message: string) => new TargetError('refused', message);
  return {
    next(left: readonly string[] | null, partial: boolean | null) {
      if (left === null) return { type: 'none', username: login };
      if (tried) {
        more = partial === true;
        return false;
      }
      offered = left;
      const method = pick();
      tried = method !== false;
      return method;
    },
    settle(resolve: (attempt: Attempt) => void, reject: (error: Error) => void) {
      if (tried && !more) return resolve({ client: null });
      const takes = offered.join(', ') || 'nothing';
      reject(
        refused(
          more
            ? `sshd at ${target.name} asks more of ${login} than one secret (AuthenticationMethods). Let one be enough for it there.`
            : `sshd at ${target.name} takes no ${what} of ${login}, only: ${takes}. Allow ${what} there, or keep the other kind of secret.`,
        ),
      );
    },
    /** A server that lets anybody in proves nothing about a secret. */
    openDoor: () =>
      tried
        ? null
        : refused(`${target.name} lets ${login} in without any secret. Give that login a password there.`),
    mustChange: () =>
      refused(`${target.name} wants a new password of ${login} before it signs in. Set one there by hand.`),
  };
}

/** Answers one hidden question, and leaves every other one empty: a code that is asked for isn’t the password. */
function answering(secret: Secret) {
  let given = false;
  return (
    _name: string,
    _instructions: string,
    _language: string,
    prompts: ssh2.Prompt[],
    finish: ssh2.KeyboardInteractiveCallback,
  ) =>
    finish(
      prompts.map(({ echo }) => {
        if (echo || given) return '';
        given = true;
        return secret.reveal();
      }),
    );
}
