import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { NORTHWIND, openWorld, reads, type World } from '../support/world.js';

const LITERAL = '<!channel> *bold* @here & <https://evil.example|click>';

describe.each(KINDS)('deciding, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind);
  });
  afterAll(() => world.close());

  describe('a denial', () => {
    let request: string;

    test('asks why, and takes no empty answer and no secret', async () => {
      const lena = world.person('Lena');
      request = await world.person('Tess').asks('acme/front-desk 1h printer is down');
      await lena.presses('Deny', request);
      expect(reads(await lena.form())).toContain('One denial ends the request.');
      expect(await lena.sends({ why: '  ' })).toEqual({
        why: 'Say why, in a few words: the approvers decide by it, and it stays on record.',
      });
      expect((await lena.sends({ why: 'no, and the password is Blue-42-canary' })).why).toContain(
        'The reason seems to hold a password. Nothing was stored.',
      );
      expect(await lena.sends({ why: LITERAL })).toEqual({});
    });

    test('reaches Tess with its reason exactly as typed, and every copy says so', async () => {
      const tess = world.person('Tess');
      const word = await tess.receives('Lena Falk denied it.', request);
      expect(reads(word)).toContain(`“${LITERAL}”`);
      const everybody = [world.channel('Request denied', request)];
      for (const name of ['Lena', 'Omar', 'Tess'])
        everybody.push(world.person(name).receives('Request denied', request));
      for (const card of await Promise.all(everybody)) {
        expect(reads(card)).toContain(`✗ Lena Falk: ${LITERAL}`);
        expect(reads(card)).not.toContain('Approve');
      }
    });

    test('is shown as plain text only, so that nothing in it comes to life', async () => {
      const posted = world.slack.calls.filter((call) => JSON.stringify(call.args).includes('*bold*'));
      expect(posted.length).toBeGreaterThan(0);
      const texts = JSON.stringify(posted.map((call) => call.args)).match(
        /\{\\*"type\\*":\\*"mrkdwn[^}]*\}/g,
      );
      expect(texts?.some((text) => text.includes('bold'))).toBeFalsy();
      expect(JSON.stringify(world.slack.messages(NORTHWIND, 'C0ACCESS').map((m) => m.text))).not.toContain(
        '<!channel>',
      );
    });

    test('is the end: nobody approves afterwards, and nobody denies twice', async () => {
      const late = `Too late: ${request} was denied by Lena Falk.`;
      expect(await world.person('Omar').hears(`approve ${request}`)).toBe(late);
      expect(await world.person('Lena').hears(`approve ${request}`)).toBe(late);
      expect(await world.person('Omar').hears(`deny ${request} me too`)).toBe(late);
      expect(await world.person('Tess').hears(`cancel ${request}`)).toBe(late);
      expect(await world.rows('select id from keyturn.grants')).toEqual([]);
    });

    test('asking again begins anew', async () => {
      const again = await world.person('Tess').asks('acme/front-desk 30m still down');
      expect(again).not.toBe(request);
      expect(await world.person('Omar').hears(`deny ${again}`)).toBe(
        'Say why, in a few words: the approvers decide by it, and it stays on record.',
      );
      await world.person('Omar').types(`deny ${again} call the vendor first`);
      await world.person('Tess').receives('Omar Haddad denied it.', again);
    });
  });

  describe('approving for less', () => {
    let request: string;

    test('is on the card’s menu, and what is longer than asked is refused', async () => {
      request = await world.person('Tess').asks('acme/router 1h firmware #T-1');
      const sana = world.person('Sana');
      expect(await sana.hears(`approve ${request} 2h`)).toMatch(
        /^You can shorten the time, not lengthen it: .*1 hour/,
      );
      expect(await sana.hears(`approve ${request} 1m`)).toBe(
        'The time has to be between 5 minutes and 1 hour, written like 30m, 1h or 1h30m.',
      );
      expect(await sana.hears(`approve ${request} soon`)).toBe(
        'Write the time like 30m, 1h or 1h30m, after the id.',
      );
      await sana.picks('approve-for', '900', request);
      await world.channel('✓ Sana Idris (15 minutes)', request);
    });

    test('the shortest approved time wins, whoever spoke last', async () => {
      await world.person('Lena').types(`approve ${request} 30m`);
      const card = reads(await world.channel('Access granted', request));
      expect(card).toContain('✓ Lena Falk (30 minutes)');
      expect(card).toContain('15 minutes, shortened from 1 hour');
      const [grant] = await world.rows(
        `select seconds, extract(epoch from ends_at - active_at)::int as lasts from keyturn.grants where request = $1`,
        [request],
      );
      expect(grant).toEqual({ seconds: 900, lasts: 900 });
      await world.person('Tess').presses('Return early');
    });
  });

  describe('a request that nobody grants', () => {
    test('is taken back by the one who asked, and by nobody else', async () => {
      const request = await world.person('Tess').asks('acme/scanner 1h labels');
      for (const name of ['Luis', 'Lena'])
        expect(await world.person(name).hears(`cancel ${request}`)).toBe(
          'Only the one who asked can cancel a request. You can deny it, if you may decide.',
        );
      await world.person('Tess').presses('Cancel request', request);
      await world.channel('Request cancelled', request);
      expect(await world.person('Lena').hears(`approve ${request}`)).toBe(
        `Too late: ${request} was cancelled by Tess Tran.`,
      );
    });

    test('is decided by those whom its card names, and by nobody else', async () => {
      const request = await world.person('Tess').asks('acme/scanner 1h labels again');
      const no = 'You are not one of those who decide this request. Its card names who is still needed.';
      const card = await world.channel('Approve', request);
      expect(await world.person('Luis').clicksAndHears(card, 'Approve')).toBe(no);
      expect(await world.person('Sana').clicksAndHears(card, 'Deny')).toBe(no);
      expect(await world.person('Maya').hears(`approve ${request} 30m`)).toBe(no);
      await world.person('Tess').types(`cancel ${request}`);
      await world.channel('Request cancelled', request);
    });

    test('lapses when its time is up, and Tess is told', async () => {
      const request = await world.person('Tess').asks('acme/till 30m drawer is stuck');
      const old = await world.channel('Approve', request);
      await world.wait(3601);
      expect(await world.person('Lena').clicksAndHears(old, 'Approve')).toBe(
        `Too late: ${request} has lapsed, because nobody decided in time.`,
      );
      await world.person('Tess').receives('Nobody decided in time, so it lapsed.', request);
      expect(reads(await world.channel('Request lapsed', request))).toContain('Nobody decided by ');
      expect(await world.rows('select id from keyturn.grants where request = $1', [request])).toEqual([]);
    });
  });
});
