/** Whether an account can be lent by this version, as deployed. What is not enforced or offered is never lent. */

import type { Account, Delivery } from './accounts.js';
import type { Directory } from './directory.js';
import type { Method } from './proof.js';

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
  | { readonly why: 'rotate' }
  | { readonly why: 'totp' }
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
  if (account.rotate) reasons.push({ why: 'rotate' });
  if (account.totp || account.totpHeldBy) reasons.push({ why: 'totp' });
  const protectedActs = policy.mfa.reveal || (policy.approvals.length > 0 && policy.mfa.approve);
  if (offers.factors.length === 0 && protectedActs) reasons.push({ why: 'mfa', policy: policy.id });
  const asksContacts = policy.approvals.some((step) => step.from === 'contacts');
  if (asksContacts && !offers.reachableClients.includes(account.client))
    reasons.push({ why: 'contacts-unreachable', client: account.client });
  return reasons;
}
