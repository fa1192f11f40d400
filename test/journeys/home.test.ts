/** What concerns one person now: Slack's Home tab, and the same cards in Teams for whoever says hello. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readButtons, type View } from '../../src/playground/slack/index.js';
import { KINDS } from '../support/house.js';
import { NORTHWIND_TENANT, objectIdOf } from '../support/teams.js';
import { idIn, NORTHWIND, openWorld, type Player, reads, type World } from '../support/world.js';

describe.each(KINDS)('what is mine now, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind, { teams: true });
    for (const name of ['Tess', 'Lena']) await world.inTeams(name).hears('help');
  }, 60_000);
  afterAll(() => world.close());

  const labels = (view: View) => readButtons(view).map(({ label }) => label);

  /** Opens the tab and waits until it says this. */
  async function opens(who: Player, words: string): Promise<View> {
    const before = world.slack.home(NORTHWIND, who.user);
    await world.slack.openHome(NORTHWIND, who.user);
    return tab(who, words, before);
  }
  /** Waits until the tab is another than before and says this. */
  async function tab(who: Player, words: string, before: View | undefined): Promise<View> {
    return world.slack.until(() => {
      const view = world.slack.home(NORTHWIND, who.user);
      return view && view !== before && reads(view).includes(words) ? view : undefined;
    }, 10_000);
  }

  test('nothing yet: it says so, and offers to ask', async () => {
    const luis = world.person('Luis');
    const view = await opens(luis, 'You hold nothing now.');
    expect(reads(view)).toContain('Nothing waits for you.');
    expect(labels(view)).toEqual(['Request access']);
    await world.slack.click(NORTHWIND, luis.user, view, 'Request access');
    expect(reads(await luis.form())).toContain('Client');
  });

  test('in Slack: what Tess holds, what she asked for, each with its buttons, which act and redraw the tab', async () => {
    const tess = world.person('Tess');
    const grant = idIn(await tess.hears('acme/printer 1h toner'), 'G');
    const pending = await tess.asks('acme/front-desk 1h printer is down');
    const view = await opens(tess, 'You hold 1 account.');
    expect(reads(view)).toContain('1 request of yours waits for a decision.');
    expect(labels(view)).toEqual(['Request access', 'Reveal', 'Extend', 'Return early', 'Cancel request']);
    expect(readButtons(view).map(({ element }) => element.value)).toEqual([
      'form',
      grant,
      grant,
      grant,
      pending,
    ]);

    await world.slack.click(NORTHWIND, tess.user, view, 'Extend');
    expect(reads(await tess.form())).toContain('How much longer');
    await world.slack.click(NORTHWIND, tess.user, view, 'Cancel request');
    const shorter = await tab(tess, 'You hold 1 account.\nNothing waits', view);
    expect(labels(shorter)).not.toContain('Cancel request');
    await world.slack.click(NORTHWIND, tess.user, shorter, 'Return early');
    expect(labels(await tab(tess, 'You hold nothing now.', shorter))).toEqual(['Request access']);
    expect(await world.rows('select outcome from keyturn.grants where id = $1', [grant])).toEqual([
      { outcome: 'returned' },
    ]);
  });

  test('in Slack: what waits for Lena, whole, and approved there; her own request is not among it', async () => {
    const lena = world.person('Lena');
    const own = await lena.asks('acme/lead-safe 1h counting');
    const id = await world.person('Tess').asks('acme/scanner 1h labels are blank');
    const view = await opens(lena, '1 request waits for your word.');
    expect(reads(view)).toContain('labels are blank');
    expect(readButtons(view).filter(({ element }) => element.value === own)).toHaveLength(1);
    await world.slack.click(NORTHWIND, lena.user, view, 'Approve');
    await tab(lena, 'Nothing waits for you.', view);
    await world.person('Tess').receives('Yours until', id.replace('R', 'G'));
    await lena.types(`cancel ${own}`);
    await world.person('Tess').types(`return ${id.replace('R', 'G')}`);
  });

  test('more time is no grant of its own, and stands as what it is in the list', async () => {
    const tess = world.person('Tess');
    const first = await tess.asks('acme/till 1h drawer is stuck');
    const grant = first.replace('R', 'G');
    await world.person('Lena').presses('Approve', first);
    await tess.receives('Yours until', grant);
    const more = idIn(await tess.hears(`extend ${grant} 30m still stuck`), 'R');
    const view = await opens(tess, 'You hold 1 account.');
    expect(reads(view)).toContain(`${more} asks for 30 minutes more`);
    expect(labels(view)).toEqual(['Request access', 'Reveal', 'Return early', 'Cancel request']);
    const list = await tess.hears('mine');
    expect(list).toContain(`${more}  Acme Dental, Till: 30 minutes more, waits for a decision`);
    await world.person('Lena').types(`approve ${more}`);
    await tess.receives('Extended to', 'longer');
    expect(await tess.hears('mine')).toContain(`${more}  Acme Dental, Till: 30 minutes more, approved`);
    expect(reads(await opens(tess, 'You hold 1 account.\n'))).not.toContain('asks for');
    await tess.types(`return ${grant}`);
  });

  test.each(['home', 'hello', 'Hi'])('in Teams, “%s” answers with the same cards', async (word) => {
    const [tess, lena] = [world.inTeams('Tess'), world.inTeams('Lena')];
    const grant = idIn(await tess.hears('acme/alarm 1h beeping'), 'G');
    const pending = await tess.asks('acme/front-desk 1h printer is down');
    const before = world.teams.chat(NORTHWIND_TENANT, tess.user).length;
    await tess.types(word);
    const answered = async (words: string) =>
      world.teams.until(() =>
        world.teams
          .chat(NORTHWIND_TENANT, tess.user)
          .slice(before)
          .find((m) => tess.reads(m).includes(words)),
      );
    expect(tess.reads(await answered('You hold 1 account.'))).toContain('Request access');
    const held = await answered(grant);
    expect(world.teams.buttons(held)).toEqual(['Reveal', 'Extend', 'Return early']);
    expect(world.teams.buttons(await answered(pending))).toEqual(['Cancel request']);
    await lena.types('home');
    await lena.receives('1 request waits for your word.');
    await tess.clicks(held, 'Return early');
    await tess.clicks(await answered(pending), 'Cancel request');
    await world.channel('Request cancelled', pending);
  });

  test('whoever adds the app in Teams is greeted with what is theirs', async () => {
    const maya = world.inTeams('Maya');
    const id = await world.person('Maya').asks('acme/front-desk 1h printer is down');
    await world.teams.uninstalls(NORTHWIND_TENANT, objectIdOf('Maya'));
    await world.teams.installs(NORTHWIND_TENANT, objectIdOf('Maya'));
    await maya.receives('What you can type');
    await maya.receives('1 request of yours waits for a decision.');
    await maya.receives('Cancel request', id);
    await world.person('Maya').types(`cancel ${id}`);
  });

  test('in Slack the word answers too, to whoever types it alone', async () => {
    const heard = await world.person('Luis').hears('home');
    expect(heard).toContain('You hold nothing now.');
    expect(heard).toContain('Request access');
  });

  test('an auditor is offered nothing to ask for', async () => {
    const view = await opens(world.person('Aude'), 'You hold nothing now.');
    expect(labels(view)).toEqual([]);
  });
});
