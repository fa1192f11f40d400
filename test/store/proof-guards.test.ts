import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Proof } from '../../src/core/proof.js';
import { codeOf } from '../../src/store/driver.js';
import { migrate } from '../../src/store/migrate.js';
import { type House, KINDS } from '../support/house.js';
import { createDatabase } from '../support/postgres.js';
import { openProtected } from '../support/proving.js';

const UNPROVEN = 'KT004';
const BACKWARDS = 'KT002';
const EDITED = 'KT003';
const TWICE = '23505';
const FORBIDDEN = '42501';

/** What somebody with the running role's password could try, past everything that is TypeScript. */
describe.each(KINDS)('the %s database refuses an act without its proof', (kind) => {
  let house: House;
  let request: string;
  let grant: string;
  const person: Record<string, string> = {};
  beforeAll(async () => {
    house = await openProtected(kind);
    for (const name of ['Tess', 'Lena', 'Omar', 'Theo']) person[name] = (await house.as(name)).person;
    const asked = { verb: 'ask', client: 'acme', seconds: 600, reason: 'why', ticket: null } as const;
    const [pending, free] = await Promise.all([
      house.act('Tess', { ...asked, account: 'front-desk' }),
      house.act('Tess', { ...asked, account: 'free' }),
    ]);
    request = 'done' in pending ? pending.done : '';
    grant = 'done' in free ? free.done.replace('R', 'G') : '';
  });
  afterAll(() => house.close());

  const run = (text: string, values: unknown[] = []) =>
    house.database.run<Record<string, unknown>>({ name: '', text }, values);
  const refused = (text: string, values: unknown[] = []) =>
    run(text, values).then(
      () => 'went through',
      (error) => codeOf(error),
    );
  const freshId = (letter: string) => `${letter}-${randomBytes(6).toString('hex')}`;

  const WAY: readonly Proof['state'][] = ['asked', 'waiting', 'allowed', 'spent'];
  type Made = { by?: string; act?: string; kind?: string; subject?: string; state?: Proof['state'] };
  /** A proof as it would come about, up to this state; by itself Lena's of her approval, and spent. */
  const proofOf = async ({
    by = 'Lena',
    act = 'approve',
    kind: on = 'request',
    subject = request,
    state = 'spent',
  }: Made = {}): Promise<string> => {
    const id = freshId('C');
    // A person has one open question at a time.
    await run(
      `update keyturn.proofs set state = 'void' where person = $1 and state in ('asked', 'waiting', 'allowed')`,
      [person[by]],
    );
    await run(
      `insert into keyturn.proofs (id, person, act, subject_kind, subject_id, subject_version, terms, facts, via, state,
         sends, fails, asked_at, expires_at, version) values ($1, $2, $3, $4, $5, 1, '', '[]', 'slack', 'asked', 0, 0,
         keyturn.now(), keyturn.now() + interval '5 minutes', 1)`,
      [id, person[by], act, on, subject],
    );
    for (const next of WAY.slice(1, WAY.indexOf(state) + 1))
      await run(`update keyturn.proofs set state = $2, method = 'totp', evidence = $1 where id = $1`, [
        id,
        next,
      ]);
    return id;
  };
  const approve = async (proof: string | null) =>
    refused(`insert into keyturn.decisions values ($1, $2, 'approve', null, null, keyturn.now(), $3)`, [
      request,
      person.Lena,
      proof,
    ]);
  /** A link of the free account's grant, which Tess holds. */
  const link = async (state: 'asked' | 'confirmed' | 'spent', proof: string | null = null) => {
    const id = freshId('L');
    await run(
      `insert into keyturn.links (id, token_hash, purpose, "grant", person, state, fails, created_at, expires_at, version)
       values ($1, $1, 'reveal', $2, $3, 'open', 0, keyturn.now(), keyturn.now() + interval '10 minutes', 1)`,
      [id, grant, person.Tess],
    );
    await run(`update keyturn.links set state = 'asked', browser_hash = 'b', number = '47' where id = $1`, [
      id,
    ]);
    const own = proof ?? (state === 'asked' ? null : await lettingIn(id));
    if (state !== 'asked')
      await run(`update keyturn.links set state = 'confirmed', proof = $2 where id = $1`, [id, own]);
    if (state === 'spent') await run(`update keyturn.links set state = 'spent' where id = $1`, [id]);
    return { id, proof: own };
  };
  const lettingIn = (subject: string, more: Made = {}) =>
    proofOf({ by: 'Tess', act: 'reveal', kind: 'link', subject, ...more });
  const letIn = (id: string, proof: string | null) =>
    refused(`update keyturn.links set state = 'confirmed', proof = $2 where id = $1`, [id, proof]);
  const show = (proof: string | null, account = 'free') =>
    refused(
      `insert into keyturn.exposures (id, "grant", client, account, person, secret_version, at, proof)
       values ($1, $2, 'acme', $3, $4, 1, keyturn.now(), $5)`,
      [freshId('E'), grant, account, person.Tess, proof],
    );

  test.each<[string, () => Promise<string | null>]>([
    ['no proof', async () => null],
    ['one that never was', async () => 'C-000000000000'],
    ['somebody else’s', () => proofOf({ by: 'Omar' })],
    ['one that is allowed, but not spent', () => proofOf({ state: 'allowed' })],
    ['one that only waits', () => proofOf({ state: 'waiting' })],
    ['one of another act', () => proofOf({ act: 'reveal' })],
    ['one of another kind of subject', () => proofOf({ kind: 'link' })],
    ['one of another request', () => proofOf({ subject: 'R-000000' })],
  ])('an approval with %s', async (_, proof) => {
    expect(await approve(await proof())).toBe(UNPROVEN);
  });

  test.each<[string, (id: string) => Promise<string | null>]>([
    ['no proof', async () => null],
    ['somebody else’s', (id) => lettingIn(id, { by: 'Lena' })],
    ['an unspent one', (id) => lettingIn(id, { state: 'allowed' })],
    ['one of another act', (id) => lettingIn(id, { act: 'approve' })],
    ['one of another link', () => lettingIn('L-000000000000')],
  ])('a browser let in with %s', async (_, proof) => {
    const { id } = await link('asked');
    expect(await letIn(id, await proof(id))).toBe(UNPROVEN);
  });

  test('another browser, another number or another proof at a link that let one in', async () => {
    const { id, proof } = await link('confirmed');
    for (const change of [`browser_hash = 'theirs'`, `number = '48'`, 'proof = null'])
      expect(await refused(`update keyturn.links set ${change} where id = $1`, [id])).toBe(UNPROVEN);
    await run(`update keyturn.links set state = 'asked' where id = $1`, [id]);
    expect(await letIn(id, proof)).toBe(UNPROVEN);
  });

  test('a showing with no proof, with one that let nobody in, and before the link is spent', async () => {
    expect(await show(null)).toBe(UNPROVEN);
    expect(await show(await lettingIn('L-000000000000'))).toBe(UNPROVEN);
    expect(await show((await link('confirmed')).proof)).toBe(UNPROVEN);
  });

  test('a showing that names another account than its grant', async () => {
    expect(await show((await link('spent')).proof, 'shared')).toBe(UNPROVEN);
  });

  test('a proof that shows twice, or lets in twice', async () => {
    const { proof } = await link('spent');
    expect(await show(proof)).toBe('went through');
    expect(await show(proof)).toBe(TWICE);
  });

  test('a proof that approves twice', async () => {
    const proof = await proofOf();
    expect(await approve(proof)).toBe('went through');
    expect(await approve(proof)).toBe(TWICE);
  });

  test('an authenticator that is offered without a proof, by somebody else’s, or by one that offered before', async () => {
    const offer = (id: string, proof: string | null) =>
      refused(
        `insert into keyturn.factors (id, person, kind, state, offered_by, proof, fails, offered_at, expires_at, version)
         values ($1, $2, 'totp', 'offered', $3, $4, 0, keyturn.now(), keyturn.now() + interval '1 day', 1)`,
        [id, person.Theo, person.Lena, proof],
      );
    const of = { act: 'offer-factor', kind: 'person', subject: person.Theo as string };
    expect(await offer('F-1', null)).toBe('KT001');
    expect(await offer('F-1', await proofOf({ ...of, by: 'Omar' }))).toBe(UNPROVEN);
    expect(await offer('F-1', await proofOf({ ...of, subject: person.Tess as string }))).toBe(UNPROVEN);
    const proof = await proofOf(of);
    expect(await offer('F-1', proof)).toBe('went through');
    await run(`update keyturn.factors set state = 'ended' where id = 'F-1'`);
    expect(await offer('F-2', proof)).toBe(UNPROVEN);
  });
});
