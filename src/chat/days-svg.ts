/** Draws days as stacked bars in SVG, on white of its own: a chat may be dark. Twice a phone's size, so that it reads there. */

import type { DaysPicture, PictureDay } from '../core/cards/card.js';

export const WIDTH = 640;
export const HEIGHT = 376;

/** Every colour of the drawing. No meaning hangs on one: denials are hollow, break-glass is a triangle. */
export const COLOURS = {
  ground: '#ffffff',
  ink: '#1f2937',
  grid: '#d1d5db',
  granted: '#1f5f8b',
  denied: '#c2570c',
  breakGlass: '#b91c1c',
} as const;

const MARGIN = 20;
const PLOT = { top: 138, bottom: 318, right: WIDTH - MARGIN } as const;
const TITLE = 30;
const TEXT = 24;
const SMALL = 22;
/** About how wide a character of the font is, in ems: enough to keep texts apart. */
const EM = 0.54;
const LEAST_BAR = 4;
const MOST_TICKS = 5;
const MOST_NUMBERS = 6;

interface Scale {
  readonly top: number;
  readonly ticks: readonly { readonly count: number; readonly words: string }[];
}

/** What stands where, in pixels. */
interface Plot {
  readonly left: number;
  readonly slot: number;
  readonly bar: number;
  readonly height: (count: number) => number;
}

/** The whole picture, {@link WIDTH} by {@link HEIGHT} pixels. Nothing in it but the title is anybody's text. */
export function daysSvg({ title, days }: DaysPicture): string {
  const scale = scaleFor(Math.max(0, ...days.map(({ grants, denials }) => grants + denials)));
  const plot = plotFor(days.length, scale);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="${COLOURS.ground}"/>`,
    label(fitting(title, WIDTH - 2 * MARGIN, TITLE), MARGIN, 42, { size: TITLE, bold: true }),
    legend(days),
    ...scale.ticks.map((tick) => gridLine(tick, plot)),
    ...dayLabels(days, plot),
    ...days.map((day, n) => bar(day, plot, n)),
    ...days.map((day, n) => mark(day, plot, n, isCrowded(days))),
    ...(isEmpty(days)
      ? [label('Nothing on these days', (plot.left + PLOT.right) / 2, PLOT.top + 54, MIDDLE)]
      : []),
    '</svg>',
  ].join('\n');
}

function isEmpty(days: readonly PictureDay[]): boolean {
  return days.every(({ grants, denials, breakGlass }) => grants + denials + breakGlass === 0);
}

/** Round steps of 1, 2 or 5, and no more lines than a phone can tell apart. */
function scaleFor(most: number): Scale {
  const steps = [1, 2, 5].flatMap((n) => Array.from({ length: 16 }, (_, power) => n * 10 ** power));
  const step = steps.sort((a, b) => a - b).find((one) => Math.ceil(most / one) < MOST_TICKS) ?? most;
  const lines = Math.max(2, Math.ceil(most / step));
  const top = lines * step;
  const ticks = Array.from({ length: lines + 1 }, (_, n) => ({
    count: n * step,
    words: short(n * step, top),
  }));
  return { top, ticks };
}

function plotFor(days: number, { top, ticks }: Scale): Plot {
  const left = MARGIN + Math.ceil(Math.max(...ticks.map(({ words }) => widthOf(words, TEXT)))) + 12;
  const slot = (PLOT.right - left) / Math.max(days, 1);
  const height = (count: number) =>
    count === 0 ? 0 : Math.max(LEAST_BAR, Math.round((count / top) * (PLOT.bottom - PLOT.top)));
  return { left, slot, bar: Math.max(2, Math.min(48, Math.round(slot * 0.7))), height };
}

function gridLine({ count, words }: Scale['ticks'][number], { left, height }: Plot): string {
  const y = PLOT.bottom - height(count);
  const colour = count === 0 ? COLOURS.ink : COLOURS.grid;
  return [
    box({ x: left, y, width: PLOT.right - left, height: 2 }, colour),
    label(words, left - 12, y + 9, { anchor: 'end' }),
  ].join('');
}

function bar({ grants, denials }: PictureDay, plot: Plot, n: number): string {
  const x = Math.round(plot.left + n * plot.slot + (plot.slot - plot.bar) / 2);
  const low = plot.height(grants);
  const high = plot.height(denials);
  const granted = { x, y: PLOT.bottom - low, width: plot.bar, height: low };
  const denied = { x, y: PLOT.bottom - low - high, width: plot.bar, height: high };
  return `${box(granted, COLOURS.granted)}${hollow(denied)}`;
}

/** Where many days had several, their numbers would hide one another. */
function isCrowded(days: readonly PictureDay[]): boolean {
  return days.filter(({ breakGlass }) => breakGlass > 1).length > MOST_NUMBERS;
}

/** Above the day's bar; the number where there was more than one, and where there is room for it. */
function mark({ grants, denials, breakGlass }: PictureDay, plot: Plot, n: number, crowded: boolean): string {
  if (breakGlass === 0) return '';
  const x = Math.round(plot.left + (n + 0.5) * plot.slot);
  const y = PLOT.bottom - plot.height(grants) - plot.height(denials) - 6;
  const many = breakGlass > 9 ? '9+' : String(breakGlass);
  const number =
    breakGlass === 1 || crowded ? '' : label(many, x, y - 21, { ...MIDDLE, size: SMALL, bold: true });
  return `${triangle(x, y)}${number}`;
}

function legend(days: readonly PictureDay[]): string {
  const sum = (of: (day: PictureDay) => number) => short(days.reduce((all, day) => all + of(day), 0));
  const y = 66;
  const key = { y, width: 20, height: 20 };
  const entries: [string, (x: number) => string][] = [
    [`Granted ${sum((day) => day.grants)}`, (x) => box({ ...key, x }, COLOURS.granted)],
    [`Denied ${sum((day) => day.denials)}`, (x) => hollow({ ...key, x })],
    [`Break-glass ${sum((day) => day.breakGlass)}`, (x) => triangle(x + 10, y + 20)],
  ];
  let x = MARGIN;
  return entries
    .map(([words, draw]) => {
      const drawn = `${draw(x)}${label(words, x + 28, y + 18, { size: SMALL })}`;
      x += 28 + Math.ceil(widthOf(words, SMALL)) + 18;
      return drawn;
    })
    .join('');
}

/** Mondays, and no more of them than there is room for; where there are none, the first day. */
function dayLabels(days: readonly PictureDay[], plot: Plot): string[] {
  const mondays = days.flatMap(({ day }, n) => (dateOf(day)?.getUTCDay() === 1 ? [n] : []));
  const marked = mondays.length === 0 && days.length > 0 ? [0] : mondays;
  const every = Math.max(1, Math.ceil(100 / (7 * plot.slot)));
  return marked
    .filter((_, n) => n % every === 0)
    .map((n) => {
      const x = Math.round(plot.left + (n + 0.5) * plot.slot);
      const half = widthOf('30 Nov', TEXT) / 2;
      const inside = Math.min(Math.max(x, MARGIN + half), WIDTH - 6 - half);
      const tick = box({ x: x - 1, y: PLOT.bottom, width: 2, height: 10 }, COLOURS.ink);
      return `${tick}${label(dayName(days[n]?.day ?? ''), inside, PLOT.bottom + 36, MIDDLE)}`;
    });
}

/** `23 Nov`; what is no day stays what it is. */
function dayName(day: string): string {
  const date = dateOf(day);
  return date?.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }) ?? day;
}

function dateOf(day: string): Date | null {
  const date = new Date(/^\d{4}-\d\d-\d\d$/.test(day) ? day : Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** `9,400`, `12k`: the card beside it has the exact numbers. What stands beside larger ones is written like them. */
function short(count: number, most = count): string {
  return count.toLocaleString('en-GB', most < 10_000 ? {} : { notation: 'compact' });
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** On whole pixels, so that its edges cost no colours. */
function box({ x, y, width, height }: Box, fill: string): string {
  if (height === 0) return '';
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}" shape-rendering="crispEdges"/>`;
}

