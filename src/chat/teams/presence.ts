/** Where the app is: what Teams says when it is added, removed or spoken to, kept so that every replica can write first. */

import { helpCard } from '../../core/cards/lists.js';
import type { ChatIdentity } from '../../core/people.js';
import { home } from '../home.js';
import type { Introduced } from '../introduce.js';
import type { Envelope } from './guard.js';
import { type Listener, userOf } from './listen.js';
import { sayAlone } from './reply.js';
import type { Room } from './room.js';

const REMOVED = 'Keyturn was removed there';

export class Presence {
  constructor(
    readonly room: Room,
    readonly listener: Pick<Listener, 'fault'>,
  ) {}

  /** Any word from a conversation says that it is open, and at which server. */
  async heard(envelope: Envelope): Promise<void> {
    const { conversation, serviceUrl, channelData } = envelope;
    const userId = userOf(envelope);
    const { conversations, onReachable } = this.room;
    if (conversation.conversationType === 'personal' && userId !== null) {
      const known = await conversations.find(userId);
      await conversations.open({ conversation: conversation.id, userId, serviceUrl });
      if (known?.state !== 'open') {
        // Who they are is found out first: the cards that wait look for people.
        await this.#whoIs(userId);
        await onReachable?.();
      }
    }
    if (channelData.team)
      await conversations.open({ conversation: channelData.team.id, userId: null, serviceUrl });
  }

  /** The app was added or removed. Whoever has it now is introduced, so that cards can come to them. */
  async installation(envelope: Envelope): Promise<void> {
    const { action = '', conversation } = envelope;
    if (action.startsWith('remove')) return this.#closed(envelope);
    if (!action.startsWith('add')) return;
    await this.heard(envelope);
    // Whoever gets another version of the app (add-upgrade) has been greeted.
    if (action === 'add' && conversation.conversationType === 'personal') await this.#greet(envelope);
  }

  /** Members came or went, the bot among them perhaps. */
  async members(envelope: Envelope): Promise<void> {
    const isBot = ({ id }: { id: string }) => id === envelope.recipient.id;
    if (envelope.membersRemoved?.some(isBot)) return this.#closed(envelope);
    await this.heard(envelope);
    // Out of the team is perhaps out of the house: Teams is asked.
    for (const { aadObjectId } of envelope.membersRemoved ?? [])
      if (aadObjectId) await this.#leftTeam(aadObjectId.toLowerCase());
  }

  async #closed({ conversation, channelData }: Envelope): Promise<void> {
    const id =
      conversation.conversationType === 'personal'
        ? conversation.id
        : (channelData.team?.id ?? conversation.id);
    await this.room.conversations.close(id, REMOVED);
  }

  async #leftTeam(userId: string): Promise<void> {
    const { standing } = await this.room.profile(userId);
    const identity: ChatIdentity = { platform: 'teams', workspace: this.room.tenant, userId };
    if (standing !== 'member' && standing !== 'unknown') await this.room.onDeactivated?.(identity, standing);
  }

  async #greet(envelope: Envelope): Promise<void> {
    const userId = userOf(envelope);
    const known = userId === null ? null : await this.#whoIs(userId);
    if (userId === null || known === null) return;
    try {
      await sayAlone(this.room, userId, { card: helpCard() });
      // What concerns them is for an account that their own factor has completed.
      if (!known.met)
        await sayAlone(this.room, userId, {
          cards: await home(this.room.desk, { person: known.person, via: 'teams' }),
        });
    } catch (error) {
      this.listener.fault(error, 'somebody who added the app could not be greeted');
    }
  }

  /** A first contact without an act of theirs: nobody's phone rings for it. */
  async #whoIs(userId: string): Promise<Introduced | null> {
    const identity: ChatIdentity = { platform: 'teams', workspace: this.room.tenant, userId };
    try {
      const found = await this.room.personOf(identity, () => this.room.profile(userId));
      return 'person' in found ? found : null;
    } catch (error) {
      this.listener.fault(error, 'who has added the app could not be found out');
      return null;
    }
  }
}
