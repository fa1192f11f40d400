import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { decodeProtectedHeader } from 'jose';
import { beforeEach, expect, test } from 'vitest';
import { Secret } from '../../src/config/secret.js';
import { localKeys } from '../../src/vault/local-key.js';
import {
  MissingDataKeyError,
  SealError,
  UnknownKeyError,
  Vault,
  WrappedKeyError,
} from '../../src/vault/vault.js';
import { MemoryStore } from './memory-store.js';

const K1 = masterKey('one');
const K2 = masterKey('two');
const PLACE = { client: 'acme', account: 'domain-admin', version: 3 };
const PASSWORD = 'Tr0ub4dor&3 – dit is geheim';

let store: MemoryStore;
let vault: Vault;

beforeEach(async () => {
  store = new MemoryStore();
  vault = await vaultWith(K1);
});

test('what was sealed opens where it belongs, in another process too', async () => {
  const sealed = await vault.seal(new Secret(PASSWORD), PLACE);
  expect((await vault.open(sealed, PLACE)).reveal()).toBe(PASSWORD);
  expect((await (await vaultWith(K1)).open(sealed, { ...PLACE })).reveal()).toBe(PASSWORD);
});

test('any well-formed text comes back unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
      const sealed = await vault.seal(new Secret(`\ufeff${text}`), PLACE);
      expect((await vault.open(sealed, PLACE)).reveal()).toBe(`\ufeff${text}`);
    }),
  );
});

test('text that UTF-8 cannot carry is refused rather than changed', async () => {
  await expect(vault.seal(new Secret('half \ud83d pair'), PLACE)).rejects.toThrow(/well-formed/);
});

test('the same secret sealed twice looks different', async () => {
  const [one, two] = await Promise.all([
    vault.seal(new Secret('x'), PLACE),
    vault.seal(new Secret('x'), PLACE),
  ]);
  expect(one).not.toBe(two);
});

test.each([
  ['another account', { ...PLACE, account: 'backup' }],
  ['another version', { ...PLACE, version: 2 }],
  ['another client that has a key', { ...PLACE, client: 'delta' }],
])('a ciphertext moved to %s is refused', async (_, elsewhere) => {
  const sealed = await vault.seal(new Secret(PASSWORD), PLACE);
  await vault.seal(new Secret('own'), elsewhere);
  await expect(vault.open(sealed, elsewhere)).rejects.toThrow(SealError);
});

test('a data key moved to another client is refused', async () => {
  const sealed = await vault.seal(new Secret(PASSWORD), PLACE);
  const row = store.rows.get('acme');
  if (row) store.rows.set('delta', row);
  await expect(vault.open(sealed, { ...PLACE, client: 'delta' })).rejects.toThrow(WrappedKeyError);
});

test('a binding without a client, an account or a whole version is refused', async () => {
  for (const wrong of [{ client: '' }, { account: '' }, { version: 1.5 }, { version: Number.NaN }])
    await expect(vault.seal(new Secret('x'), { ...PLACE, ...wrong })).rejects.toThrow(TypeError);
});

test('opening for a client without a data key says so and makes none', async () => {
  await expect(vault.open('a.b.c.d.e', PLACE)).rejects.toThrow(MissingDataKeyError);
  expect(store.rows.size).toBe(0);
});

test('no bit of a sealed secret can be flipped', async () => {
  const sealed = await vault.seal(new Secret(PASSWORD), PLACE);
  await fc.assert(
    fc.asyncProperty(fc.nat(sealed.length - 1), fc.integer({ min: 0, max: 7 }), async (at, bit) => {
      await expect(vault.open(flip(sealed, at, bit), PLACE)).rejects.toThrow(SealError);
    }),
    { numRuns: 500 },
  );
});

test('no bit of a wrapped data key can be flipped', async () => {
  const sealed = await vault.seal(new Secret(PASSWORD), PLACE);
  const row = store.rows.get('acme') ?? { wrapped: '', keyId: '' };
  await fc.assert(
    fc.asyncProperty(fc.nat(row.wrapped.length - 1), fc.integer({ min: 0, max: 7 }), async (at, bit) => {
      store.rows.set('acme', { ...row, wrapped: flip(row.wrapped, at, bit) });
      await expect((await vaultWith(K1)).open(sealed, PLACE)).rejects.toThrow(WrappedKeyError);
    }),
    { numRuns: 500 },
  );
});

