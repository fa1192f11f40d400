/** What somebody did in Slack, carried out for the person they are, and answered in time. */

import { randomBytes } from 'node:crypto';
import type { ReceiverEvent } from '@slack/bolt';
import { MOST_CHOICES } from '../../core/cards/forms.js';
import { sayRefusal } from '../../core/cards/say-refusal.js';
import type { Actor } from '../../core/people.js';
import type { Refusal } from '../../core/refusals.js';
import type { Act, Reply } from '../act.js';
import { answer } from '../answer.js';
import { InTurn, Once } from '../once.js';
import { searchChoices } from '../search.js';
import { faultSentence } from '../words.js';
import type { Turned } from './gate.js';
import { showHome } from './home.js';
import type { Incoming, Who } from './incoming.js';
import { readUser } from './profile.js';
import { renderChoice, renderSentence } from './render.js';
import { type Back, backOf, inTime, type UnderWay } from './reply.js';
import { respond } from './respond.js';
import type { Room } from './room.js';
import { UNREADABLE } from './words.js';

type Ack = ReceiverEvent['ack'];
type Answered = Extract<
  Incoming,
  { kind: 'command' | 'shortcut' | 'press' | 'choose' | 'fill' | 'submit' | 'message' }
>;

/** Takes deliveries of one workspace. Never throws, but for an event that should come again. */
export class Listener {
  readonly #once = new Once<Reply>();
  readonly #turns = new InTurn();

  constructor(readonly room: Room) {}

  async take(incoming: Incoming, ack: Ack, arrivedAt: number): Promise<void> {
    switch (incoming.kind) {
      case 'search':
        return this.#search(incoming, ack);
      case 'user':
        return this.#userChanged(incoming.user, ack);
      case 'home':
        return this.#home(incoming.who, ack);
      case 'fill':
      case 'command':
      case 'shortcut':
      case 'press':
      case 'choose':
      case 'submit':
      case 'message':
        return this.#answer(incoming, ack, arrivedAt);
      case 'nothing':
      case 'unreadable':
      case 'elsewhere':
        return;
      default:
        return incoming satisfies never;
    }
  }

  /** Says no to what can't be read, or is for another workspace; nobody is looked up for it. */
  async turnAway(turned: Turned, ack: Ack): Promise<void> {
    const elsewhere = turned.kind === 'elsewhere';
    this.room.onUnverified(elsewhere ? 'elsewhere' : 'malformed');
    const sentence = elsewhere ? await this.#sayNo({ code: 'not-linked', why: 'external' }) : UNREADABLE;
    const message = renderSentence(sentence);
    if (turned.command) return ack({ response_type: 'ephemeral', ...message } as never);
    await ack();
    if (turned.responseUrl !== null)
      await respond(turned.responseUrl, message, this.room.apiUrl).catch(() => {});
  }

  async #answer(incoming: Answered, ack: Ack, arrivedAt: number): Promise<void> {
    const back = backOf(this.room, this.#turns, incoming, ack);
    // The last choice in a form is answered and drawn last, however long each one takes.
    const work = () =>
      incoming.kind === 'fill'
        ? this.#turns.run(incoming.window.id, () => this.#reply(incoming))
        : this.#reply(incoming);
    const key = keyOf(incoming);
    const { answer, first } = key === null ? { answer: work(), first: true } : this.#once.run(key, work);
    await this.#send(back, { answer, first, arrivedAt });
    // What was pressed there is done by now, and the tab shows what is so.
    if ('home' in incoming && incoming.home && first) await this.#draw(incoming.who);
  }

