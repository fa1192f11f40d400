import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Authenticator, enrolsOn } from '../support/authenticator.js';
import { KINDS } from '../support/house.js';
import { allIsTold, waits } from '../support/told.js';
import { NORTHWIND, openWorld, passwordOf, reads, type World } from '../support/world.js';

const FIRST =
  'I haven’t met this chat account before. Confirm with your second factor that it is yours, as my direct message to you says; then send this once more.';
const IF_NOT_YOU = 'If you know nothing of this, tell a lead at once.';
const LEADS_ONLY = 'Only a lead can do that.';
const PAGE_OVER =
  'This page opens nothing any more. Press the button in your chat for a new one, or ask a lead to type “/access enrol” with your e-mail address.';
const PAUSED =
  'You are paused until a lead has looked into what happened. You can return what you hold; nothing else of yours is asked, approved or shown.';

describe.each(KINDS)('one’s own ways in, on the %s database', (kind) => {
  let world: World;
  let luises: Authenticator;
  beforeAll(async () => {
    const users = [{ username: 'luis@northwind.example', status: 'unenrolled' }] as const;
    world = await openWorld(kind, { phones: { order: ['duo_push', 'totp'], users } });
  }, 60_000);
  afterAll(() => world.close());
  /** What one test asked of a phone is over for the next one. */
  beforeEach(() => waits(world, 31));

  const factors = (name: string) =>
    world.rows(
      `select f.state from keyturn.factors f join keyturn.people p on p.id = f.person
       where p.email = $1 order by f.offered_at`,
      [`${name}@northwind.example`],
    );
  const isLinked = async (user: string) => {
    const sql =
      'select 1 from keyturn.identities where user_id = $1 and proven_at is not null and ended_at is null';
    return (await world.rows(sql, [user])).length === 1;
  };

  test('Maya reads which accounts act as her, and which factors confirm it', async () => {
    const says = await world.person('Maya').hears('link');
    expect(says).toContain('My linked accounts and factors');
    expect(says).toMatch(/Slack U0MAYA in T0NORTHWIND: linked .*, confirmed by your second factor/);
    expect(says).toContain('Duo: as mchen. Your phones there are managed in Duo.');
    expect(says).toContain('Authenticator: none.');
    for (const button of ['Unlink U0MAYA', 'Add an authenticator']) expect(says).toContain(button);
  });

  test('she unlinks her account with her phone, and not without; she is told, and it is a stranger’s again', async () => {
    const maya = world.person('Maya');
    await maya.hears('link');
    await maya.presses('Unlink U0MAYA');
    const push = await maya.phone.rings('U0MAYA');
    expect(push.type).toBe('Unlink a chat account');
    await maya.phone.denies('U0MAYA');
    await maya.receives('Denied on your phone', 'U0MAYA');
    expect(await isLinked('U0MAYA')).toBe(true);

    await waits(world, 31);
    await maya.presses('Unlink U0MAYA');
    await maya.confirmsOnPhone('U0MAYA');
    const told = reads(await maya.receives('A chat account of yours was unlinked'));
    expect(told).toContain('The Slack account U0MAYA of T0NORTHWIND doesn’t act as you any more.');
    expect(told).toContain(IF_NOT_YOU);
    expect(await isLinked('U0MAYA')).toBe(false);
    await waits(world, 31);
    expect(await maya.hears('mine')).toBe(FIRST);
    await maya.confirmsOnPhone('U0MAYA');
    await maya.receives('This chat account is linked to you.', 'U0MAYA');
  });

  test('Luis, whom Duo doesn’t know, is refused what asks for a factor, and a lead reads what to do', async () => {
    const luis = world.person('Luis');
    expect(await luis.hears('acme/printer 4h paper jam')).toContain('is yours');
    const page = await luis.opens('Reveal', 'Printer panel');
    await page.ask();
    expect((await page.isAsked('over')).says).toBe(
      'You have no second factor that Keyturn can ask. Nothing was done. Enrol your phone in Duo, or ask a lead to type “/access enrol” with your e-mail address; the leads have been told.',
    );
    await world
      .person('Lena')
      .receives(
        'Luis Ortega has no second factor and was refused. Enrol them in Duo, or type “/access enrol” with their e-mail address.',
      );
  });

  test('nobody but a lead lets somebody else enrol, and a lead only with their own phone', async () => {
    const lena = world.person('Lena');
    for (const name of ['Luis', 'Sana'])
      expect(await world.person(name).hears('enrol maya@northwind.example')).toBe(LEADS_ONLY);
    expect(await lena.hears('enrol luis@elsewhere.example')).toBe(
      'I know nobody called “luis@elsewhere.example”. Type the e-mail address as it is in the configuration.',
    );
    await lena.types('enrol luis@northwind.example');
    const push = await lena.phone.rings('Luis Ortega');
    expect(push.type).toBe('Allow an authenticator');
    expect(push.facts).toEqual([
      { label: 'Person', value: 'Luis Ortega' },
      { label: 'Chat account', value: 'slack U0LUIS' },
      { label: 'Asked by', value: 'Lena Falk' },
    ]);
    await lena.phone.denies('Luis Ortega');
    await lena.receives('Denied on your phone', 'Luis Ortega');
    expect(await factors('luis')).toEqual([]);
    expect(world.person('Luis').direct().join('\n')).not.toContain('Enrol an authenticator');
  });

  test('with Lena’s word Luis enrols on his page, is told, and confirms by code from then on', async () => {
    const lena = world.person('Lena');
    const luis = world.person('Luis');
    await lena.types('enrol luis@northwind.example');
    await lena.confirmsOnPhone('Luis Ortega');
    await lena.receives('The authenticator may be enrolled: its page is a button in their own chat.');
    const card = await luis.receives('Lena Falk lets you enrol an authenticator.');
    expect(reads(card)).toContain(IF_NOT_YOU);
    expect(await world.person('Sana').clicksAndHears(card, 'Enrol')).toBe(PAGE_OVER);
    const page = await luis.opens('Enrol', 'Lena Falk lets you');
    expect((await page.posts('look')).body).toMatchObject({
      person: 'Luis Ortega',
      operator: 'Northwind IT',
    });
    luises = await enrolsOn(world, page);
    expect(await factors('luis')).toEqual([{ state: 'active' }]);
    const told = reads(await luis.receives('A new authenticator counts for you'));
    expect(told).toContain('Its codes confirm what you do from now on.');
    expect(told).toContain(IF_NOT_YOU);
    expect((await page.posts('look')).body.says).toBe(PAGE_OVER);

    await world.wait(30);
    const reveal = await luis.opens('Reveal', 'Printer panel');
    await reveal.ask();
    expect(await reveal.isAsked('code')).toEqual({ by: 'code', digits: 6 });
    expect(await reveal.posts('code', { code: await luises.shows() })).toMatchObject({ status: 200 });
    await reveal.isLetIn();
    expect((await reveal.claim()).body.password).toBe(passwordOf('acme', 'printer'));
  });

  test('he ends it with its own code, is told, and reads that he has none', async () => {
    const luis = world.person('Luis');
    expect(await luis.hears('link')).toContain('Authenticator: since ');
    await luis.presses('End the authenticator');
    await luis.presses('Type the code', 'Luis Ortega');
    expect(await luis.sends({ code: await luises.shows() })).toEqual({});
    const told = reads(await luis.receives('An authenticator of yours has ended'));
    expect(told).toContain('You ended it.');
    expect(told).toContain(IF_NOT_YOU);
    expect(await factors('luis')).toEqual([{ state: 'ended' }]);
    expect(await luis.hears('link')).toContain('Authenticator: none.');
  });

  test('whoever sits at Tess’s chat can’t add an authenticator: her phone says what it is about, and she denies it', async () => {
    const tess = world.person('Tess');
    await tess.hears('link');
    await tess.presses('Add an authenticator');
    const push = await tess.phone.rings();
    expect(push.type).toBe('Allow an authenticator');
    expect(push.facts).toEqual([
      { label: 'Person', value: 'Tess Tran' },
      { label: 'Chat account', value: 'slack U0TESS' },
      { label: 'Asked by', value: 'Tess Tran' },
    ]);
    await tess.phone.denies();
    await tess.receives('Denied on your phone', 'Tess Tran');
    expect(await factors('tess')).toEqual([]);
    expect(tess.direct().join('\n')).not.toContain('Enrol an authenticator');
  });

  test('the second time she reports it: paused, the leads told, and not even what a lead allowed is enrolled', async () => {
    const [tess, omar] = [world.person('Tess'), world.person('Omar')];
    await omar.types('enrol tess@northwind.example');
    await omar.confirmsOnPhone('Tess Tran');
    const open = await tess.opens('Enrol', 'Omar Haddad lets you');
    await open.posts('begin');
    await tess.hears('link');
    await tess.presses('Add an authenticator');
    await tess.phone.reportsFraud();
    await tess.receives('You reported that you hadn’t asked for it, so you are paused', 'Tess Tran');
    for (const name of ['Lena', 'Omar'])
      await world.person(name).receives('Tess Tran reported on their phone that they hadn’t asked for this.');
    await allIsTold(world);
    const alerts = world.slack.messages(NORTHWIND, 'C0ALERTS').map((m) => reads(m));
    expect(alerts.join('\n')).toContain('slack account U0TESS of T0NORTHWIND');

    expect(await tess.pressesAndHears('Add an authenticator')).toBe(PAUSED);
    expect(await tess.pressesAndHears('Unlink U0TESS')).toBe(PAUSED);
    expect(await tess.pressesAndHears('Enrol', 'Omar Haddad lets you')).toBe(PAUSED);
    for (const act of ['look', 'begin'])
      expect(await open.posts(act)).toMatchObject({ status: 409, body: { refused: 'paused', says: PAUSED } });
    expect((await open.posts('try', { code: '123456' })).body.says).toBe(PAUSED);
    expect(await factors('tess')).toEqual([{ state: 'trying' }]);
  });
});
