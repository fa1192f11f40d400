/** The sessions: what is looked for, what was found, and one of them opened in their place. */

import type { HitLine, OpenedAnswer, SessionsAnswer, SessionsAsked } from '../../sessions-answers.js';
import { h } from '../common/dom.js';
import type { Screen } from '../common/frame.js';
import { finder } from './finder.js';
import { type OpenedHands, openedView } from './opened.js';
import { sessionsTable } from './table.js';

export interface ListHands extends Omit<OpenedHands, 'back'> {
  find(asked: SessionsAsked, pressed: HTMLButtonElement): void;
  open(session: string): Promise<OpenedAnswer | null>;
}

export interface Listing {
  readonly at: 'sessions';
  readonly answer: SessionsAnswer;
  readonly trouble?: string;
}

export function listScreen(first: SessionsAnswer, hands: ListHands): Screen<unknown> {
  const form = finder(first, hands.find);
  const says = h('div', { class: 'counts' });
  const found = h('div', { class: 'tables' });
  const list = h('div', { class: 'list' }, form.element, says, found);
  const place = h('div', {});
  let view: ReturnType<typeof openedView> | null = null;
  let drawn: SessionsAnswer | null = null;

  const back = () => {
    view?.close();
    view = null;
    list.hidden = false;
    hands.complain('');
  };
  const open = async (session: string, start: HitLine | null) => {
    hands.complain('');
    const opened = await hands.open(session);
    if (!opened) return;
    back();
    list.hidden = true;
    view = openedView(opened, { ...hands, back }, start);
    place.replaceChildren(view.element);
    scrollTo(0, 0);
  };
  const draw = (answer: SessionsAnswer) => {
    if (drawn === answer) return;
    drawn = answer;
    form.show(answer);
    says.replaceChildren(h('p', {}, answer.says));
    const { hits, lines } = answer;
    if (hits)
      found.replaceChildren(...hits.map((hit) => hitBox(hit, () => void open(hit.line.session, hit))));
    else
      found.replaceChildren(
        lines.length === 0 ? '' : sessionsTable(lines, (session) => void open(session, null)),
      );
  };
  return {
    heading: 'Recorded sessions',
    spoken: first.says,
    children: [list, place],
    update: (step) => {
      if ((step as { at?: string }).at === 'sessions') draw((step as Listing).answer);
    },
    wipe() {
      view?.close();
      list.remove();
    },
  };
}

function hitBox({ line, before, match, after }: HitLine, open: () => void): HTMLElement {
  const button = h('button', { type: 'button', class: 'button small', onclick: open }, 'Play from here');
  return h(
    'section',
    { class: 'hit', 'data-colour': line.colour },
    h('p', { class: 'whence' }, `${line.when} · ${line.who} · ${line.client}: ${line.account}`),
    h('p', { class: 'excerpt', translate: 'no' }, before, h('mark', {}, match), after),
    button,
  );
}
