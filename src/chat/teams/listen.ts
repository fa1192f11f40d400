/** What somebody did in Teams, carried out for the person they are, and answered in time. */

import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { sayRefusal } from '../../core/cards/say-refusal.js';
import { clean, secretIn } from '../../core/free-text.js';
import type { Actor, ChatIdentity } from '../../core/people.js';
import type { Refusal } from '../../core/refusals.js';
import type { Act, Values } from '../act.js';
import { answer } from '../answer.js';
import { Once } from '../once.js';
import { searchChoices } from '../search.js';
import { DONE, faultSentence } from '../words.js';
import { openerCard, readDialog } from './dialog.js';
import { renderForm } from './form.js';
import type { Envelope } from './guard.js';
import { isBack, readAction, readSearch } from './read.js';
import { answerDialog, answerPress, type InvokeBody, type Shown, sayAlone, working } from './reply.js';
import type { Room } from './room.js';
import { Standings } from './standings.js';
import { readTyped } from './typed.js';
import { IN_OUR_CHAT, NO_CHAT, UNREADABLE, WORKING } from './words.js';

/** Teams gives up after some seconds (15 at most); whoever waits that long has pressed again. */
const ANSWER_MS = 4000;
/** Teams shows at most so many of what a search found. */
const MOST_FOUND = 15;

