/** The frame around each step of a page: what it is about, the screen, and how long the link lives. */

import { h, icon, minutes } from './dom.js';

export interface Screen<Step> {
  readonly heading: string;
  /** Said to those who don't see the screen, after the heading. */
  readonly spoken?: string;
  readonly children: readonly (Node | string)[];
  /** Has the focus when the screen begins; otherwise the heading has it. */
  readonly focus?: HTMLElement;
  /** Told of each step that this same screen goes on to show. */
  update?(step: Step): void;
  /** Takes what is secret out of the document. */
  wipe?(): void;
}

/** How the steps of one page look. */
export interface Look<Step> {
  /** A screen is built anew where this differs, and left alone while it stays. */
  key(step: Step): string;
  screen(step: Step): Screen<Step>;
  /** What stands above the screen. */
  head(step: Step): readonly (Node | null)[];
  colour(step: Step): string;
  /** Whether it takes all the width there is; absent: never. */
  wide?(step: Step): boolean;
  title(step: Step): string;
  /** What is amiss, empty where nothing is. */
  trouble(step: Step): string;
}

export interface Frame<Step> {
  draw(step: Step): void;
  complain(why: string): void;
  /** Seconds that the link lives, and that a secret stays; null hides the first. `lives` says which it is. */
  tick(link: number | null, hides: number | null, lives?: string): void;
}

/** Draws into `page`, and tells `heard` what is to be said aloud. */
export function makeFrame<Step>(page: HTMLElement, heard: HTMLElement, look: Look<Step>): Frame<Step> {
  let drawn: { readonly key: string; readonly screen: Screen<Step> } | null = null;
  return {
    complain,
    draw(step) {
      const key = look.key(step);
      if (drawn?.key !== key) {
        drawn?.screen.wipe?.();
        const first = drawn === null;
        drawn = { key, screen: look.screen(step) };
        page.replaceChildren(brand(), card(step, look, drawn.screen));
        page.classList.toggle('spread', look.wide?.(step) ?? false);
        document.title = look.title(step);
        if (!first) announce(page, heard, drawn.screen);
      }
      drawn.screen.update?.(step);
      complain(look.trouble(step));
    },
    tick(link, hides, lives = 'This link lives') {
      write('lives', link === null ? '' : `${lives} ${minutes(link)} more`);
      if (hides === null) return;
      write('left', minutes(Math.ceil(hides)));
      const bar = document.getElementById('bar');
      if (bar instanceof HTMLProgressElement) bar.value = hides;
    },
  };
}

function complain(why: string): void {
  const trouble = document.getElementById('trouble');
  if (!trouble || trouble.textContent === why) return;
  trouble.textContent = why;
  // On a phone the sentence may stand below the fold, and a button that seems to do nothing is pressed again.
  if (why !== '') trouble.scrollIntoView({ block: 'nearest' });
}

function announce<Step>(page: HTMLElement, heard: HTMLElement, { heading, spoken, focus }: Screen<Step>) {
  (focus ?? page.querySelector('h2'))?.focus({ preventScroll: true });
  scrollTo(0, 0);
  heard.textContent = spoken ? `${heading}. ${spoken}` : heading;
}

function write(id: string, text: string): void {
  const element = document.getElementById(id);
  if (element && element.textContent !== text) element.textContent = text;
}

function brand(): HTMLElement {
  return h('header', { class: 'brand' }, icon('key'), 'Keyturn');
}

function card<Step>(step: Step, look: Look<Step>, { heading, children }: Screen<Step>): HTMLElement {
  return h(
    'article',
    { class: 'card', 'data-colour': look.colour(step) },
    ...look.head(step),
    h(
      'section',
      { class: 'step' },
      h('h2', { tabindex: '-1' }, heading),
      ...children,
      h('p', { id: 'trouble', class: 'trouble', role: 'alert' }),
    ),
    h('p', { id: 'lives', class: 'lives' }),
  );
}

/** Whose it is, what it is, and for whom. */
export function whose(owner: string, what: string, person: string): HTMLElement {
  return h(
    'header',
    { class: 'whose' },
    h('h1', {}, h('span', { class: 'mark', 'aria-hidden': 'true' }), owner),
    h('p', { class: 'account' }, what),
    h('p', { class: 'person' }, `for ${person}`),
  );
}

/** The stages of the page, the present one marked. */
export function stages(names: readonly string[], now: number): HTMLElement {
  const items = names.map((name, n) =>
    h(
      'li',
      { class: n < now ? 'past' : n === now ? 'now' : 'ahead', ...(n === now && { 'aria-current': 'step' }) },
      name,
    ),
  );
  return h('ol', { class: 'stages', 'aria-label': 'Steps' }, ...items);
}

/** The end of the way, in a picture and a few sentences. */
export function ending(
  picture: 'hidden' | 'done' | 'over',
  heading: string,
  says: readonly string[],
): Screen<never> {
  return {
    heading,
    spoken: says[0] ?? '',
    children: [icon(picture), ...says.map((line, n) => h('p', n === 0 ? {} : { class: 'note' }, line))],
  };
}
