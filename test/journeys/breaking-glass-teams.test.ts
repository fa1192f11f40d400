import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { openWorld, passwordOf, reads, type World } from '../support/world.js';

describe.each(KINDS)('breaking the glass in Teams, on the %s database', (kind) => {
  let world: World;
  let id = '';
  beforeAll(async () => {
    world = await openWorld(kind, { teams: true });
    // Whoever has typed once can be written to.
    for (const name of ['Lena', 'Sana']) await world.inTeams(name).types('mine');
  }, 60_000);
  afterAll(() => world.close());

  test('Tess types one word, fills in a short form where it stands, and the access is hers', async () => {
    const tess = world.inTeams('Tess');
    await tess.types('break-glass');
    const form = await tess.sees('Access at once. Your phone asks first');
    const refused = await tess.clicks(form, 'Break the glass', {
      glass: 'acme/front-desk',
      long: '30m',
      why: 'it burns',
    });
    expect(JSON.stringify(refused.card ?? refused.errors)).toContain(
      'Say more about the emergency, in at least 15 characters',
    );
    await tess.clicks(await tess.sees('Access at once. Your phone asks first'), 'Break the glass', {
      glass: 'acme/front-desk',
      long: '30m',
      why: 'the practice opens at seven and nothing boots',
    });
    await tess.receives('Yours until', 'Front desk PC');
    expect(await tess.reveals('Front desk PC')).toBe(passwordOf('acme', 'front-desk'));
    [{ id }] = (await world.rows<{ id: string }>(
      `select id from keyturn.requests where kind = 'break-glass'`,
    )) as [{ id: string }];
  });

  test('those who review it read the same in Teams and in Slack', async () => {
    const inTeams = await world.inTeams('Sana').receives('Break-glass', id);
    const inSlack = await world.person('Sana').receives('Break-glass', id);
    for (const words of ['Front desk PC', 'Tess Tran', 'To be reviewed by', 'Review', 'Revoke']) {
      expect(world.inTeams('Sana').reads(inTeams)).toContain(words);
      expect(reads(inSlack)).toContain(words);
    }
  });

  test('it isn’t one’s own to review; Sana reviews it in Teams, and Lena reads so in both chats', async () => {
    expect(await world.inTeams('Tess').hears(`review ${id} justified all was well`)).toBe(
      'It is your own break-glass: somebody else has to review it.',
    );
    const sana = world.inTeams('Sana');
    await sana.presses('Review', id);
    await sana.clicks(await sana.sees('Your word', 'Misuse ends everything'), 'Review', {
      verdict: 'justified',
      why: 'I was called by the practice myself',
    });
    await world.inTeams('Lena').receives('Reviewed by Sana Idris: justified.', id);
    await world.person('Lena').receives('Reviewed by Sana Idris: justified.', id);
  });
});
