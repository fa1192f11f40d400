import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLOURS, daysSvg, HEIGHT, WIDTH } from '../../src/chat/days-svg.js';
import { drawPicture } from '../../src/chat/picture.js';
import { slackChat } from '../../src/chat/slack/index.js';
import { MOST_CHARS } from '../../src/chat/teams/adaptive.js';
import { teamsChat } from '../../src/chat/teams/index.js';
import type { DaysPicture } from '../../src/core/cards/card.js';
import { days, MONTH, NOTHING } from '../fixtures/pictures.js';
import { readPng } from '../support/png.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const picture = (more: Partial<DaysPicture>): DaysPicture => ({ ...MONTH, ...more });
const textsOf = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
const isLoaded = () =>
  Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('resvg'));

it('the renderer is loaded with the first picture, and not with a chat', async () => {
  expect([typeof slackChat, typeof teamsChat]).toEqual(['function', 'function']);
  expect(isLoaded()).toBe(false);
  await drawPicture(MONTH);
  expect(isLoaded()).toBe(true);
});

it('what is built draws the same picture: it finds the renderer and the fonts from another folder', async () => {
  const outdir = await mkdtemp(join(ROOT, 'node_modules', '.built-picture-'));
  try {
    await build({
      ...{ entryPoints: [join(ROOT, 'src/chat/picture.ts')], outdir, outExtension: { '.js': '.mjs' } },
      ...{ bundle: true, format: 'esm', platform: 'node', packages: 'external' },
    });
    const built = (await import(pathToFileURL(join(outdir, 'picture.mjs')).href)) as {
      drawPicture: typeof drawPicture;
    };
    expect(await built.drawPicture(MONTH)).toEqual(await drawPicture(MONTH));
  } finally {
    await rm(outdir, { recursive: true });
  }
});

describe('whatever was counted', () => {
  const count = fc.oneof(fc.nat(3), fc.nat(60), fc.nat(10_000));
  const day = fc.record({ grants: count, denials: count, breakGlass: fc.oneof(fc.constant(0), count) });
  const month = fc
    .array(day, { minLength: 30, maxLength: 30 })
    .map((counts) => picture({ days: days(30, (n) => counts[n] ?? NOTHING) }));

  it('30 days are a whole PNG, small enough to stand in a Teams card', async () => {
    await fc.assert(
      fc.asyncProperty(month, async (any) => {
        const png = await drawPicture(any);
        const { width, height, pixels } = readPng(png);
        expect([width, height]).toEqual([WIDTH, HEIGHT]);
        expect(pixels[0]).toBe(COLOURS.ground);
        expect(png.toString('base64').length).toBeLessThan(MOST_CHARS - 1000);
      }),
      { numRuns: 60 },
    );
  });

  it('the axis begins at nothing, reaches the highest day, and has few numbers', () => {
    fc.assert(
      fc.property(month, (any) => {
        const svg = daysSvg(any);
        const ticks = [...svg.matchAll(/text-anchor="end">([\d,.]+)(k?)</g)].map(
          ([, number = '', k]) => Number(number.replace(',', '')) * (k ? 1000 : 1),
        );
        expect(ticks[0]).toBe(0);
        expect(ticks.length).toBeLessThanOrEqual(6);
        expect(new Set(ticks.slice(1).map((tick, n) => tick - (ticks[n] ?? 0))).size).toBe(1);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(
          Math.max(...any.days.map(({ grants, denials }) => grants + denials)),
        );
        const heights = [...svg.matchAll(/ y="(-?\d+)"/g)].map(([, y]) => Number(y));
        expect(Math.min(...heights)).toBeGreaterThan(0);
      }),
    );
  });
});

