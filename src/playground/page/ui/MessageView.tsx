/** One message: whose it is, and its blocks, or its text where it has none. */

import { BlockList } from '../blocks/Blocks.js';
import { useHostFor } from '../blocks/host.js';
import type { Block } from '../blocks/types.js';
import { unescaped } from '../mrkdwn/escapes.js';
import { Mrkdwn } from '../mrkdwn/Mrkdwn.js';
import type { Attachment, Channel, Message } from '../slack-contract.js';
import type { Model } from '../state/model.js';
import { Avatar } from './Avatar.js';
import { WayIn } from './terminal/WayIn.js';
import { clockOf, wholeOf } from './time.js';

interface Props {
  readonly message: Message;
  readonly before: Message | undefined;
  readonly channel: Channel;
  readonly model: Model;
}

const CLOSE_MS = 5 * 60_000;

export function MessageView({ message, before, channel, model }: Props) {
  const follows = before !== undefined && isOneBreath(before, message);
  const colour = model.cast.people.find(({ user }) => user === message.from.id)?.colour;
  return (
    <article class={`msg ${message.ephemeral ? 'msg-private' : ''} ${follows ? 'msg-follows' : ''}`}>
      {message.ephemeral && <p class="msg-eye">Only visible to you</p>}
      {!follows && <Avatar name={message.from.name} colour={colour} bot={message.from.isBot} />}
      <div class="msg-body">
        {!follows && <Byline message={message} />}
        <Body message={message} channel={channel} />
        {message.from.isBot && <WayIn of={message} />}
      </div>
    </article>
  );
}

function isOneBreath(before: Message, message: Message): boolean {
  return (
    before.from.id === message.from.id &&
    !message.from.isBot &&
    !before.ephemeral &&
    !message.ephemeral &&
    Date.parse(message.at) - Date.parse(before.at) < CLOSE_MS
  );
}

function Byline({ message }: { message: Message }) {
  return (
    <p class="msg-by">
      <strong>{message.from.name}</strong>
      {message.from.isBot && <span class="msg-app">APP</span>}
      <time dateTime={message.at} title={wholeOf(message.at)}>
        {clockOf(message.at)}
      </time>
      {message.edited && <span class="msg-edited">(edited)</span>}
    </p>
  );
}

function Body({ message, channel }: { message: Message; channel: Channel }) {
  const attached = (message.attachments ?? []).map(blocksOf);
  const blocks = message.blocks ?? [];
  const host = useHostFor({ channel: channel.id, ts: message.ts });
  // What a person typed is no markup, whatever it looks like.
  if (!message.from.isBot && blocks.length === 0)
    return <div class="b-text b-plain">{unescaped(message.text)}</div>;
  return (
    <>
      {blocks.length > 0 && (
        <div class={blocks[0]?.type === 'header' ? 'card' : undefined}>
          <BlockList blocks={blocks} host={host} />
        </div>
      )}
      {blocks.length === 0 && message.text && (
        <div class="b-text">
          <Mrkdwn text={message.text} nameOf={host.nameOf} />
        </div>
      )}
      {attached.map((its, index) => (
        <div key={index} class="attached" style={{ borderLeftColor: barOf(message.attachments?.[index]) }}>
          <BlockList blocks={its} host={host} />
        </div>
      ))}
    </>
  );
}

function blocksOf({ blocks, text }: Attachment): readonly Block[] {
  return blocks ?? (text ? [{ type: 'section', text: { type: 'mrkdwn', text } }] : []);
}

function barOf(attachment: Attachment | undefined): string {
  const colour = attachment?.color ?? '';
  return /^#?[0-9a-f]{6}$/i.test(colour) ? `#${colour.replace('#', '')}` : '';
}
