/** How a reply goes back, by what was done: in the acknowledgement, at the response_url, in a window, or as a direct message. */

import { setTimeout as pause } from 'node:timers/promises';
import type { ReceiverEvent } from '@slack/bolt';
import type { Form } from '../../core/cards/card.js';
import type { Reply } from '../act.js';
import type { InTurn } from '../once.js';
import { DONE } from '../words.js';
import type { Incoming, Window } from './incoming.js';
import { renderForm, renderNotice } from './modal.js';
import { type Message, renderCard, renderCards, renderSentence } from './render.js';
import { respond } from './respond.js';
import type { Room } from './room.js';
import { FORM_TOO_LATE, MORE_AT_HOME, pressForForm, STALE_WINDOW, WORKING } from './words.js';

type Ack = ReceiverEvent['ack'];

/**
 * Slack waits three seconds from when it sent. Work that takes longer than half of that is acknowledged first and
 * answered afterwards: a busy process is late with its own timers too.
 */
const ACK_MS = 1500;

/** How one kind of delivery is answered. */
export interface Back {
  /** Acknowledges and answers. `first` is false for a second copy of something answered already. */
  answer(reply: Reply, first: boolean): Promise<void>;
  /** Acknowledges, with nothing said yet. */
  hold(): Promise<void>;
  /** Says it after {@link hold}. */
  late(reply: Reply): Promise<void>;
}

/** An answer that is being made. */
export interface UnderWay {
  readonly answer: Promise<Reply>;
  /** False where another delivery of the same thing gets the late answer. */
  readonly first: boolean;
  readonly arrivedAt: number;
}

/** Acknowledges after the work is committed, but always in time. */
export async function inTime(back: Back, { answer, first, arrivedAt }: UnderWay): Promise<void> {
  const waited = new AbortController();
  const left = Math.max(0, arrivedAt + ACK_MS - performance.now());
  const patience = pause(left, null, { signal: waited.signal, ref: false }).catch(() => null);
  const quick = await Promise.race([answer, patience]);
  waited.abort();
  if (quick !== null) return back.answer(quick, first);
  await back.hold();
  const reply = await answer;
  if (first) await back.late(reply);
}

export function backOf(
  room: Room,
  turns: InTurn,
  incoming: Extract<
    Incoming,
    { kind: 'command' | 'shortcut' | 'press' | 'choose' | 'fill' | 'submit' | 'message' }
  >,
  ack: Ack,
): Back {
  switch (incoming.kind) {
    case 'command':
      return toCommand(room, incoming, ack);
    case 'press':
    case 'choose':
    case 'shortcut':
      return toClick(room, incoming, ack);
    case 'fill':
      return toFill(room, turns, incoming.window, ack);
    case 'submit':
      return toSubmission(room, incoming.window, ack);
    case 'message':
      return toMessage(room, incoming.channel, ack);
    default:
      return incoming satisfies never;
  }
}

type Acted = {
  who: { userId: string };
  trigger: string;
  responseUrl?: string | null;
  direct?: boolean;
};

function toCommand(room: Room, acted: Acted, ack: Ack): Back {
  return {
    async answer(reply, first) {
      const message = 'aside' in reply && acted.direct ? null : messageOf(reply);
      if (message) return ack({ response_type: 'ephemeral', ...message } as never);
      await ack();
      if (first) await aside(room, acted, reply);
    },
    hold: () => ack(),
    late: (reply) => aside(room, acted, reply),
  };
}

function toClick(room: Room, acted: Acted, ack: Ack): Back {
  return {
    async answer(reply, first) {
      await ack();
      if (first) await aside(room, acted, reply);
    },
    hold: () => ack(),
    late: (reply) => aside(room, acted, reply),
  };
}

/** A choice in the request form: the form is drawn anew where it stands. */
function toFill(room: Room, turns: InTurn, window: Window, ack: Ack): Back {
  const draw = async (reply: Reply) => {
    const view = 'form' in reply ? renderForm(reply.form) : renderNotice(sentenceOf(reply));
    await turns.run(window.id, () => room.web.views.update({ view_id: window.id, view }));
  };
  return {
    async answer(reply, first) {
      await ack();
      if (first) await draw(reply);
    },
    hold: () => ack(),
    late: draw,
  };
}

