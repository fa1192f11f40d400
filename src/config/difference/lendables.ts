/** Clients, systems and accounts, told apart. */

import type { Account, Client, System } from '../../core/accounts.js';
import { certificatesIn } from '../certificates.js';
import { printDuration } from '../duration.js';
import { type Aspect, aspect, type Described, flag, label, length, listAspect, settings } from './aspects.js';

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
    aspects: [
      settings('type', system.type, true),
      ...DECISIVE.map((name) => settings(name, system.settings[name], true)),
      ...certificates(system),
      length('alarm after', alarm(system)),
      settings('settings', otherSettings(system)),
    ],
  };
}

/** What says who answers as the system, and where in it accounts are: whoever sets them gets its secrets. */
const DECISIVE = ['url', 'host_key', 'base_dn', 'account'];

function certificates({ settings: { ca } }: System): Aspect[] {
  const text = typeof ca === 'string' ? ca.trim() : undefined;
  const prints = certificatesIn(text ?? '')?.map((it) => `SHA-256 ${it.fingerprint256}`);
  return [aspect('ca', text, prints?.join(', ') ?? 'none', () => true)];
}

function alarm({ settings: { alarm_after: seconds } }: System): number | undefined {
  return typeof seconds === 'number' ? seconds : undefined;
}

/** A new address alone opens nothing where a key is pinned: whoever answers must have it. */
function otherSettings(system: System): Record<string, unknown> {
  const told = new Set([...DECISIVE, 'ca', 'alarm_after']);
  return Object.fromEntries(Object.entries(system.settings).filter(([name]) => !told.has(name)));
}

/** Whether going from one policy, by id, to another makes access easier. */
export type PolicyComparison = (from: string, to: string) => boolean;

export function describeAccount(account: Account, eased: PolicyComparison): Described {
  const { rotate, elevate } = account;
  const every = rotate?.everySeconds;
  // On a system, these say whose password is changed and shown.
  const reached = account.system !== undefined;
  return {
    summary: `${account.name}, ${account.policy}`,
    // Where Keyturn acts by itself it lends what no lead has to know: any group, and by a change any password.
    opensWhenAdded: elevate !== undefined || rotate !== undefined,
    aspects: [
      label('name', account.name),
      settings('kind', account.kind, reached),
      settings('system', account.system, reached),
      settings('username', account.username, reached),
      settings('group', elevate?.group, elevate !== undefined),
      settings('group lent to logins', elevate?.as, elevate?.as === 'jit'),
      flag('switched off at rest', account.atRest === 'disabled', false),
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
