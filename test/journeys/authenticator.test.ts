/** Codes of an authenticator: from the first lead's enrolment to the code that confirms, once. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message } from '../../src/playground/slack/index.js';
import { Authenticator, firstLeadMayEnrol } from '../support/authenticator.js';
import { KINDS } from '../support/house.js';
import { NORTHWIND, openWorld, reads, type World } from '../support/world.js';

const NO_FACTOR =
  'You have no second factor that Keyturn can ask. Nothing was done. Enrol your phone in Duo, or ask a lead to type “/access enrol” with your e-mail address; the leads have been told.';
const PAGE_OVER =
  'This page opens nothing any more. Press the button in your chat for a new one, or ask a lead to type “/access enrol” with your e-mail address.';
const OTHER_BROWSER =
  'Another browser has opened this link already. If that wasn’t you, press “It isn’t me” in your chat and make a new link.';
const wrong = (left: string) =>
  `That code isn’t right. Type the six digits that your authenticator shows now; each code counts once. ${left} left.`;
const LOCKED =
  'Too many wrong codes. Nothing was done; wait ten minutes, then start again. The leads have been told.';

describe.each(KINDS)('an authenticator, on the %s database', (kind) => {
  let world: World;
  let codes: Authenticator;
  beforeAll(async () => {
    world = await openWorld(kind, { phones: { order: ['totp'] } });
  }, 60_000);
  afterAll(() => world.close());

  const proofs = (id: string) =>
    world.rows('select state, method from keyturn.proofs where subject_id = $1 order by asked_at', [id]);
  const stateOf = async (id: string) =>
    (await world.rows<{ state: string }>('select state from keyturn.requests where id = $1', [id]))[0]?.state;

  test('without one, Lena is refused, and so is whoever but a lead claims to be the first', async () => {
    const [tess, lena] = [world.person('Tess'), world.person('Lena')];
    const id = await tess.asks('acme/front-desk 30m printer is down');
    await lena.presses('Approve', id);
    await lena.receives(NO_FACTOR, id);
    expect(await stateOf(id)).toBe('pending');
    expect(await firstLeadMayEnrol(world, 'Tess')).not.toHaveProperty('done');
    expect(await world.rows('select 1 from keyturn.factors')).toEqual([]);
  });

  test('the first lead enrols one: five wrong codes end the page, and a right one counts', async () => {
    const lena = world.person('Lena');
    expect(await firstLeadMayEnrol(world, 'Lena')).toHaveProperty('done');
    const page = await lena.opens('Enrol', 'Open the page and scan the code');
    expect((await page.posts('look')).body).toMatchObject({
      person: 'Lena Falk',
      operator: 'Northwind IT',
    });
    const begun = await page.posts('begin');
    expect(begun.body).toMatchObject({
      account: 'lena@northwind.example',
      issuer: 'Keyturn Northwind IT',
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
      qrSvg: expect.stringContaining('<svg'),
    });
    expect(await page.another().posts('look')).toMatchObject({ status: 403, body: { says: OTHER_BROWSER } });
    expect(await page.another().posts('begin')).toMatchObject({ status: 403, body: { says: OTHER_BROWSER } });
    const first = new Authenticator(world, begun.body.secret);
    // A slip of the thumb is no guess.
    const slip = (await first.shows()).slice(1);
    expect((await page.posts('try', { code: slip })).body.says).toBe(wrong('5 more tries are'));
    for (const left of ['4 more tries are', '3 more tries are', '2 more tries are', 'One more try is'])
      expect(await page.posts('try', { code: await first.neverShows() })).toEqual({
        status: 422,
        body: { refused: 'wrong-code', says: wrong(left) },
      });
    const over = { status: 410, body: { refused: 'enrol-over', says: PAGE_OVER } };
    expect(await page.posts('try', { code: await first.neverShows() })).toEqual(over);
    expect(await page.posts('try', { code: await first.shows() })).toEqual(over);
    expect(await page.posts('look')).toEqual(over);

    // Nobody has proven anything yet, so the terminal may begin anew; the code of the former secret is nobody's.
    expect(await firstLeadMayEnrol(world, 'Lena')).toHaveProperty('done');
    const cards = () =>
      world.slack.dm(NORTHWIND, lena.user).filter((m) => reads(m).includes('Open the page and'));
    const [former] = await world.slack.until(() => (cards().length === 2 ? cards() : undefined));
    expect(await lena.clicksAndHears(former as Message, 'Enrol')).toBe(PAGE_OVER);
    const again = await lena.opens('Enrol', 'Open the page and scan the code');
    const { secret } = (await again.posts('begin')).body;
    expect(secret).not.toBe(first.secret);
    expect((await again.posts('try', { code: await first.shows() })).body.says).toBe(
      wrong('4 more tries are'),
    );
    codes = new Authenticator(world, secret);
    expect(await again.posts('try', { code: await codes.shows() })).toEqual({
      status: 200,
      body: { enrolled: true },
    });
    expect(reads(await lena.receives('Its codes confirm what you do from now on.'))).toContain(
      'If you know nothing of this, tell a lead at once.',
    );
    expect(await again.posts('look')).toEqual(over);
    expect(await firstLeadMayEnrol(world, 'Omar')).not.toHaveProperty('done');
  });

  test('Approve asks for the code at once, and the right one records the approval, once', async () => {
    await world.wait(30);
    const [tess, lena] = [world.person('Tess'), world.person('Lena')];
    const id = await tess.asks('acme/scanner 30m labels are blank');
    await lena.presses('Approve', id);
    const form = reads(await lena.form());
    expect(form).toContain('Account: Label scanner');
    expect(form).toContain(`Request: ${id}`);
    const code = await codes.shows();
    expect(await lena.sends({ code })).toEqual({});
    await lena.receives('Your approval is recorded.', id);
    await tess.receives('Yours until', 'Label scanner');
    expect(await proofs(id)).toEqual([{ state: 'spent', method: 'totp' }]);

    const next = await tess.asks('acme/till 30m drawer is stuck');
    await lena.presses('Approve', next);
    expect(await lena.sends({ code })).toEqual({ code: wrong('4 more tries are') });
    expect(await stateOf(next)).toBe('pending');
    await world.wait(30);
    expect(await lena.sends({ code: await codes.shows() })).toEqual({});
    await lena.receives('Your approval is recorded.', next);
  });

  test('wrong codes count down; the fifth locks her out for ten minutes, and the leads hear of it', async () => {
    await world.wait(600);
    const [tess, lena, omar] = [world.person('Tess'), world.person('Lena'), world.person('Omar')];
    const id = await tess.asks('acme/lead-safe 30m keys are inside');
    await lena.presses('Approve', id);
    expect(await lena.sends({ code: '12 34' })).toEqual({ code: wrong('5 more tries are') });
    for (const left of ['4 more tries are', '3 more tries are'])
      expect(await lena.sends({ code: await codes.neverShows() })).toEqual({ code: wrong(left) });
    // Nearly all the time that the question has; the ten minutes run from the last of her tries.
    await world.wait(280);
    for (const left of ['2 more tries are', 'One more try is'])
      expect(await lena.sends({ code: await codes.neverShows() })).toEqual({ code: wrong(left) });
    expect(await lena.sends({ code: await codes.neverShows() })).toEqual({});
    const window = await lena.form();
    expect(reads(window)).toContain(LOCKED);
    await world.slack.close(window.id);
    await lena.receives('Too many wrong codes. Nothing was done. Wait ten minutes, then try again;', id);
    const toLeads =
      'Lena Falk typed too many wrong codes. If it wasn’t they who typed, have their chat account locked.';
    await omar.receives(toLeads);
    const inAlerts = () =>
      world.slack.messages(NORTHWIND, 'C0ALERTS').some((m) => reads(m).includes(toLeads));
    await world.slack.until(() => inAlerts() || undefined);
    expect(lena.direct().some((says) => says.includes(toLeads))).toBe(false);

    for (const seconds of [0, 590]) {
      await world.wait(seconds);
      expect(await lena.pressesAndHears('Approve', id)).toBe(LOCKED);
    }
    expect(await stateOf(id)).toBe('pending');
    await world.wait(10);
    await lena.presses('Approve', id);
    expect(await lena.sends({ code: await codes.shows() })).toEqual({});
    await lena.receives('Your approval is recorded.', id);
  });
});