function toSubmission(room: Room, window: Window, ack: Ack): Back {
  return {
    async answer(reply) {
      if ('done' in reply) return ack({ response_action: 'clear' } as never);
      if ('errors' in reply) return ack(errorsIn(window, reply.errors) as never);
      const view = 'form' in reply ? renderForm(reply.form) : noticeOf(reply);
      return ack({ response_action: 'update', view } as never);
    },
    hold: () => ack({ response_action: 'update', view: renderNotice(WORKING) } as never),
    async late(reply) {
      const view = 'form' in reply ? renderForm(reply.form) : noticeOf(reply);
      await room.web.views.update({ view_id: window.id, view });
    },
  };
}

/** Words in the bot's direct message: the answer is the next message there. */
function toMessage(room: Room, channel: string, ack: Ack): Back {
  const say = async (reply: Reply) => {
    if ('aside' in reply) return;
    const message = 'form' in reply ? renderCard(pressForForm(reply.form)) : messageOf(reply);
    if (message) await room.sender.say({ channel }, message);
  };
  return {
    async answer(reply, first) {
      if (first) await say(reply);
      await ack();
    },
    hold: () => ack(),
    late: say,
  };
}

/** Beside what was pressed: a window for a form, an answer that one person sees for the rest. */
async function aside(room: Room, acted: Acted, reply: Reply): Promise<void> {
  if ('form' in reply) return openForm(room, acted, reply.form);
  // The card that it speaks of comes to this very place.
  if ('aside' in reply && acted.direct) return;
  const message = messageOf(reply);
  if (message) await toThePerson(room, acted, message);
}

async function openForm(room: Room, acted: Acted, form: Form): Promise<void> {
  try {
    await room.web.views.open({ trigger_id: acted.trigger, view: renderForm(form) });
  } catch (error) {
    room.log.warn({ team: room.team, why: (error as Error).message }, 'a form could not be opened');
    await toThePerson(room, acted, renderSentence(FORM_TOO_LATE));
  }
}

/** At the response_url; where there is none, or it fails, in the person's own direct message. */
async function toThePerson(room: Room, { who, responseUrl }: Acted, message: Message): Promise<void> {
  if (responseUrl) {
    try {
      return await respond(responseUrl, message, room.apiUrl);
    } catch (error) {
      room.log.warn({ team: room.team, why: (error as Error).message }, 'an answer goes by direct message');
    }
  }
  await room.sender.say({ userId: who.userId }, message);
}

/** What one person reads; null where the cards say it, or a window does. */
function messageOf(reply: Reply): Message | null {
  if ('say' in reply) return renderSentence(reply.say);
  if ('aside' in reply) return renderSentence(reply.aside);
  if ('card' in reply) return renderCard(reply.card);
  if ('cards' in reply) return renderCards(reply.cards, MORE_AT_HOME);
  return 'errors' in reply ? renderSentence(sentenceOf(reply)) : null;
}

function sentenceOf(reply: Reply): string {
  if ('say' in reply) return reply.say;
  if ('aside' in reply) return reply.aside;
  if ('errors' in reply) return Object.values(reply.errors).join(' ');
  return 'done' in reply ? DONE : STALE_WINDOW;
}

function noticeOf(reply: Reply) {
  const notice = renderNotice(sentenceOf(reply));
  return 'card' in reply ? { ...notice, blocks: renderCard(reply.card).blocks } : notice;
}

/** Each message under its field; what has no field here goes under the first, or into the window. */
function errorsIn(window: Window, errors: Readonly<Record<string, string>>): object {
  const [first] = window.inputs;
  const under = new Map<string, string>();
  for (const [field, message] of Object.entries(errors)) {
    const block = window.blockOf.get(field) ?? first;
    if (block === undefined) continue;
    const already = under.get(block);
    under.set(block, already === undefined ? message : `${already} ${message}`);
  }
  if (under.size === 0)
    return { response_action: 'update', view: renderNotice(Object.values(errors).join(' ') || STALE_WINDOW) };
  return { response_action: 'errors', errors: Object.fromEntries(under) };
}