  async #send(back: Back, work: UnderWay): Promise<void> {
    try {
      await inTime(back, work);
    } catch (error) {
      // What was done is done, and its cards come by the outbox; only this answer is lost.
      this.fault(error, 'an answer could not be given in Slack');
      await back.hold().catch(() => {});
    }
  }

  /** The reply, whatever happens: a refusal is a sentence, a fault a safe one with a reference. */
  async #reply(incoming: Answered): Promise<Reply> {
    try {
      const found = await this.#actorOf(incoming.who);
      if ('refused' in found) return { say: await this.#sayNo(found.refused) };
      const delivery = keyOf(incoming);
      const actor =
        delivery === null ? found.actor : { ...found.actor, delivery: `${this.room.team} ${delivery}` };
      return await answer(this.room.desk, actor, actOf(incoming));
    } catch (error) {
      return { say: faultSentence(this.fault(error, 'an act in Slack failed')) };
    }
  }

  /** The person behind a signed payload's user. A user of another team, or of none that Slack names, is nobody's. */
  async #actorOf({ userId, team }: Who): Promise<{ actor: Actor } | { refused: Refusal }> {
    if (team !== this.room.team) {
      this.room.onUnverified('elsewhere');
      return { refused: { code: 'not-linked', why: 'external' } };
    }
    const identity = { platform: 'slack', workspace: this.room.team, userId } as const;
    const found = await this.room.personOf(identity, () => this.room.profile(userId));
    if ('refused' in found) return found;
    const actor: Actor = { person: found.person, via: 'slack', identity };
    return { actor: found.met ? { ...actor, met: true } : actor };
  }

  async #sayNo(refused: Refusal): Promise<string> {
    return sayRefusal(refused, (await this.room.desk.facts()).directory);
  }

  async #search(incoming: Extract<Incoming, { kind: 'search' }>, ack: Ack): Promise<void> {
    try {
      const found = await this.#actorOf(incoming.who);
      const options =
        'refused' in found || found.actor.met
          ? []
          : searchChoices(await this.room.desk.facts(), found.actor.person, incoming, MOST_CHOICES).map(
              renderChoice,
            );
      await ack({ options } as never);
    } catch (error) {
      this.fault(error, 'a search in Slack failed');
      await ack({ options: [] } as never);
    }
  }

  /** Acknowledged only when it is done: thrown away, it would leave somebody in who is out. */
  async #userChanged(given: unknown, ack: Ack): Promise<void> {
    const user = readUser(this.room.workspace, given);
    if (user && user.standing !== 'member' && user.standing !== 'unknown') {
      const { platform, workspace, userId } = user;
      await this.room.onDeactivated?.({ platform, workspace, userId }, user.standing);
    }
    await ack();
  }

  async #home(who: Who, ack: Ack): Promise<void> {
    await ack();
    await this.#draw(who);
  }

  async #draw(who: Who): Promise<void> {
    try {
      const found = await this.#actorOf(who);
      // Opening a tab is no act of theirs: nobody's phone rings for it.
      const refused =
        'refused' in found ? found.refused : found.actor.met ? ({ code: 'link-first' } as const) : null;
      const shown = refused ? await this.#sayNo(refused) : (found as { actor: Actor }).actor;
      await showHome(this.room, who.userId, shown);
    } catch (error) {
      // The tab shows what it showed before, and opening it again tries again.
      this.fault(error, 'the Home tab could not be drawn');
    }
  }

  /** Logs a fault whole, and names it so that who sees the sentence and who reads the log mean the same. */
  fault(error: unknown, what: string): string {
    const reference = randomBytes(4).toString('hex');
    this.room.log.error({ err: error, reference, team: this.room.team }, what);
    return reference;
  }
}

/** One delivery, however often it comes. */
function keyOf(incoming: Answered): string | null {
  const id = incoming.kind === 'message' ? incoming.event : incoming.trigger;
  return id === null ? null : `${incoming.kind} ${incoming.who.userId} ${id}`;
}

function actOf(incoming: Answered): Act {
  switch (incoming.kind) {
    case 'command':
    case 'message':
      return { act: 'typed', text: incoming.text };
    case 'shortcut':
      return { act: 'typed', text: 'request' };
    case 'press':
      return { act: 'press', button: incoming.button, id: incoming.id };
    case 'choose':
      return { act: 'choose', menu: incoming.menu, id: incoming.id, value: incoming.value };
    case 'fill':
      return { act: 'fill', values: incoming.values };
    case 'submit':
      return { act: 'submit', form: incoming.form, id: incoming.id, values: incoming.values };
    default:
      return incoming satisfies never;
  }
}
