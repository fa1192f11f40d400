/** Just enough of PNG to look at an icon: 8 bits a channel, not interlaced. */

import { inflateSync } from 'node:zlib';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Each pixel as [red, green, blue, alpha]. */
  readonly pixels: readonly (readonly [number, number, number, number])[];
}

export function readPng(file: Buffer): Picture {
  if (file.subarray(1, 4).toString() !== 'PNG') throw new Error('not a PNG');
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const channels = { 2: 3, 6: 4 }[file.readUInt8(25)];
  if (channels === undefined || file.readUInt8(24) !== 8 || file.readUInt8(28) !== 0) {
    throw new Error('not RGB or RGBA with 8 bits a channel');
  }
  const bytes = unfiltered(inflateSync(imageData(file)), width * channels, channels);
  const pixels = Array.from({ length: width * height }, (_, n) => {
    const [r, g, b, a = 255] = bytes.subarray(n * channels, (n + 1) * channels);
    return [r, g, b, a] as [number, number, number, number];
  });
  return { width, height, pixels };
}

function imageData(file: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 8; at < file.length; at += file.readUInt32BE(at) + 12) {
    const isData = file.subarray(at + 4, at + 8).toString() === 'IDAT';
    if (isData) parts.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  }
  return Buffer.concat(parts);
}

/** Each row says how its bytes were told from those to the left, above, and left above. */
function unfiltered(raw: Buffer, rowLength: number, channels: number): Buffer {
  const rows = raw.length / (rowLength + 1);
  const bytes = Buffer.alloc(rows * rowLength);
  for (let row = 0; row < rows; row++) {
    const filter = raw[row * (rowLength + 1)] as number;
    for (let column = 0; column < rowLength; column++) {
      const at = row * rowLength + column;
      const left = column < channels ? 0 : (bytes[at - channels] as number);
      const above = row === 0 ? 0 : (bytes[at - rowLength] as number);
      const leftAbove = row === 0 || column < channels ? 0 : (bytes[at - rowLength - channels] as number);
      const guesses = [0, left, above, (left + above) >> 1, paeth(left, above, leftAbove)];
      bytes[at] = (raw[row * (rowLength + 1) + 1 + column] as number) + (guesses[filter] as number);
    }
  }
  return bytes;
}

function paeth(left: number, above: number, leftAbove: number): number {
  const guess = left + above - leftAbove;
  const nearest = Math.min(...[left, above, leftAbove].map((value) => Math.abs(guess - value)));
  return [left, above, leftAbove].find((value) => Math.abs(guess - value) === nearest) as number;
}
