/** A screenshot of a QR code, as an admin would make it of the page on which codes are set up. */

import { createRequire } from 'node:module';
import { PNG } from 'pngjs';

interface Matrix {
  readonly size: number;
  get(row: number, column: number): number;
}

const { create } = createRequire(import.meta.url)('qrcode') as { create(text: string): { modules: Matrix } };
const SCALE = 6;
const MARGIN = 8;

/** PNG of this text as a QR code; of null, an empty white picture. */
export async function qrPng(text: string | null): Promise<Buffer> {
  const modules: Matrix = text === null ? { size: 20, get: () => 0 } : create(text).modules;
  const side = (modules.size + 2 * MARGIN) * SCALE;
  const picture = new PNG({ width: side, height: side });
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [row, column] = [y, x].map((at) => Math.floor(at / SCALE) - MARGIN) as [number, number];
      const inside = row >= 0 && column >= 0 && row < modules.size && column < modules.size;
      const shade = inside && modules.get(row, column) ? 0 : 255;
      picture.data.set([shade, shade, shade, 255], (y * side + x) * 4);
    }
  }
  return PNG.sync.write(picture);
}
