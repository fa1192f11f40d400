/** Somebody leaves: a lead sees what it ends, confirms it, and watches the passwords being changed. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { openWorld, type Player, reads, type World } from '../support/world.js';

const NOBODY = 'I don’t know you as one of the people of this Keyturn.';
/** Sana looks after the till. */
const owned = (text: string) =>
  text.replace(/(\{ id: till, .*policy: one-lead) \}/, '$1, owner: sana@northwind.example }');

/** Types it and waits for the form: another window may still be open. */
async function previews(lead: Player, who: string, name: string): Promise<string> {
  await lead.types(`offboard ${who}`);
  const isIt = () => {
    const view = lead.slack.view(lead.team, lead.user);
    return view && reads(view).includes(`Offboard ${name}`) ? view : undefined;
  };
  return reads(await lead.slack.until(isIt, 10_000));
}

const withMaya = (text: string) => text.replace(/(name: Maya Chen, +tier:) L3/, '$1 lead');

describe.each(KINDS)('offboarding in both chats, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind, { teams: true, config: owned });
    for (const name of ['Lena', 'Omar', 'Tess', 'Luis', 'Sana']) await world.person(name).hears('help');
    for (const name of ['Lena', 'Tess']) await world.inTeams(name).hears('help');
  }, 120_000);
  afterAll(() => world.close());

  const idOf = async (email: string) =>
    (await world.rows<{ id: string }>('select id from keyturn.people where email = $1', [email]))[0]?.id ??
    '';

  async function changes(name: string, account: string, password: string): Promise<void> {
    const player = world.person(name);
    const task = await player.receives('Enter the new password', account);
    const before = new Set(player.messages().map((m) => m.ts));
    expect(before.has(task.ts)).toBe(true);
    const page = await player.opens('Enter the new password', account);
    await player.letsIn(page);
    expect((await page.enter(password)).body).toEqual({ stored: true });
  }

  test('Lena types it in Slack, sees what would end, and has to say who takes over', async () => {
    const [sana, tess, lena, luis] = ['Sana', 'Tess', 'Lena', 'Luis'].map((n) => world.person(n));
    if (!sana || !tess || !lena || !luis) throw new Error('nobody');
    // Luis saw the password of the till, which is Sana's to change.
    const till = await luis.asks('acme/till 30m drawer is stuck');
    await lena.presses('Approve', till);
    await luis.reveals('Till');
    await luis.presses('Return early', 'Till');
    await sana.receives('Change this password', 'Till');
    // Sana holds one that she was shown, and one that she wasn't; something of hers waits, and so does her word.
    await sana.hears('acme/printer 4h toner');
    await sana.reveals('Printer panel');
    await sana.hears('acme/camera 1h look');
    const pending = await sana.asks('acme/front-desk 1h slow');
    const router = await tess.asks('acme/router 30m no network #T-7');
    await sana.presses('Approve', router);

    const form = await previews(lena, 'sana@northwind.example', 'Sana Idris');
    for (const words of [
      'Offboard Sana Idris',
      'Ends at once: 2 grants, 1 request and 2 chat accounts.',
      '1 password to change, which they were shown: Acme Dental, Printer panel',
      'Somebody has to take over 1 account and 1 task.',
      'Their word counts no more on 1 request that waits.',
    ])
      expect(form).toContain(words);
    expect((await lena.form()).submit).toMatchObject({ text: 'Confirm offboarding' });
    expect(await world.rows('select 1 from keyturn.sweeps')).toEqual([]);
    expect(await lena.sends({ heir: await idOf('luis@northwind.example') })).toEqual({});

    const card = reads(await lena.receives('Offboarded: passwords to change', 'Sana Idris'));
    expect(card).toContain('*Takes over*  Luis Ortega');
    expect(card).toContain('Ended: 2 grants, 1 request and 2 chat accounts. Confirmed by Lena Falk.');
    expect(card).toContain('1 account and 1 task went to Luis Ortega.');
    expect(card).toContain('0 of 1 password changed, of those that they were shown.');
    expect(card).toContain('• Acme Dental, Printer panel: Lena Falk; known since');
    expect(card).toContain('Result');
    await world.person('Omar').receives('Offboarded: passwords to change', 'Sana Idris');
    await world.inTeams('Lena').receives('Offboarded: passwords to change', 'Sana Idris');
    const alerts = world.slack.messages(lena.team, 'C0ALERTS').map((m) => reads(m));
    expect(alerts.filter((words) => words.includes('Sana Idris'))).toHaveLength(1);

    // The others read what it means for them.
    await luis.receives('Change this password', 'Till');
    await tess.receives('Sana Idris (left)', router);
    expect(reads(await tess.receives(router, 'word no longer counts'))).toContain('Still needed');
    await world.channel('Withdrawn by the offboarding of Sana Idris', pending);
    // She herself reads that it is over, and is nobody.
    const farewell = reads(await sana.receives('Your access has ended', 'Printer panel'));
    expect(farewell).not.toMatch(/Lena|Luis|still works|Reveal/);
    expect(await sana.hears('mine')).toContain(NOBODY);
    expect(sana.direct().join()).not.toContain('ffboard');
  });

  test('the card fills in as the password is changed, by whoever has the task', async () => {
    await changes('Lena', 'Printer panel', 'Fresh-toner-61');
    const done = reads(await world.person('Lena').receives('1 of 1 password changed', 'Sana Idris'));
    expect(done).toContain('Offboarded');
    expect(done).not.toContain('passwords to change');
    await world.inTeams('Lena').receives('1 of 1 password changed', 'Sana Idris');
    await changes('Luis', 'Till', 'Fresh-till-62');
    expect(await world.rows('select state from keyturn.sweeps')).toEqual([{ state: 'done' }]);
  });

  test('“Result” opens a page that lists each item with when it was done, and a CSV of them', async () => {
    const lena = world.person('Lena');
    const page = await lena.opens('Result', 'Sana Idris');
    await lena.letsIn(page);
    const { status, body } = await page.posts('report', { from: null, to: null });
    expect(status).toBe(200);
    const shown = JSON.stringify(body);
    for (const words of ['Sana Idris', 'Password they were shown', 'printer', 'now with Luis Ortega'])
      expect(shown).toContain(words);
    const { text } = await page.file('csv', { from: null, to: null });
    expect(text.split('\r\n').length).toBeGreaterThan(6);
    expect(text).toMatch(/"exposure","acme","printer"/);
    expect(text).toMatch(/"account","acme","[^"]*","Luis Ortega"/);
  });

  test('who isn’t a lead is told so, whoever they name', async () => {
    for (const words of ['offboard tess@northwind.example', 'offboard nobody@nowhere.example', 'offboard'])
      expect(await world.person('Luis').hears(words)).toBe('Only a lead can do that.');
    const lena = world.person('Lena');
    expect(await lena.hears('offboard nobody@nowhere.example')).toContain('I know nobody called');
    expect(await lena.hears('offboard lena@northwind.example')).toBe(
      'It is about you: another lead has to do it.',
    );
    expect(await lena.hears('offboard sana@northwind.example')).toBe(
      'Sana Idris (left) was offboarded already.',
    );
    expect(await lena.hears('offboard omar@northwind.example')).toContain('that takes two other leads');
  });

  test('Lena does it in Teams, by name, in the card itself', async () => {
    const tess = world.inTeams('Tess');
    await tess.hears('acme/camera 1h look', (says) => says.includes('is yours'));
    const lena = world.inTeams('Lena');
    await lena.types('offboard Tess Tran');
    const form = lena.reads(await lena.receives('Offboard Tess Tran', 'Confirm offboarding'));
    expect(form).toContain('Ends at once: 1 grant, 1 request and 2 chat accounts.');
    await lena.presses('Confirm offboarding', 'Offboard Tess Tran', {
      heir: await idOf('omar@northwind.example'),
    });
    const card = lena.reads(await lena.receives('Offboarded', 'Tess Tran'));
    expect(card).toContain('Ended: 1 grant, 1 request and 2 chat accounts. Confirmed by Lena Falk.');
    await world.person('Omar').receives('Offboarded', 'Tess Tran');
    expect(await tess.hears('mine')).toContain(NOBODY);
    expect(await world.person('Tess').hears('mine')).toContain(NOBODY);
    const [sweep] = await world.rows<{ id: string }>(
      `select id from keyturn.sweeps where heir is not null order by at desc`,
    );
    expect(await lena.hears(`show ${sweep?.id}`, (says) => says.includes('Takes over'))).toContain(
      'Omar Haddad',
    );
  });
});

