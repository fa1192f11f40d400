/** Accounts whose codes a client's contacts hold: neither side alone can sign in. Noor answers in Slack, Ivy in Teams. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { perform } from '../../src/core/perform.js';
import { openCodes } from '../support/codes.js';
import { KINDS } from '../support/house.js';
import {
  type Browser,
  everythingSaid,
  everythingStored,
  leaks,
  passwordOf,
  reads,
  type World,
} from '../support/world.js';

const OVER = 'That code isn’t needed any more: it was asked for anew, handed over, or its time is up.';

describe.each(KINDS)('a root login whose code Delta holds, on the %s database', (kind) => {
  let world: World;
  let request: string;
  let page: Browser;
  beforeAll(async () => {
    world = await openCodes(kind);
    await world.inTeams('Ivy').hears('help');
  }, 120_000);
  afterAll(() => world.close());

  /** What comes of it when this person answers the asking that waits. */
  async function gives(name: string) {
    const [ask] = await world.rows<{ id: string }>(`select id from keyturn.code_asks where state = 'asked'`);
    const { ports } = world.app;
    const { directory } = await ports.facts.facts();
    const who = directory.people.find((one) => one.name.startsWith(`${name} `));
    const command = { verb: 'give-code', ask: ask?.id ?? '', sealed: 'sealed' } as const;
    return perform(ports, { person: who?.id ?? '', via: 'slack' }, command);
  }

  /** Waits until the page hears something else than that it waits. */
  async function hears(of: Browser) {
    for (let n = 0; ; n++) {
      const answered = await of.posts('contact-code');
      if (answered.body.state !== 'waiting' || n > 200) return answered;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  test('is lent by both sides’ word, and the page offers to ask Delta for the code', async () => {
    const lena = world.person('Lena');
    await lena.types('');
    await lena.chooses('client', 'delta');
    await lena.chooses('account', 'delta/payer-root');
    const values = { long: '1800', why: 'close the old account', ticket: 'T-31', name: 'Delta Resale' };
    expect(await lena.sends(values)).toEqual({});
    const card = await lena.receives('Cancel request', 'AWS payer root');
    request = /R-[0-9A-Z]{6}/.exec(reads(card))?.[0] as string;
    await world.person('Omar').presses('Approve', request);
    await world.person('Noor').presses('Approve', request);
    page = await lena.opens('Reveal', request.replace('R', 'G'));
    await lena.letsIn(page);
    const { body } = await page.claim();
    expect(body.password).toBe(passwordOf('delta', 'payer-root'));
    expect(body.codes).toMatchObject({ heldBy: 'contacts', asks: 3 });
    expect((await page.posts('contact-code')).body.state).toBe('over');
    expect((await page.posts('live-code')).status).toBe(410);
  });

  test('Noor gets a card, types the code there, and it comes to the page once', async () => {
    const noor = world.person('Noor');
    expect(await page.posts('ask-contacts')).toMatchObject({ status: 200, body: { asksLeft: 2 } });
    expect((await page.posts('contact-code')).body.state).toBe('waiting');
    const card = await noor.receives('A one-time code is needed', request);
    expect(reads(card)).toContain('AWS payer root');
    expect(reads(card)).toContain('it goes to Lena Falk’s page only');
    await noor.clicks(card, 'Type the code');
    expect(reads(await noor.form())).toContain('One-time code');
    expect(await noor.sends({ code: '12 34' })).toEqual({
      code: 'A code has six to eight digits, and nothing else. Type the one that your authenticator shows now.',
    });
    expect(await noor.sends({ code: '907 152' })).toEqual({});
    expect(await hears(page)).toMatchObject({ status: 200, body: { state: 'code', code: '907152' } });
    expect((await page.posts('contact-code')).body).toMatchObject({ state: 'over' });
    await noor.receives('Handed to Lena Falk’s page at', request);
    const rows = await world.rows('select state, sealed from keyturn.code_asks');
    expect(rows).toEqual([{ state: 'handed', sealed: null }]);
    expect(await noor.clicksAndHears(card, 'Type the code')).toBe(OVER);
  });

  test('no staff, not even a lead, types it, and another client’s contact knows of nothing', async () => {
    await page.posts('ask-contacts');
    await world.person('Noor').receives('A one-time code is needed', request);
    // Nobody of theirs has the card, so they send what its form would.
    for (const name of ['Omar', 'Lena', 'Tess'])
      expect(await gives(name)).toEqual({ refused: { code: 'code-not-yours', client: 'delta' } });
    expect(await gives('Ivy')).toMatchObject({ refused: { code: 'unknown-id' } });
    expect(await world.rows(`select 1 from keyturn.code_asks where state = 'typed'`)).toEqual([]);
  });

  test('what nobody takes within a minute is gone, and says so', async () => {
    const noor = world.person('Noor');
    await noor.presses('Type the code', request);
    await noor.sends({ code: '44556677' });
    await noor.receives('takes it within a minute', request);
    await world.wait(61);
    await noor.receives('so it is gone', request);
    expect(await world.rows(`select 1 from keyturn.code_asks where sealed is not null`)).toEqual([]);
    expect((await page.posts('contact-code')).body.state).toBe('over');
  });

  test('a third asking takes the place of the one before it, and there is no fourth', async () => {
    expect((await page.posts('ask-contacts')).body.asksLeft).toBe(0);
    expect(await page.posts('ask-contacts')).toMatchObject({
      status: 409,
      body: {
        says: 'The code was asked for 3 times after this showing. Press Reveal in your chat for a new link.',
      },
    });
  });

  test('when the access ends nothing more is typed or taken', async () => {
    const noor = world.person('Noor');
    const card = await noor.receives('A one-time code is needed', request);
    await world.person('Lena').presses('Return early', request.replace('R', 'G'));
    await world.person('Lena').receives('Access ended', request);
    await noor.receives('It isn’t needed any more', request);
    expect(await noor.clicksAndHears(card, 'Type the code')).toBe(OVER);
    expect(await page.posts('contact-code')).toMatchObject({ status: 409, body: { refused: 'grant-over' } });
  });

  test('in Teams Ivy types it into the card itself, and the card says when it was handed over', async () => {
    const tess = world.person('Tess');
    const ivy = world.inTeams('Ivy');
    await tess.types('beacon/vpn 1h a tunnel is down');
    const vpn = await tess.opens('Reveal', 'VPN gateway');
    await tess.letsIn(vpn);
    await vpn.claim();
    await vpn.posts('ask-contacts');
    const card = await ivy.receives('A one-time code is needed', 'VPN gateway');
    expect(ivy.reads(card)).toContain('it goes to Tess Tran’s page only');
    await ivy.clicks(card, 'Type the code');
    const form = await ivy.receives('Hand it over');
    await ivy.clicks(form, 'Hand it over', { code: 'letters' });
    const again = await ivy.receives('A code has six to eight digits');
    expect(world.teams.inputs(again).map(({ value }) => value ?? '')).toEqual(['']);
    await ivy.clicks(again, 'Hand it over', { code: '330018' });
    expect(await hears(vpn)).toMatchObject({ body: { state: 'code', code: '330018' } });
    await ivy.receives('Handed to Tess Tran’s page at', 'VPN gateway');
  });

  test('whoever holds the password never types the code: a contact’s own goes to another contact', async () => {
    const ivy = world.inTeams('Ivy');
    await world.person('Tess').presses('Return early', 'VPN gateway');
    await world.person('Tess').receives('Your access has ended', 'VPN gateway');
    await ivy.hears('beacon/vpn 30m I look myself');
    const own = await ivy.opens('Reveal', 'VPN gateway');
    const { number } = (await own.ask()).body.confirm;
    const question = await ivy.receives(`in this browser, ${number}`);
    const label = world.teams.buttons(question).find((one) => one.includes(`in this browser, ${number}`));
    await ivy.clicks(question, label ?? '');
    await own.claim();
    await own.posts('ask-contacts');
    expect(await gives('Ivy')).toEqual({ refused: { code: 'code-not-yours', client: 'beacon' } });
  });

  test('no code was ever stored in the clear, put on record or said in a chat', async () => {
    const typed = ['907152', '44556677', '330018'];
    expect(leaks(await everythingStored(world.database), ...typed)).toEqual([]);
    expect(leaks(everythingSaid(world.slack), ...typed)).toEqual([]);
    const teams = [world.teams.calls, world.inTeams('Ivy').messages()];
    expect(leaks(JSON.stringify(teams), ...typed)).toEqual([]);
    const trail = await world.rows<{ action: string; n: number }>(
      `select action, count(*)::int as n from keyturn.audit_events where action like 'code.%' group by 1 order by 1`,
    );
    expect(trail).toEqual([
      { action: 'code.asked', n: 5 },
      { action: 'code.handed', n: 2 },
      { action: 'code.typed', n: 3 },
    ]);
  });
});
