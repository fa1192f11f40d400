import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import {
  type Browser,
  everythingSaid,
  everythingStored,
  idIn,
  leaks,
  openWorld,
  passwordOf,
  reads,
  type World,
} from '../support/world.js';

const NEW_PASSWORD = 'fresh-Kx81.rotated';

describe.each(KINDS)('a router that takes a lead and security, on the %s database', (kind) => {
  let world: World;
  let request: string;
  let page: Browser;
  beforeAll(async () => {
    world = await openWorld(kind);
    request = await world.person('Tess').asks('acme/router 1h firmware update #T-881');
  });
  afterAll(() => world.close());

  const copies = async (words: string) => {
    const people = ['Lena', 'Omar', 'Sana', 'Theo'].map((name) => world.person(name));
    const cards = [world.channel(words, request), ...people.map((p) => p.receives(words, request))];
    return (await Promise.all(cards)).map((m) => reads(m));
  };

  test('everybody who may decide gets the same card, with the client first, and so does the channel', async () => {
    const [first, ...others] = await copies(
      'Still needed: a lead (Lena Falk or Omar Haddad) and one of security (Sana Idris or Theo Marsh).',
    );
    expect(first?.split('\n')[0]).toBe('🟩 Acme Dental · Access request');
    for (const words of ['Office router', '1 hour', 'firmware update', '#T-881', 'Tess Tran'])
      expect(first).toContain(words);
    expect(new Set([first, ...others]).size).toBe(1);
    expect(reads(await world.person('Tess').receives('Cancel request', request))).not.toContain('Approve');
  });

  test('after the lead’s word every copy says who has spoken and who is still needed', async () => {
    await world.person('Lena').presses('Approve', request);
    const cards = await copies('Still needed: one of security (Sana Idris or Theo Marsh).');
    for (const card of cards) expect(card).toContain('✓ Lena Falk');
    expect(cards[0]).not.toContain('a lead (');
    await world.person('Tess').receives('✓ Lena Falk', request);
  });

  test('a second lead’s word can’t stand for security’s', async () => {
    await world.person('Omar').presses('Approve', request);
    const [card] = await copies('✓ Omar Haddad');
    expect(card).toContain('Still needed: one of security');
    expect(await world.person('Lena').hears(`approve ${request}`)).toBe(
      'You have approved this already. An approval can’t be withdrawn; revoke the grant instead.',
    );
  });

  test('security’s word is the last one needed: Tess has it, and every copy says so', async () => {
    await world.person('Sana').presses('Approve', request);
    for (const card of await copies('Access granted')) {
      expect(card).toContain('✓ Sana Idris');
      expect(card).toContain('not shown yet');
      expect(card).not.toContain('Still needed');
    }
    await world.person('Tess').receives('Yours until');
    expect(await world.person('Theo').hears(`approve ${request}`)).toBe(
      `Too late: ${request} is approved already.`,
    );
  });

  test('Tess opens the page, confirms its number in her chat, and reads the password', async () => {
    const tess = world.person('Tess');
    page = await tess.opens('Reveal');
    expect(page.address).toMatch(new RegExp(`^${world.publicUrl}/reveal#[\\w-]{43}$`));
    expect((await page.look()).body).toMatchObject({
      client: 'Acme Dental',
      account: 'Office router',
      person: 'Tess Tran',
      state: 'open',
    });
    const { number } = (await page.ask()).body.confirm;
    expect((await page.status()).body.state).toBe('waiting');
    await tess.presses(`Show it in this browser, ${number}`);
    await tess.receives('Confirmed. Go on in your browser');
    expect((await page.status()).body.state).toBe('confirmed');
    expect((await page.claim()).body).toMatchObject({
      password: passwordOf('acme', 'router'),
      username: 'admin',
      secondsShown: 60,
    });
    await tess.receives('The password was shown in your browser.');
    await copies('password shown.');
  });

  test('she hands it back, and the cards don’t claim more than is true: Lena has to change it', async () => {
    await world.person('Tess').presses('Return early');
    for (const card of await copies('The password was shown and still works until Lena Falk changes it.'))
      expect(card).toContain('Returned ');
    const task = reads(await world.person('Lena').receives('Change this password'));
    expect(task).toContain('Tess Tran was shown it, and their access has ended');
    expect(task).toContain('on the page that opens, never here.');
    const stranger = world.person('Omar');
    expect(stranger.direct().some((words) => words.includes('Change this password'))).toBe(false);
  });

  test('Lena enters the new one on her page; only then is it taken back', async () => {
    const lena = world.person('Lena');
    const desk = await lena.opens('Enter the new password');
    expect((await desk.look()).body).toMatchObject({ purpose: 'new-secret', person: 'Lena Falk' });
    expect(await desk.enter(NEW_PASSWORD)).toMatchObject({ status: 409, body: { refused: 'not-confirmed' } });
    const { number } = (await desk.ask()).body.confirm;
    await lena.presses(`Enter it in this browser, ${number}`);
    expect(await desk.enter(passwordOf('acme', 'router'))).toMatchObject({
      status: 422,
      body: {
        says: 'That is the password that was shown. Change it at the target first, then enter the new one.',
      },
    });
    expect((await desk.enter(NEW_PASSWORD)).body).toEqual({ stored: true });
    await copies('Taken back: Lena Falk changed the password and entered the new one');
    await lena.receives('This password was changed');
    expect((await desk.enter('another-one-77')).status).toBe(410);
  });

  test('the next holder gets the new password, and what the first one saw is on record', async () => {
    const again = await world.person('Maya').asks('acme/router 30m firmware check #T-882');
    await world.person('Lena').presses('Approve', again);
    await world.person('Sana').presses('Approve', again);
    await world.person('Maya').receives('Yours until');
    expect(await world.person('Maya').reveals()).toBe(NEW_PASSWORD);
    const shown = await world.rows('select secret_version as version from keyturn.exposures order by at');
    expect(shown).toEqual([{ version: 1 }, { version: 2 }]);
    await world.person('Maya').presses('Return early');
  });

  test('a lead reads the whole trail with show', async () => {
    const trail = await world.person('Lena').hears(`show ${request}`);
    for (const words of [
      'Tess Tran: asked for acme/router, 60 minutes, under two-person v1',
      'Lena Falk: approved for 60 minutes',
      'Sana Idris: that was the last approval needed',
      'Tess Tran: pressed Reveal',
      'Tess Tran: was shown version 1 of the password',
      'Tess Tran: returned it early',
      'the password that was shown has to be changed',
      'taken back: entered by hand',
    ])
      expect.soft(trail).toContain(words);
    expect(idIn(trail, 'R')).toBe(request);
  });

  test('no password, no token and no page’s address is in any message or any column', async () => {
    const stored = await everythingStored(world.database);
    const token = page.address.split('#')[1] as string;
    const passwords = [passwordOf('acme', 'router'), NEW_PASSWORD];
    expect(leaks(stored, token, ...passwords)).toEqual([]);
    expect(leaks(everythingSaid(world.slack), ...passwords)).toEqual([]);
    // The address is an answer to the one who pressed, never a message that the app posts.
    expect(leaks(JSON.stringify(world.slack.calls), token)).toEqual([]);
  });
});
