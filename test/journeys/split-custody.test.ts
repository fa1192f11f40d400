import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { everythingSaid, idIn, leaks, openWorld, passwordOf, reads, type World } from '../support/world.js';

const NAME_IT =
  "Type the client's name to confirm whom this is for: it is Delta Resale. Use the form (/access) for this account.";

describe.each(KINDS)('a registrar that Delta’s own people guard too, on the %s database', (kind) => {
  let world: World;
  let request: string;
  beforeAll(async () => {
    world = await openWorld(kind);
    // Something of another client's goes on at the same time.
    await world.person('Tess').asks('acme/till 1h drawer is stuck');
  });
  afterAll(() => world.close());

  test('typed in one line it is refused, because the client’s name has to be typed', async () => {
    expect(await world.person('Tess').hears('delta/registrar 30m renew the domain #T-1')).toBe(NAME_IT);
  });

  test('the form offers Tess what she may ask for, and refuses a wrong name below that field', async () => {
    const tess = world.person('Tess');
    await tess.types('');
    expect(reads(await tess.form())).toContain('Delta Resale');
    expect(reads(await tess.form())).not.toContain('Cedar Clinic');
    await tess.chooses('client', 'delta');
    const form = await tess.chooses('account', 'delta/registrar');
    expect(reads(form)).toContain('Needs a lead and somebody at Delta Resale.');
    const values = { long: '1800', why: 'renew the domain', ticket: 'T-900' };
    expect(await tess.sends({ ...values, name: 'Acme Dental' })).toEqual({ name: NAME_IT });
    expect(await tess.sends({ ...values, name: 'delta resale' })).toEqual({});
    expect(world.slack.view(tess.team, tess.user)).toBeUndefined();
    request = idIn(reads(await tess.receives('Cancel request', 'Domain registrar')), 'R');
  });

  test('a lead’s word is not enough: Delta’s own Noor is still needed', async () => {
    await world.person('Lena').presses('Approve', request);
    await world.channel('Still needed: Noor Aziz of Delta Resale.', request);
    const omar = world.person('Omar');
    await omar.presses('Approve', request);
    expect(reads(await world.channel('✓ Omar Haddad', request))).toContain('Still needed');
  });

  test('Noor approves in Delta’s own workspace, and every copy in both says so', async () => {
    const noor = world.person('Noor');
    await noor.presses('Approve', request);
    await noor.receives('Access granted', request);
    await world.channel('✓ Noor Aziz', request);
    await world.person('Tess').receives('Yours until', request.replace('R-', 'G-'));
    expect(await world.person('Tess').reveals(request.replace('R-', 'G-'))).toBe(
      passwordOf('delta', 'registrar'),
    );
  });

  test('Noor can take it away, and it is Northwind’s task to change the password', async () => {
    const noor = world.person('Noor');
    await noor.presses('Revoke', request);
    expect(reads(await noor.form())).toContain('Revoke this access');
    expect(await noor.sends({ why: 'we renew it ourselves' })).toEqual({});
    await world.person('Tess').receives('Revoked by Noor Aziz', '“we renew it ourselves”');
    await noor.receives('still works until Lena Falk changes it', request);
    await world.person('Lena').receives('Change this password', 'Domain registrar');
  });

  test('Noor asks for an account of Delta’s own, and a lead at Northwind decides', async () => {
    const noor = world.person('Noor');
    const own = await noor.asks('delta/shop-admin 30m look at the orders');
    await world.person('Omar').presses('Approve', own);
    await noor.receives('Yours until', 'Shop admin');
    expect(await noor.reveals('Shop admin')).toBe(passwordOf('delta', 'shop-admin'));
    await noor.presses('Return early', 'Shop admin');
    await noor.receives('Your access has ended', 'Shop admin');
  });

  test('what isn’t Delta’s is to Noor as if it weren’t there', async () => {
    const noor = world.person('Noor');
    const other = idIn(reads(await world.person('Lena').receives('Approve', 'drawer is stuck')), 'R');
    for (const account of ['acme/till', 'cedar/dispensary', 'nowhere/nothing'])
      expect(await noor.hears(`${account} 1h why not`)).toBe(
        `There is no account "${account}" that you may ask for. Type /access to see what there is.`,
      );
    for (const words of [`show ${other}`, `approve ${other}`, `cancel ${other}`, `deny ${other} why`])
      expect(await noor.hears(words)).toBe(
        `I don't know "${other}". Ids look like R-8F3KQ2 and stand on the card; /access mine and /access pending list them.`,
      );
    await noor.hears('mine');
    expect(await noor.hears('pending')).toContain('Nothing waits for you.');
    await noor.types('');
    expect(reads(await noor.form())).toContain('Shop admin');
  });

  test('nothing of any other client is ever seen in Delta’s workspace', async () => {
    const said = everythingSaid(world.slack, ['T0DELTA']);
    expect(leaks(said, 'Acme', 'Till', 'drawer is stuck', 'Cedar', 'Dispensary')).toEqual([]);
  });
});
