/** The frame around each step: whose account this is, how far one has come, and how long the link lives. */

import type { LookAnswer } from '../../link-answers.js';
import { h, icon, minutes } from './dom.js';
import { type Hands, type Screen, screen } from './screens.js';
import type { Step } from './step.js';

const STAGES = {
  loading: 0,
  offer: 0,
  number: 1,
  ready: 2,
  shown: 2,
  hidden: 3,
  stored: 3,
  over: -1,
} as const;

export interface Frame {
  draw(step: Step): void;
  complain(why: string): void;
  /** Seconds that the link lives, and that the password stays; null hides the first. */
  tick(link: number | null, hides: number | null): void;
}

/** Draws into `page`; a screen is built when its step begins and left alone while it lasts. */
export function makeFrame(page: HTMLElement, heard: HTMLElement, hands: Hands): Frame {
  let drawn: { at: Step['at']; screen: Screen } | null = null;
  const complain = (why: string) => {
    const trouble = document.getElementById('trouble');
    if (!trouble || trouble.textContent === why) return;
    trouble.textContent = why;
    // On a phone the sentence may stand below the fold, and a button that seems to do nothing is pressed again.
    if (why !== '') trouble.scrollIntoView({ block: 'nearest' });
  };
  return {
    complain,
    draw(step) {
      if (drawn?.at !== step.at) {
        drawn?.screen.wipe?.();
        const first = drawn === null;
        drawn = { at: step.at, screen: screen(step, hands) };
        page.replaceChildren(brand(), card(step, drawn.screen));
        document.title = step.at === 'ready' ? 'Confirmed · Keyturn' : 'Keyturn';
        if (!first) announce(page, heard, drawn.screen);
      }
      complain('trouble' in step ? (step.trouble ?? '') : '');
    },
    tick(link, hides) {
      write('lives', link === null ? '' : `This link lives ${minutes(link)} more`);
      if (hides === null) return;
      write('left', minutes(Math.ceil(hides)));
      const bar = document.getElementById('bar');
      if (bar instanceof HTMLProgressElement) bar.value = hides;
    },
  };
}

function announce(page: HTMLElement, heard: HTMLElement, { heading, spoken }: Screen): void {
  page.querySelector('h2')?.focus({ preventScroll: true });
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

function card(step: Step, { heading, children }: Screen): HTMLElement {
  const about = 'about' in step ? step.about : undefined;
  return h(
    'article',
    { class: `card at-${step.at}`, 'data-colour': about?.colour ?? 'none' },
    about ? whose(about) : null,
    about && STAGES[step.at] >= 0 ? stages(about, STAGES[step.at]) : null,
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

function whose(about: LookAnswer): HTMLElement {
  return h(
    'header',
    { class: 'whose' },
    h('h1', {}, h('span', { class: 'mark', 'aria-hidden': 'true' }), about.client),
    h('p', { class: 'account' }, about.account),
    h('p', { class: 'person' }, `for ${about.person}`),
  );
}

function stages(about: LookAnswer, now: number): HTMLElement {
  const names = ['Open', 'Confirm', about.purpose === 'reveal' ? 'See it' : 'Enter it'];
  const items = names.map((name, n) =>
    h(
      'li',
      { class: n < now ? 'past' : n === now ? 'now' : 'ahead', ...(n === now && { 'aria-current': 'step' }) },
      name,
    ),
  );
  return h('ol', { class: 'stages', 'aria-label': 'Steps' }, ...items);
}