/** Takes the activities of one tenant that were verified. Throws nothing but for what should come again. */
export class Listener {
  readonly #said = new Once<void>();
  readonly #pressed = new Once<InvokeBody>();
  readonly #shown = new Once<Shown>();
  readonly #standings: Standings;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(readonly room: Room) {
    this.#standings = new Standings(room, room.now);
  }

  /** Something typed: answered in the person's own chat, wherever they wrote it. */
  async message(envelope: Envelope, activity: unknown): Promise<void> {
    const act = readTyped(activity);
    const userId = userOf(envelope);
    // Without words there is nothing to do: a file, a picture.
    if (act === null || userId === null) return;
    const { answer: said } = this.#said.run(keyOf(envelope), async () =>
      this.#say(envelope, userId, await this.#reply(envelope, act)),
    );
    await this.#inTime(said);
  }

  /** A button, a menu or a form of a card. */
  async action(envelope: Envelope): Promise<InvokeBody> {
    const act = readAction(envelope.value);
    const userId = userOf(envelope);
    if (act === null || userId === null) {
      this.room.onUnverified('malformed');
      return { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: UNREADABLE };
    }
    const pressed = {
      userId,
      alone: envelope.conversation.conversationType === 'personal',
      id: 'id' in act ? act.id : '',
      wasForm: act.act === 'submit' || act.act === 'fill',
      inPlace: isBack(envelope.value),
    };
    const delivery = { late: false };
    const { answer: pressedOnce } = this.#pressed.run(keyOf(envelope), async () => {
      const reply = await this.#reply(envelope, act);
      if (!delivery.late) return this.#answerPress(pressed, reply);
      await this.#say(envelope, userId, reply);
      return working();
    });
    const quick = await this.#inTime(pressedOnce);
    delivery.late = quick === null;
    return quick ?? working();
  }

  /** A dialog: opened by a button, sent, answered with the next card or a last word. */
  async dialog(envelope: Envelope): Promise<object> {
    const act = readDialog(envelope.value);
    const userId = userOf(envelope);
    if (act === null || userId === null) {
      this.room.onUnverified('malformed');
      return answerDialog({ say: UNREADABLE });
    }
    const { answer: shown, first } = this.#shown.run(keyOf(envelope), () => this.#reply(envelope, act));
    const quick = await this.#inTime(shown);
    if (quick !== null) return answerDialog(quick);
    // The dialog is over; what comes of it is said in the person's own chat.
    if (first) void shown.then((reply) => this.#say(envelope, userId, reply));
    return answerDialog({ say: WORKING });
  }

  /** What a search field offers while somebody types. */
  async search(envelope: Envelope): Promise<{ title: string; value: string }[]> {
    const search = readSearch(envelope.value);
    if (search === null) return [];
    try {
      const found = await this.#actorOf(envelope);
      if ('refused' in found || found.actor.met) return [];
      const facts = await this.room.desk.facts();
      return searchChoices(facts, found.actor.person, search, MOST_FOUND).map(({ label, value }) => ({
        title: label,
        value,
      }));
    } catch (error) {
      this.fault(error, 'a search in Teams failed');
      return [];
    }
  }

  async #answerPress(pressed: Parameters<typeof answerPress>[1], reply: Shown): Promise<InvokeBody> {
    try {
      return await answerPress(this.room, pressed, reply);
    } catch (error) {
      // What was done is done, and its cards come by the outbox; only this answer is lost.
      const reference = this.fault(error, 'an answer could not be given in Teams');
      return answerPress(this.room, pressed, { say: faultSentence(reference) });
    }
  }

  /** In a channel, where others read along, only that there is an answer. */
  async #say({ conversation }: Envelope, userId: string, reply: Shown): Promise<void> {
    try {
      const isAlone = conversation.conversationType === 'personal';
      // A form that only one person may fill in opens for them where they are.
      if (!isAlone && 'form' in reply && reply.form.form === 'ask')
        return await this.room.sender.sayThere(conversation.id, openerCard());
      const told = await sayAlone(this.room, userId, reply);
      if (isAlone) return;
      const sentence = 'done' in reply ? DONE : told ? IN_OUR_CHAT : NO_CHAT;
      await this.room.sender.sayThere(conversation.id, sentence);
    } catch (error) {
      this.fault(error, 'an answer could not be given in Teams');
    }
  }

  /** Waits for `work`, but not so long that Teams gives up. Null where it takes longer. */
  async #inTime<T>(work: Promise<T>): Promise<T | null> {
    this.#underWay.add(work);
    const done = () => void this.#underWay.delete(work);
    work.then(done, done);
    const waited = new AbortController();
    const { answerMs = ANSWER_MS } = this.room;
    const patience = pause(answerMs, null, { signal: waited.signal, ref: false }).catch(() => null);
    const quick = await Promise.race([work, patience]);
    waited.abort();
    return quick;
  }

  /** Resolves when whoever still waits for an answer has it. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#underWay]);
  }

  /** The reply, whatever happens: a refusal is a sentence, a fault a safe one with a reference. */
  async #reply(envelope: Envelope, act: Act): Promise<Shown> {
    try {
      const found = await this.#actorOf(envelope);
      if ('refused' in found) return { say: await this.#sayNo(found.refused) };
      const actor: Actor = { ...found.actor, delivery: `${this.room.tenant} ${keyOf(envelope)}` };
      const reply = await answer(this.room.desk, actor, act);
      if ('form' in reply && act.act === 'fill')
        return { drawn: renderForm(reply.form, { values: drawable(act.values) }) };
      return 'errors' in reply && act.act === 'submit' ? this.#drawnAgain(actor, act, reply.errors) : reply;
    } catch (error) {
      return { say: faultSentence(this.fault(error, 'an act in Teams failed')) };
    }
  }

  /** The form as it was sent, with what is wrong: Teams keeps nothing of it by itself. */
  async #drawnAgain(
    actor: Actor,
    { form, id, values }: Extract<Act, { act: 'submit' }>,
    errors: Readonly<Record<string, string>>,
  ): Promise<Shown> {
    const opened: Act = form === 'ask' ? { act: 'fill', values } : { act: 'press', button: form, id };
    const again = await answer(this.room.desk, actor, opened);
    if (!('form' in again)) return { errors };
    // A code that was wrong is of no more use, and is nobody's to read.
    const kept = form === 'code' || form === 'give-code' ? {} : { values: drawable(values) };
    return { drawn: renderForm(again.form, { ...kept, errors, ...(id === '' ? {} : { back: id }) }) };
  }

  /** The person behind a verified activity, who is a full member of this tenant still. */
  async #actorOf(envelope: Envelope): Promise<{ actor: Actor } | { refused: Refusal }> {
    const userId = userOf(envelope);
    if (userId === null) return { refused: { code: 'not-linked', why: 'unknown' } };
    const identity: ChatIdentity = { platform: 'teams', workspace: this.room.tenant, userId };
    const out = await this.#standings.whyOut(identity);
    if (out !== null) return { refused: { code: 'not-linked', why: out } };
    const found = await this.room.personOf(identity, () => this.room.profile(userId));
    if ('refused' in found) return found;
    const actor: Actor = { person: found.person, via: 'teams', identity };
    return { actor: found.met ? { ...actor, met: true } : actor };
  }

  async #sayNo(refused: Refusal): Promise<string> {
    return sayRefusal(refused, (await this.room.desk.facts()).directory);
  }

  /** Logs a fault whole, and names it so that who sees the sentence and who reads the log mean the same. */
  fault(error: unknown, what: string): string {
    const reference = randomBytes(4).toString('hex');
    this.room.log.error({ err: error, reference, tenant: this.room.tenant }, what);
    return reference;
  }
}

/** The directory's own id of whoever acts; bots and connectors have none. */
export function userOf({ from }: Pick<Envelope, 'from'>): string | null {
  return from.aadObjectId?.toLowerCase() ?? null;
}

/** What may stand in a card again: what plainly is a secret has been in the chat often enough. */
function drawable(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value === undefined || secretIn(clean(value)) === null),
  );
}

/** One delivery, however often it comes. */
function keyOf(envelope: Envelope): string {
  return `${envelope.type} ${envelope.name ?? ''} ${envelope.from.id} ${envelope.conversation.id} ${envelope.id}`;
}
