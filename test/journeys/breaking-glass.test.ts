import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { allIsTold, waits } from '../support/told.js';
import { leaks, NORTHWIND, openWorld, passwordOf, reads, type World } from '../support/world.js';

const HOUR = 3600;

describe.each(KINDS)('breaking the glass, on the %s database', (kind) => {
  let world: World;
  /** Tess's first break-glass. */
  let id = '';
  beforeAll(async () => {
    world = await openWorld(kind, { phones: {}, teams: true });
  }, 60_000);
  afterAll(() => world.close());
  beforeEach(() => waits(world, 31));

  const alarm = (words: string, besides?: string) =>
    world.slack.until(
      () =>
        world.slack
          .messages(NORTHWIND, 'C0ALERTS')
          .map((m) => reads(m))
          .findLast((text) => text.includes(words) && text.includes(besides ?? '')),
      15_000,
    );

  test('at 2 a.m. Tess types it, confirms on her phone, and the access is hers with nobody asked', async () => {
    const tess = world.person('Tess');
    await tess.types('break-glass acme/front-desk 30m the practice opens at seven and nothing boots');
    const push = await tess.phone.rings('Break-glass');
    expect(push.type).toBe('Break the glass');
    expect(push.facts).toEqual([
      { label: 'Break-glass', value: 'Front desk PC (acme/front-desk)' },
      { label: 'For', value: '30 minutes' },
      { label: 'Taken by', value: 'Tess Tran' },
      { label: 'Why', value: 'the practice opens at seven and nothing boots' },
    ]);
    await tess.confirmsOnPhone('Break-glass');
    const card = reads(await tess.receives('Yours until', 'Front desk PC'));
    expect(card).toContain('Reveal');
    [{ id }] = (await world.rows<{ id: string }>(
      `select id from keyturn.requests where kind = 'break-glass'`,
    )) as [{ id: string }];
  });

  test('everybody who has to know is told at once: the alerts channel, both leads, and security', async () => {
    expect(await alarm('Break-glass', id)).toContain('the practice opens at seven');
    for (const name of ['Lena', 'Omar', 'Sana', 'Theo']) {
      const told = reads(await world.person(name).receives('Break-glass', id));
      expect(told).toContain('Tess Tran');
      expect(told).toContain('Nobody was asked; Tess Tran’s second factor confirmed it.');
      expect(told).toMatch(/To be reviewed by .*, by somebody other than Tess Tran\./);
    }
    expect(world.person('Luis').direct().join()).not.toContain(id);
    expect(world.person('Noor').direct().join()).not.toContain('Acme');
  });

  test('the factor that broke the glass covers the first showing, and no second one', async () => {
    const tess = world.person('Tess');
    const grant = id.replace('R-', 'G-');
    const before = tess.phone.pushes;
    expect(await tess.reveals(grant)).toBe(passwordOf('acme', 'front-desk'));
    expect(tess.phone.pushes).toBe(before);
    await waits(world, 31);
    const browser = await tess.opens('Reveal', grant);
    await browser.ask();
    const push = await tess.phone.rings('Number on your screen');
    const { code } = await browser.isAsked('push');
    tess.phone.allows(push, code);
    await browser.isLetIn();
    expect((await browser.claim()).body.password).toBe(passwordOf('acme', 'front-desk'));
  });

  test('too little is said, too long is wanted, or it isn’t theirs to take: refused, and nothing changes', async () => {
    const tess = world.person('Tess');
    expect(await tess.hears('break-glass acme/till 30m fire')).toBe(
      'Say more about the emergency, in at least 15 characters: somebody reviews it afterwards and goes by it.',
    );
    expect(await tess.hears('break-glass acme/till 2h the till doesn’t open any more')).toBe(
      'The time has to be between 5 minutes and 1 hour, written like 30m, 1h or 1h30m.',
    );
    expect(await world.person('Luis').hears('break-glass acme/till 30m the till doesn’t open any more')).toBe(
      'acme/till can’t be taken by break-glass by you. Ask for it; a lead can tell you who may break the glass.',
    );
    expect(await tess.hears('break-glass acme/router 30m the router is on fire again')).toContain(
      'can’t be taken by break-glass by you',
    );
    expect(await tess.hears('break-glass cedar/dispensary 30m the clinic can’t get in at all')).toContain(
      'There is no account "cedar/dispensary" that you may ask for.',
    );
    expect(await world.person('Aude').hears('break-glass acme/till 30m an auditor wants to see it')).toBe(
      'As an auditor you can read everything here, but not ask or decide.',
    );
    expect(await world.rows(`select 1 from keyturn.grants where account = 'till'`)).toEqual([]);
  });

  test('Maya fills in the form, and her phone says no: nothing was done, and nobody is told that anything was', async () => {
    const maya = world.person('Maya');
    await maya.types('break-glass');
    expect(JSON.stringify(await maya.form())).toContain('Access at once. Your phone asks first');
    const sent = { glass: 'acme/till', long: '30m', why: 'it won’t open' };
    expect(await maya.sends(sent)).toEqual({
      why: 'Say more about the emergency, in at least 15 characters: somebody reviews it afterwards and goes by it.',
    });
    expect(await maya.sends({ ...sent, why: 'the till doesn’t open any more' })).toEqual({});
    const push = await maya.phone.rings('Break-glass');
    world.duo.deny(push.txid);
    await maya.receives('Nothing was done');
    expect(await world.rows(`select 1 from keyturn.requests where account = 'till'`)).toEqual([]);
  });

  test('she can’t review her own, and somebody who is told nothing can’t either', async () => {
    expect(await world.person('Tess').hears(`review ${id} justified it was me and it was fine`)).toBe(
      'It is your own break-glass: somebody else has to review it.',
    );
    expect(await world.person('Luis').hears(`review ${id} justified looks fine to me too`)).toBe(
      'Only leads and those who are told of such a break-glass review it.',
    );
  });

  test('nobody reviews it: they are reminded at half its time, and the leads hear when it is late', async () => {
    await world.wait(12 * HOUR);
    const owed = reads(await world.person('Sana').receives('A break-glass waits for its review', id));
    expect(owed).toContain('Say by');
    await world.wait(12 * HOUR);
    expect(reads(await world.person('Lena').receives('Nobody has reviewed a break-glass', id))).toContain(
      'Somebody else has to say whether it was justified.',
    );
    await alarm('Nobody has reviewed a break-glass', id);
  });

  test('while it is late, she breaks no more glass; a lead lets her once, with the lead’s own factor', async () => {
    const tess = world.person('Tess');
    expect(await tess.hears('break-glass acme/scanner 30m labels don’t print and stock is stuck')).toMatch(
      new RegExp(
        `^Your break-glass ${id} should have been reviewed by .*, and until it is you can’t break the glass again\\. Ask a lead to review it, or to press “Allow one more” on its card\\.$`,
      ),
    );
    const omar = world.person('Omar');
    await omar.presses('Allow one more', id);
    await omar.confirmsOnPhone('Let break glass once more');
    await tess.receives('You may break the glass once more');
    await waits(world, 31);
    await tess.types('break-glass acme/scanner 30m labels don’t print and stock is stuck');
    await tess.confirmsOnPhone('Break-glass');
    await tess.receives('Yours until', 'Label scanner');
    await waits(world, 31);
    expect(await tess.hears('break-glass acme/lead-safe 30m and now the safe is stuck as well')).toContain(
      'you can’t break the glass again',
    );
  });

  test('Lena reviews it on its form, and every card says what she found', async () => {
    const lena = world.person('Lena');
    // The digest has a button of nearly that name; this is the card itself.
    await lena.clicks(await lena.receives('Taken by', id), 'Review');
    const form = await lena.form();
    expect(JSON.stringify(form)).toContain('Review a break-glass');
    await lena.sends({ verdict: 'justified', why: 'checked with the practice, it was down' });
    await lena.confirmsOnPhone(id);
    const card = reads(await world.person('Omar').receives('Reviewed by Lena Falk: justified.', id));
    expect(card).toContain('“checked with the practice, it was down”');
    expect(await world.person('Omar').hears(`review ${id} misuse I see it otherwise, sorry`)).toBe(
      `${id} was reviewed already, by Lena Falk: justified.`,
    );
    await world.person('Sana').receives('was reviewed by Lena Falk: justified', id);
  });

  test('a client that is co-managed hears of it in words of its own', async () => {
    const tess = world.person('Tess');
    await tess.types('break-glass delta/shop-admin 30m the shop takes no orders since midnight');
    await tess.confirmsOnPhone('Break-glass');
    const told = reads(await world.person('Noor').receives('Emergency access', 'Shop admin'));
    expect(told).toContain('Tess Tran of Northwind IT took this access');
    expect(told).toContain('the shop takes no orders since midnight');
    expect(leaks(told, 'Acme', 'acme/', 'Front desk')).toEqual([]);
  });

  test('misuse ends all that she holds, pauses her, and makes tasks of what she saw; a lead lets her act again', async () => {
    const [{ request }] = (await world.rows<{ request: string }>(
      `select request from keyturn.reviews where account = 'scanner'`,
    )) as [{ request: string }];
    const tess = world.person('Tess');
    expect(await world.person('Omar').hears(`review ${request} perhaps it was fine`)).toContain(
      'Write your word and why',
    );
    await world.inTeams('Sana').types('pending');
    await world.person('Lena').types(`review ${request} misuse nobody was at the warehouse`);
    await alarm('Incident: a break-glass that was misuse', request);
    await tess.receives('Revoked by Lena Falk', 'Shop admin');
    expect(await tess.hears('acme/printer 30m toner is low')).toBe(
      'You are paused until a lead has looked into what happened. You can return what you hold; nothing else of yours is asked, approved or shown.',
    );
    expect(
      await world.rows(
        `select count(*)::int as n from keyturn.grants g join keyturn.people p on p.id = g.holder
         where p.email like 'tess%' and g.state <> 'ended'`,
      ),
    ).toEqual([{ n: 0 }]);
    await waits(world, 31);
    await world.person('Omar').presses('Let them act again');
    await world.person('Omar').confirmsOnPhone('Let act again');
    await alarm('Settled by Omar Haddad');
    await allIsTold(world);
    const chains = await world.rows(`select * from keyturn.verify_chain('acme')`);
    expect(chains).toEqual([]);
  });
});
