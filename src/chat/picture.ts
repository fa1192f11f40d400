/**
 * A card's picture as a PNG. The renderer is native and is loaded with the first picture: most processes never draw
 * one, and what Keyturn needs to start and to rest is promised.
 */

import { createRequire } from 'node:module';
import type { DaysPicture } from '../core/cards/card.js';
import { COLOURS, daysSvg, WIDTH } from './days-svg.js';
import { type Colour, indexedPng } from './indexed-png.js';

/** A fresh machine has no fonts, so ours comes as a package: two weights of 75 KB, Latin letters only. */
const FONT = '@expo-google-fonts/lato';
const FONT_FILES = ['400Regular/Lato_400Regular.ttf', '700Bold/Lato_700Bold.ttf'];
const FAMILY = 'Lato';

/** How much of a pixel at a letter's edge is ink. All else stands on whole pixels. */
const EDGES = [0.25, 0.5, 0.75];

/**
 * The same picture is always the same bytes: 640 by 376 pixels in at most 16 colours, some 5 KB.
 * @throws where it can't be drawn on this machine, saying what to do.
 */
export async function drawPicture(picture: DaysPicture): Promise<Buffer> {
  const { renderAsync } = await loadRenderer();
  const image = await renderAsync(daysSvg(picture), {
    font: {
      ...{ loadSystemFonts: false, fontFiles: fontFiles() },
      ...{ defaultFontFamily: FAMILY, sansSerifFamily: FAMILY },
    },
  });
  return indexedPng(image.pixels, WIDTH, palette());
}

/** Its binary for each kind of machine is an optional package. */
async function loadRenderer(): Promise<typeof import('@resvg/resvg-js')> {
  try {
    return await import('@resvg/resvg-js');
  } catch (error) {
    const why = (error as Error).message.split('\n')[0];
    throw new Error(`nothing here can draw it: install the optional packages on this machine (${why})`);
  }
}

/** Found as a package is, from src/ and from dist/ alike. */
function fontFiles(): string[] {
  const { resolve } = createRequire(import.meta.url);
  return FONT_FILES.map((file) => resolve(`${FONT}/${file}`));
}

function palette(): Colour[] {
  const [ink, ground] = [rgb(COLOURS.ink), rgb(COLOURS.ground)];
  return [...Object.values(COLOURS).map(rgb), ...EDGES.map((share) => blend(ink, ground, share))];
}

function rgb(colour: string): Colour {
  const at = (n: number) => Number.parseInt(colour.slice(n, n + 2), 16);
  return [at(1), at(3), at(5)];
}

function blend(colour: Colour, ground: Colour, share: number): Colour {
  const part = (n: 0 | 1 | 2) => Math.round(colour[n] * share + ground[n] * (1 - share));
  return [part(0), part(1), part(2)];
}
