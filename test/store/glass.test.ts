import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ask } from '../../src/core/ask.js';
import type { DeclaredDirectory } from '../../src/core/directory.js';
import { breakGlass } from '../../src/core/glass.js';
import { perform } from '../../src/core/perform.js';
import type { Proof } from '../../src/core/proof.js';
import { CAST } from '../fixtures/cast.js';
import { type House, KINDS, OFFERS, openHouse } from '../support/house.js';
import { proofWith } from '../support/proofs.js';

const WHY = 'the practice opens at seven and nothing boots';
const glass = {
  may: ['L2', 'leads', 'contacts'],
  maxDuration: 3600,
  reviewWithin: 86_400,
  notify: ['leads'],
};
const at = (account: string, more: Partial<Ask> = {}) =>
  ({
    verb: 'break-glass',
    ...{ client: account.split('/')[0] as string, account: account.split('/')[1] as string },
    ...{ seconds: 1800, reason: WHY, ticket: null, ...more },
  }) as const;

const directory: DeclaredDirectory = {
  ...CAST,
  policies: CAST.policies.map((policy) => ({
    ...policy,
    breakGlass: glass,
    mfa: { approve: false, reveal: true, break_glass: true },
  })),
};

describe.each(KINDS)('what the %s database lets nobody break', (kind) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse(kind, directory, { ...OFFERS, factors: ['totp'] });
  }, 60_000);
  afterAll(() => house.close());

  const count = async (table: string) =>
    (
      await house.database.run<{ n: number }>(
        { name: '', text: `select count(*)::int as n from ${table}` },
        [],
      )
    )[0]?.n;

  test('without a factor’s word nothing is taken: it is asked for first', async () => {
    const outcome = await house.act('Tess', at('acme/front-desk'));
    expect(outcome).toEqual({ confirm: expect.stringMatching(/^C-/) });
    expect(await count('keyturn.requests')).toBe(0);
  });

  test.each<[string, Partial<Proof>]>([
    ['of somebody else', { person: 'somebody' }],
    ['of an approval', { act: 'approve' }],
    ['for another account', { subjectId: 'acme/router' }],
    ['for a longer time', { terms: `3600 seconds: ${WHY}` }],
    ['for another reason', { terms: '1800 seconds: it is somebody’s birthday today' }],
  ])('a proof %s takes nothing', async (_, other) => {
    const { person } = await house.as('Tess');
    const facts = await house.ports.store.glassFacts('acme', 'front-desk', person);
    const fits = proofWith({
      ...{ person, act: 'break-glass', subjectKind: 'account', subjectId: 'acme/front-desk' },
      ...{
        subjectVersion: 1,
        terms: `1800 seconds: ${WHY}`,
        state: 'allowed',
        method: 'totp',
        evidence: 'F 1',
      },
      ...{ expiresAt: new Date(facts.now.getTime() + 60_000), ...other },
    });
    expect(
      breakGlass(facts, { person, via: 'slack', proof: fits }, at('acme/front-desk'), 'R-000000'),
    ).toEqual({
      refused: { code: 'proof-stale' },
    });
  });

  test('a row that claims to be a break-glass and bears no proof is refused by the database itself', async () => {
    const { person } = await house.as('Tess');
    const text = `insert into keyturn.requests (id, client, account, requester, seconds, reason, delivery, policy, policy_version,
      state, version, asked_at, decide_by, kind) values ('R-000001', 'acme', 'front-desk', $1, 1800, 'why', 'reveal', 'one-lead', 1,
      'pending', 1, now(), now(), 'break-glass')`;
    await expect(house.database.run({ name: '', text }, [person])).rejects.toMatchObject({
      message: expect.stringContaining('this act needs a proof of its own'),
    });
  });

  test('a contact takes what is their own client’s, where the policy names contacts, and knows of no other', async () => {
    expect(await house.act('Noor', at('delta/registrar'))).toEqual({ confirm: expect.stringMatching(/^C-/) });
    expect(await house.act('Noor', at('acme/front-desk'))).toEqual({
      refused: { code: 'unknown-account', typed: 'acme/front-desk' },
    });
  });

  test('a terminal shows nothing of a grant that somebody asked for, or that isn’t a break-glass', async () => {
    const { person } = await house.as('Tess');
    const outcome = await house.act('Tess', {
      ...{ verb: 'ask', client: 'acme', account: 'free', seconds: 1800, reason: 'why', ticket: null },
    });
    if (!('done' in outcome)) throw new Error(JSON.stringify(outcome));
    const actor = { person, via: 'cli' } as const;
    expect(await perform(house.ports, actor, { verb: 'show-at-terminal', id: outcome.done })).toEqual({
      refused: { code: 'not-proven' },
    });
    expect(await count('keyturn.exposures')).toBe(0);
  });
});

describe('an operator that has no factors at all', () => {
  let house: House;
  beforeAll(async () => {
    const policies = CAST.policies.map((policy) => ({
      ...policy,
      breakGlass: glass,
      mfa: { approve: false, reveal: false, break_glass: false },
    }));
    house = await openHouse('embedded', { ...CAST, policies });
  });
  afterAll(() => house.close());

  test('lets nobody break the glass at a terminal: nothing there says that it is they', async () => {
    const { person } = await house.as('Tess');
    expect(await perform(house.ports, { person, via: 'cli' }, at('acme/front-desk'))).toEqual({
      refused: { code: 'factor-failed', failure: 'no-factor' },
    });
  });

  test('lets them in their own chat; what they had asked for meanwhile is withdrawn', async () => {
    const asked = await house.act('Tess', {
      ...{ verb: 'ask', client: 'acme', account: 'front-desk', seconds: 1800, reason: 'why', ticket: null },
    });
    const broken = await house.act('Tess', at('acme/front-desk'));
    if (!('done' in asked) || !('done' in broken)) throw new Error(JSON.stringify([asked, broken]));
    expect((await house.ports.store.requestFacts(asked.done))?.request.state).toBe('cancelled');
    const facts = await house.ports.store.requestFacts(broken.done);
    expect(facts).toMatchObject({
      request: { state: 'approved', kind: 'break-glass' },
      grant: { state: 'active', seconds: 1800 },
      review: { state: 'owed', reminders: 0 },
    });
  });
});
