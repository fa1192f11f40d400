/** Whether an account can be lent by this version, as deployed. What is not enforced or offered is never lent. */

import { abilitiesOf } from './abilities.js';
import type { Account, Delivery } from './accounts.js';
import type { Directory } from './directory.js';
import type { Method } from './proof.js';

/** What the systems of a type can do. */
export interface Abilities {
  readonly rotate: boolean;
  readonly elevate: boolean;
  /** Logins can be switched off and on. */
  readonly disable: boolean;
}

/** What this version, deployed this way, offers and enforces. */
export interface Offers {
  readonly mode: 'local' | 'server';
  /** Second factors that are configured, in the order in which they are asked. */
  readonly factors: readonly Method[];
  readonly deliveries: readonly Delivery[];
  /** Clients whose contacts can be reached in a chat of their own. */
  readonly reachableClients: readonly string[];
}

export type Unlendable =
  | { readonly why: 'delivery'; readonly deliver: readonly Delivery[] }
  /** No connector of this version does what the account needs on its system. */
  | { readonly why: 'no-connector'; readonly system: string }
  | { readonly why: 'no-seed'; readonly account: string }
  | { readonly why: 'codes-unreachable'; readonly client: string }
  | { readonly why: 'mfa'; readonly policy: string }
  | { readonly why: 'contacts-unreachable'; readonly client: string }
  | { readonly why: 'no-policy'; readonly policy: string }
  | { readonly why: 'no-secret'; readonly account: string };

/** How this account can arrive in this version. */
export function offeredDeliveries(account: Account, offers: Offers): Delivery[] {
  return account.deliver.filter((delivery) => offers.deliveries.includes(delivery));
}

/** Why an account's configuration can't be lent by this version; empty where it can. */
export function unlendable(account: Account, directory: Directory, offers: Offers): Unlendable[] {
  const policy = directory.policy(account.policy);
  if (!policy) return [{ why: 'no-policy', policy: account.policy }];
  const reasons: Unlendable[] = [];
  if (offeredDeliveries(account, offers).length === 0)
    reasons.push({ why: 'delivery', deliver: account.deliver });
  if (!isWithinReach(account, directory)) reasons.push({ why: 'no-connector', system: account.system ?? '' });
  const protectedActs = policy.mfa.reveal || (policy.approvals.length > 0 && policy.mfa.approve);
  if (offers.factors.length === 0 && protectedActs) reasons.push({ why: 'mfa', policy: policy.id });
  const asksContacts = policy.approvals.some((step) => step.from === 'contacts');
  if (asksContacts && !offers.reachableClients.includes(account.client))
    reasons.push({ why: 'contacts-unreachable', client: account.client });
  if (account.totpHeldBy && !canGiveCodes(account.client, directory, offers))
    reasons.push({ why: 'codes-unreachable', client: account.client });
  return reasons;
}

/** Whether somebody at this client can be asked for a one-time code. */
function canGiveCodes(client: string, directory: Directory, offers: Offers): boolean {
  return offers.reachableClients.includes(client) && directory.approvers('contacts', client).length > 0;
}

/** Whether a connector does all that the account needs on its system. */
function isWithinReach(account: Account, directory: Directory): boolean {
  const needs: (keyof Abilities)[] = [
    ...(account.rotate ? (['rotate'] as const) : []),
    ...(account.elevate ? (['elevate'] as const) : []),
    ...(account.atRest === 'disabled' ? (['disable'] as const) : []),
  ];
  const able = abilitiesOf(directory.system(account.client, account.system)?.type);
  return needs.every((need) => able[need]);
}

/** Whether Keyturn itself can change this account's password. */
export function canRotate(account: Account, directory: Directory): boolean {
  const type = directory.system(account.client, account.system)?.type;
  return account.username !== undefined && abilitiesOf(type).rotate;
}

/** Whether the password itself is lent: a group is lent without one. */
export function lendsSecret(account: Account): boolean {
  return account.elevate === undefined;
}
