/** Who is played, and where: the same people as in northwind.yaml, with the chat accounts that Slack would give them. */

import { HELP } from '../core/words.js';
import type { DuoUser } from './duo/index.js';
import { GUIDE } from './guide.js';
import type { Cast } from './page/contract.js';
import type { WorkspaceOptions } from './slack/index.js';
import type { TenantOptions } from './teams/index.js';

export const NORTHWIND_TEAM = 'T0NORTHWIND';
export const DELTA_TEAM = 'T0DELTA';
export const BEACON_TENANT = '5f1c2a30-0000-4000-8000-00000000beac';

const user = (id: string, name: string, email: string) => ({ id, name, email, isEmailConfirmed: true });

const STAFF = [
  user('U0TESS', 'Tess Tran', 'tess@northwind.example'),
  user('U0LUIS', 'Luis Ortega', 'luis@northwind.example'),
  user('U0MAYA', 'Maya Chen', 'maya@northwind.example'),
  user('U0LENA', 'Lena Falk', 'lena@northwind.example'),
  user('U0OMAR', 'Omar Haddad', 'omar@northwind.example'),
  user('U0SANA', 'Sana Idris', 'sana@northwind.example'),
  user('U0THEO', 'Theo Marsh', 'theo@northwind.example'),
  user('U0AUDE', 'Aude Roy', 'aude@northwind.example'),
];

const NOOR = user('U0NOOR', 'Noor Aziz', 'noor@delta.example');

const IVY = { id: '7d21c9a4-0000-4000-8000-000000001474', name: 'Ivy Ito', email: 'ivy@beacon.example' };

/** Those whom Duo knows by another name than their e-mail, as northwind.yaml has it. */
const DUO_NAMES: Readonly<Record<string, string>> = { 'maya@northwind.example': 'mchen' };

/** Everybody with a phone in their pocket: the operator's staff, Noor and Ivy. */
export const DUO_USERS: readonly DuoUser[] = [...STAFF, NOOR, IVY].map(({ email }) => ({
  username: DUO_NAMES[email] ?? email,
}));

/** Everybody's chat account, and where it is. */
export const PLAYED = [
  ...STAFF.map(
    ({ id, email }) => ({ email, platform: 'slack', workspace: NORTHWIND_TEAM, userId: id }) as const,
  ),
  { email: NOOR.email, platform: 'slack', workspace: DELTA_TEAM, userId: NOOR.id },
  { email: IVY.email, platform: 'teams', workspace: BEACON_TENANT, userId: IVY.id },
] as const;

/** What a Slack app is given when it is installed; made anew at each start. */
export interface Installed {
  readonly botToken: string;
  readonly signingSecret: string;
}

export function northwindWorkspace(installed: Installed): WorkspaceOptions {
  return {
    ...installed,
    team: NORTHWIND_TEAM,
    name: 'Northwind IT',
    botUserId: 'U0KEYTURN',
    botName: 'Keyturn',
    users: STAFF,
    channels: [
      { id: 'C0ACCESS', name: 'access-requests', botIsMember: true },
      { id: 'C0ALERTS', name: 'alerts', botIsMember: true },
    ],
  };
}

export function deltaWorkspace(installed: Installed): WorkspaceOptions {
  return {
    ...installed,
    team: DELTA_TEAM,
    name: 'Delta Resale',
    botUserId: 'U0KEYDELTA',
    botName: 'Keyturn',
    users: [NOOR],
    channels: [{ id: 'C0GENERAL', name: 'general', botIsMember: true }],
  };
}

/** What Azure gives for a bot; made anew at each start. */
export interface Registered {
  readonly appId: string;
  readonly appPassword: string;
}

export function beaconTenant(bot: Registered): TenantOptions {
  return { tenant: BEACON_TENANT, name: 'Beacon Law', bot: { ...bot, name: 'Keyturn' }, users: [IVY] };
}

/** @param version another at each start, so that a tab forgets what it remembers of the one before. */
export const cast = (version: string): Cast => ({
  title: 'Keyturn: Northwind IT',
  version,
  tryNext: GUIDE,
  commands: HELP,
  people: [
    {
      key: 'tess',
      name: 'Tess Tran',
      caption: 'technician (L2)',
      chat: 'slack',
      team: NORTHWIND_TEAM,
      user: 'U0TESS',
      duo: 'tess@northwind.example',
      colour: 'blue',
    },
    {
      key: 'lena',
      name: 'Lena Falk',
      caption: 'lead',
      chat: 'slack',
      team: NORTHWIND_TEAM,
      user: 'U0LENA',
      duo: 'lena@northwind.example',
      colour: 'purple',
    },
    {
      key: 'omar',
      name: 'Omar Haddad',
      caption: 'lead, too',
      chat: 'slack',
      team: NORTHWIND_TEAM,
      user: 'U0OMAR',
      duo: 'omar@northwind.example',
      colour: 'orange',
    },
    {
      key: 'sana',
      name: 'Sana Idris',
      caption: 'security (L3)',
      chat: 'slack',
      team: NORTHWIND_TEAM,
      user: 'U0SANA',
      duo: 'sana@northwind.example',
      colour: 'green',
    },
    {
      key: 'noor',
      name: 'Noor Aziz',
      caption: 'CTO of Delta Resale, in Delta’s own Slack',
      chat: 'slack',
      team: DELTA_TEAM,
      user: 'U0NOOR',
      duo: 'noor@delta.example',
      colour: 'red',
    },
    {
      key: 'ivy',
      name: 'Ivy Ito',
      caption: 'IT manager of Beacon Law',
      chat: 'teams',
      tenant: BEACON_TENANT,
      user: IVY.id,
      duo: IVY.email,
      colour: 'orange',
    },
  ],
});
