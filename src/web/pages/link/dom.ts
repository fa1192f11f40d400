/** The little of a view library that this page needs. Text is always text: nothing here reads HTML. */

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

const PATHS = {
  key: 'M14.5 3a6.5 6.5 0 0 0-6.2 8.5L3 16.8V21h4.2v-2.4h2.4v-2.4h2.2l1-1A6.5 6.5 0 1 0 14.5 3Zm2 6.2a1.7 1.7 0 1 1 0-3.4 1.7 1.7 0 0 1 0 3.4Z',
  done: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm-1.4 14.4-4-4 1.5-1.5 2.5 2.5 5.4-5.4 1.5 1.5-6.9 6.9Z',
  hidden:
    'M12 2a5 5 0 0 0-5 5v2H6a1.5 1.5 0 0 0-1.5 1.500v9A1.5 1.5 0 0 0 6 21h12a1.5 1.5 0 0 0 1.5-1.500v-9A1.5 1.5 0 0 0 18 9h-1V7a5 5 0 0 0-5-5Zm-2.8 7V7a2.8 2.8 0 0 1 5.6 0v2H9.200Z',
  over: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm1.1 15h-2.200v-2.200h2.200V17Zm0-4.200h-2.200V7h2.200v5.800Z',
} as const;

/** A picture that says nothing that the words beside it don't. */
export function icon(name: keyof typeof PATHS): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', `icon icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
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
