/** One person's Slack: its channels and the app. On a phone it is the row above the messages. */

import type { Channel, SlackState } from '../slack-contract.js';
import { HOME, type Model, openRoom } from '../state/model.js';
import { unreadIn } from '../state/unread.js';
import { usePlayground } from '../state/use.js';
import { Badge } from './Badge.js';
import { HomeIcon, KeyMark } from './icons.js';

export function Sidebar({ model, slack }: { model: Model; slack: SlackState }) {
  const page = usePlayground();
  const { who } = model;
  const atHome = model.open[who.key] === HOME;
  const of = (kind: Channel['kind']) => slack.channels.filter((channel) => channel.kind === kind);
  const entry = (channel: Channel) => (
    <Entry key={channel.id} model={model} channel={channel} me={slack.me.id} />
  );
  return (
    <aside class="side">
      <div class="side-head">
        <strong>{slack.team.name}</strong>
        <span>
          You are {who.name} · {who.caption}
        </span>
      </div>
      <nav class="side-list" aria-label={`Channels of ${slack.team.name}`}>
        {of('channel').length > 0 && <h2 class="side-title">Channels</h2>}
        {of('channel').map(entry)}
        <h2 class="side-title">Apps</h2>
        {of('dm').map(entry)}
        <button
          type="button"
          class="side-entry side-home"
          aria-current={atHome ? 'page' : undefined}
          onClick={() => page.openChannel(HOME)}
        >
          <span class="side-sign">
            <HomeIcon />
          </span>
          <span class="side-name">Home</span>
        </button>
      </nav>
    </aside>
  );
}

function Entry({ model, channel, me }: { model: Model; channel: Channel; me: string }) {
  const page = usePlayground();
  const count = unreadIn(channel, me, model.seen[model.who.key] ?? {});
  const current = openRoom(model)?.id === channel.id;
  return (
    <button
      type="button"
      class={count > 0 && !current ? 'side-entry side-unread' : 'side-entry'}
      aria-current={current ? 'page' : undefined}
      onClick={() => page.openChannel(channel.id)}
    >
      <span class="side-sign" aria-hidden="true">
        {channel.kind === 'dm' ? <KeyMark /> : '#'}
      </span>
      <span class="side-name">{channel.name}</span>
      {!current && <Badge count={count} />}
    </button>
  );
}
