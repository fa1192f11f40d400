/** Posts and updates cards. One try each: the outbox tries again. */

import type { webApi } from '@slack/bolt';
import type { Logger } from 'pino';
import type { Card } from '../../core/cards/card.js';
import { type Destination, type Posted, Unreachable } from '../chat.js';
import { outboxError, slackWord } from './failures.js';
import { Pictures } from './pictures.js';
import { type Message, renderCard } from './render.js';

/** Speaks in one workspace. */
export class Sender {
  /** Each person's direct message with the app; Slack keeps its id. */
  readonly #dms = new Map<string, string>();
  readonly #pictures: Pictures;

  /** @param now milliseconds of a clock that never goes back. */
  constructor(
    readonly team: string,
    readonly web: webApi.WebClient,
    log: Logger,
    now: () => number = () => performance.now(),
  ) {
    this.#pictures = new Pictures({ team, web, log, now });
  }

  /** @throws {Unreachable} for good, {@link TryLater} for now. */
  async post(to: Destination, card: Card): Promise<Posted> {
    const place = 'channel' in to ? { channel: to.channel } : { userId: to.userId };
    return this.#rendered(card, (message) => this.say(place, message));
  }

  /** @throws {Unreachable} when the message is gone for good, {@link TryLater} for now. */
  async update(posted: Posted, card: Card): Promise<void> {
    const { channel, message: ts } = posted;
    await this.#rendered(card, (message) =>
      orOutboxError(() => this.web.chat.update({ channel, ts, ...message })),
    );
  }

  /** With its picture, if it has one and Slack takes it. */
  async #rendered<T>(card: Card, send: (message: Message) => Promise<T>): Promise<T> {
    const file = card.picture ? await this.#pictures.fileOf(card.picture) : null;
    if (!card.picture || file === null) return send(renderCard(card));
    try {
      return await send(renderCard(card, file));
    } catch (error) {
      if (slackWord(error) !== 'invalid_blocks') throw error;
      this.#pictures.refused(card.picture);
      return send(renderCard(card));
    }
  }

  /** Says something in a channel, or to one person alone. */
  async say(to: { channel: string } | { userId: string }, message: Message): Promise<Posted> {
    const channel = 'channel' in to ? to.channel : await this.#dm(to.userId);
    try {
      const sent = await this.web.chat.postMessage({
        channel,
        ...message,
        unfurl_links: false,
        unfurl_media: false,
      });
      if (!sent.channel || !sent.ts) throw new Error('Slack took a message and did not say where it is');
      return { platform: 'slack', workspace: this.team, channel: sent.channel, message: sent.ts };
    } catch (error) {
      if ('userId' in to && slackWord(error) === 'channel_not_found') this.#dms.delete(to.userId);
      throw outboxError(error);
    }
  }

  async #dm(userId: string): Promise<string> {
    const known = this.#dms.get(userId);
    if (known !== undefined) return known;
    const opened = await orOutboxError(() => this.web.conversations.open({ users: userId }));
    const channel = opened.channel?.id;
    if (!channel) throw new Unreachable('no direct message');
    this.#dms.set(userId, channel);
    return channel;
  }
}

async function orOutboxError<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw outboxError(error);
  }
}
