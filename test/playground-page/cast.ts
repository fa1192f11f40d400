/** The people of the stand-in, as local mode would introduce them. */

import { HELP } from '../../src/core/words.js';
import type { Cast, CastMember, GuideStep } from '../../src/playground/page-server.js';

const NORTHWIND = 'T0NORTHWIND';

const person = (
  key: string,
  name: string,
  caption: string,
  colour: string,
  team = NORTHWIND,
): CastMember => ({
  key,
  name,
  caption,
  chat: 'slack',
  team,
  user: `U0${key.toUpperCase()}`,
  colour,
});

const ASK = '/access acme/front-desk 30m The label printer needs a new driver #NW-1042';

const STEPS: readonly GuideStep[] = [
  {
    as: 'tess',
    text: 'Acme’s front desk needs a driver, and that takes an admin: ask for the account in one line, or press `Request access`.',
    type: ASK,
    until: { appears: 'Approve', to: 'lena' },
  },
  {
    as: 'lena',
    text: 'The card has arrived: read who wants what and why, then press `Approve`.',
    until: { appears: 'Reveal', to: 'tess' },
  },
  {
    as: 'tess',
    text: 'Approved, and the clock runs: press `Reveal` for a link that works once.',
    until: { pressed: 'Reveal' },
  },
  {
    as: 'tess',
    text: 'Work done? Press `Return early`, and access ends at once.',
    until: { pressed: 'Return early' },
  },
  {
    as: 'tess',
    text: 'Every turn of the key is on record: open the `Audit trail`.',
    until: { opened: 'audit' },
  },
];

export const cast: Cast = {
  title: 'Local playground',
  version: 'test',
  tryNext: STEPS,
  commands: HELP,
  people: [
    person('tess', 'Tess Tran', 'technician (L2)', 'blue'),
    person('lena', 'Lena Falk', 'lead', 'purple'),
    person('sana', 'Sana Idris', 'security', 'teal'),
    person('noor', 'Noor Aziz', 'CTO of Delta Resale, in Delta’s own Slack', 'red', 'T0DELTA'),
  ],
};

export const teamNames: Readonly<Record<string, string>> = {
  T0NORTHWIND: 'Northwind IT',
  T0DELTA: 'Delta Resale',
};

/** The same people, and one in Teams. */
export const castWithTeams: Cast = {
  ...cast,
  people: [
    ...cast.people,
    {
      key: 'ivy',
      name: 'Ivy Ito',
      caption: 'IT manager of Beacon Law, in Beacon’s own Teams',
      chat: 'teams',
      tenant: 'tenant-beacon',
      user: 'aad-ivy',
      colour: 'orange',
    },
  ],
};

/** The same people, each with a phone: their keys are their names in Duo. */
export const castWithPhones: Cast = {
  ...cast,
  people: cast.people.map((member) => ({ ...member, duo: member.key })),
};
