/** What the open channel shows: its name, its messages, the composer. */

import { useEffect } from 'preact/hooks';
import { BlockList } from '../blocks/Blocks.js';
import { useHostFor } from '../blocks/host.js';
import type { SlackState, View } from '../slack-contract.js';
import { HOME, type Model, openChannel } from '../state/model.js';
import { usePlayground } from '../state/use.js';
import { Composer } from './Composer.js';
import { KeyMark } from './icons.js';
import { Stream } from './Stream.js';

export function Conversation({ model, slack }: { model: Model; slack: SlackState }) {
  if (model.open[model.who.key] === HOME) return <Home key={slack.home?.id ?? ''} home={slack.home} />;
  const channel = openChannel(model);
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
      <Stream key={channel.id} channel={channel} me={slack.me.id} model={model} />
      <Composer channel={channel} model={model} />
    </main>
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
