/** Posts and updates cards. One try each: the outbox tries again. */

import type { Logger } from 'pino';
import { z } from 'zod';
import type { Card } from '../../core/cards/card.js';
import type { Destination, Posted } from '../chat.js';
import type { Conversations } from '../conversations.js';
import { drawPicture } from '../picture.js';
import type { AdaptiveCard } from './adaptive.js';
import type { Connector } from './connector.js';
import { noChat, outboxError, unreachable } from './failures.js';
import { renderCard, summaryOf } from './render.js';
import { INVITATION } from './words.js';

export const ADAPTIVE = 'application/vnd.microsoft.card.adaptive';

const made = z.object({ id: z.string().min(1), activityId: z.string().min(1).optional() });

export interface SenderOptions {
  readonly tenant: string;
  readonly appId: string;
  readonly connector: Connector;
  readonly conversations: Conversations;
  /** Teams' server where no conversation has named one yet. */
  readonly serviceUrl: string;
  readonly requestsChannel?: string | undefined;
  readonly log: Logger;
}

/** A message as the connector takes it. */
export function message(card: AdaptiveCard, summary?: string): object {
  return {
    type: 'message',
    ...(summary === undefined ? {} : { summary }),
    attachments: [{ contentType: ADAPTIVE, content: card }],
  };
}

/** Speaks in one tenant. */
export class Sender {
  constructor(readonly options: SenderOptions) {}

  /** @throws {Unreachable} for good, {@link TryLater} for now. */
  async post(to: Destination, card: Card): Promise<Posted> {
    const activity = await this.#activity(card);
    return 'channel' in to ? this.#inChannel(to.channel, activity) : this.say(to.userId, activity);
  }

  /** @throws {Unreachable} when the message is gone for good, {@link TryLater} for now. */
  async update({ channel, message: id }: Posted, card: Card): Promise<void> {
    const path = `/${encodeURIComponent(channel)}/activities/${encodeURIComponent(id)}`;
    const activity = { ...(await this.#activity(card)), id };
    try {
      await this.options.connector.call('PUT', await this.#serviceUrl(channel), path, activity);
    } catch (error) {
      throw outboxError(error);
    }
  }

  async #activity(card: Card): Promise<object> {
    return message(renderCard(card, await this.#drawn(card)), summaryOf(card));
  }

  /** The picture, if there is one and this machine can draw it; else the card goes out without. */
  async #drawn({ picture }: Card): Promise<Buffer | undefined> {
    const { log, tenant } = this.options;
    return (
      picture &&
      drawPicture(picture).catch((error: Error) => {
        log.warn({ tenant }, `a card goes without its picture: ${error.message}`);
        return undefined;
      })
    );
  }

  /** Says something to one person alone, in their own chat with the bot. */
  async say(userId: string, activity: object): Promise<Posted> {
    const { conversations } = this.options;
    const known = await conversations.find(userId);
    // A chat that was closed may have been opened again without our hearing of it: Teams is asked anew.
    const conversation = known?.state === 'open' ? known.conversation : await this.#openChat(userId);
    try {
      return await this.#send(conversation, activity);
    } catch (error) {
      const shut = unreachable(error);
      if (shut === null) throw outboxError(error);
      await conversations.close(conversation, shut.message);
      throw shut;
    }
  }

  /**
   * Asks somebody in the requests channel to add the app, by a mention that Teams notifies them of; null without such a
   * channel. learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/channel-and-group-conversations
   */
  async invite(userId: string, name: string): Promise<Posted | null> {
    const { requestsChannel, appId } = this.options;
    if (requestsChannel === undefined) return null;
    // The text of a mention is markup: of a name only what is none.
    const mention = `<at>${name.replace(/[<>&]/g, ' ')}</at>`;
    return this.#inChannel(requestsChannel, {
      type: 'message',
      text: `${mention} ${INVITATION} https://teams.microsoft.com/l/app/${appId}`,
      entities: [{ type: 'mention', text: mention, mentioned: { id: userId, name } }],
    });
  }

  /** Says something of ours, which names nobody, in the conversation in which somebody spoke. */
  async sayThere(conversation: string, says: string | AdaptiveCard): Promise<void> {
    try {
      const sentence = { type: 'message', text: says, textFormat: 'plain' };
      await this.#send(conversation, typeof says === 'string' ? sentence : message(says));
    } catch (error) {
      throw outboxError(error);
    }
  }

  /** The chat with a person to whom the bot has never spoken: there is one wherever the app is added. */
  async #openChat(userId: string): Promise<string> {
    const { tenant, appId, connector, conversations } = this.options;
    const serviceUrl = await this.#serviceUrl();
    try {
      const opened = await connector.call('POST', serviceUrl, '', {
        isGroup: false,
        bot: { id: `28:${appId}` },
        members: [{ id: userId }],
        tenantId: tenant,
        channelData: { tenant: { id: tenant } },
      });
      const { id } = made.parse(opened);
      await conversations.open({ conversation: id, userId, serviceUrl });
      return id;
    } catch (error) {
      throw noChat(error) ?? outboxError(error);
    }
  }

  /** A thread of its own, so that what is said about one request stays together. */
  async #inChannel(channel: string, activity: object): Promise<Posted> {
    const { tenant, connector } = this.options;
    try {
      const posted = await connector.call('POST', await this.#serviceUrl(channel), '', {
        isGroup: true,
        tenantId: tenant,
        channelData: { channel: { id: channel }, tenant: { id: tenant } },
        activity,
      });
      const { id, activityId } = made.parse(posted);
      if (activityId === undefined) throw new Error('Teams took a message and did not say which one it is');
      return { platform: 'teams', workspace: tenant, channel: id, message: activityId };
    } catch (error) {
      throw outboxError(error);
    }
  }

  async #send(conversation: string, activity: object): Promise<Posted> {
    const { tenant, connector } = this.options;
    const path = `/${encodeURIComponent(conversation)}/activities`;
    const { id } = made.parse(
      await connector.call('POST', await this.#serviceUrl(conversation), path, activity),
    );
    return { platform: 'teams', workspace: tenant, channel: conversation, message: id };
  }

  /** What Teams last said for this conversation, else for any of the tenant, else the one for all. */
  async #serviceUrl(conversation?: string): Promise<string> {
    const { conversations, serviceUrl } = this.options;
    const own = conversation === undefined ? null : await conversations.find(conversation);
    return own?.serviceUrl ?? (await conversations.newest())?.serviceUrl ?? serviceUrl;
  }
}
