import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { openWorld, passwordOf, reads, type World } from '../support/world.js';

describe.each(KINDS)('approving on the phone, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind, { phones: {} });
  }, 60_000);
  afterAll(() => world.close());

  test('Lena presses Approve, types on her phone the number that she alone was told, and every card says so', async () => {
    const tess = world.person('Tess');
    const lena = world.person('Lena');
    const omar = world.person('Omar');
    const id = await tess.asks('acme/front-desk 30m printer is down');
    await lena.presses('Approve', id);
    const push = await lena.phone.rings(id);
    expect(push.type).toBe('Approve access');
    expect(push.facts).toEqual([
      { label: 'Client', value: 'Acme Dental' },
      { label: 'Account', value: 'Front desk PC' },
      { label: 'For', value: '30 minutes' },
      { label: 'Asked by', value: 'Tess Tran' },
      { label: 'Why', value: 'printer is down' },
      { label: 'Request', value: id },
    ]);
    expect(push.verified).toBe(true);
    const shared = reads(await world.channel('Lena Falk is confirming.', id));
    const card = reads(await lena.receives('in Duo Mobile', id));
    const number = /Type (\d+) in Duo Mobile/.exec(card)?.[1] ?? '';
    expect(number).toMatch(/^\d{3,6}$/);
    expect(shared).not.toContain(number);
    lena.phone.allows(push, number);
    await lena.receives('Your approval is recorded.', id);
    expect(reads(await omar.receives('✓ Lena Falk', id))).toContain('Access granted');
    await tess.receives('Yours until', 'Front desk PC');
    const browser = await tess.opens('Reveal', `G${id.slice(1)}`);
    await browser.ask();
    const shown = await tess.phone.rings('Number on your screen');
    expect(shown.type).toBe('Show a password');
    const { code } = await browser.isAsked('push');
    tess.phone.allows(shown, code);
    await browser.isLetIn();
    expect((await browser.claim()).body.password).toBe(passwordOf('acme', 'front-desk'));
    expect(await world.rows(`select state from keyturn.proofs order by asked_at`)).toEqual([
      { state: 'spent' },
      { state: 'spent' },
    ]);
  });
});
