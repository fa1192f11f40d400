/** Fails closed: whatever is wrong with Duo or with somebody in it, nothing is done, and who has to know reads why. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FakeDuo } from '../../src/playground/duo/index.js';
import { KINDS } from '../support/house.js';
import { duoNameOf } from '../support/phones.js';
import { NORTHWIND, openWorld, passwordOf, reads, type World } from '../support/world.js';

const PREAUTH = '/auth/v2/preauth';
const AWAY =
  'Duo can’t be reached now, and without it nothing is confirmed. Nothing was done. Try again in a minute; the leads have been told.';
const AWAY_TO_LEADS = (who: string) =>
  `Duo could not be reached when ${who} had to confirm something. While it is away nothing protected can be done by push; authenticators still work.`;
const GARBAGE =
  'Duo answered with something that it doesn’t document, so it was not believed. Nothing was done. The leads have been told.';
const GARBAGE_TO_LEADS = () =>
  'Duo’s answer was not one that it documents. Run “keyturn doctor”, and look at Duo’s status page.';
const BARRED =
  'Duo says that your account is disabled or locked. Nothing was done. Ask your Duo administrator; the leads have been told.';
const BARRED_TO_LEADS = (who: string) =>
  `${who} is disabled or locked out in Duo and was refused. If that is a mistake, unlock the account in Duo’s admin panel.`;

interface Trouble {
  readonly name: string;
  readonly begin: (duo: FakeDuo, username: string) => void;
  /** What the one who was to confirm reads, and what the leads read of it. */
  readonly says: string;
  readonly toLeads: (who: string) => string;
  /** The push arrives and is approved: the trouble is with what Duo says then. */
  readonly pushed?: true;
}

const TROUBLES: readonly Trouble[] = [
  {
    name: 'Duo is down',
    begin: (duo) => duo.fail(PREAUTH, { status: 503 }),
    says: AWAY,
    toLeads: AWAY_TO_LEADS,
  },
  {
    name: 'Duo goes down between two calls',
    begin: (duo) => duo.fail('/auth/v2/auth', { status: 503 }),
    says: AWAY,
    toLeads: AWAY_TO_LEADS,
  },
  {
    name: 'the connection to Duo is cut',
    begin: (duo) => duo.fail(PREAUTH, 'cut'),
    says: AWAY,
    toLeads: AWAY_TO_LEADS,
  },
  {
    name: 'Duo asks for patience',
    begin: (duo) =>
      duo.fail(PREAUTH, { status: 429, body: { stat: 'FAIL', code: 42901, message: 'Slow down' } }),
    says: 'Duo asks for patience. Nothing was done. Try again in a minute.',
    toLeads: (who) => `Duo asked for patience when ${who} had to confirm something.`,
  },
  {
    name: 'somebody’s page answers instead of Duo',
    begin: (duo) =>
      duo.fail(PREAUTH, { status: 200, raw: '<html><h1>Please log in to the Wi-Fi</h1></html>' }),
    says: GARBAGE,
    toLeads: GARBAGE_TO_LEADS,
  },
  {
    name: 'Duo says yes in words that it doesn’t document',
    begin: (duo) => duo.fail(PREAUTH, { status: 200, body: { stat: 'OK', response: { result: 'ALLOW' } } }),
    says: GARBAGE,
    toLeads: GARBAGE_TO_LEADS,
  },
  {
    name: 'Keyturn’s keys are wrong',
    begin: (duo) =>
      duo.fail(PREAUTH, {
        status: 401,
        body: { stat: 'FAIL', code: 40103, message: 'Invalid signature in request credentials' },
      }),
    says: 'Duo doesn’t accept Keyturn’s keys or what it asked. Nothing was done. The leads have been told: “keyturn doctor” says what to set right.',
    toLeads: () => 'Duo refused Keyturn’s call. Run “keyturn doctor”: it says which setting is wrong.',
  },
  {
    name: 'Duo would let the person pass without a factor',
    begin: (duo, username) => duo.setUser({ username, status: 'bypass' }),
    says: 'Duo would let you pass without any factor (bypass), and that proves nothing here. Nothing was done. Ask your Duo administrator to make your account active; the leads have been told.',
    toLeads: (who) =>
      `${who} has bypass status in Duo and was refused. Set the account to active in Duo’s admin panel.`,
  },
  {
    name: 'the person is in Duo without a device, and has no authenticator',
    begin: (duo, username) => duo.setUser({ username, status: 'unenrolled' }),
    says: 'You have no second factor that Keyturn can ask. Nothing was done. Enrol your phone in Duo, or ask a lead to type “/access enrol” with your e-mail address; the leads have been told.',
    toLeads: (who) =>
      `${who} has no second factor and was refused. Enrol them in Duo, or type “/access enrol” with their e-mail address.`,
  },
  {
    name: 'the person is disabled in Duo',
    begin: (duo, username) => duo.setUser({ username, status: 'disabled' }),
    says: BARRED,
    toLeads: BARRED_TO_LEADS,
  },
  {
    name: 'the person is locked out of Duo',
    begin: (duo, username) => duo.setUser({ username, status: 'locked-out' }),
    says: BARRED,
    toLeads: BARRED_TO_LEADS,
  },
  {
    name: 'no device of the person takes a push, and there is no other way',
    begin: (duo, username) => duo.setUser({ username, hasPhone: false }),
    says: 'No device of yours takes a push. Nothing was done. Ask your Duo administrator to activate Duo Mobile on your phone; the leads have been told.',
    toLeads: (who) => `No device of ${who} takes a push, and no other way is configured for them.`,
  },
  {
    name: 'pushes have to be verified, and Duo offers no number',
    begin: (duo, username) => duo.setUser({ username, verifiedPush: 'off' }),
    says: 'Pushes have to be verified with a number here, and Duo offered none for you. Nothing was done. Ask your Duo administrator to switch on verified push; the leads have been told.',
    toLeads: (who) =>
      `Pushes have to be verified here (duo_push.verified: required), and Duo offered ${who} no number. Switch on verified push for them in Duo.`,
    pushed: true,
  },
];

