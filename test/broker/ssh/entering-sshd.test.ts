/** Who gets into the bastion, and what everybody else is told. */

import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GRANT, LOGIN, newKeyPair, openStage, type Stage } from '../../support/ssh-bastion.js';
import type { Way } from '../../support/ssh-program.js';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ loginGraceMs: 2_000, waitingPerAddress: 12 });
});
afterAll(() => stage.close());

/** What somebody reads who tries this, with the name they typed left out. */
async function refused(name: string, way: Way): Promise<string> {
  const { code, stdout, stderr } = await stage.programs.run('ssh', [`${name}@127.0.0.1`, 'id'], way);
  expect(code).toBe(255);
  expect(stdout.toString()).toBe('');
  return stderr.replaceAll(name, '<grant>');
}

/** A connection on which nothing is said, once the bastion has said who it is, or has hung up. */
function knock(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(stage.bastion.port, '127.0.0.1');
    socket.once('data', () => resolve(socket));
    socket.on('close', () => resolve(socket));
    socket.on('error', reject);
  });
}

const gone = (socket: Socket) =>
  new Promise<void>((resolve) => {
    if (socket.closed) resolve();
    else socket.on('close', () => resolve());
  });

test('a ticket lets its holder in as the account, and says first that all is recorded', async () => {
  const { code, stdout, stderr } = await stage.ssh(['id', '-un']);
  expect(stdout.toString()).toBe(`${LOGIN}\n`);
  expect(stderr).toContain('What your session shows is recorded.');
  expect(code).toBe(0);
  expect(stage.gate.openings.at(-1)).toMatchObject({ grant: GRANT, address: '127.0.0.1' });
});

test('whatever is wrong, everybody reads the same refusal, and the target hears nothing', async () => {
  const used = stage.gate.ticket(GRANT);
  await stage.programs.run('ssh', [`${GRANT}@127.0.0.1`, 'true'], { ticket: used });
  const fresh = stage.gate.ticket(GRANT);
  const flipped = `${fresh.slice(0, -1)}${String.fromCharCode(fresh.charCodeAt(fresh.length - 1) ^ 1)}`;
  const stranger = await newKeyPair(stage.programs, 'ed25519', 'stranger');
  const keyOnly = (path: string) => ({
    options: ['PreferredAuthentications=publickey', `IdentityFile=${path}`],
  });
  const signedIn = (await stage.sshd.log()).match(/Accepted/g)?.length;

  const answers = [
    await refused(GRANT, { ticket: 'wrong' }),
    await refused(GRANT, { ticket: '' }),
    await refused(GRANT, { ticket: used }),
    await refused(GRANT, { ticket: flipped }),
    await refused('G-NOSUCH', { ticket: fresh }),
    await refused(GRANT, { ticket: stage.gate.ticket('G-OTHERS') }),
    await refused('root', { ticket: stage.password }),
    await refused(GRANT, { ticket: 'x'.repeat(600) }),
    await refused('g'.repeat(100), { ticket: fresh }),
    await refused(GRANT, keyOnly(stranger.path)),
    await refused(GRANT, { options: ['PreferredAuthentications=keyboard-interactive'] }),
    await refused(GRANT, { options: ['PreferredAuthentications=none'] }),
  ];
  expect([...new Set(answers)]).toEqual(
    [
      'Keyturn bastion: sign in as the id of your grant. What your session shows is recorded.\n' +
        '<grant>@127.0.0.1: Permission denied (publickey,password).\n',
    ].map((text) => text.replaceAll('\n', '\r\n')),
  );
  expect((await stage.sshd.log()).match(/Accepted/g)?.length).toBe(signedIn);
});

test.each(['ed25519', 'ecdsa', 'rsa'] as const)(
  'a registered %s key lets its owner in, to their own grant only',
  async (kind) => {
    const key = await newKeyPair(stage.programs, kind, `own-${kind}`);
    stage.gate.register(GRANT, key.fingerprint);
    const options = ['PreferredAuthentications=publickey', `IdentityFile=${key.path}`];
    const { stdout } = await stage.programs.run('ssh', [`${GRANT}@127.0.0.1`, 'id', '-un'], { options });
    expect(stdout.toString()).toBe(`${LOGIN}\n`);
    expect(stage.gate.openings.at(-1)?.credential).toEqual({ kind: 'key', fingerprint: key.fingerprint });
    expect(await refused('G-OTHERS', { options })).toContain('Permission denied');
  },
);

test('a registered key whose signature is wrong, or made with SHA-1, lets nobody in', async () => {
  const key = await newKeyPair(stage.programs, 'rsa', 'weak');
  stage.gate.register(GRANT, key.fingerprint);
  const before = stage.gate.openings.length;
  const pem = await readFile(key.path, 'utf8');
  const enters = (change: (key: ssh2.ParsedKey) => void) => {
    const parsed = ssh2.utils.parseKey(pem);
    const own = (Array.isArray(parsed) ? parsed[0] : parsed) as ssh2.ParsedKey;
    change(own);
    return new Promise<string>((resolve) => {
      const client = new ssh2.Client();
      client.on('ready', () => {
        client.end();
        resolve('in');
      });
      client.on('error', (error: Error & { level?: string }) => resolve(error.level ?? error.message));
      client.connect({
        ...{ host: '127.0.0.1', port: stage.bastion.port, username: GRANT },
        authHandler: [
          { type: 'publickey', username: GRANT, key: own },
        ] as unknown as ssh2.AuthenticationType[],
      });
    });
  };
  const resigned = (turn: (signature: Buffer) => Buffer) => (own: ssh2.ParsedKey) => {
    const sign = own.sign.bind(own);
    own.sign = ((data: Buffer, algorithm?: string) =>
      turn(sign(data, algorithm) as Buffer)) as ssh2.ParsedKey['sign'];
  };
  expect(
    await enters(
      resigned((signature) => {
        signature[7] = (signature[7] ?? 0) ^ 1;
        return signature;
      }),
    ),
  ).toBe('client-authentication');
  const { code, stderr } = await stage.programs.run('ssh', [`${GRANT}@127.0.0.1`, 'id'], {
    options: [
      'PreferredAuthentications=publickey',
      'PubkeyAcceptedAlgorithms=ssh-rsa',
      `IdentityFile=${key.path}`,
    ],
  });
  expect([code, stderr]).toEqual([255, expect.stringContaining('Permission denied (publickey,password)')]);
  expect(stage.gate.openings.length).toBe(before);
  expect(await enters(() => {})).toBe('in');
});

