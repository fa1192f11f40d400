/** The second factor in Teams: the number comes to one's own chat there, and each chat account is completed by it. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { openWorld, passwordOf, type World } from '../support/world.js';

describe.each(KINDS)('phones and both chats, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind, { teams: true, phones: {} });
  }, 60_000);
  afterAll(() => world.close());

  // Between two pushes to one phone are thirty seconds at least.
  beforeEach(() => world.wait(60));

  const phone = (name: string) => world.person(name).phone;

  /** Answers the push that waits with the number from this person's Teams. */
  async function confirms(name: string, about: string): Promise<string> {
    const push = await phone(name).rings(about);
    const someone = world.inTeams(name);
    const card = await someone.receives('in Duo Mobile', about);
    const number = /Type (\d+) in Duo Mobile/.exec(someone.reads(card))?.[1] ?? '';
    phone(name).allows(push, number);
    return number;
  }

  test('the first thing that Lena types in Teams asks her phone; then she is told in her Slack too', async () => {
    const lena = world.inTeams('Lena');
    await lena.types('pending');
    const push = await phone('Lena').rings('Teams');
    const card = await lena.receives('in Duo Mobile');
    phone('Lena').allows(push, /Type (\d+) in Duo Mobile/.exec(lena.reads(card))?.[1]);
    await world.person('Lena').receives('Teams', 'linked');
    await lena.receives('acts as you from now on');
    expect(await lena.hears('pending')).toContain('Nothing waits for you.');
    expect(
      await world.rows(
        `select platform from keyturn.identities i join keyturn.people p on p.id = i.person
         where p.email = 'lena@northwind.example' and proven_at is not null order by 1`,
      ),
    ).toEqual([{ platform: 'slack' }, { platform: 'teams' }]);
  });

  test('Lena approves in Teams: her phone asks, the number is in her own chat alone, and it counts once', async () => {
    const id = await world.person('Tess').asks('acme/front-desk 30m printer is down');
    const lena = world.inTeams('Lena');
    const pressed = await lena.presses('Approve', id);
    expect(pressed.message).toContain('Confirm it with your second factor');
    const number = await confirms('Lena', id);
    await lena.receives('Your approval is recorded.', id);
    await world.person('Tess').receives('Yours until', 'Front desk PC');
    expect(number).toMatch(/^\d{3,6}$/);
    const elsewhere = JSON.stringify([
      world.teams.channel(lena.tenant, '19:access-requests@thread.tacv2'),
      world.slack.messages('T0NORTHWIND', 'C0ACCESS'),
    ]);
    expect(elsewhere).not.toContain(`Type ${number}`);
    expect(await world.rows('select state, via from keyturn.proofs where subject_id = $1', [id])).toEqual([
      { state: 'spent', via: 'teams' },
    ]);
  });

  test('the card in her Slack counts as well, once: one person, one proof, one decision', async () => {
    const id = await world.person('Tess').asks('acme/scanner 30m labels are blank');
    await world.inTeams('Lena').receives('Approve', id);
    await world.person('Lena').approves(id);
    await world.inTeams('Lena').receives('✓ Lena Falk', id);
    expect(await world.rows('select person from keyturn.decisions where request = $1', [id])).toHaveLength(1);
  });

  test('Tess, met in Teams by her address alone, may not act there before her phone says so', async () => {
    const tess = world.inTeams('Tess');
    await tess.types('acme/printer 1h toner');
    const push = await phone('Tess').rings('Teams');
    expect(await world.rows(`select id from keyturn.requests where account = 'printer'`)).toEqual([]);
    const card = await tess.receives('in Duo Mobile');
    phone('Tess').allows(push, /Type (\d+) in Duo Mobile/.exec(tess.reads(card))?.[1]);
    await world.person('Tess').receives('Teams', 'linked');
    await world.wait(60);
    await tess.types('acme/printer 1h toner');
    await tess.receives('Yours until', 'Printer panel');
    const browser = await tess.opens('Reveal', 'Printer panel');
    await browser.ask();
    const shown = await phone('Tess').rings('Number on your screen');
    const { code } = await browser.isAsked('push');
    phone('Tess').allows(shown, code);
    await browser.isLetIn();
    expect((await browser.claim()).body.password).toBe(passwordOf('acme', 'printer'));
  });

  test('a fraud report that Lena makes about a press in Teams pauses her in both chats', async () => {
    const id = await world.person('Tess').asks('acme/till 30m drawer is stuck');
    const lena = world.inTeams('Lena');
    await lena.presses('Approve', id);
    const push = await phone('Lena').rings(id);
    world.duo.fraud(push.txid);
    await world.person('Omar').receives('reported on their phone that they hadn’t asked for this');
    expect(await lena.hears(`approve ${id}`)).toContain('paused');
    expect(await world.person('Lena').hears(`approve ${id}`)).toContain('paused');
  });
});
