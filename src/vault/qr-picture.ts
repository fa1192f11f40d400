/** The text of a QR code in a PNG picture: a screenshot of the page on which an account's codes are set up. */

import jsqr from 'jsqr';
import { PNG } from 'pngjs';

/** A screenshot of a large screen has about so many pixels; a picture that claims more isn't unpacked. */
const MOST_PIXELS = 40_000_000;
export const MOST_PICTURE_BYTES = 20_000_000;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The text, or why there is none, in a sentence for whoever gave the picture. */
export function readQr(picture: Buffer): { readonly text: string } | { readonly why: string } {
  if (!picture.subarray(0, 8).equals(SIGNATURE) || picture.length < 33)
    return { why: 'That file is no PNG picture. Save the QR code as a PNG, such as a screenshot.' };
  const pixels = picture.readUInt32BE(16) * picture.readUInt32BE(20);
  if (picture.length > MOST_PICTURE_BYTES || pixels > MOST_PIXELS)
    return { why: 'That picture is too large. Cut out the QR code and try again.' };
  const image = unpacked(picture);
  if (!image) return { why: 'That PNG picture is damaged and can’t be read.' };
  // The package is CommonJS: what Node imports of it is the module, whose default is the function.
  const read = (jsqr as unknown as { default?: typeof jsqr }).default ?? jsqr;
  const found = read(new Uint8ClampedArray(image.data), image.width, image.height);
  if (!found || found.data === '')
    return { why: 'There is no QR code to be read in that picture. Cut it out, or make the picture larger.' };
  return { text: found.data };
}

function unpacked(picture: Buffer): PNG | null {
  try {
    return PNG.sync.read(picture);
  } catch {
    return null;
  }
}
