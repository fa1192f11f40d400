/** The messages of one channel, oldest first, following the newest while one is there. */

import { Fragment } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Channel, Message } from '../slack-contract.js';
import type { Model } from '../state/model.js';
import { newer } from '../state/unread.js';
import { DownIcon } from './icons.js';
import { MessageView } from './MessageView.js';
import { dayOf } from './time.js';

const NEAR_PX = 80;

export function Stream({ channel, me, model }: { channel: Channel; me: string; model: Model }) {
  const box = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const [below, setBelow] = useState(false);
  const toEnd = () => box.current?.scrollTo({ top: box.current.scrollHeight });

  useLayoutEffect(() => {
    if (stuck.current) toEnd();
    else setBelow(true);
  }, [channel.messages.length]);
  // A card that grows when it is updated, or a picture of the page that changes its size, keeps its end in sight.
  useLayoutEffect(() => {
    if (!box.current?.firstElementChild) return;
    const sizes = new ResizeObserver(() => stuck.current && toEnd());
    sizes.observe(box.current);
    sizes.observe(box.current.firstElementChild);
    return () => sizes.disconnect();
  }, []);

  const onScroll = () => {
    const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = box.current ?? {};
    stuck.current = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    if (stuck.current) setBelow(false);
  };
  return (
    <div
      class="stream"
      ref={box}
      onScroll={onScroll}
      role="log"
      aria-label={`Messages in ${channel.name}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <div class="stream-in">
        {channel.messages.length === 0 && <Empty channel={channel} />}
        {channel.messages.map((message, index) => (
          <Fragment key={message.ts}>
            <Lines message={message} before={channel.messages[index - 1]} me={me} newFrom={model.newFrom} />
            <MessageView
              message={message}
              before={channel.messages[index - 1]}
              channel={channel}
              model={model}
            />
          </Fragment>
        ))}
      </div>
      {below && (
        <button type="button" class="btn below" onClick={toEnd}>
          <DownIcon /> New below
        </button>
      )}
    </div>
  );
}

interface LinesProps {
  readonly message: Message;
  readonly before: Message | undefined;
  readonly me: string;
  readonly newFrom: string;
}

/** The line before a new day, and before the first message that was not seen yet. */
function Lines({ message, before, me, newFrom }: LinesProps) {
  const day = !before || dayOf(before.at) !== dayOf(message.at);
  const unseen = message.from.id !== me && newer(message.ts, newFrom) && newFrom !== '';
  const fresh = unseen && before && !newer(before.ts, newFrom);
  return (
    <>
      {day && (
        <div class="line">
          <span>{dayOf(message.at)}</span>
        </div>
      )}
      {fresh && (
        <div class="line line-new">
          <span>New</span>
        </div>
      )}
    </>
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
