import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { BEACON_TENANT } from '../support/teams.js';
import { allIsTold } from '../support/told.js';
import { DELTA, leaks, openWorld, type World } from '../support/world.js';

/** What is Delta's alone and what is Beacon's alone: names, people, accounts, reasons, and one's own ids. */
const OF_DELTA = ['Delta', 'delta/', 'Noor', 'Shop admin', 'registrar', 'canary-of-d'];
const OF_BEACON = ['Beacon', 'beacon/', 'Ivy', 'Bram', 'Document system', 'Global admin', 'canary-of-b'];
const OF_ACME = ['Acme', 'acme/', 'Front desk', 'Till', 'canary-of-a'];

describe.each(KINDS)('two clients who must never hear of each other, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind, { teams: true });
    await world.inTeams('Ivy').types('mine');
  }, 60_000);
  afterAll(() => world.close());

  /** Everything that the bot has ever sent to Delta's workspace: cards, answers, forms, errors. */
  const toldDelta = () =>
    JSON.stringify([
      world.slack.calls.filter((call) => call.team === DELTA),
      world.slack.dm(DELTA, 'U0NOOR'),
      world.slack.ephemerals(DELTA, 'U0NOOR'),
    ]);
  /** The same to Beacon's tenant. */
  const toldBeacon = () =>
    JSON.stringify([
      world.teams.calls.filter((call) => call.tenant === BEACON_TENANT),
      world.inTeams('Ivy').messages(),
    ]);

  test('the whole life of a grant goes by at each of them, and at a third', async () => {
    const tess = world.person('Tess');
    await tess.types('break-glass delta/shop-admin 30m canary-of-d the shop takes no orders');
    await tess.receives('Yours until', 'Shop admin');
    await world.person('Noor').receives('Emergency access');
    const asked = await tess.asks('beacon/dms 30m canary-of-b the index is broken');
    await world.person('Lena').presses('Approve', asked);
    await tess.receives('Yours until', 'Document system');
    expect(await tess.reveals('Document system')).toContain('beacon');
    await tess.types('break-glass acme/till 30m canary-of-a the drawer doesn’t open');
    await tess.receives('Yours until', 'Till');
    const glass = (
      await world.rows<{ id: string }>(
        `select id from keyturn.requests where kind = 'break-glass' and client = 'delta'`,
      )
    )[0]?.id as string;
    await world.person('Lena').types(`review ${glass} justified canary-of-d they called me`);
    await world.person('Omar').receives('Reviewed by Lena Falk', glass);
    await world.wait(24 * 3600);
    await world.person('Lena').receives('Digest');
    await allIsTold(world);
  });

  test('each asks for its own report, tries the other’s, looks around and mistypes', async () => {
    const noor = world.person('Noor');
    const ivy = world.inTeams('Ivy');
    expect(await noor.hears('report client delta')).toContain('Shop admin');
    expect(await ivy.hears('report client beacon', () => true)).toBeTruthy();
    const others = (client: string, account: string) => [
      `report client ${client}`,
      `report account ${client}/${account}`,
      'report person tess@northwind.example',
      `${client}/${account} 30m let me in please`,
      `break-glass ${client}/${account} 30m let me in at once please`,
      'digest',
      'offboard Tess Tran',
      'mine',
      'pending',
      'home',
    ];
    for (const words of others('zeta', 'dms')) await noor.hears(words);
    for (const words of others('zeta', 'shop-admin')) await ivy.hears(words, () => true);
    // What isn't there and what isn't theirs are refused in the same words, but for what they typed themselves.
    const sameBut = (says: string, id: string) => says.replaceAll(id, '…');
    for (const words of ['report client X', 'X/dms 30m let me in please']) {
      const real = sameBut(await noor.hears(words.replace('X', 'beacon')), 'beacon');
      expect(real).toBe(sameBut(await noor.hears(words.replace('X', 'zeta')), 'zeta'));
    }
    await allIsTold(world);
  });

  test('nothing of the one has ever been sent to the other', () => {
    const typedByNoor = ['beacon/', 'beacon'];
    expect(
      leaks(toldDelta(), ...OF_BEACON.filter((word) => !typedByNoor.includes(word)), ...OF_ACME),
    ).toEqual([]);
    expect(leaks(toldBeacon(), ...OF_DELTA, ...OF_ACME)).toEqual([]);
  });
});
