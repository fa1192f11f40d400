/** Two people hold one account: neither's end is the other's, and both hear of a new password. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../src/config/secret.js';
import { perform } from '../../src/core/perform.js';
import { KINDS } from '../support/house.js';
import { openWorld, passwordOf, reads, type World } from '../support/world.js';

const shared = (text: string) =>
  text.replace(/(\{ id: (?:printer|phones), .*policy: helpdesk) \}/g, '$1, exclusive: false }');

describe.each(KINDS)('one account and two holders, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind, { teams: true, config: shared });
    await world.inTeams('Maya').hears('help');
  }, 60_000);
  afterAll(() => world.close());

  const RING = 'The password was changed. Press Reveal for the new one.';

  async function take(name: string, words: string): Promise<string> {
    return (await world.person(name).hears(words)).slice(0, 8);
  }

  /** A lead enters a new password by hand. */
  async function changes(account: string, password: string): Promise<void> {
    const { store } = world.app.ports;
    const facts = await store.accountFacts('acme', account);
    const lena = facts.directory.people.find((p) => p.name === 'Lena Falk');
    const version = (facts.secret?.version ?? 0) + 1;
    const place = { client: 'acme', account, version };
    const sealed = await world.app.custody.sealSecret(new Secret(password), place);
    const by = lena?.id as string;
    const outcome = await perform(
      world.app.ports,
      { person: by, via: 'cli' },
      { verb: 'set-secret', sealed: { ...place, sealed, by, at: facts.now } },
    );
    expect(outcome).toHaveProperty('done');
  }

  test('one returns theirs, and the other’s goes on', async () => {
    const [hers, mayas] = [
      await take('Tess', 'acme/printer 1h toner'),
      await take('Maya', 'acme/printer 1h toner too'),
    ];
    expect(await world.person('Tess').reveals(hers)).toBe(passwordOf('acme', 'printer'));
    expect(await world.person('Maya').reveals(mayas)).toBe(passwordOf('acme', 'printer'));
    await world.person('Tess').types(`return ${hers}`);
    await world.person('Tess').receives('Your access has ended', hers);
    const states = await world.rows(
      'select holder, state from keyturn.grants where account = $1 order by state',
      ['printer'],
    );
    expect(states.map(({ state }) => state)).toEqual(['active', 'ended']);
    expect(await world.person('Maya').reveals(mayas)).toBe(passwordOf('acme', 'printer'));
  });

  test('when its password is changed, whoever still holds it is rung in both chats, once, and reads the new one', async () => {
    const maya = world.person('Maya');
    const inTeams = world.inTeams('Maya');
    const task = await world.person('Lena').receives('Change this password', 'Printer panel');
    expect(reads(task)).toContain('Tess Tran was shown it');
    await changes('printer', 'Toner-77-new');
    const ring = await maya.receives(RING, 'Printer panel');
    await inTeams.receives(RING, 'Printer panel');
    expect(
      world
        .person('Tess')
        .direct()
        .filter((says) => says.includes(RING)),
    ).toEqual([]);
    await world.person('Lena').receives('This password was changed', 'Printer panel');

    expect(reads(ring)).toContain('Reveal');
    expect(await maya.reveals(RING)).toBe('Toner-77-new');
    await maya.receives('You have been shown the new one.', 'Printer panel');
    await changes('printer', 'Toner-78-new');
    await maya.receives(RING, 'Printer panel');
    await maya.receives('It has been changed once more since.', 'Printer panel');
    const rings = maya.direct().filter((says) => says.includes('The password was changed\n'));
    expect(rings).toHaveLength(2);
  });

  test('whoever changed it needs no word of it, and one that was never lent rings nobody', async () => {
    await changes('phones', 'Tone-1-new');
    const luis = await take('Luis', 'acme/phones 1h no tone');
    await world.person('Luis').receives('Yours until', luis);
    expect(
      world
        .person('Luis')
        .direct()
        .filter((says) => says.includes(RING)),
    ).toEqual([]);
  });

  test('an account that is shown is lent to one person at a time, unless it says otherwise', async () => {
    const tess = await take('Tess', 'acme/camera 30m look at the door');
    expect(await world.person('Maya').hears('acme/camera 30m me too')).toContain(
      `(${tess}), and it is lent to one person at a time.`,
    );
  });
});
