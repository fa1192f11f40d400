/** Duo's own page instead of a push: what comes back by the browser counts once, and only when all of it is right. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Tampering } from '../../src/playground/duo/universal.js';
import { KINDS } from '../support/house.js';
import { DUO_SECRETS, duoNameOf } from '../support/phones.js';
import { NORTHWIND, openWorld, passwordOf, reads, type World } from '../support/world.js';

const STALE = {
  status: 410,
  title: 'Nothing to confirm',
  says: 'This address opens nothing any more. Go back to where you came from and start again.',
};
const GO_BACK =
  'You can close this tab and go back to where you came from: the card there says what was done.';
const GO_ON = 'You can close this tab: the one that you came from goes on by itself.';
const DENIED = 'It was denied on your phone, so nothing was done. You are not asked again by itself.';
const NOT_THIS =
  'What came back from Duo was not for you and this act now. Nothing was done. Start again; the leads have been told.';
const GARBAGE =
  'Duo answered with something that it doesn’t document, so it was not believed. Nothing was done. The leads have been told.';
const BYPASS =
  'Duo would let you pass without any factor (bypass), and that proves nothing here. Nothing was done. Ask your Duo administrator to make your account active; the leads have been told.';

/** What a token says of itself that is otherwise as Duo makes it, and what the person reads. */
const TAMPERED: readonly (readonly [what: string, tampering: Tampering, says: string])[] = [
  [
    'of another person',
    { claims: { preferred_username: duoNameOf('Omar'), sub: duoNameOf('Omar') } },
    NOT_THIS,
  ],
  ['of a login an hour ago', { claims: { auth_time: Math.floor(Date.now() / 1000) - 3600 } }, NOT_THIS],
  ['of a login tomorrow', { claims: { auth_time: Math.floor(Date.now() / 1000) + 86_400 } }, NOT_THIS],
  ['without a login’s time', { claims: { auth_time: undefined } }, GARBAGE],
  ['that says deny', { claims: { auth_result: { result: 'deny', status: 'deny', status_msg: '' } } }, DENIED],
  [
    'that says bypass',
    { claims: { auth_result: { result: 'allow', status: 'bypass', status_msg: '' } } },
    BYPASS,
  ],
  ['without a result', { claims: { auth_result: undefined } }, GARBAGE],
  ['for another application', { claims: { aud: 'DIANOTHERCLIENT00001' } }, GARBAGE],
  ['signed with another key', { secret: DUO_SECRETS.DUO_CLIENT_SECRET.toUpperCase() }, GARBAGE],
];

/** Follows Duo's address back to Keyturn, and reads the page. */
async function comesBack(to: URL | string) {
  const answer = await fetch(to, { redirect: 'error' });
  const [, title, says] = /<h1>(.*?)<\/h1>\s*<p>(.*?)<\/p>/s.exec(await answer.text()) ?? [];
  expect(answer.headers.get('cache-control')).toContain('no-store');
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  return { status: answer.status, title, says };
}

const refused = (says: string) => ({ status: 403, title: 'Not confirmed', says });

