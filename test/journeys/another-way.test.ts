/** Another way: the person chooses another factor, and what the former one says from there on counts for nothing. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Push } from '../../src/playground/duo/index.js';
import { Authenticator, enrolsOn } from '../support/authenticator.js';
import { KINDS } from '../support/house.js';
import { duoNameOf } from '../support/phones.js';
import { openWorld, passwordOf, reads, type World } from '../support/world.js';

const DENIED = 'Nothing was done, and you are not asked again by itself.';

describe.each(KINDS)('another way than the first, on the %s database', (kind) => {
  let world: World;
  let id = '';
  beforeAll(async () => {
    world = await openWorld(kind, { phones: {} });
    id = await world.person('Tess').asks('acme/front-desk 1h printer is down');
  }, 60_000);
  afterAll(() => world.close());

  const pending = async () =>
    expect(await world.rows('select state from keyturn.requests where id = $1', [id])).toEqual([
      { state: 'pending' },
    ]);

  /** A lead presses Approve, the phone rings, and they choose Duo's page instead; the push stays on the phone. */
  async function choosesDuosPage(name: string): Promise<{ push: Push; number: string; address: string }> {
    const lead = world.person(name);
    await lead.presses('Approve', id);
    const push = await lead.phone.rings(id);
    const card = await lead.receives('in Duo Mobile', id);
    const number = /Type (\d+) in Duo Mobile/.exec(reads(card))?.[1] as string;
    await lead.clicks(card, 'Another way');
    await lead.receives('Confirm on Duo’s own page', id);
    return { push, number, address: (await lead.opens('Open Duo', id)).address };
  }

  test('the first push, allowed late, approves nothing: Omar denies on Duo’s page, and that is what counts', async () => {
    const omar = world.person('Omar');
    const { push, number, address } = await choosesDuosPage('Omar');
    omar.phone.allows(push, number);
    await pending();
    expect((await fetch(await world.duo.prompt(address, 'deny'))).status).toBe(403);
    await omar.receives(DENIED, id);
    await pending();
    expect(await world.rows('select 1 from keyturn.decisions')).toEqual([]);
  });

  test('the first push, reported late, stops whoever turned away from it in his name', async () => {
    await world.wait(31);
    const omar = world.person('Omar');
    const { push } = await choosesDuosPage('Omar');
    world.duo.fraud(push.txid);
    await omar.receives('You reported that you hadn’t asked for it', id);
    await world.person('Lena').receives('Incident: a push nobody asked for', 'Omar Haddad');
    await pending();
  });

  test('the first push, denied late, denies nothing: Lena confirms on Duo’s page, and her approval is recorded', async () => {
    const lena = world.person('Lena');
    const { push, address } = await choosesDuosPage('Lena');
    world.duo.deny(push.txid);
    expect((await fetch(await world.duo.prompt(address, 'allow'))).status).toBe(200);
    await lena.receives('Your approval is recorded.', id);
    const [proof] = await world.rows<{ method: string; evidence: string }>(
      `select method, evidence from keyturn.proofs where state = 'spent'`,
    );
    expect(proof).toMatchObject({ method: 'duo_universal' });
    expect(proof?.evidence).not.toBe(push.txid);
    expect(
      await world.rows(
        `select data->>'factor' as factor from keyturn.audit_events where action = 'proof.another'`,
      ),
    ).toEqual([1, 2, 3].map(() => ({ factor: 'duo_universal' })));
  });

  test('somebody without a push gets Duo’s page by itself', async () => {
    const sana = world.person('Sana');
    world.duo.setUser({ username: duoNameOf('Sana'), hasPhone: false });
    const asked = await world.person('Maya').asks('acme/router 30m #T-1 line is slow');
    await sana.presses('Approve', asked);
    await sana.receives('Confirm on Duo’s own page', asked);
    const address = (await sana.opens('Open Duo', asked)).address;
    expect((await fetch(await world.duo.prompt(address, 'allow'))).status).toBe(200);
    await sana.receives('Your approval is recorded.', asked);
    expect(sana.phone.pushes).toBe(0);
  });
});

