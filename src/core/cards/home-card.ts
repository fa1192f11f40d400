/** What concerns one person now, in the order in which it presses: what they hold, what they asked for, what waits for them. */

import type { Directory } from '../directory.js';
import type { RequestFacts } from '../facts.js';
import type { Action, Card } from './card.js';
import { said } from './card.js';
import { grantCard } from './grant-card.js';
import { requestCard } from './request-card.js';
import { count } from './words.js';

/** So many of each kind are shown whole; lists have the rest. */
export const MOST_AT_HOME = 3;

export interface Home {
  readonly directory: Directory;
  /** An auditor reads, and asks for nothing. */
  readonly mayAsk: boolean;
  /** The first few, and how many there are. */
  readonly held: readonly RequestFacts[];
  readonly asked: readonly RequestFacts[];
  readonly waiting: readonly RequestFacts[];
  readonly counts: Readonly<Record<'held' | 'asked' | 'waiting', number>>;
}

/** The same in every chat: a word on how much there is, and then each thing as its own card, with its buttons. */
export function homeCards(home: Home): Card[] {
  return [
    headCard(home),
    ...home.held.map(grantCard),
    ...home.asked.map((facts) => requestCard(facts, 'requester')),
    ...home.waiting.map((facts) => requestCard(facts, 'deciders')),
  ];
}

function headCard({ directory, mayAsk, counts, held, asked, waiting }: Home): Card {
  const { held: h, asked: a, waiting: w } = counts;
  const lines = [
    h === 0 ? 'You hold nothing now.' : `You hold ${count(h, 'account')}${rest(h, held, 'mine')}.`,
    ...(a === 0
      ? []
      : [`${count(a, 'request')} of yours wait${s(a)} for a decision${rest(a, asked, 'mine')}.`]),
    w === 0
      ? 'Nothing waits for you.'
      : `${count(w, 'request')} wait${s(w)} for your word${rest(w, waiting, 'pending')}.`,
  ];
  const ask: Action = { kind: 'button', act: 'ask', label: 'Request access', id: 'form', style: 'primary' };
  return {
    client: null,
    title: `Keyturn at ${directory.operator}`,
    rows: [],
    lines: lines.map(said),
    actions: mayAsk ? [ask] : [],
  };
}

const s = (n: number) => (n === 1 ? 's' : '');

function rest(all: number, shown: readonly unknown[], word: string): string {
  return all > shown.length ? ` (the first ${shown.length} stand below; “/access ${word}” lists all)` : '';
}