describe.each(KINDS)('confirming on Duo’s own page, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind, { phones: { order: ['duo_universal'] } });
  }, 60_000);
  afterAll(() => world.close());

  const stateOf = async (id: string) =>
    (await world.rows<{ state: string }>('select state from keyturn.requests where id = $1', [id]))[0]?.state;
  const decided = (id: string) =>
    world.rows('select verdict from keyturn.decisions where request = $1', [id]);

  /** The cards of a lead that ask for Duo's page, as they stand now. */
  const asking = (name: string) =>
    world.slack.dm(NORTHWIND, world.person(name).user).filter((m) => reads(m).includes('Open Duo'));

  /** A lead presses Approve and is asked for Duo's page by a card of its own. */
  async function isAsked(id: string, name = 'Lena') {
    const former = new Set(asking(name).map((m) => m.ts));
    await world.person(name).presses('Approve', id);
    await world.slack.until(() => asking(name).find((m) => !former.has(m.ts)), 15_000);
  }

  /** A lead presses Approve and goes to Duo's page. */
  async function opensDuo(id: string, name = 'Lena'): Promise<string> {
    await isAsked(id, name);
    return (await world.person(name).opens('Open Duo', id)).address;
  }

  test('Lena presses Approve, opens Duo’s page from her own card, and her approval is recorded once', async () => {
    const [tess, lena] = [world.person('Tess'), world.person('Lena')];
    const id = await tess.asks('acme/front-desk 30m printer is down');
    const address = await opensDuo(id);
    const back = await world.duo.prompt(address, 'allow');
    expect(await comesBack(back)).toEqual({ status: 200, title: 'Confirmed', says: GO_BACK });
    await lena.receives('Your approval is recorded.', id);
    await tess.receives('Yours until', 'Front desk PC');
    expect(await comesBack(back)).toEqual(STALE);
    expect(await decided(id)).toEqual([{ verdict: 'approve' }]);
    expect(await world.rows('select state, method from keyturn.proofs where subject_id = $1', [id])).toEqual([
      { state: 'spent', method: 'duo_universal' },
    ]);
  });

  test('a browser is let in to a password by Duo’s page in another tab', async () => {
    const tess = world.person('Tess');
    await tess.types('acme/printer 1h toner');
    const browser = await tess.opens('Reveal', 'Printer panel');
    await browser.ask();
    await browser.isAsked('prompt');
    const { url } = (await browser.posts('prompt')).body;
    expect(await browser.another().posts('prompt')).toMatchObject({ status: 403 });
    expect(await comesBack(await world.duo.prompt(url, 'allow'))).toEqual({
      status: 200,
      title: 'Confirmed',
      says: GO_ON,
    });
    await browser.isLetIn();
    expect((await browser.claim()).body.password).toBe(passwordOf('acme', 'printer'));
  });

  describe('nothing is recorded', () => {
    let id = '';
    beforeAll(async () => {
      id = await world.person('Tess').asks('acme/scanner 1h labels are blank');
    });

    /** Her question is closed on every card of it, with this sentence, and no approval was written down. */
    async function nothingRecorded(card: string, name = 'Lena') {
      await world.person(name).receives(card, id);
      await world.slack.until(() => asking(name).length === 0, 15_000);
      expect(await stateOf(id)).toBe('pending');
      expect(await decided(id)).toEqual([]);
    }

    test('when she denies', async () => {
      const back = await world.duo.prompt(await opensDuo(id), 'deny');
      expect(await comesBack(back)).toEqual(refused(DENIED));
      await nothingRecorded('Nothing was done, and you are not asked again by itself.');
      expect(await comesBack(back)).toEqual(STALE);
    });

    test('when he turns back at Duo’s page', async () => {
      const { state } = await world.duo.openPrompt(await opensDuo(id, 'Omar'));
      const turned = `${world.publicUrl}/mfa/duo/callback?state=${state}&error=access_denied`;
      expect(await comesBack(turned)).toEqual(refused(DENIED));
      await nothingRecorded('Nothing was done, and you are not asked again by itself.', 'Omar');
    });

    test.each(TAMPERED)('when what comes back is a token %s', async (_what, tampering, says) => {
      const proofs = () => world.rows('select 1 from keyturn.proofs where subject_id = $1', [id]);
      const before = await proofs();
      const back = await world.duo.prompt(await opensDuo(id), 'allow', tampering);
      expect(await comesBack(back)).toEqual(refused(says));
      await nothingRecorded(says === DENIED ? 'Nothing was done, and you are not' : says);
      expect(await comesBack(back)).toEqual(STALE);
      expect(await proofs()).toHaveLength(before.length + 1);
    });

    test('when Duo knows her as one who passes without a factor', async () => {
      const username = duoNameOf('Lena');
      const address = await opensDuo(id);
      world.duo.setUser({ username, status: 'bypass' });
      const back = await world.duo.prompt(address, 'allow');
      world.duo.setUser({ username, status: 'active' });
      expect(await comesBack(back)).toEqual(refused(BYPASS));
      await nothingRecorded(BYPASS);
    });

    test('when Duo is away as she comes back, or says nothing of worth', async () => {
      const away =
        'Duo can’t be reached now, and without it nothing is confirmed. Nothing was done. Try again in a minute; the leads have been told.';
      for (const [how, says] of [
        [{ status: 503 }, away],
        ['cut', away],
        [{ status: 200, raw: '<html>Log in to the Wi-Fi</html>' }, GARBAGE],
      ] as const) {
        const back = await world.duo.prompt(await opensDuo(id), 'allow');
        world.duo.failNext('/oauth/v1/token', how);
        expect(await comesBack(back)).toEqual(refused(says));
        await nothingRecorded(says);
      }
    });

    test('when Duo is away as she opens its page', async () => {
      const lena = world.person('Lena');
      world.duo.failNext('/oauth/v1/health_check', { status: 503 });
      await isAsked(id);
      expect(await lena.pressesAndHears('Open Duo', id)).toContain('Duo can’t be reached now');
      await nothingRecorded('Duo can’t be reached now');
    });

    test('when it is an address that nobody was sent to, or that says a thing twice', async () => {
      const callback = `${world.publicUrl}/mfa/duo/callback`;
      const address = await opensDuo(id);
      const strange = await world.duo.prompt(address, 'allow', { state: 'A'.repeat(43) });
      expect(await comesBack(strange)).toEqual(STALE);
      for (const query of ['', '?state=', '?duo_code=abc', `?state=${'B'.repeat(43)}&duo_code=abc`])
        expect(await comesBack(`${callback}${query}`)).toEqual(STALE);
      const [good] = [await world.duo.prompt(address, 'allow')];
      const state = good.searchParams.get('state');
      expect(await comesBack(`${good.href}&state=${state}`)).toEqual(STALE);
      expect(await stateOf(id)).toBe('pending');

      // None of that has spent her question; pressing anew makes the former address worthless.
      const anew = (await world.person('Lena').opens('Open Duo', id)).address;
      expect(await comesBack(good)).toEqual(STALE);
      expect(await stateOf(id)).toBe('pending');
      expect(await comesBack(await world.duo.prompt(anew, 'allow'))).toMatchObject({ title: 'Confirmed' });
      await world.person('Lena').receives('Your approval is recorded.', id);
    });
  });

  test('nobody else’s card opens Duo for Lena', async () => {
    const id = await world.person('Tess').asks('acme/till 30m drawer is stuck');
    const [lena, omar] = [world.person('Lena'), world.person('Omar')];
    await isAsked(id);
    const card = await lena.receives('Open Duo', id);
    expect(await omar.clicksAndHears(card, 'Open Duo')).toBe(
      'This question is somebody else’s, and only they can answer it.',
    );
  });
});
