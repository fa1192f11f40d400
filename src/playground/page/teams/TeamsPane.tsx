/** One person's Microsoft Teams: whose it is, the conversations, and the one that is open. */

import { type Room, type TeamsSpoken, teamsRoom } from '../state/chats.js';
import { byTheClock, keyturnNow } from '../state/clock.js';
import { type Model, openIn } from '../state/model.js';
import type { TeamsState } from '../teams-contract.js';
import { Avatar } from '../ui/Avatar.js';
import { TeamsIcon } from '../ui/icons.js';
import { Stream } from '../ui/Stream.js';
import { TeamsComposer } from './TeamsComposer.js';
import { TeamsMessageView } from './TeamsMessageView.js';
import { TeamsSide } from './TeamsSide.js';

export function TeamsPane({ model, teams }: { model: Model; teams: TeamsState }) {
  const rooms = teams.conversations.map(teamsRoom);
  const open = openIn(model, rooms);
  return (
    <div class="t-pane t-theme">
      <Bar model={model} teams={teams} />
      <TeamsSide model={model} rooms={rooms} open={open?.id} me={teams.me.id} />
      {open ? (
        <Conversation key={open.id} room={open} bot={botName(rooms)} model={model} me={teams.me.id} />
      ) : (
        <p class="sorry">There is no conversation here yet.</p>
      )}
    </div>
  );
}

/** The chat with the bot is called as the bot is. */
function botName(rooms: readonly Room[]): string {
  return rooms.find(({ kind }) => kind === 'dm')?.name ?? 'Keyturn';
}

function Bar({ model, teams }: { model: Model; teams: TeamsState }) {
  const { who } = model;
  return (
    <div class="t-bar">
      <TeamsIcon />
      <strong>Microsoft Teams</strong>
      <span class="t-bar-place">{teams.tenant.name}</span>
      <span class="t-bar-me">
        You are {who.name} · {who.caption}
      </span>
      <Avatar name={who.name} colour={who.colour} />
    </div>
  );
}

interface Props {
  readonly room: Room<TeamsSpoken>;
  readonly bot: string;
  readonly model: Model;
  readonly me: string;
}

function Conversation({ room, bot, model, me }: Props) {
  const withBot = room.kind === 'dm';
  return (
    <main class={`talk t-talk t-talk-${room.kind}`}>
      <header class="talk-head">
        <h2>
          {withBot && <Avatar name={room.name} bot />}
          {room.name}
        </h2>
        <p>{withBot ? 'Only you and the app see this' : 'Everybody in the channel sees this'}</p>
      </header>
      <Stream
        room={byTheClock(model.clock, room)}
        now={keyturnNow(model.clock)}
        me={me}
        newFrom={model.newFrom}
        empty={<Empty room={room} />}
        draw={(message) => (
          <TeamsMessageView
            message={message}
            conversation={room.id}
            own={withBot && message.from.id === me}
            model={model}
          />
        )}
      />
      <TeamsComposer room={room} bot={bot} model={model} />
    </main>
  );
}

function Empty({ room }: { room: Room }) {
  return (
    <div class="empty">
      <p class="empty-title">{room.name}</p>
      <p>
        {room.kind === 'dm'
          ? 'Cards, links and answers meant for you alone arrive here. Type help to see what one can ask for.'
          : 'Nothing yet.'}
      </p>
    </div>
  );
}
