/**
 * Dialogs (task modules), where others read along: a form in a channel opens for whoever presses, and for nobody else.
 * A dialog sends Action.Submit; otherwise its cards are those of the chat.
 */

import { z } from 'zod';
import type { Act } from '../act.js';
import { type AdaptiveCard, adaptiveCard, type CardAction, type Element, type OpenUrl } from './adaptive.js';
import { BACK_VERB } from './form.js';
import { readAction } from './read.js';
import { block } from './text.js';
import { OPEN_FORM, REQUEST_ACCESS } from './words.js';

interface Submit {
  readonly type: 'Action.Submit';
  readonly title: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly associatedInputs: 'auto' | 'none';
  readonly style?: 'positive' | 'destructive';
}

/** A card that stands in a channel and opens the request form for whoever presses its button. */
export function openerCard(): AdaptiveCard {
  const words: Element[] = [block(OPEN_FORM)];
  const opens: Submit = {
    type: 'Action.Submit',
    title: REQUEST_ACCESS,
    data: { msteams: { type: 'task/fetch' }, verb: 'fill:ask', id: '', form: 'ask' },
    associatedInputs: 'none',
    style: 'positive',
  };
  return { ...adaptiveCard(OPEN_FORM, words, []), actions: [opens] } as unknown as AdaptiveCard;
}

/** The same card for a dialog. There is no card behind it to go back to. */
export function inDialog(card: AdaptiveCard): object {
  const { actions = [], ...rest } = card;
  return { ...rest, actions: actions.flatMap(asSubmit) };
}

function asSubmit(action: CardAction): (Submit | OpenUrl)[] {
  if (action.type === 'Action.OpenUrl') return [action];
  const { title, verb, data, associatedInputs, style } = action;
  if (verb === BACK_VERB) return [];
  return [
    {
      type: 'Action.Submit',
      title,
      data: { ...data, verb },
      associatedInputs,
      ...(style ? { style } : {}),
    },
  ];
}

const task = z.object({
  data: z
    .object({ verb: z.string().min(1).max(100), msteams: z.unknown().optional() })
    .catchall(z.string().max(10_000)),
});

/** Reads the value of `task/fetch` and `task/submit`: what is sent from a dialog is what a card's button sends. Never throws. */
export function readDialog(value: unknown): Act | null {
  const read = task.safeParse(value);
  if (!read.success) return null;
  const { verb, msteams: _, ...data } = read.data.data;
  return readAction({ action: { type: 'Action.Execute', verb, data } });
}
