/** One person's conversations: the chat with the bot, then the channels. On a phone it is the row above the messages. */

import type { Room } from '../state/chats.js';
import type { Model } from '../state/model.js';
import { unreadIn } from '../state/unread.js';
import { usePlayground } from '../state/use.js';
import { Avatar } from '../ui/Avatar.js';
import { Badge } from '../ui/Badge.js';

interface Props {
  readonly model: Model;
  readonly rooms: readonly Room[];
  readonly open: string | undefined;
  readonly me: string;
}

export function TeamsSide({ model, rooms, open, me }: Props) {
  const of = (kind: Room['kind']) =>
    rooms
      .filter((room) => room.kind === kind)
      .map((room) => <Entry key={room.id} model={model} room={room} me={me} isOpen={room.id === open} />);
  const channels = of('channel');
  return (
    <nav class="t-side" aria-label="Conversations">
      <h2 class="t-side-title">Chat</h2>
      {of('dm')}
      {channels.length > 0 && <h2 class="t-side-title">Channels</h2>}
      {channels}
    </nav>
  );
}

interface EntryProps {
  readonly model: Model;
  readonly room: Room;
  readonly me: string;
  readonly isOpen: boolean;
}

function Entry({ model, room, me, isOpen }: EntryProps) {
  const page = usePlayground();
  const count = unreadIn(room, me, model.seen[model.who.key] ?? {});
  return (
    <button
      type="button"
      class={count > 0 && !isOpen ? 't-entry t-entry-unread' : 't-entry'}
      aria-current={isOpen ? 'page' : undefined}
      onClick={() => page.openChannel(room.id)}
    >
      {room.kind === 'dm' ? <Avatar name={room.name} bot /> : <ChannelSign name={room.name} />}
      <span class="t-entry-name">{room.name}</span>
      {!isOpen && <Badge count={count} />}
    </button>
  );
}

function ChannelSign({ name }: { name: string }) {
  return (
    <span class="avatar t-channel-sign" aria-hidden="true">
      {name.slice(0, 1).toUpperCase()}
    </span>
  );
}