const NAMED = TROUBLES.map((trouble) => [trouble.name, trouble] as const);

describe.each(KINDS)('without an answer that counts, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind, { phones: { order: ['duo_push', 'totp'], verified: 'required' } });
  }, 60_000);
  afterAll(() => world.close());

  /** All is well again, and nobody remembers the last trouble. */
  beforeEach(async () => {
    for (const path of [PREAUTH, '/auth/v2/auth']) world.duo.fail(path, null);
    for (const name of ['Lena', 'Tess'])
      world.duo.setUser({
        username: duoNameOf(name),
        status: 'active',
        hasPhone: true,
        verifiedPush: 'offered',
      });
    await world.wait(600);
  });

  const inAlerts = (words: string) =>
    world.slack.messages(NORTHWIND, 'C0ALERTS').filter((m) => reads(m).includes(words)).length;
  const readBy = (name: string, words: string) =>
    world
      .person(name)
      .direct()
      .filter((says) => says.includes(words)).length;
  const times = (look: () => number, n: number) => world.slack.until(() => look() === n || undefined, 15_000);
  const alerts = async () =>
    (await world.rows(`select 1 from keyturn.alerts where kind = 'factor-failed'`)).length;

  test.each(NAMED)('when %s, Lena’s Approve does nothing', async (_name, trouble) => {
    const [tess, lena] = [world.person('Tess'), world.person('Lena')];
    const toLeads = trouble.toLeads('Lena Falk');
    const [told, omarRead, alerted] = [inAlerts(toLeads), readBy('Omar', toLeads), await alerts()];
    const id = await tess.asks('acme/front-desk 30m printer is down');
    trouble.begin(world.duo, duoNameOf('Lena'));

    const approve = async () => {
      await lena.presses('Approve', id);
      if (trouble.pushed) lena.phone.allows(await lena.phone.rings(id));
    };
    await approve();
    const card = reads(await lena.receives(trouble.says, id));
    expect(card).toContain('Not confirmed');
    expect(card).not.toContain('Another way');
    await times(() => inAlerts(toLeads), told + 1);
    await times(() => readBy('Omar', toLeads), omarRead + 1);

    // Half a minute later it is the same trouble: she reads it again, and nobody else does.
    await world.wait(31);
    await approve();
    const ofThis = () =>
      lena.direct().filter((says) => says.includes(trouble.says) && says.includes(id)).length;
    await times(ofThis, 2);
    expect(await alerts()).toBe(alerted + 1);
    expect(inAlerts(toLeads)).toBe(told + 1);
    expect(readBy('Omar', toLeads)).toBe(omarRead + 1);
    expect(readBy('Lena', toLeads)).toBe(0);

    expect(await world.rows('select state from keyturn.requests where id = $1', [id])).toEqual([
      { state: 'pending' },
    ]);
    expect(await world.rows('select 1 from keyturn.decisions')).toEqual([]);
    expect(await world.rows(`select 1 from keyturn.proofs where state in ('allowed', 'spent')`)).toEqual([]);
    await tess.types(`cancel ${id}`);
    await tess.receives('Request cancelled', id);
  });

  describe('the password stays where it is', () => {
    beforeAll(() => world.person('Tess').types('acme/printer 4h toner'));

    test.each(NAMED)('when %s', async (_name, trouble) => {
      const tess = world.person('Tess');
      const toLeads = trouble.toLeads('Tess Tran');
      const before = {
        told: inAlerts(toLeads),
        lena: readBy('Lena', toLeads),
        omar: readBy('Omar', toLeads),
      };
      trouble.begin(world.duo, duoNameOf('Tess'));
      const browser = await tess.opens('Reveal', 'Printer panel');
      await browser.ask();
      if (trouble.pushed) tess.phone.allows(await tess.phone.rings('Number on your screen'));
      expect(await browser.isAsked('over')).toEqual({ by: 'over', says: trouble.says, again: true });
      expect((await browser.status()).body.state).toBe('waiting');
      const claimed = await browser.claim();
      expect(claimed).toMatchObject({ status: 409, body: { refused: 'not-confirmed' } });
      expect(JSON.stringify(claimed.body)).not.toContain(passwordOf('acme', 'printer'));
      await times(() => inAlerts(toLeads), before.told + 1);
      await times(() => readBy('Lena', toLeads), before.lena + 1);
      await times(() => readBy('Omar', toLeads), before.omar + 1);
      expect(readBy('Tess', toLeads)).toBe(0);
      expect(await world.rows('select 1 from keyturn.exposures')).toEqual([]);
    });
  });
});
