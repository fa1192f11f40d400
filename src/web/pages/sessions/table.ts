/** Sessions in a table, which becomes cards on a phone. */

import type { SessionLine } from '../../../core/recording-page.js';
import { h } from '../common/dom.js';

const HEAD = ['When', 'Client', 'Who', 'How long', 'How it ended', 'Recording', ''];

/** @param open what the button of a row does. */
export function sessionsTable(lines: readonly SessionLine[], open: (session: string) => void): HTMLElement {
  const rows = lines.map((line) =>
    h('tr', { 'data-colour': line.colour, ...(line.isLive && { class: 'live' }) }, ...cells(line, open)),
  );
  return frame('sessions-table', HEAD, rows);
}

function cells(line: SessionLine, open: (session: string) => void): HTMLElement[] {
  const button = h('button', { type: 'button', class: 'button small' }, line.isLive ? 'Watch live' : 'Open');
  button.setAttribute('aria-label', `${line.isLive ? 'Watch live' : 'Open'} ${line.session}`);
  button.addEventListener('click', () => open(line.session));
  const recording =
    line.size === null ? [] : [line.size, ...(line.hash ? [`SHA-256 ${line.hash.slice(0, 12)}…`] : [])];
  const texts = [
    [line.when, line.session],
    [line.client, line.account],
    [line.who, `from ${line.from}`],
    line.lasted === null ? [] : [line.lasted],
    [line.ended],
    recording,
  ];
  return [...texts.map((lines, n) => cell(HEAD[n] ?? '', lines)), h('td', { class: 'does' }, button)];
}

/** A table that a keyboard can scroll where it is wider than the screen. */
export function frame(name: string, head: readonly string[], rows: readonly HTMLElement[]): HTMLElement {
  const table = h(
    'table',
    { class: name },
    h('thead', {}, h('tr', {}, ...head.map((title) => h('th', { scope: 'col' }, title)))),
    h('tbody', {}, ...rows),
  );
  return h('div', { class: 'scrolls', tabindex: '0' }, table);
}

/** `label` stands before the cell on a phone, where the head of the table has no place. */
export function cell(label: string, lines: readonly string[]): HTMLElement {
  const said = lines.map((line) => h('p', {}, line));
  return h('td', { 'data-label': label, ...(lines.length === 0 && { class: 'empty' }) }, ...said);
}