test('a sealed secret cut short, extended or replaced by anything is refused', async () => {
  const sealed = await vault.seal(new Secret(PASSWORD), PLACE);
  for (const wrong of [
    sealed.slice(0, -4),
    `${sealed}AAAA`,
    `${sealed}.`,
    '',
    '....',
    'x',
    sealed.replace('.', '..'),
  ])
    await expect(vault.open(wrong, PLACE)).rejects.toThrow(SealError);
});

test('algorithms are pinned: a header that asks for others is refused', async () => {
  const sealed = await vault.seal(new Secret(PASSWORD), PLACE);
  expect(decodeProtectedHeader(sealed)).toEqual({ alg: 'dir', enc: 'A256GCM' });
  for (const header of [
    { alg: 'A256GCMKW', enc: 'A256GCM' },
    { alg: 'dir', enc: 'A128GCM' },
    { alg: 'none' },
  ]) {
    const forged = [
      Buffer.from(JSON.stringify(header)).toString('base64url'),
      ...sealed.split('.').slice(1),
    ].join('.');
    await expect(vault.open(forged, PLACE)).rejects.toThrow(SealError);
  }
});

test('a client gets one data key, however many processes seal its first secret at once', async () => {
  const vaults = await Promise.all(Array.from({ length: 8 }, () => vaultWith(K1)));
  const sealed = await Promise.all(vaults.map((each, i) => each.seal(new Secret(`secret ${i}`), PLACE)));
  expect(store.rows.size).toBe(1);
  const fresh = await vaultWith(K1);
  const opened = await Promise.all(sealed.map((each) => fresh.open(each, PLACE)));
  expect(opened.map((secret) => secret.reveal())).toEqual(vaults.map((_, i) => `secret ${i}`));
});

test('more clients than are remembered still open', async () => {
  const places = Array.from({ length: 600 }, (_, i) => ({ ...PLACE, client: `client-${i}` }));
  const sealed = await Promise.all(places.map((place) => vault.seal(new Secret(place.client), place)));
  for (const [i, place] of places.entries())
    expect((await vault.open(sealed[i] ?? '', place)).reveal()).toBe(place.client);
});

test('a failed look-up of a data key is not remembered', async () => {
  const sealed = await vault.seal(new Secret(PASSWORD), PLACE);
  const other = await vaultWith(K1);
  const get = store.get.bind(store);
  store.get = () => Promise.reject(new Error('the database is away'));
  await expect(other.open(sealed, PLACE)).rejects.toThrow(/away/);
  store.get = get;
  expect((await other.open(sealed, PLACE)).reveal()).toBe(PASSWORD);
});

test('after rotating from one master key to the next, the first is no longer needed', async () => {
  const sealed = await vault.seal(new Secret(PASSWORD), PLACE);
  await vault.seal(new Secret('other'), { ...PLACE, client: 'delta' });
  const rotating = await vaultWith(K2, K1);
  expect((await rotating.open(sealed, PLACE)).reveal()).toBe(PASSWORD);
  expect(await rotating.rotateKeys()).toEqual({ rewrapped: 2, already: 0 });
  expect(await rotating.rotateKeys()).toEqual({ rewrapped: 0, already: 2 });
  expect((await (await vaultWith(K2)).open(sealed, PLACE)).reveal()).toBe(PASSWORD);
  await expect((await vaultWith(K1)).open(sealed, PLACE)).rejects.toThrow(UnknownKeyError);
});

