/** A whole Keyturn, a real sshd as its client's server, and OpenSSH's programs in the hands of whoever pressed Connect. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { connects, takes, ticketIn } from './sessions.js';
import { type Finished, type Running, SshPrograms, type Way } from './ssh-program.js';
import { type Sshd, startSshd } from './sshd.js';
import { openWorld, type Player, passwordOf, reads, type World, type WorldOptions } from './world.js';

export const OPS = 'acme/web1-ops';
export const BY_KEY = 'acme/web1-key';
export const TUNNEL = 'acme/web1-tunnel';

export interface Brokered {
  readonly world: World;
  readonly sshd: Sshd;
  readonly programs: SshPrograms;
  /** Presses Connect, and says which ticket they read. */
  ticket(player: Player, grant: string): Promise<string>;
  /** `ssh` as the grant's holder with a fresh ticket, as it runs. */
  start(player: Player, grant: string, args: readonly string[], way?: Way): Promise<Running>;
  /** The same to its end, with nothing on standard input unless told. */
  run(player: Player, grant: string, args: readonly string[], way?: Way): Promise<Finished>;
  /** A grant of this account that nobody has to approve. */
  takes(player: Player, account?: string): Promise<string>;
  close(): Promise<void>;
}

/** The configuration with accounts at this server that arrive as sessions. */
export function withServer({ host, port, hostKey }: Pick<Sshd, 'host' | 'port' | 'hostKey'>) {
  const lent =
    'kind: ssh-account, system: acme-web1, may_request: [L1, L2, L3, leads], deliver: [ssh], policy: helpdesk, rotate: { after_use: false }';
  const block = `    systems:
      - { id: acme-web1, type: ssh, host: "${host}:${port}", host_key: "${hostKey}" }
    accounts:
      - { id: web1-ops, name: "operators on web1", username: ops, ${lent} }
      - { id: web1-key, name: "backup on web1", username: backup-ops, ${lent} }
      - { id: web1-tunnel, name: "tunnels of web1", username: tunnel, port_forwarding: true, ${lent} }
`;
  return (text: string) => text.replace('    accounts:\n', block);
}

/** Its logins sign in with what the vault holds for them. */
export async function openServer(): Promise<Sshd> {
  const sshd = await startSshd({ config: ['Subsystem sftp internal-sftp'] });
  await sshd.addUser('ops', passwordOf('acme', 'web1-ops'));
  await sshd.addUser('tunnel', passwordOf('acme', 'web1-tunnel'));
  return sshd;
}

export async function openBrokered(options: WorldOptions = {}): Promise<Brokered> {
  const sshd = await openServer();
  const edit = options.config ?? ((text: string) => text);
  const world = await openWorld('server', { ...options, config: (text) => withServer(sshd)(edit(text)) });
  const { broker } = world.app;
  if (!broker) throw new Error('no bastion is open');
  const programs = await SshPrograms.with(broker.port, await hostKeyOf(broker.port, broker.fingerprint));
  const ticket = async (player: Player, grant: string) => ticketIn(await connects(player, grant));
  const start = async (player: Player, grant: string, args: readonly string[], way: Way = {}) =>
    programs.start('ssh', [`${grant}@127.0.0.1`, ...args], { ticket: await ticket(player, grant), ...way });
  return {
    ...{ world, sshd, programs, ticket, start },
    run: async (player, grant, args, way = {}) =>
      (await start(player, grant, args, { input: '', ...way })).finished,
    takes: (player, account = OPS) => takes(player, account),
    async close() {
      await programs.close();
      await world.close();
      await sshd.close();
    },
  };
}

/** What a careful person puts into known_hosts: the key that the port shows, once its fingerprint is the one on the card, if that is given. */
export async function hostKeyOf(port: number, fingerprint?: string): Promise<string> {
  const ran = promisify(execFile);
  const { stdout } = await ran('ssh-keyscan', ['-p', String(port), '127.0.0.1']);
  const line = stdout.split('\n').find((each) => each !== '' && !each.startsWith('#')) ?? '';
  const [, ...key] = line.split(' ');
  const told = ran('ssh-keygen', ['-lf', '-']);
  told.child.stdin?.end(`${line}\n`);
  const shown = (await told).stdout.split(' ')[1];
  if (fingerprint !== undefined && shown !== fingerprint)
    throw new Error(`the bastion shows ${shown}, and the card says ${fingerprint}`);
  return key.join(' ');
}

/** The sessions of a grant as they are recorded, the first one first. */
export async function sessionsOf(world: Pick<World, 'rows'>, grant: string) {
  return world.rows<{ id: string; state: string; why: string | null; hash: string | null }>(
    `select id, state, why, recording_hash as hash from keyturn.sessions where "grant" = $1 order by opened_at`,
    [grant],
  );
}

export { reads };