describe.each(KINDS)('an authenticator beside the phone, on the %s database', (kind) => {
  let world: World;
  let codes: Authenticator;
  beforeAll(async () => {
    world = await openWorld(kind, { phones: { order: ['duo_push', 'totp'] } });
  }, 60_000);
  afterAll(() => world.close());

  test('without one no other way is offered', async () => {
    const [tess, lena] = [world.person('Tess'), world.person('Lena')];
    const id = await tess.asks('acme/front-desk 1h printer is down');
    await lena.presses('Approve', id);
    const push = await lena.phone.rings(id);
    const card = await lena.receives('in Duo Mobile', id);
    expect(reads(card)).not.toContain('Another way');
    lena.phone.allows(push, /Type (\d+)/.exec(reads(card))?.[1]);
    await lena.receives('Your approval is recorded.', id);
  });

  test('Lena adds one by her phone, and her phone alone may say so', async () => {
    await world.wait(31);
    const lena = world.person('Lena');
    await lena.types('link');
    await lena.presses('Add an authenticator');
    const push = await lena.phone.rings('Lena Falk');
    expect(push.type).toBe('Allow an authenticator');
    expect(await world.rows('select 1 from keyturn.factors')).toEqual([]);
    await lena.confirmsOnPhone('Lena Falk');
    codes = await enrolsOn(world, await lena.opens('Enrol', 'The offer lives for a day.'));
    await lena.receives('Its codes confirm what you do from now on.');
  });

  test('code instead of push, push again instead of code: only what was asked last counts', async () => {
    await world.wait(31);
    const [tess, lena] = [world.person('Tess'), world.person('Lena')];
    const id = await tess.asks('acme/scanner 1h labels are blank');
    await lena.presses('Approve', id);
    const first = await lena.phone.rings(id);
    const number = /Type (\d+)/.exec(reads(await lena.receives('in Duo Mobile', id)))?.[1];
    await lena.presses('Another way', id);
    await lena.receives('Type the six digits that your authenticator shows.', id);
    await world.wait(31);
    await lena.presses('Another way', id);
    const second = await world.duo.until(() =>
      world.duo.pending(lena.phone.username).find((push) => push.txid !== first.txid),
    );
    lena.phone.allows(first, number);
    world.duo.deny(second.txid);
    await lena.receives(DENIED, id);
    expect(await world.rows('select state from keyturn.requests where id = $1', [id])).toEqual([
      { state: 'pending' },
    ]);

    await world.wait(31);
    await lena.presses('Approve', id);
    await lena.phone.rings(id);
    await lena.receives('in Duo Mobile', id);
    await lena.presses('Another way', id);
    await lena.receives('Type the six digits that your authenticator shows.', id);
    await lena.presses('Type the code', id);
    expect(reads(await lena.form())).toContain('Label scanner');
    expect(await lena.sends({ code: await codes.shows() })).toEqual({});
    await lena.receives('Your approval is recorded.', id);
  });

  test('while Duo is away, Lena is asked for her code, and Omar, who has none, is refused; both hear of the other', async () => {
    await world.wait(31);
    const [tess, lena, omar] = [world.person('Tess'), world.person('Lena'), world.person('Omar')];
    const id = await tess.asks('acme/till 1h drawer is stuck');
    world.duo.fail('/auth/v2/preauth', { status: 503 });
    await omar.presses('Approve', id);
    await omar.receives('Duo can’t be reached now', id);
    await lena.receives('authenticators still work.');
    await lena.presses('Approve', id);
    await lena.presses('Type the code', id);
    expect(await lena.sends({ code: await codes.shows() })).toEqual({});
    await lena.receives('Your approval is recorded.', id);
    await omar.receives('Duo could not be reached when Lena Falk had to confirm something.');
    world.duo.fail('/auth/v2/preauth', null);
  });

  test('a lead lets Tess enrol one, with the lead’s own proof; then she reads a password by its code', async () => {
    await world.wait(31);
    const [tess, lena] = [world.person('Tess'), world.person('Lena')];
    expect(await tess.hears('enrol luis@northwind.example')).toBe('Only a lead can do that.');
    await lena.types('enrol tess@northwind.example');
    const push = await lena.phone.rings('Allow an authenticator');
    const asked = reads(await lena.receives('in Duo Mobile', 'Person: Tess Tran'));
    lena.phone.allows(push, /Type (\d+)/.exec(asked)?.[1]);
    const card = await tess.receives('Lena Falk lets you enrol an authenticator.');
    expect(await lena.clicksAndHears(card, 'Enrol')).toContain('This page opens nothing any more.');
    // She is called away with the key on her screen: that page is over, and the button makes a new one.
    const page = await tess.opens('Enrol', 'Lena Falk lets you enrol');
    const { secret } = (await page.posts('begin')).body;
    await world.wait(600);
    const left = await new Authenticator(world, secret).shows();
    expect(await page.posts('try', { code: left })).toMatchObject({ status: 410 });
    const tesses = await enrolsOn(world, await tess.opens('Enrol', 'Lena Falk lets you enrol'));
    await world.wait(31);

    await tess.types('acme/printer 4h toner');
    const browser = await tess.opens('Reveal', 'Printer panel');
    await browser.ask();
    await browser.isAsked('push');
    expect((await browser.posts('another')).status).toBe(200);
    expect(await browser.isAsked('code')).toEqual({ by: 'code', digits: 6 });
    expect(await browser.another().posts('code', { code: await tesses.shows() })).toMatchObject({
      status: 403,
    });
    expect((await browser.posts('code', { code: await tesses.neverShows() })).body.says).toContain(
      '4 more tries are left.',
    );
    expect((await browser.posts('code', { code: await tesses.shows() })).body).toEqual({
      state: 'confirmed',
    });
    expect((await browser.claim()).body.password).toBe(passwordOf('acme', 'printer'));
  });
});
