/** Accounts that arrive as SSH sessions, and somebody at the gate before the bastion: no SSH is spoken here. */

import type { Passage, Recorder, SessionEnd } from '../../src/broker/gate.js';
import { GateKeeper } from '../../src/broker/gate-keeper.js';
import { createLog } from '../../src/config/logging.js';
import type { Kind } from './house.js';
import { openWorld, type Player, reads, type World, type WorldOptions } from './world.js';

export const HOST_KEY = 'SHA256:uS1i0bV2m0m6bq0f3mDo6mJ7k2q4cR0x0Hq9rJmQp3A';

const SYSTEMS = `    systems:
      - { id: acme-web1, type: ssh, host: "web1.acme.example:2022", host_key: "${HOST_KEY}" }
    accounts:
      - { id: web1-root, name: "root on web1", kind: ssh-account, system: acme-web1, username: root, may_request: [L2, L3, leads], deliver: [ssh], policy: helpdesk, rotate: { after_use: false } }
      - { id: web1-deploy, name: "deploy on web1", kind: ssh-account, system: acme-web1, username: deploy, may_request: [L2, L3, leads], deliver: [ssh], policy: helpdesk, idle_limit: 5m }
      - { id: web1-glass, name: "emergency on web1", kind: ssh-account, system: acme-web1, username: rescue, may_request: [L2, L3, leads], deliver: [ssh], policy: one-lead, rotate: { after_use: false } }
`;

/** The journeys' configuration with these accounts at Acme. */
export function withSessions(text: string): string {
  return text.replace('    accounts:\n', SYSTEMS);
}

export function openSessions(kind: Kind, options: WorldOptions = {}): Promise<World> {
  const edit = options.config ?? ((text: string) => text);
  return openWorld(kind, { ...options, config: (text) => withSessions(edit(text)) });
}

/** The gate of the Keyturn itself. */
export function gateOf(world: World): GateKeeper {
  const { broker } = world.app;
  if (!broker) throw new Error('no bastion is open here');
  return broker.gate;
}

/** The gate of another replica on the same database; what its sessions show is kept nowhere. */
export function anotherGate(world: World): GateKeeper {
  const { ports, custody } = world.app;
  return new GateKeeper({
    ...{ database: world.database, ports, openSecret: custody.openSecret },
    openRecorder: async () => QUIET,
    onUnverified: () => undefined,
    log: createLog('silent'),
  });
}

const QUIET: Recorder = {
  channel: () => ({
    output: () => undefined,
    resize: () => undefined,
    file: () => undefined,
    end: () => undefined,
  }),
  close: async () => undefined,
  failed: new Promise<never>(() => undefined),
};

const TICKET = /[0-9A-HJKMNP-TV-Z]{5}(?:-[0-9A-HJKMNP-TV-Z]{5}){3}-[0-9A-HJKMNP-TV-Z]{6}/;

/** The ticket in what somebody reads. */
export function ticketIn(text: string): string {
  const found = TICKET.exec(text)?.[0];
  if (found === undefined) throw new Error(`no ticket in: ${text}`);
  return found;
}

/** Takes an account that nobody has to approve, and returns the grant's id. */
export async function takes(player: Player, account: string): Promise<string> {
  const said = await player.hears(`${account} 1h the disk is full`);
  const grant = /G-[0-9A-Z]{6}/.exec(said)?.[0];
  if (grant === undefined) throw new Error(`no grant was made, but: ${said}`);
  await player.receives('Yours until', grant);
  return grant;
}

/** Presses Connect on the grant’s own card and reads what they alone are answered. */
export async function connects(player: Player, grant: string): Promise<string> {
  return player.clicksAndHears(await player.receives('Yours until', grant), 'Connect');
}

/** Hands it back, and waits until that is so. */
export async function returns(player: Player, grant: string): Promise<void> {
  await player.types(`return ${grant}`);
  await player.receives('Your access has ended', grant);
}

export const ADDRESS = '203.0.113.7';

/** Somebody comes with a ticket. */
export function enters(gate: GateKeeper, grant: string, ticket: string, address = ADDRESS) {
  return gate.admit({ grant, credential: { kind: 'ticket', ticket }, address });
}

/** Somebody comes with a key whose signature the bastion has verified. */
export function entersByKey(gate: GateKeeper, grant: string, fingerprint: string, address = ADDRESS) {
  return gate.admit({ grant, credential: { kind: 'key', fingerprint }, address });
}

/** A connection that stays until it is cut, as the bastion would have it: ended at once, and its end put on record. */
export function stays(gate: GateKeeper, passage: Passage): Promise<{ why: SessionEnd; afterMs: number }> {
  const since = performance.now();
  return new Promise((resolve) => {
    const stop = gate.watch(passage.session, async (why) => {
      const afterMs = performance.now() - since;
      stop();
      await passage.recorder.close();
      await gate.ended(passage.session, why);
      resolve({ why, afterMs });
    });
  });
}

/** Leaves as its user does: the recording is closed, then the end said. */
export async function leaves(gate: GateKeeper, passage: Passage, why: SessionEnd = 'left'): Promise<void> {
  await passage.recorder.close();
  await gate.ended(passage.session, why);
}

/** What the audit trail says of a grant's sessions, in order. */
export async function trailOf(world: World, grant: string): Promise<Record<string, unknown>[]> {
  const rows = await world.rows<{ action: string; data: object }>(
    `select action, data from keyturn.audit_events where subject = $1 and action like 'session.%' order by seq`,
    [grant],
  );
  return rows.map(({ action, data }) => ({ action, ...data }));
}

export { reads };
