/** A lead puts the seed of an account's one-time codes into custody: as an address, or as the picture of a QR code. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADDRESS, SEED } from '../support/codes.js';
import { qrPng } from '../support/qr.js';
import { openTerminal, type Terminal } from '../support/terminal.js';
import { everythingStored, leaks } from '../support/world.js';

const LENA = ['--as', 'lena@northwind.example'];
const OMAR = ['--as', 'omar@northwind.example'];
const SET = ['secret', 'set', 'acme/printer', '--totp'];
const OF = 'One-time codes of: Microsoft, admin@beacon.example (SHA1, 6 digits, every 30 seconds).';

describe('a lead at a terminal, with an account that signs in with codes', () => {
  let at: Terminal;
  let folder: string;
  beforeAll(async () => {
    at = await openTerminal({});
    folder = await mkdtemp(join(tmpdir(), 'keyturn-qr-'));
    const printer = 'id: printer, name: "Printer panel", kind: password, username: admin,';
    const camera = 'id: camera, name: "Door camera", kind: password, username: admin,';
    const changed = await at.file(
      [printer, `${printer} totp: true,`],
      [camera, `${camera} owner: lena@northwind.example,`],
    );
    for (const [name, lead] of [
      ['Lena', LENA],
      ['Omar', OMAR],
    ] as const)
      await at.confirms(name, ['apply', ...changed, ...lead]);
  }, 120_000);
  afterAll(async () => {
    await at.close();
    await rm(folder, { recursive: true });
  });

  const seeds = () =>
    at.keyturn.rows<{ account: string; version: number }>(
      `select account, version from keyturn.secrets where account like 'totp:%' order by version`,
    );
  const picture = async (name: string, bytes: Buffer) => {
    const path = join(folder, name);
    await writeFile(path, bytes);
    return ['--qr', path];
  };

  test('it is piped in, proven by the phone, and said back without the secret and without any code', async () => {
    const done = await at.confirms('Lena', [...SET, ...LENA], { input: `${ADDRESS}\n` });
    expect(done).toMatchObject({ code: 0 });
    const lines = done.stdout.split('\n');
    expect(lines[0]).toBe(OF);
    expect(lines.at(-1)).toBe('The one-time codes of acme/printer are in custody, version 1.');
    expect(await seeds()).toEqual([{ account: 'totp:printer', version: 1 }]);
    const trail = await at.keyturn.rows(
      `select subject, data->>'version' as version, data->>'factor' as factor from keyturn.audit_events where action = 'secret.stored'`,
    );
    expect(trail).toEqual([{ subject: 'acme/printer (one-time codes)', version: '1', factor: 'duo_push' }]);
  });

  test('or it is read from a picture of the QR code, as the next version', async () => {
    const qr = await picture('codes.png', await qrPng(ADDRESS));
    const done = await at.confirms('Lena', ['secret', 'set', 'acme/printer', ...qr, ...LENA]);
    expect(done).toMatchObject({ code: 0 });
    expect(done.stdout).toContain(OF);
    expect((await seeds()).map(({ version }) => version)).toEqual([1, 2]);
  });

  test('what is no such address, no such picture or no such account is refused, each in a sentence, before any phone rings', async () => {
    const refuse = async (args: readonly string[], input = '') => {
      const { code, stderr } = await at.runs(['secret', 'set', ...args, ...LENA], { input });
      return `${code} ${stderr}`;
    };
    const printer = 'acme/printer';
    expect(await refuse([printer, '--totp'], 'hunter2\n')).toBe(
      '1 That is no otpauth:// address. It begins with otpauth://totp/ and has a secret in it. Nothing was stored.',
    );
    expect(await refuse([printer, '--totp'], 'otpauth://hotp/x?secret=JBSWY3DPEHPK3PXP')).toBe(
      '1 That address counts presses (hotp). Only codes that go by the time (totp) can be kept. Nothing was stored.',
    );
    const link = await picture('link.png', await qrPng('https://www.acme.example'));
    expect(await refuse([printer, ...link])).toContain('That is no otpauth:// address.');
    const blank = await picture('blank.png', await qrPng(null));
    expect(await refuse([printer, ...blank])).toContain('There is no QR code to be read in that picture.');
    const garbage = await picture('garbage.png', Buffer.from('not a picture, whatever its name says'));
    expect(await refuse([printer, ...garbage])).toBe(
      '1 That file is no PNG picture. Save the QR code as a PNG, such as a screenshot. Nothing was stored.',
    );
    expect(await refuse([printer, '--qr', join(folder, 'nowhere.png')])).toContain('There is no file');
    expect(await refuse(['acme/camera', '--totp'], ADDRESS)).toBe(
      '1 acme/camera has no codes of Keyturn’s: write totp: true at it in keyturn.yaml and apply that first.',
    );
    expect(await seeds()).toHaveLength(2);
  });

  test('somebody who is no lead stores none', async () => {
    const tess = ['--as', 'tess@northwind.example'];
    expect(await at.runs([...SET, ...tess], { input: ADDRESS })).toMatchObject({ code: 1 });
    expect(await seeds()).toHaveLength(2);
  });

  test('the seed stands nowhere in the clear: not in the database, not in a log, not at the terminal', async () => {
    expect(leaks(await everythingStored(at.keyturn.database), SEED, 'otpauth')).toEqual([]);
    expect(leaks(at.keyturn.printed.join('\n'), SEED, 'secret=')).toEqual([]);
  });
});
