/** How a reply goes back: in the answer to a click, or as a message in the person's own chat. */

import { type Card, type Form, said } from '../../core/cards/card.js';
import type { Reply } from '../act.js';
import { Unreachable } from '../chat.js';
import { DONE } from '../words.js';
import type { AdaptiveCard } from './adaptive.js';
import { inDialog } from './dialog.js';
import { renderForm } from './form.js';
import { renderCard, renderSentence, summaryOf } from './render.js';
import type { Room } from './room.js';
import { ADAPTIVE, message } from './send.js';
import { asTypedHere } from './text.js';
import { BELOW, IN_OUR_CHAT, NO_CHAT, WORKING } from './words.js';

/** A reply, or a form that stands already drawn with what was wrong in it. */
export type Shown = Reply | { readonly drawn: AdaptiveCard };

/** What `adaptiveCard/action` is answered with; Teams shows it to the one who pressed and to nobody else. */
export interface InvokeBody {
  readonly statusCode: 200;
  readonly type: typeof ADAPTIVE | 'application/vnd.microsoft.activity.message';
  readonly value: AdaptiveCard | string;
}

/** What was pressed, as far as the answer to it depends on that. */
export interface Pressed {
  readonly userId: string;
  /** In their own chat with the bot, where answers come to. */
  readonly alone: boolean;
  /** What a form that takes the card's place is about: the way back to the card. */
  readonly id: string;
  /** A form was sent: its place is free for what came of it. */
  readonly wasForm: boolean;
  /** The card asked for takes the place of the one pressed. */
  readonly inPlace: boolean;
}

const asCard = (value: AdaptiveCard): InvokeBody => ({ statusCode: 200, type: ADAPTIVE, value });
const asMessage = (value: string): InvokeBody => ({
  statusCode: 200,
  type: 'application/vnd.microsoft.activity.message',
  value,
});

export const working = (): InvokeBody => asMessage(WORKING);

/** The answer to a click. A card that holds a link or a list comes as a message of its own, where only they are. */
export async function answerPress(room: Room, pressed: Pressed, reply: Shown): Promise<InvokeBody> {
  if ('drawn' in reply) return asCard(reply.drawn);
  if ('form' in reply) return asCard(formInPlace(reply.form, pressed));
  if ('card' in reply && pressed.inPlace) return asCard(renderCard(reply.card));
  if ('card' in reply || 'cards' in reply) {
    const told = await sayAlone(room, pressed.userId, reply);
    return asMessage(told ? (pressed.alone ? BELOW : IN_OUR_CHAT) : NO_CHAT);
  }
  const sentence = asTypedHere(sentenceOf(reply));
  return pressed.wasForm ? asCard(renderCard(notice(sentence, pressed.id))) : asMessage(sentence);
}

/** The answer to `task/fetch` and `task/submit`: another card in the dialog, or a last word. */
export function answerDialog(reply: Shown): object {
  const card = cardOf(reply);
  if (card === null) {
    const value = asTypedHere(sentenceOf(reply as InWords));
    return { task: { type: 'message', value } };
  }
  const shown = { contentType: ADAPTIVE, content: inDialog(card) };
  return {
    task: { type: 'continue', value: { title: 'Keyturn', width: 'medium', height: 'medium', card: shown } },
  };
}

function cardOf(reply: Shown): AdaptiveCard | null {
  if ('drawn' in reply) return reply.drawn;
  if ('form' in reply) return renderForm(reply.form);
  return 'card' in reply ? renderCard(reply.card) : null;
}

/** Says it where only the person is. `aside` says that a card comes to this very place, so nothing is said. */
export async function sayAlone(room: Room, userId: string, reply: Shown): Promise<boolean> {
  try {
    for (const activity of messagesOf(reply)) await room.sender.say(userId, activity);
    return true;
  } catch (error) {
    if (error instanceof Unreachable) return false;
    throw error;
  }
}

/** Each card is a message of its own: its buttons change it alone. */
function messagesOf(reply: Shown): object[] {
  if ('drawn' in reply) return [message(reply.drawn)];
  if ('form' in reply) return [message(renderForm(reply.form), reply.form.title)];
  if ('card' in reply) return [cardMessage(reply.card)];
  if ('cards' in reply) return reply.cards.map(cardMessage);
  if ('done' in reply || 'aside' in reply) return [];
  return [message(renderSentence(sentenceOf(reply)))];
}

function cardMessage(card: Card): object {
  return message(renderCard(card), summaryOf(card));
}

/** The request form is about nothing that there was a card of. */
function formInPlace(form: Form, { id }: Pressed): AdaptiveCard {
  return renderForm(form, form.form === 'ask' ? {} : { back: id });
}

type InWords = Exclude<Reply, { card: Card } | { cards: readonly Card[] } | { form: Form }>;

function sentenceOf(reply: InWords): string {
  if ('say' in reply) return reply.say;
  if ('aside' in reply) return reply.aside;
  return 'errors' in reply ? Object.values(reply.errors).join(' ') : DONE;
}

/** What stands where a form was, with the way back to the card that was there before. */
function notice(sentence: string, id: string): Card {
  return {
    client: null,
    title: 'Keyturn',
    rows: [],
    lines: [said(sentence)],
    actions: /^[RGS]-[0-9A-Z]{6}$/.test(id) ? [{ kind: 'button', act: 'show', label: `Show ${id}`, id }] : [],
  };
}
