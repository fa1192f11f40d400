/** Clients, systems and accounts, told apart. */

import type { Account, Client, System } from '../../core/accounts.js';
import { printDuration } from '../duration.js';
import { aspect, type Described, flag, label, listAspect, settings } from './aspects.js';

export function describeClient(client: Client): Described {
  return {
    summary: `${client.name}, ${client.engagement}`,
    opensWhenAdded: false,
    aspects: [
      label('name', client.name),
      label('engagement', client.engagement),
      label('colour', client.colour),
      aspect('staff', [...client.staff].sort(), client.staff.join(', ') || 'all staff', (before) => {
        if (client.staff.length === 0) return true;
        return before.length > 0 && client.staff.some((name) => !before.includes(name));
      }),
      listAspect('domains', client.domains, 'more'),
    ],
  };
}

export function describeSystem(system: System): Described {
  return {
    summary: system.type,
    opensWhenAdded: false,
    aspects: [label('type', system.type), settings('settings', system.settings)],
  };
}

/** Whether going from one policy, by id, to another makes access easier. */
export type PolicyComparison = (from: string, to: string) => boolean;

export function describeAccount(account: Account, eased: PolicyComparison): Described {
  const { rotate } = account;
  const every = rotate?.everySeconds;
  return {
    summary: `${account.name}, ${account.policy}`,
    opensWhenAdded: false,
    aspects: [
      label('name', account.name),
      label('kind', account.kind),
      label('system', account.system),
      label('username', account.username),
      listAspect('may be requested by', account.mayRequest, 'more'),
      listAspect('delivered by', account.deliver, 'more'),
      aspect('policy', account.policy, account.policy, (before) => eased(before, account.policy)),
      flag('one holder at a time', account.exclusive, false),
      aspect('owner', account.owner, account.owner ?? 'a lead', () => false),
      flag('one-time codes held by Keyturn', account.totp, true),
      flag('one-time codes held by contacts', account.totpHeldBy === 'contacts', false),
      flag('password changed after use', rotate?.afterUse === true, false),
      aspect(
        'password changed every',
        every,
        every === undefined ? 'never' : printDuration(every),
        (before) => {
          return before !== undefined && (every ?? Infinity) > before;
        },
      ),
      settings('settings', account.settings, true),
    ],
  };
}
