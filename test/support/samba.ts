/** A real Active Directory domain of a test's own: Samba on a loopback address that nobody else has. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asRoot, rootCommand } from './as-root.js';
import { ADMIN_PASSWORD, BASE_DN, newDomain } from './samba-provision.js';
import { makeCertificate, type ServerCertificate } from './samba-tls.js';

/** Samba's LDAP ports can't be chosen, so each domain has an address. */
export const LDAP = 389;
export const LDAPS = 636;
/** Held on an address for as long as its domain lives; the system lets go of it when this process dies. */
const LOCK = 38_900;
const START_LIMIT_MS = 30_000;

export interface SambaDomain {
  /** Serves LDAP on 389 with StartTLS, and LDAPS on 636. */
  readonly address: string;
  /** PEM text of the authority that signed its certificate, which is for `address` and for 127.0.0.1. */
  readonly ca: string;
  readonly baseDn: string;
  readonly adminDn: string;
  readonly adminPassword: string;
  /** Runs `samba-tool` on its database, such as `domain passwordsettings set --min-pwd-length=12`. */
  tool(...args: string[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts one: under a second, but for the first on a machine, which takes 3 to 8 s of a processor.
 * Needs root, or a sudo that asks nothing.
 */
export async function startSamba(): Promise<SambaDomain> {
  const { address, lock } = await freeAddress();
  const folder = await mkdtemp(join(tmpdir(), 'samba-'));
  let server: ChildProcess | null = null;
  const close = async () => {
    if (server) await ended(server);
    // Samba's files belong to root wherever it was started by sudo.
    await asRoot('rm', ['-rf', folder]);
    lock.close();
  };
  try {
    const certificate = await makeCertificate(folder, address);
    const config = await newDomain(join(folder, 'domain'));
    server = start(folder, config, address, certificate);
    await serves(server, address, join(folder, 'samba.log'));
    return {
      address,
      ca: certificate.ca,
      baseDn: BASE_DN,
      adminDn: `CN=Administrator,CN=Users,${BASE_DN}`,
      adminPassword: ADMIN_PASSWORD,
      tool: (...args) => asRoot('samba-tool', [...args, '-s', config]),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function start(folder: string, config: string, address: string, tls: ServerCertificate): ChildProcess {
  const options = [
    'server services=ldap,cldap,kdc',
    // A domain for a minute needn't outlive a power cut, and waiting for the disk is most of its time.
    'ldb:nosync=true',
    `interfaces=${address}/8`,
    `pid directory=${folder}/run`,
    `log file=${folder}/samba.log`,
    `tls keyfile=${tls.keyFile}`,
    `tls certfile=${tls.certFile}`,
    `tls cafile=${tls.caFile}`,
  ];
  const [command, args] = rootCommand('samba', [
    '-s',
    config,
    // In the foreground it ends when its input does, so it can't outlive the test, however that dies.
    '-i',
    '-M',
    'single',
    ...options.map((each) => `--option=${each}`),
  ]);
  return spawn(command, args, { stdio: ['pipe', 'ignore', 'ignore'] });
}

async function serves(server: ChildProcess, address: string, log: string): Promise<void> {
  const limit = performance.now() + START_LIMIT_MS;
  while (!(await answers(address, LDAP)) || !(await answers(address, LDAPS))) {
    if (server.exitCode !== null || server.signalCode !== null || performance.now() > limit) {
      const said = await readFile(log, 'utf8').catch(() => '');
      throw new Error(`Samba doesn't serve on ${address}:\n${said.slice(-2_000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exit = new Promise((resolve) => server.once('exit', resolve));
  server.stdin?.end();
  await exit;
}

async function freeAddress(): Promise<{ readonly address: string; readonly lock: Server }> {
  for (let last = 1; last < 255; last += 1) {
    const address = `127.0.77.${last}`;
    const lock = await listen(address);
    if (lock && !(await answers(address, LDAP))) return { address, lock };
    lock?.close();
  }
  throw new Error('every address of 127.0.77.0/24 has a domain on it');
}

function listen(host: string): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer().unref();
    server.once('error', () => resolve(null));
    server.listen(LOCK, host, () => resolve(server));
  });
}