describe('what one sees', () => {
  it('every Monday is named, and nothing else below the bars', () => {
    const named = textsOf(daysSvg(MONTH)).filter((text) => /^\d+ [A-Z]/.test(text ?? ''));
    expect(named).toEqual(['26 Oct', '2 Nov', '9 Nov', '16 Nov', '23 Nov']);
  });

  it('a longer time has fewer names, and a short one without a Monday its first day’s', () => {
    const names = (count: number, from: string) =>
      textsOf(daysSvg(picture({ days: days(count, () => NOTHING, from) }))).filter((text) =>
        /^\d+ [A-Z]/.test(text ?? ''),
      );
    expect(names(90, '2026-10-26')).toEqual(['26 Oct', '16 Nov', '7 Dec', '28 Dec', '18 Jan']);
    expect(names(3, '2026-11-24')).toEqual(['24 Nov']);
    expect(names(0, '2026-11-24')).toEqual([]);
  });

  it('the legend counts each kind, and each has a shape of its own beside its colour', async () => {
    const one = (counts: Partial<typeof NOTHING>) =>
      picture({ days: days(30, (n) => (n === 3 ? { ...NOTHING, ...counts } : NOTHING)) });
    const drawn = (svg: string, shape: RegExp) => svg.match(shape)?.length ?? 0;
    const triangle = /<path /g;
    const hollow = new RegExp(`fill="${COLOURS.denied}"[^>]*/><rect[^>]*fill="${COLOURS.ground}"`, 'g');
    const empty = daysSvg(one({}));
    expect(drawn(daysSvg(one({ breakGlass: 1 })), triangle)).toBe(drawn(empty, triangle) + 1);
    expect(drawn(daysSvg(one({ denials: 1 })), hollow)).toBe(drawn(empty, hollow) + 1);
    expect(textsOf(daysSvg(MONTH))).toEqual(
      expect.arrayContaining(['Granted 240', 'Denied 43', 'Break-glass 4']),
    );
  });

  it('one denial beside ten thousand grants can still be seen', async () => {
    const counts = (n: number) => ({ ...NOTHING, grants: n === 0 ? 10_000 : 0, denials: n === 20 ? 1 : 0 });
    const inColour = async (of: DaysPicture) =>
      readPng(await drawPicture(of)).pixels.filter((pixel) => pixel === COLOURS.denied).length;
    const without = picture({ days: days(30, (n) => ({ ...counts(n), denials: 0 })) });
    expect(await inColour(picture({ days: days(30, counts) }))).toBeGreaterThan(
      (await inColour(without)) + 30,
    );
  });

  it('several uses of break-glass on a day have their number, unless the numbers would hide one another', () => {
    const uses = (of: (n: number) => number) =>
      textsOf(daysSvg(picture({ days: days(30, (n) => ({ ...NOTHING, breakGlass: of(n) })) })));
    expect(uses((n) => (n === 4 ? 3 : n === 9 ? 1 : n === 14 ? 25 : 0))).toEqual(
      expect.arrayContaining(['3', '9+']),
    );
    expect(uses(() => 3)).not.toContain('3');
  });

  it('thirty days without anything say so, on an axis that still makes sense', () => {
    const texts = textsOf(daysSvg(picture({ days: days(30, () => NOTHING) })));
    expect(texts).toEqual(expect.arrayContaining(['Nothing on these days', '0', '1', '2', 'Granted 0']));
    expect(textsOf(daysSvg(MONTH))).not.toContain('Nothing on these days');
  });

  it('is drawn with the fonts that came along: words leave ink', async () => {
    const ink = async (title: string) =>
      readPng(await drawPicture(picture({ title }))).pixels.filter((pixel) => pixel === COLOURS.ink).length;
    expect(await ink('MMMMMM')).toBeGreaterThan((await ink('')) + 500);
  });
});

describe('a title', () => {
  it('is text whatever is in it', async () => {
    const title = `</text><script>&"'<x`;
    expect(daysSvg(picture({ title }))).not.toMatch(/<script|<x/);
    const any = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(title, '\u0000\u001b', '\ud800', '\ufffe', ']]>', '&amp;', '<!--', '👩‍👩‍👧'),
    );
    await fc.assert(
      fc.asyncProperty(any, async (given) => {
        const drawn = readPng(await drawPicture(picture({ title: given })));
        expect(drawn.width).toBe(WIDTH);
      }),
      { numRuns: 60 },
    );
  });

  it('that is too long ends in three dots', () => {
    expect(textsOf(daysSvg(picture({ title: 'long '.repeat(40) })))[0]).toMatch(/^(long )+.{0,4}…$/);
  });

  it('a day that is none is shown as it is, and escaped', () => {
    expect(daysSvg(picture({ days: [{ ...NOTHING, day: '<b>' }] }))).toContain('>&#60;b&#62;<');
  });
});