function hollow({ x, y, width, height }: Box): string {
  const line = Math.min(4, Math.floor(width / 3));
  const hole = { x: x + line, y: y + line, width: width - 2 * line, height: Math.max(0, height - 2 * line) };
  return `${box({ x, y, width, height }, COLOURS.denied)}${box(hole, COLOURS.ground)}`;
}

function triangle(x: number, bottom: number): string {
  return `<path d="M${x - 10} ${bottom}h20l-10 -20z" fill="${COLOURS.breakGlass}" shape-rendering="crispEdges"/>`;
}

interface Look {
  readonly size?: number;
  readonly bold?: boolean;
  readonly anchor?: 'middle' | 'end';
}

const MIDDLE: Look = { anchor: 'middle' };

function label(text: string, x: number, y: number, { size = TEXT, bold, anchor }: Look = {}): string {
  const look = `${bold ? ' font-weight="700"' : ''}${anchor ? ` text-anchor="${anchor}"` : ''}`;
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${COLOURS.ink}"${look}>${escaped(text)}</text>`;
}

function widthOf(text: string, size: number): number {
  return text.length * size * EM;
}

function fitting(text: string, width: number, size: number): string {
  const most = Math.floor(width / (size * EM));
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/** What XML 1.0 can't hold at all is left out: w3.org/TR/xml/#charsets. */
function escaped(text: string): string {
  return [...text]
    .filter((one) => /^[\t\n\r -\ud7ff\ue000-\ufffd]$/.test(one) || (one.codePointAt(0) ?? 0) > 0xffff)
    .join('')
    .replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}
