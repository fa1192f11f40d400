/** Accounts that sign in with one-time codes: of Keyturn's own, and of the clients' contacts, in Slack and in Teams. */

import { seedCodes } from '../../src/playground/seed.js';
import { codeAt, type OtpSeed, readSeed } from '../../src/vault/otp-seed.js';
import type { Kind } from './house.js';
import { openWorld, type World } from './world.js';

/** The seed of the tenant admin's codes, as base32 and as the address that a lead stores. */
export const SEED = 'KRUGS4ZANFZSAYJANNSXS5DVOJXCA4TP';
export const ADDRESS = `otpauth://totp/Microsoft:admin%40beacon.example?secret=${SEED}&issuer=Microsoft`;

const ONE_CODES = `      - { id: mailbox, name: "Mailbox admin", kind: password, username: post, totp: true, may_request: [L2], deliver: [reveal], policy: helpdesk }
      - { id: vpn, name: "VPN gateway", kind: password, username: vpn, totp_held_by: contacts, may_request: [L2, contacts], deliver: [reveal], policy: helpdesk }
`;
const DELTA_CODES = `    systems:
      - { id: delta-aws, type: aws, account: "111122223333", region: us-east-1, credentials: vault, external_id: northwind-delta }
    accounts:
      - { id: payer-root, name: "AWS payer root", kind: aws-root, system: delta-aws, username: aws-root@northwind.example, totp_held_by: contacts, may_request: [leads], deliver: [reveal], policy: split-custody }
`;

/** The journeys' configuration with codes: Beacon in Teams has both kinds, Delta in Slack its root's own. */
export function withCodes(text: string): string {
  const delta = text.indexOf('  - id: delta\n');
  const before = text.slice(0, delta);
  return `${before}${text.slice(delta).replace('    accounts:\n', DELTA_CODES).trimEnd()}\n${ONE_CODES}`;
}

/** @param seeded false: no seed is in custody yet. */
export async function openCodes(kind: Kind, seeded = true): Promise<World> {
  const world = await openWorld(kind, { teams: true, config: withCodes });
  if (seeded) await seedCodes(world.app, 'beacon', 'mailbox', ADDRESS);
  return world;
}

/** What an authenticator with the seed shows at the database's time. */
export async function codeNow(world: World): Promise<string> {
  const [row] = await world.rows<{ ms: number }>(
    `select (extract(epoch from keyturn.now()) * 1000)::float8 as ms`,
  );
  return codeAt(readSeed(ADDRESS) as OtpSeed, new Date(row?.ms ?? 0)).code;
}
