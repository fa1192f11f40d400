/** The number that is typed on the phone: where Duo offers one, where it is told late, and where none is wanted. */

import { afterAll, describe, expect, test } from 'vitest';
import type { DuoUser } from '../../src/playground/duo/index.js';
import { KINDS } from '../support/house.js';
import { duoNameOf } from '../support/phones.js';
import { openWorld, passwordOf, reads, type World } from '../support/world.js';

const TYPE = /Type (\d{3,6}) in Duo Mobile\. Deny there what you didn’t press yourself\./;
const COMPARE = 'Approve it in Duo Mobile. Deny there what you didn’t press yourself.';

describe.each(KINDS)('a number typed on the phone, on the %s database', (kind) => {
  const worlds: World[] = [];
  afterAll(() => Promise.all(worlds.map((world) => world.close())));

  const user = (name: string, more: Omit<DuoUser, 'username'>) => ({ username: duoNameOf(name), ...more });

  async function open(verified: 'required' | 'when-offered' | 'never', users: readonly DuoUser[]) {
    const world = await openWorld(kind, { phones: { order: ['duo_push'], verified, users } });
    worlds.push(world);
    const id = await world.person('Tess').asks('acme/root-safe 1h disk is full');
    return { world, id };
  }

  /** Presses Approve, and what the phone and the card say of it. */
  async function isAsked(world: World, name: string, id: string, words: string) {
    const lead = world.person(name);
    await lead.presses('Approve', id);
    const push = await lead.phone.rings(id);
    return { lead, push, card: reads(await lead.receives(words, id)) };
  }

  test('required: the number is on her card alone, and a code that Duo tells late appears there too', async () => {
    const { world, id } = await open('required', [user('Omar', { codeIn: 'status' })]);
    const early = await isAsked(world, 'Lena', id, 'Type ');
    expect(early.push.verified).toBe(true);
    const number = TYPE.exec(early.card)?.[1] as string;
    expect(() => early.lead.phone.allows(early.push, '0')).toThrow('That is not the code.');
    early.lead.phone.allows(early.push, number);
    await early.lead.receives('Your approval is recorded.', id);

    const late = await isAsked(world, 'Omar', id, 'Type ');
    const told = TYPE.exec(late.card)?.[1] as string;
    const shared = reads(await world.channel('Omar Haddad is confirming.', id));
    expect(shared).not.toMatch(TYPE);
    late.lead.phone.allows(late.push, told);
    await late.lead.receives('Your approval is recorded.', id);
    for (const name of ['Tess', 'Lena'])
      expect(
        world
          .person(name)
          .direct()
          .some((says) => says.includes(`Type ${told}`)),
      ).toBe(false);
    await world.person('Tess').receives('Yours until', 'Root safe');
  }, 60_000);

  test('when-offered: who has a number types it, who has none approves what the card describes', async () => {
    const { world, id } = await open('when-offered', [user('Omar', { verifiedPush: 'off' })]);
    const plain = await isAsked(world, 'Omar', id, COMPARE);
    expect(plain.push.verified).toBe(false);
    expect(plain.card).not.toMatch(TYPE);
    plain.lead.phone.allows(plain.push);
    await plain.lead.receives('Your approval is recorded.', id);
    const typed = await isAsked(world, 'Lena', id, 'Type ');
    typed.lead.phone.allows(typed.push, TYPE.exec(typed.card)?.[1]);
    await typed.lead.receives('Your approval is recorded.', id);
    await world.person('Tess').receives('Yours until', 'Root safe');
  }, 60_000);

  test('never: nobody types anything, and whom Duo asks for a number gets no push at all', async () => {
    const { world, id } = await open('never', [user('Omar', { verifiedPush: 'required' })]);
    const plain = await isAsked(world, 'Lena', id, COMPARE);
    expect(plain.push.verified).toBe(false);
    plain.lead.phone.allows(plain.push);
    await plain.lead.receives('Your approval is recorded.', id);
    const omar = world.person('Omar');
    await omar.presses('Approve', id);
    await omar.receives('No device of yours takes a push.', id);
    expect(omar.phone.pushes).toBe(0);

    // The browser shows a number of its own, and the push repeats it.
    const tess = world.person('Tess');
    await tess.types('acme/printer 1h toner');
    const browser = await tess.opens('Reveal', 'Printer panel');
    await browser.ask();
    const { number, code } = await browser.isAsked('push');
    expect(code).toBeNull();
    const push = await tess.phone.rings('Number on your screen');
    expect(push.facts).toContainEqual({ label: 'Number on your screen', value: number });
    tess.phone.allows(push);
    await browser.isLetIn();
    expect((await browser.claim()).body.password).toBe(passwordOf('acme', 'printer'));
  }, 60_000);
});