test('rotations at the same time re-wrap each data key once and lose none', async () => {
  const places = Array.from({ length: 20 }, (_, i) => ({ ...PLACE, client: `client-${i}` }));
  const sealed = await Promise.all(places.map((place) => vault.seal(new Secret(place.client), place)));
  const rotations = await Promise.all(
    Array.from({ length: 4 }, async () => (await vaultWith(K2, K1)).rotateKeys()),
  );
  expect(rotations.reduce((sum, { rewrapped }) => sum + rewrapped, 0)).toBe(20);
  expect(rotations.reduce((sum, { already }) => sum + already, 0)).toBe(60);
  const after = await vaultWith(K2);
  for (const [i, place] of places.entries())
    expect((await after.open(sealed[i] ?? '', place)).reveal()).toBe(place.client);
});

test('a missing master key is named, with the setting that takes it', async () => {
  const sealed = await vault.seal(new Secret(PASSWORD), PLACE);
  const id = (await localKeys(new Secret(K1))).current.id;
  const unknowing = await vaultWith(K2);
  for (const act of [() => unknowing.open(sealed, PLACE), () => unknowing.rotateKeys()]) {
    const error = await failure(act());
    expect(error).toMatchObject({ name: 'UnknownKeyError', keyId: id, client: 'acme' });
    expect(String(error)).toContain(id);
    expect(String(error)).toContain('KEYTURN_MASTER_KEYS_OLD');
  }
});

test.each([
  ['too short', Buffer.alloc(16, 'ab').toString('base64')],
  ['hexadecimal', createHash('sha256').update('x').digest('hex')],
  ['empty', ''],
  ['the same byte over and over', Buffer.alloc(32).toString('base64')],
])('a master key that is %s is refused, naming the setting and not the key', async (_, text) => {
  const good = new Secret(K1);
  const refused = String(await failure(localKeys(new Secret(text))));
  expect(refused).toMatch(/KEYTURN_MASTER_KEY must be 32 random bytes/);
  if (text !== '') {
    expect(refused).not.toContain(text);
    expect(String(await failure(localKeys(good, new Secret(text))))).toMatch(/KEYTURN_MASTER_KEYS_OLD must/);
  }
});

test('several old keys are read, separated by commas, spaces or lines', async () => {
  const ring = await localKeys(new Secret(K1), new Secret(`${K2}, ${masterKey('three')}\n`));
  expect(new Set([ring.current, ...ring.old].map((key) => key.id)).size).toBe(3);
});

test('nothing that can be printed shows a secret or a key', async () => {
  const sealed = await vault.seal(new Secret(PASSWORD), PLACE);
  const opened = await vault.open(sealed, PLACE);
  const ring = await localKeys(new Secret(K1), new Secret(K2));
  const errors = await Promise.all([
    vault.open(sealed, { ...PLACE, version: 4 }).catch((error: unknown) => error),
    (await vaultWith(K2)).open(sealed, PLACE).catch((error: unknown) => error),
    vault.seal(new Secret(`${PASSWORD}\ud83d`), PLACE).catch((error: unknown) => error),
  ]);
  const things = [vault, opened, { opened }, ring, ...errors, [...store.rows], sealed];
  const printed = things.flatMap((thing) => [
    inspect(thing, { depth: 20, showHidden: true, getters: true }),
    JSON.stringify(thing) ?? '',
    String(thing),
    thing instanceof Error ? `${thing.stack} ${inspect(thing.cause, { depth: 20 })}` : '',
  ]);
  const keyBytes = [K1, K2].flatMap((key) => [key, Buffer.from(key, 'base64').toString('hex')]);
  for (const text of printed)
    for (const hidden of [PASSWORD, Buffer.from(PASSWORD).toString('base64url'), ...keyBytes])
      expect(text).not.toContain(hidden);
});

async function vaultWith(current: string, ...old: string[]): Promise<Vault> {
  return new Vault(await localKeys(new Secret(current), new Secret(old.join(','))), store);
}

function failure(act: Promise<unknown>): Promise<unknown> {
  return act.then(
    () => expect.fail('It should have failed'),
    (error: unknown) => error,
  );
}

function masterKey(name: string): string {
  return createHash('sha256').update(name).digest('base64');
}

function flip(text: string, at: number, bit: number): string {
  const bytes = Buffer.from(text, 'latin1');
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  return bytes.toString('latin1');
}
