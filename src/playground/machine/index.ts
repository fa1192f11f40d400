/** A client's server: real SSH on loopback, whose passwords really change, and a played shell in which nothing is run. */

import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { dirname } from 'node:path';
import ssh2 from 'ssh2';
import type { Files } from './files.js';
import { firstFiles } from './first-files.js';
import { Passwords } from './passwords.js';
import { serveFiles } from './sftp.js';
import { Shell, type Where } from './shell.js';

export interface MachineOptions {
  /** What it calls itself. */
  readonly name: string;
  /** Where its logins are kept from one start to the next. */
  readonly file: string;
  readonly host: string;
}

export interface Machine {
  readonly port: number;
  /** `SHA256:…`, as ssh-keygen prints it. */
  readonly hostKey: string;
  readonly passwords: Passwords;
  stop(): Promise<void>;
}

interface Stored {
  readonly key: string;
  readonly port: number;
  readonly logins: ConstructorParameters<typeof Passwords>[0];
}

/** Starts it, where it was the last time if that port is free. Its host key and its passwords stay from one start to the next. */
export async function startMachine({ name, file, host }: MachineOptions): Promise<Machine> {
  await mkdir(dirname(file), { recursive: true });
  const stored = await readStored(file);
  const pem = stored.key;
  let port = stored.port;
  const keep = (logins: Stored['logins']) =>
    writeFile(file, JSON.stringify({ key: pem, port, logins } satisfies Stored), { mode: 0o600 });
  const passwords = new Passwords(stored.logins, keep);
  const files = firstFiles();
  const open = new Set<ssh2.Connection>();
  const sshServer = new ssh2.Server({ hostKeys: [pem], ident: 'keyturn-playground' }, (connection) => {
    open.add(connection);
    connection.on('close', () => open.delete(connection));
    // Somebody who hangs up in the middle is nobody's fault.
    connection.on('error', () => connection.end());
    serve(connection, { name, passwords, files });
  });
  const server = createServer((socket) => sshServer.injectSocket(socket));
  port = await listen(server, host, port).catch(() => listen(server, host, 0));
  await keep(passwords.all());
  return {
    port,
    hostKey: fingerprintOf(pem),
    passwords,
    stop: async () => {
      for (const connection of open) connection.end();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function readStored(file: string): Promise<Stored> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text !== null) return JSON.parse(text) as Stored;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { key: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(), port: 0, logins: {} };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

interface House {
  readonly name: string;
  readonly passwords: Passwords;
  readonly files: Files;
}

function serve(connection: ssh2.Connection, house: House): void {
  let login = '';
  connection.on('authentication', (asked) => {
    const isRight = asked.method === 'password' && house.passwords.fits(asked.username, asked.password);
    if (!isRight) return asked.reject(['password']);
    login = asked.username;
    asked.accept();
  });
  connection.on('session', (accept) => welcome(accept(), house, login));
}

/** One shell, command or transfer of files. */
function welcome(session: ssh2.Session, house: House, login: string): void {
  let terminal: Where['terminal'] = null;
  let shell: Shell | null = null;
  const begin = (channel: ssh2.ServerChannel) => {
    shell = new Shell(channel, { ...house, login, terminal });
    return shell;
  };
  session.on('pty', (agree, _refuse, { cols, rows }) => {
    terminal = { columns: cols, rows };
    agree?.();
  });
  session.on('window-change', (agree, _refuse, { cols, rows }) => {
    if (terminal) Object.assign(terminal, { columns: cols, rows });
    agree?.();
  });
  session.on('env', (agree) => agree?.());
  session.on('signal', (agree, _refuse, { name }) => {
    agree?.();
    shell?.signal(name);
  });
  session.on('shell', (agree) => void begin(agree()).interact());
  session.on('exec', (agree, _refuse, { command }) => void begin(agree()).runOnce(command));
  session.on('sftp', (agree) => serveFiles(agree(), house.files, login));
}

function fingerprintOf(pem: string): string {
  const key = ssh2.utils.parseKey(pem);
  if (key instanceof Error) throw key;
  const one = Array.isArray(key) ? key[0] : key;
  const hash = createHash('sha256')
    .update((one as ssh2.ParsedKey).getPublicSSH())
    .digest('base64');
  return `SHA256:${hash.replace(/=+$/, '')}`;
}
