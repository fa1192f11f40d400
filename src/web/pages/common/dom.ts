/** The little of a view library that these pages need. Text is always text: nothing here reads HTML. */

import { ICONS, type IconName } from './icons.js';

type Child = Node | string | null;
type Properties = Readonly<Record<string, string | boolean | EventListener>>;

/** An element: `on…` properties listen, `true` sets a bare attribute, `false` leaves one out. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** A picture that says nothing that the words beside it don't. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', `icon icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** The one big button of a screen. */
export function big(label: string, press: (pressed: HTMLButtonElement) => void): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'button main' }, label);
  button.addEventListener('click', () => press(button));
  return button;
}

/** Shows that what was pressed is under way. */
export function busy(button: HTMLButtonElement | undefined, is: boolean): void {
  if (!button) return;
  button.disabled = is;
  button.setAttribute('aria-busy', String(is));
}

/** Something goes on elsewhere. */
export function waiting(says: string): HTMLElement {
  return h('p', { class: 'waiting' }, h('span', { class: 'pulse', 'aria-hidden': 'true' }), says);
}

/** An element of the page's own HTML. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/** `9:41`. */
export function minutes(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** `42 minutes`, `2 hours`. */
export function roughly(seconds: number): string {
  const mins = Math.max(1, Math.round(seconds / 60));
  if (mins < 120) return mins === 1 ? '1 minute' : `${mins} minutes`;
  return `${Math.round(mins / 60)} hours`;
}
