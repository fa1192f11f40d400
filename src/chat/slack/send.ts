/** Posts and updates cards. One try each: the outbox tries again. */

import type { webApi } from '@slack/bolt';
import type { Card } from '../../core/cards/card.js';
import { type Destination, type Posted, Unreachable } from '../chat.js';
import { outboxError, slackWord } from './failures.js';
import { type Message, renderCard } from './render.js';

/** Speaks in one workspace. */
export class Sender {
  /** Each person's direct message with the app; Slack keeps its id. */
  readonly #dms = new Map<string, string>();

  constructor(
    readonly team: string,
    readonly web: webApi.WebClient,
  ) {}

  /** @throws {Unreachable} for good, {@link TryLater} for now. */
  async post(to: Destination, card: Card): Promise<Posted> {
    return this.say('channel' in to ? { channel: to.channel } : { userId: to.userId }, renderCard(card));
  }

  /** @throws {Unreachable} when the message is gone for good, {@link TryLater} for now. */
  async update(posted: Posted, card: Card): Promise<void> {
    await orOutboxError(() =>
      this.web.chat.update({ channel: posted.channel, ts: posted.message, ...renderCard(card) }),
    );
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
