import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Forger } from '../support/forger.js';
import { type House, KINDS } from '../support/house.js';
import { openProtected } from '../support/proving.js';

const UNPROVEN = 'KT004';
const TWICE = '23505';

describe.each(KINDS)('the %s database refuses', (kind) => {
  let house: House;
  let forger: Forger;
  beforeAll(async () => {
    house = await openProtected(kind);
    forger = await Forger.in(house);
  });
  afterAll(() => house.close());

  test.each<[string, () => Promise<string | null>]>([
    ['no proof', async () => null],
    ['one that never was', async () => 'C-000000000000'],
    ['somebody else’s', () => forger.proof({ by: 'Omar' })],
    ['one that is allowed, but not spent', () => forger.proof({ state: 'allowed' })],
    ['one that only waits', () => forger.proof({ state: 'waiting' })],
    ['one of another act', () => forger.proof({ act: 'reveal' })],
    ['one of another kind of subject', () => forger.proof({ kind: 'link' })],
    ['one of another request', () => forger.proof({ subject: 'R-000000' })],
  ])('an approval with %s', async (_, proof) => {
    expect(await forger.approve(await proof())).toBe(UNPROVEN);
  });

  test('an approval with one that approved before', async () => {
    const proof = await forger.proof();
    expect(await forger.approve(proof)).toBe('went through');
    expect(await forger.approve(proof)).toBe(TWICE);
  });

  test.each<[string, (link: string) => Promise<string | null>]>([
    ['no proof', async () => null],
    ['somebody else’s', (link) => forger.lettingIn(link, { by: 'Lena' })],
    ['an unspent one', (link) => forger.lettingIn(link, { state: 'allowed' })],
    ['one of another act', (link) => forger.lettingIn(link, { act: 'approve' })],
    ['one of another link', () => forger.lettingIn('L-000000000000')],
  ])('to let a browser in with %s', async (_, proof) => {
    const { id } = await forger.link('asked');
    expect(await forger.letIn(id, await proof(id))).toBe(UNPROVEN);
  });

  test.each(["browser_hash = 'theirs'", "number = '48'", 'proof = null'])(
    '“%s” at a link that has let one in',
    async (change) => {
      const { id } = await forger.link('confirmed');
      expect(await forger.refused(`update keyturn.links set ${change} where id = $1`, [id])).toBe(UNPROVEN);
    },
  );

  test('to let in a second browser with the proof of the first', async () => {
    const { id, proof } = await forger.link('confirmed');
    await forger.run(`update keyturn.links set state = 'asked', browser_hash = 'b' where id = $1`, [id]);
    expect(await forger.letIn(id, proof)).toBe(UNPROVEN);
  });

  test('a showing with no proof, with one that let nobody in, or while the link is not spent', async () => {
    expect(await forger.show(null)).toBe(UNPROVEN);
    expect(await forger.show(await forger.lettingIn('L-000000000000'))).toBe(UNPROVEN);
    expect(await forger.show((await forger.link('confirmed')).proof)).toBe(UNPROVEN);
  });

  test('a showing that names another account than its grant', async () => {
    expect(await forger.show((await forger.link('spent')).proof, 'shared')).toBe(UNPROVEN);
  });

  test('a second showing with the same proof', async () => {
    const { proof } = await forger.link('spent');
    expect(await forger.show(proof)).toBe('went through');
    expect(await forger.show(proof)).toBe(TWICE);
  });

  test('an authenticator offered by no proof, by somebody else’s, for another, or by one that offered before', async () => {
    const of = { act: 'offer-factor', kind: 'person', subject: forger.people.Theo as string };
    expect(await forger.offer('F-1', null)).toBe('KT001');
    expect(await forger.offer('F-1', await forger.proof({ ...of, by: 'Omar' }))).toBe(UNPROVEN);
    const forTess = await forger.proof({ ...of, subject: forger.people.Tess as string });
    expect(await forger.offer('F-1', forTess)).toBe(UNPROVEN);
    const proof = await forger.proof(of);
    expect(await forger.offer('F-1', proof)).toBe('went through');
    await forger.run(`update keyturn.factors set state = 'ended' where id = 'F-1'`);
    expect(await forger.offer('F-2', proof)).toBe(UNPROVEN);
  });
});
