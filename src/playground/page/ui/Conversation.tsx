/** What the open channel shows: its name, its messages, the composer. */

import { useEffect } from 'preact/hooks';
import { BlockList } from '../blocks/Blocks.js';
import { useHostFor } from '../blocks/host.js';
import type { Channel, SlackState, View } from '../slack-contract.js';
import { byTheClock, keyturnNow } from '../state/clock.js';
import { HOME, type Model, openIn } from '../state/model.js';
import { usePlayground } from '../state/use.js';
import { Composer } from './Composer.js';
import { KeyMark } from './icons.js';
import { MessageView } from './MessageView.js';
import { Stream } from './Stream.js';

export function Conversation({ model, slack }: { model: Model; slack: SlackState }) {
  if (model.open[model.who.key] === HOME) return <Home key={slack.home?.id ?? ''} home={slack.home} />;
  const channel = openIn(model, slack.channels);
  if (!channel) return <p class="sorry">There is no channel here yet.</p>;
  return (
    <main class="talk">
      <header class="talk-head">
        <h2>
          {channel.kind === 'dm' ? <KeyMark /> : <span class="talk-hash">#</span>} {channel.name}
        </h2>
        <p>
          {channel.kind === 'dm' ? 'Only you and the app see this' : 'Everybody in the channel sees this'}
        </p>
      </header>
      <Stream
        key={channel.id}
        room={byTheClock(model.clock, channel)}
        now={keyturnNow(model.clock)}
        me={slack.me.id}
        newFrom={model.newFrom}
        empty={<Empty channel={channel} />}
        draw={(message, before) => (
          <MessageView message={message} before={before} channel={channel} model={model} />
        )}
      />
      <Composer channel={channel} model={model} />
    </main>
  );
}

function Empty({ channel }: { channel: Channel }) {
  return (
    <div class="empty">
      <p class="empty-title">{channel.kind === 'dm' ? channel.name : `#${channel.name}`}</p>
      <p>
        {channel.kind === 'dm'
          ? 'Cards, links and answers meant for you alone arrive here.'
          : 'Nothing yet. Type /access below to see what one can ask for.'}
      </p>
    </div>
  );
}

function Home({ home }: { home: View | null }) {
  const page = usePlayground();
  const host = useHostFor({ viewId: home?.id ?? '' }, home?.state?.values);
  useEffect(() => {
    // The app fills its Home when somebody looks at it.
    void page.act({ kind: 'home' });
  }, []);
  return (
    <main class="talk">
      <header class="talk-head">
        <h2>
          <KeyMark /> Home
        </h2>
        <p>Only you see this</p>
      </header>
      <div class="home">
        {home ? <BlockList blocks={home.blocks} host={host} /> : <p class="empty">Nothing here yet.</p>}
      </div>
    </main>
  );
}
