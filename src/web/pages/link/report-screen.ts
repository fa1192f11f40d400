/** The report itself: what there is in all, the days, the CSV, and tables that become cards on a phone. */

import type { ReportSection } from '../../../core/report-page.js';
import type { Days } from '../common/ask-server.js';
import { h } from '../common/dom.js';
import type { Screen } from '../common/frame.js';
import type { Hands } from './screens.js';
import type { Reading, Step } from './step.js';

/** Drawn anew in place when other days come: the fields keep what was typed. */
export function reportScreen(step: Reading, hands: Hands): Screen<Step> {
  const days = daysForm(step, hands);
  const counts = h('div', { class: 'counts' });
  const tables = h('div', { class: 'tables' });
  let drawn: unknown = null;
  const draw = ({ report }: Reading) => {
    if (drawn === report) return;
    drawn = report;
    counts.replaceChildren(...report.counts.map((line) => h('p', {}, line)));
    tables.replaceChildren(...report.sections.map(section));
    days.show(report);
  };
  return {
    heading: 'The report',
    spoken: step.report.counts[0] ?? '',
    children: [counts, days.element, tables],
    update: (now) => {
      if (now.at === 'report') draw(now);
    },
    wipe() {
      counts.remove();
      tables.remove();
    },
  };
}

function daysForm({ report }: Reading, hands: Hands) {
  const from = dayField('from', 'From');
  const to = dayField('to', 'To');
  const show = h('button', { type: 'submit', class: 'button' }, 'Show days');
  const csv = h('button', { type: 'button', class: 'button' }, 'Download CSV');
  // A sweep is of no days; what was typed and not shown yet is not what the file is of.
  let shown: Days = { from: null, to: null };
  csv.addEventListener('click', () => hands.csv(shown, csv));
  const typed = (): Days => ({ from: from.field.value || null, to: to.field.value || null });
  const submit = (event: Event) => {
    event.preventDefault();
    hands.report(typed(), show);
  };
  const fields = report.hasDays ? [from.element, to.element, show] : [];
  const element = h('form', { class: 'days', onsubmit: submit, novalidate: true }, ...fields, csv);
  return {
    element,
    show(now: { readonly from: string; readonly to: string; readonly hasDays: boolean }) {
      from.field.value = now.from;
      to.field.value = now.to;
      if (now.hasDays) shown = { from: now.from, to: now.to };
    },
  };
}

function dayField(id: string, label: string) {
  const field = h('input', { id, type: 'date', required: true });
  return { field, element: h('label', { for: id }, label, field) };
}

function section({ id, title, says, head, rows }: ReportSection): HTMLElement {
  const heading = h('h3', { id: `of-${id}` }, title);
  const note = h('p', { class: 'note' }, says);
  if (rows.length === 0) return h('section', { class: 'part' }, heading, note);
  const table = h(
    'table',
    { 'aria-labelledby': `of-${id}`, class: `of-${id}` },
    h('thead', {}, h('tr', {}, ...head.map((name) => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, ...rows.map((row) => h('tr', {}, ...row.map((lines, n) => cell(head[n] ?? '', lines))))),
  );
  // A keyboard can scroll it where it is wider than the screen.
  const frame = h(
    'div',
    { class: 'scrolls', tabindex: '0', role: 'region', 'aria-labelledby': `of-${id}` },
    table,
  );
  return h('section', { class: 'part' }, heading, note, frame);
}

/** `data-label` stands before the cell on a phone, where the head of the table has no place. */
function cell(label: string, lines: readonly string[]): HTMLElement {
  const said = lines.map((line) => h('p', {}, line));
  return h('td', { 'data-label': label, ...(lines.length === 0 && { class: 'empty' }) }, ...said);
}
