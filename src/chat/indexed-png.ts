/** Pixels as a PNG of at most 16 colours: a drawing takes a third of the bytes that it takes in true colour. w3.org/TR/png */

import { crc32, deflateSync } from 'node:zlib';

export type Colour = readonly [red: number, green: number, blue: number];

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const MOST_COLOURS = 16;
const BITS = 4;
const INDEXED = 3;

/**
 * @param pixels opaque ones: red, green, blue and alpha, a byte each, row by row.
 * @param palette at most 16 colours; each pixel becomes the nearest of them.
 */
export function indexedPng(pixels: Uint8Array, width: number, palette: readonly Colour[]): Buffer {
  if (palette.length > MOST_COLOURS) throw new RangeError(`a palette has at most ${MOST_COLOURS} colours`);
  const height = pixels.length / 4 / width;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([BITS, INDEXED, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', deflateSync(packed(pixels, width, palette), { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** Two pixels a byte; each row begins with its filter, which is none. */
function packed(pixels: Uint8Array, width: number, palette: readonly Colour[]): Buffer {
  const count = pixels.length / 4;
  const line = 1 + Math.ceil(width / 2);
  const rows = Buffer.alloc(line * (count / width));
  const nearest = nearestIn(palette);
  for (let n = 0; n < count; n++) {
    const index = nearest(pixels[n * 4] ?? 0, pixels[n * 4 + 1] ?? 0, pixels[n * 4 + 2] ?? 0);
    const x = n % width;
    const at = Math.floor(n / width) * line + 1 + (x >> 1);
    rows[at] = (rows[at] ?? 0) | (x % 2 === 0 ? index << BITS : index);
  }
  return rows;
}

/** Few colours come often: each is looked for once. */
function nearestIn(palette: readonly Colour[]): (red: number, green: number, blue: number) => number {
  const known = new Map<number, number>();
  return (red, green, blue) => {
    const key = (red << 16) | (green << 8) | blue;
    const found = known.get(key);
    if (found !== undefined) return found;
    const distances = palette.map(([r, g, b]) => (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2);
    const index = distances.indexOf(Math.min(...distances));
    known.set(key, index);
    return index;
  };
}
