import { expect, test } from 'vitest';
import { readQr } from '../../src/vault/qr-picture.js';
import { qrPng } from '../support/qr.js';

const ADDRESS = 'otpauth://totp/Acme:admin@acme.example?secret=JBSWY3DPEHPK3PXP&issuer=Acme';

test('reads the address out of a screenshot of a QR code', async () => {
  expect(readQr(await qrPng(ADDRESS))).toEqual({ text: ADDRESS });
});

test('a picture without one, a damaged one, no picture and one that claims to be huge are refused, each by name', async () => {
  const good = await qrPng(ADDRESS);
  expect(readQr(await qrPng(null))).toMatchObject({ why: expect.stringContaining('no QR code') });
  expect(readQr(good.subarray(0, good.length / 2))).toMatchObject({
    why: expect.stringContaining('damaged'),
  });
  expect(readQr(Buffer.from('GIF89a, not a PNG at all, however long it is'))).toMatchObject({
    why: expect.stringContaining('no PNG picture'),
  });
  const huge = Buffer.from(good);
  huge.writeUInt32BE(100_000, 16);
  huge.writeUInt32BE(100_000, 20);
  expect(readQr(huge)).toMatchObject({ why: expect.stringContaining('too large') });
});
