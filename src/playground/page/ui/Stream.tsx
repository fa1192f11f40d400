/** The messages of one channel of any chat, oldest first, following the newest while one is there. */

import { type ComponentChildren, Fragment } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Room, Spoken } from '../state/chats.js';
import { newer } from '../state/unread.js';
import { DownIcon } from './icons.js';
import { dayOf } from './time.js';

const NEAR_PX = 80;

interface Props<M extends Spoken> {
  readonly room: Pick<Room<M>, 'name' | 'messages'>;
  /** What the clock says, that tells which day is today. */
  readonly now: Date;
  readonly me: string;
  /** What was seen when the room was opened. */
  readonly newFrom: string;
  /** Shown where nothing was said yet. */
  readonly empty: ComponentChildren;
  readonly draw: (message: M, before: M | undefined) => ComponentChildren;
}

export function Stream<M extends Spoken>({ room, now, me, newFrom, empty, draw }: Props<M>) {
  const box = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const [below, setBelow] = useState(false);
  const toEnd = () => box.current?.scrollTo({ top: box.current.scrollHeight });

  useLayoutEffect(() => {
    if (stuck.current) toEnd();
    else setBelow(true);
  }, [room.messages.length]);
  // A card that grows when it is updated, or a picture of the page that changes its size, keeps its end in sight.
  useLayoutEffect(() => {
    if (!box.current?.firstElementChild) return;
    const sizes = new ResizeObserver(() => stuck.current && !isFilledIn(box.current) && toEnd());
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
      aria-label={`Messages in ${room.name}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <div class="stream-in">
        {room.messages.length === 0 && empty}
        {room.messages.map((message, index) => (
          <Fragment key={message.ts}>
            <Lines message={message} before={room.messages[index - 1]} now={now} me={me} newFrom={newFrom} />
            {draw(message, room.messages[index - 1])}
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
  readonly message: Spoken;
  readonly before: Spoken | undefined;
  readonly now: Date;
  readonly me: string;
  readonly newFrom: string;
}

/** Whether somebody fills in a field there: a list that opens below it must not push it out of sight. */
function isFilledIn(box: HTMLElement | null): boolean {
  const { activeElement } = document;
  return (box?.contains(activeElement) && activeElement?.matches('input, textarea, select')) ?? false;
}

/** The line before a new day, and before the first message that was not seen yet. */
function Lines({ message, before, now, me, newFrom }: LinesProps) {
  const day = !before || dayOf(before.at, now) !== dayOf(message.at, now);
  const unseen = message.from.id !== me && newer(message.ts, newFrom) && newFrom !== '';
  const fresh = unseen && before && !newer(before.ts, newFrom);
  return (
    <>
      {day && (
        <div class="line">
          <span>{dayOf(message.at, now)}</span>
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
