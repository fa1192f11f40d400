/** An authenticator app: what it was given on the page, and what it shows at the database's time. */

import { generateSync } from 'otplib';
import { perform } from '../../src/core/perform.js';
import type { Browser, World } from './world.js';

export class Authenticator {
  constructor(
    readonly world: World,
    readonly secret: string,
  ) {}

  /** The six digits of now, or of so many seconds from now. */
  async shows(later = 0): Promise<string> {
    const [now] = await this.world.rows<{ at: string }>(
      `select floor(extract(epoch from keyturn.now()))::text as at`,
    );
    return generateSync({ secret: this.secret, epoch: Number(now?.at) + later });
  }

  /** Six digits that it doesn't show now, and didn't show a moment ago. */
  async neverShows(): Promise<string> {
    const shown = await Promise.all([-30, 0, 30].map((later) => this.shows(later)));
    return ['000000', '111111', '222222', '333333'].find((code) => !shown.includes(code)) as string;
  }
}

/** A lead types at the terminal that they enrol, while nobody has ever proven anything. */
export async function firstLeadMayEnrol(world: World, name: string) {
  const { ports } = world.app;
  const person = (await ports.facts.facts()).directory.people.find((p) => p.name.startsWith(`${name} `))?.id;
  if (person === undefined) throw new Error(`nobody is called ${name}`);
  const command = { verb: 'offer-factor', person, factor: ports.fresh.factorId() } as const;
  return perform(ports, { person, via: 'cli' }, command);
}

/** Goes through the enrolment page that this browser has opened, to the end. */
export async function enrolsOn(world: World, page: Browser): Promise<Authenticator> {
  const { secret } = (await page.posts('begin')).body;
  const authenticator = new Authenticator(world, secret);
  const tried = await page.posts('try', { code: await authenticator.shows() });
  if (tried.status !== 200) throw new Error(`the page says: ${tried.body.says}`);
  return authenticator;
}
