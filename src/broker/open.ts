/** Everything behind SSH_PORT: the bastion, the gate that it asks, and the recordings that it makes. */

import type { Logger } from '../config/logging.js';
import type { Secret } from '../config/secret.js';
import type { SessionFacts } from '../core/facts.js';
import type { Database } from '../store/driver.js';
import { recordingKeeping } from '../store/recordings.js';
import type { StorePorts } from '../store/store.js';
import type { Vault } from '../vault/vault.js';
import type { Recorder } from './gate.js';
import { GateKeeper } from './gate-keeper.js';
import { bastionHostKey } from './host-key.js';
import { openRecorder } from './recording/recorder.js';
import { type Bastion, startBastion } from './ssh/bastion.js';

export interface BrokerDesk {
  readonly database: Database;
  readonly ports: StorePorts;
  readonly custody: {
    readonly vault: Vault;
    openSecret(client: string, account: string, version: number): Promise<Secret>;
  };
  readonly port: number;
  readonly host: string;
  readonly onUnverified: () => void;
  readonly log: Logger;
}

export interface Broker {
  readonly gate: GateKeeper;
  readonly port: number;
  /** Of the bastion's own host key. */
  readonly fingerprint: string;
  /** Ends every session, and resolves when the end of each is on record. */
  stop(): Promise<void>;
}

/** @throws Error where the port can't be had, saying so. */
export async function openBroker(desk: BrokerDesk): Promise<Broker> {
  const { custody, log, port, host } = desk;
  const gate = new GateKeeper({
    ...desk,
    openSecret: custody.openSecret,
    openRecorder: (facts) => beginRecording(desk, () => gate, facts),
  });
  const hostKey = await bastionHostKey({ ...desk, vault: custody.vault });
  const bastion = await startBastion({ port, host, hostKey, gate, log }).catch((error) => {
    throw whyNotOpen(error, port);
  });
  await gate.start();
  return {
    gate,
    port: bastion.port,
    fingerprint: bastion.fingerprint,
    stop: () => stop(bastion, gate),
  };
}

function beginRecording(
  { database, custody }: BrokerDesk,
  gate: () => GateKeeper,
  { session }: SessionFacts,
): Promise<Recorder> {
  const { id, grant, client, account, person, address } = session;
  return openRecorder(
    {
      keeping: recordingKeeping(database),
      seals: custody.vault,
      recorded: (of, summary) => gate().recorded(of, summary),
    },
    { session: id, grant, client, account, person, address },
  );
}

async function stop(bastion: Bastion, gate: GateKeeper): Promise<void> {
  await bastion.stop();
  await gate.stop();
}

function whyNotOpen(error: unknown, port: number): unknown {
  const { code } = error as { code?: unknown };
  if (code === 'EADDRINUSE')
    return new Error(
      `SSH_PORT ${port} is taken by another program. Set SSH_PORT to a free port, or stop that program.`,
    );
  if (code === 'EACCES')
    return new Error(`SSH_PORT ${port} may not be opened by this user. Set SSH_PORT to a port above 1023.`);
  return error;
}
