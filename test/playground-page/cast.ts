/** The people of the stand-in, as local mode would introduce them. */

import type { Cast, CastMember } from '../../src/playground/page-server.js';

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

export const cast: Cast = {
  title: 'Local playground',
  version: 'test',
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