describe.each(KINDS)('offboarding with second factors, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind, { phones: {}, config: withMaya });
  }, 120_000);
  afterAll(() => world.close());
  // Between two pushes to one phone are thirty seconds at least.
  beforeEach(() => world.wait(60));

  const sweeps = () =>
    world.rows<{ id: string; state: string }>('select id, state from keyturn.sweeps order by at');

  test('a lead’s phone names who goes; denied there, nobody goes', async () => {
    const lena = world.person('Lena');
    await previews(lena, 'luis@northwind.example', 'Luis Ortega');
    await lena.sends({});
    const push = await lena.phone.rings('Luis Ortega');
    expect(push.type).toBe('Offboard somebody');
    await lena.phone.denies('Luis Ortega');
    await lena.receives('Denied on your phone');
    expect(await sweeps()).toEqual([]);
    await world.wait(60);
    await previews(lena, 'luis@northwind.example', 'Luis Ortega');
    await lena.sends({});
    await lena.confirmsOnPhone('Luis Ortega');
    await lena.receives('Your word counts.');
    await lena.receives('Offboarded', 'Luis Ortega');
    expect(
      await world.rows(
        `select p.state, p.act from keyturn.sweeps s join keyturn.proofs p on p.id = s.proof and p.person = s.proposer`,
      ),
    ).toEqual([{ state: 'spent', act: 'offboard' }]);
  });

  test('a lead goes by two others, each with a phone of their own, and hears nothing before', async () => {
    const [lena, maya, omar] = ['Lena', 'Maya', 'Omar'].map((n) => world.person(n));
    if (!lena || !maya || !omar) throw new Error('nobody');
    expect(await previews(lena, 'omar@northwind.example', 'Omar Haddad')).toContain(
      'They are a lead, so nothing ends before a second lead has confirmed',
    );
    await lena.sends({});
    await lena.confirmsOnPhone('Omar Haddad');
    const card = await maya.receives('Offboarding: a second lead', 'Omar Haddad');
    expect(reads(card)).toContain('Lena Falk wants them offboarded.');
    const own = await lena.receives('Offboarding: a second lead');
    expect(reads(own)).not.toContain('Confirm offboarding');
    // Somebody else's card is no way around it, and Omar knows of nothing.
    expect(await lena.clicksAndHears(card, 'Confirm offboarding')).toContain('waits for another lead');
    expect(await omar.clicksAndHears(card, 'They are still here')).toBe(
      'It is about you: another lead has to do it.',
    );
    expect(omar.direct().join()).not.toContain('Offboarding');
    expect(reads({ blocks: world.slack.messages(omar.team, 'C0ALERTS') } as never)).not.toContain('Omar');
    expect(await omar.hears('pending')).toContain('Nothing waits');

    await maya.clicks(card, 'Confirm offboarding');
    await maya.confirmsOnPhone('Omar Haddad');
    await maya.receives('Offboarded', 'Confirmed by Lena Falk and Maya Chen.');
    expect(await omar.hears('pending')).toContain(NOBODY);
  });

  test('of the two who are left neither can have the other offboarded, and what waits can be dropped', async () => {
    const lena = world.person('Lena');
    expect(await lena.hears('offboard maya@northwind.example')).toContain('that takes two other leads');
    expect(await lena.hears('offboard Tess')).toContain('I know nobody called “Tess”.');
  });
});