test.each([
  ['KexAlgorithms=diffie-hellman-group14-sha1', 'key exchange'],
  ['Ciphers=aes128-cbc', 'cipher'],
  ['MACs=hmac-sha1', 'MAC'],
  ['HostKeyAlgorithms=ssh-rsa', 'host key'],
])('nobody is served by outdated means: %s', async (option, what) => {
  // A cipher that needs a MAC beside it.
  const options = [option, ...(what === 'MAC' ? ['Ciphers=aes128-ctr'] : [])];
  const { stderr } = await stage.ssh(['id'], { options });
  expect(stderr).toMatch(new RegExp(`no matching ${what}`));
});

test('a refusal takes its time, whether the gate was quick or slow', async () => {
  const admit = stage.gate.admit.bind(stage.gate);
  for (const ms of [0, 100]) {
    stage.gate.admit = () => new Promise((resolve) => setTimeout(() => resolve(null), ms));
    const asked = performance.now();
    await refused(GRANT, { ticket: 'wrong' });
    expect(performance.now() - asked).toBeGreaterThan(300);
  }
  stage.gate.admit = async () => {
    throw new Error('the database is away');
  };
  expect(await refused(GRANT, { ticket: 'wrong' })).toContain('Permission denied (publickey,password)');
  stage.gate.admit = admit;
});

test('whoever hangs up while they are let in leaves no session behind', async () => {
  const admit = stage.gate.admit.bind(stage.gate);
  let letIn: () => void = () => {};
  const asked = new Promise<void>((resolve) => {
    stage.gate.admit = async (opening) => {
      const passage = await admit(opening);
      resolve();
      await new Promise<void>((go) => {
        letIn = go;
      });
      return passage;
    };
  });
  const ssh = stage.startSsh(['id']);
  await asked;
  ssh.child.kill('SIGKILL');
  await ssh.finished;
  // The bastion has heard of it once it has answered who came later.
  (await knock()).destroy();
  letIn();
  stage.gate.admit = admit;
  expect(await stage.lastEnd()).toBe('left');
  expect(stage.gate.last.isClosed).toBe(true);
});

test('whoever only stands in the door is shown out after a while, and can’t keep others from coming in', async () => {
  const standing = await Promise.all(Array.from({ length: 12 }, knock));
  expect(standing.filter(({ closed }) => closed)).toEqual([]);
  expect((await knock()).closed).toBe(true);
  await Promise.all(standing.map(gone));
  expect((await stage.ssh(['true'])).code).toBe(0);
});

test('tickets can’t be tried for ever on one connection', async () => {
  const { refusals, end } = await new Promise<{ refusals: number; end: string }>((resolve) => {
    const client = new ssh2.Client();
    let refusals = 0;
    client.on('error', (error) => resolve({ refusals, end: error.message }));
    client.on('close', () => resolve({ refusals, end: 'closed' }));
    client.connect({
      ...{ host: '127.0.0.1', port: stage.bastion.port, username: GRANT },
      authHandler: ((left: unknown, _partial: unknown, next: (method: unknown) => void) => {
        if (left !== null) refusals += 1;
        next({ type: 'password', username: GRANT, password: `guess ${refusals}` });
      }) as ssh2.AuthHandlerMiddleware,
    });
  });
  expect(refusals).toBeLessThanOrEqual(6);
  expect(end).not.toBe('');
});

test('no bytes that anybody sends take the bastion down', async () => {
  const bytes = fc.uint8Array({ maxLength: 3_000 });
  const greeting = fc.constantFrom(
    '',
    'SSH-2.0-x\r\n',
    'SSH-1.99-\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'SSH-2.0-',
  );
  await fc.assert(
    fc.asyncProperty(greeting, bytes, async (hello, rest) => {
      const socket = await knock();
      socket.on('error', () => {});
      socket.resume();
      const closed = gone(socket);
      socket.write(hello);
      socket.end(rest);
      await closed;
    }),
    { numRuns: 150 },
  );
  expect((await stage.ssh(['echo', 'alive'])).stdout.toString()).toBe('alive\n');
});

test('nothing of a ticket, right or wrong, is in the log', async () => {
  await refused(GRANT, { ticket: 'Sesame-4711' });
  const ticket = stage.gate.ticket(GRANT);
  await stage.ssh(['true'], { ticket });
  expect(stage.log.length).toBeGreaterThan(0);
  expect(stage.log.join('')).not.toContain('Sesame-4711');
  expect(stage.log.join('')).not.toContain(ticket);
});
