import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { allIsTold, waits } from '../support/told.js';
import { NORTHWIND, openWorld, reads, type World } from '../support/world.js';

const REPORTED =
  'Nothing was done. You reported that you hadn’t asked for it, so you are paused and the leads are told: somebody may be using your chat account.';
const PAUSED =
  'You are paused until a lead has looked into what happened. You can return what you hold; nothing else of yours is asked, approved or shown.';
const THEY_ARE_PAUSED =
  'Lena Falk is paused, and nothing of theirs can be approved until a lead has looked into what happened.';
const INCIDENT = 'Incident: a push nobody asked for';
const LET_THEM = 'Let them act again';

describe.each(KINDS)('a push that nobody asked for, on the %s database', (kind) => {
  let world: World;
  /** Tess’s request, which Lena is asked about. */
  let asked = '';
  /** What Lena herself waits for, and what she holds. */
  let pending = '';
  let held = '';
  beforeAll(async () => {
    world = await openWorld(kind, { phones: {} });
    const lena = world.person('Lena');
    const safe = await lena.asks('acme/lead-safe 1h yearly audit');
    await world.person('Omar').approves(safe);
    held = safe.replace('R', 'G');
    await lena.receives('Reveal', held);
    pending = await lena.asks('acme/router 1h firmware #T-1');
    asked = await world.person('Tess').asks('acme/front-desk 30m printer is down');
    await waits(world, 31);
  }, 60_000);
  afterAll(() => world.close());

  const decisions = (request: string) =>
    world.rows('select verdict from keyturn.decisions where request = $1', [request]);
  const inAlerts = () => world.slack.messages(NORTHWIND, 'C0ALERTS');
  const incident = () => world.slack.until(() => inAlerts().find((m) => reads(m).includes(INCIDENT)), 15_000);

  test('Lena reports it: nothing is recorded, and nothing of hers is asked, approved or shown', async () => {
    const lena = world.person('Lena');
    await lena.presses('Approve', asked);
    await lena.phone.reportsFraud(asked);
    expect(reads(await lena.receives(REPORTED, 'Front desk PC'))).toContain('Denied on your phone');
    expect(await decisions(asked)).toEqual([]);
    await allIsTold(world);
    expect(reads(await world.channel('Approve', asked))).not.toContain('is confirming');

    const pushes = lena.phone.pushes;
    expect(await lena.hears('acme/root-safe 1h yearly audit')).toBe(PAUSED);
    expect(await lena.pressesAndHears('Approve', asked)).toBe(PAUSED);
    expect(await lena.pressesAndHears('Deny', asked)).toBe(PAUSED);
    expect(await lena.hears(`approve ${asked} 15m`)).toBe(PAUSED);
    expect(await lena.pressesAndHears('Reveal', held)).toBe(PAUSED);
    expect(await lena.hears('enrol tess@northwind.example')).toBe(PAUSED);
    expect(lena.phone.pushes).toBe(pushes);
  });

  test('what she asked for herself can’t be approved by anybody, and no phone rings for it', async () => {
    for (const name of ['Omar', 'Sana']) {
      const approver = world.person(name);
      const before = approver.phone.pushes;
      expect(await approver.pressesAndHears('Approve', pending)).toBe(THEY_ARE_PAUSED);
      expect(approver.phone.pushes).toBe(before);
    }
    expect(await decisions(pending)).toEqual([]);
  });

  test('she can still take back what she asked for, and return what she holds', async () => {
    const lena = world.person('Lena');
    await lena.presses('Cancel request', pending);
    await lena.receives('Request cancelled', pending);
    await lena.presses('Return early', held);
    await lena.receives('Returned', 'Safe for leads');
    expect(await world.rows('select state, outcome from keyturn.grants where id = $1', [held])).toEqual([
      { state: 'ended', outcome: 'returned' },
    ]);
  });

  test('the alerts channel and the other leads read who, what, and by which account; she doesn’t', async () => {
    const words = reads(await world.person('Omar').receives(INCIDENT));
    for (const part of [
      'Lena Falk reported on their phone that they hadn’t asked for this. They are paused: nothing of theirs is asked, approved or shown.',
      'Speak to Lena Falk by voice. If somebody else is in their chat account, have it locked there. Then let them act again.',
      'Front desk PC',
      'Tess Tran',
      asked,
      'slack account U0LENA of T0NORTHWIND',
      LET_THEM,
    ])
      expect(words).toContain(part);
    expect(reads(await incident())).toBe(words);
    for (const name of ['Lena', 'Tess', 'Sana'])
      expect(world.person(name).direct().join('\n')).not.toContain(INCIDENT);
  });

  test('neither she nor a technician can settle it, and nobody’s phone rings', async () => {
    const card = await incident();
    const said = { Lena: PAUSED, Tess: 'Only a lead can do that.', Sana: 'Only a lead can do that.' };
    for (const [name, sentence] of Object.entries(said)) {
      const player = world.person(name);
      const before = player.phone.pushes;
      expect(await player.clicksAndHears(card, LET_THEM)).toBe(sentence);
      expect(player.phone.pushes).toBe(before);
    }
    expect(await world.rows(`select state from keyturn.alerts where kind = 'fraud'`)).toEqual([
      { state: 'open' },
    ]);
  });

  test('Omar settles it with his own push, and not without', async () => {
    const omar = world.person('Omar');
    const card = await omar.receives(LET_THEM, INCIDENT);
    await omar.clicks(card, LET_THEM);
    const push = await omar.phone.rings('Lena Falk');
    expect(push.type).toBe('Let somebody act again');
    expect(push.facts[0]).toEqual({ label: 'Let act again', value: 'Lena Falk' });
    await omar.phone.denies('Lena Falk');
    await omar.receives('Denied on your phone', 'Lena Falk');
    expect(await world.person('Lena').pressesAndHears('Approve', asked)).toBe(PAUSED);

    await waits(world, 31);
    await omar.clicks(card, LET_THEM);
    await omar.confirmsOnPhone('Lena Falk');
    await omar.receives('They may act again.', 'Lena Falk');
    const settled = reads(await omar.receives('Settled by Omar Haddad, ', INCIDENT));
    expect(settled).toContain('Lena Falk may act again.');
    expect(settled).not.toContain(LET_THEM);
    await allIsTold(world);
    expect(reads(await incident())).toBe(settled);
    expect(await omar.clicksAndHears(card, LET_THEM)).toBe(
      'This is settled already; there is nothing left to do.',
    );
    expect(
      await world.rows(`select action from keyturn.audit_events where action like 'person.%' order by at`),
    ).toEqual([{ action: 'person.paused' }, { action: 'person.resumed' }]);
  });

  test('then she acts again, and what waited is approved by her own push', async () => {
    const lena = world.person('Lena');
    await waits(world, 31);
    await lena.approves(asked);
    await lena.receives('Your approval is recorded.', asked);
    await world.person('Tess').receives('Yours until', 'Front desk PC');
    expect(await decisions(asked)).toEqual([{ verdict: 'approve' }]);
  });

  test('a yes that comes after the request was taken back records nothing, and says so', async () => {
    const lena = world.person('Lena');
    const tess = world.person('Tess');
    const late = await tess.asks('acme/scanner 30m labels');
    await waits(world, 31);
    await lena.presses('Approve', late);
    await lena.phone.rings(late);
    await lena.receives('in Duo Mobile', late);
    await tess.presses('Cancel request', late);
    await tess.receives('Request cancelled', late);
    await lena.confirmsOnPhone(late);
    const card = reads(await lena.receives(`Too late: ${late} was cancelled by Tess Tran.`));
    expect(card).toContain('Not confirmed');
    expect(await decisions(late)).toEqual([]);
    expect(await world.rows('select 1 from keyturn.grants where request = $1', [late])).toEqual([]);
    expect(
      await world.rows(
        'select state, method, evidence is not null as allowed from keyturn.proofs where subject_id = $1',
        [late],
      ),
    ).toEqual([{ state: 'void', method: 'duo_push', allowed: true }]);
    await allIsTold(world);
    const toLena = world.slack.calls
      .map(({ args }) => JSON.stringify(args))
      .filter((args) => args.includes(late));
    expect(toLena.filter((args) => args.includes('Your approval is recorded.'))).toEqual([]);
  });
});
