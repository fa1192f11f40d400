/** Reads an indexed PNG whole, and throws where it isn't one: signature, checksums and every pixel. w3.org/TR/png */

import { crc32, inflateSync } from 'node:zlib';

export interface ReadPng {
  readonly width: number;
  readonly height: number;
  /** `#rrggbb`, row by row. */
  readonly pixels: readonly string[];
}

export function readPng(png: Buffer): ReadPng {
  if (png.toString('hex', 0, 8) !== '89504e470d0a1a0a') throw new Error('no PNG');
  const chunks = new Map(chunksOf(png));
  const header = need(chunks, 'IHDR');
  const [width, height, bits, kind] = [header.readUInt32BE(0), header.readUInt32BE(4), header[8], header[9]];
  if (bits !== 4 || kind !== 3 || !chunks.has('IEND')) throw new Error('no PNG of 16 colours');
  const rows = inflateSync(need(chunks, 'IDAT'));
  const line = 1 + Math.ceil(width / 2);
  if (rows.length !== line * height) throw new Error('not as many pixels as it says');
  const palette = coloursOf(need(chunks, 'PLTE'));
  const pixels = Array.from({ length: width * height }, (_, n) => {
    const byte = rows[Math.floor(n / width) * line + 1 + ((n % width) >> 1)] ?? 0;
    const colour = palette[(n % width) % 2 === 0 ? byte >> 4 : byte & 15];
    if (colour === undefined) throw new Error('a pixel of no colour');
    return colour;
  });
  return { width, height, pixels };
}

function* chunksOf(png: Buffer): Generator<[string, Buffer]> {
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const named = png.subarray(at + 4, at + 8 + length);
    if (crc32(named) !== png.readUInt32BE(at + 8 + length)) throw new Error('a wrong checksum');
    yield [named.toString('latin1', 0, 4), named.subarray(4)];
    at += 12 + length;
  }
}

function need(chunks: ReadonlyMap<string, Buffer>, name: string): Buffer {
  const found = chunks.get(name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

function coloursOf(palette: Buffer): string[] {
  return Array.from(
    { length: palette.length / 3 },
    (_, n) => `#${palette.toString('hex', n * 3, n * 3 + 3)}`,
  );
}
