/** One message in Teams: one's own on the right, others' with a face on the left. */

import type { TeamsSpoken } from '../state/chats.js';
import type { Model } from '../state/model.js';
import { usePlayground } from '../state/use.js';
import { Avatar } from '../ui/Avatar.js';
import { WayIn } from '../ui/terminal/WayIn.js';
import { clockOf, wholeOf } from '../ui/time.js';
import { CardView } from './cards/CardView.js';

interface Props {
  readonly message: TeamsSpoken;
  readonly conversation: string;
  /** Whether it is one's own, on the right; in a channel everybody's stand on the left. */
  readonly own: boolean;
  readonly model: Model;
}

export function TeamsMessageView({ message, conversation, own, model }: Props) {
  const page = usePlayground();
  const { card, from, note, text } = message;
  const colour = model.cast.people.find(({ user }) => user === from.id)?.colour;
  return (
    <article class={own ? 't-msg t-msg-own' : 't-msg'}>
      {!own && <Avatar name={from.name} colour={colour} bot={from.isBot} />}
      <div class="t-msg-body">
        <Byline message={message} own={own} />
        <div class="t-bubble">
          {text && <p class="t-words">{text}</p>}
          {card && (
            <CardView
              card={card}
              place={{ conversation, message: message.id }}
              label={`Card from ${from.name}`}
              onFault={(sentence) => page.say(sentence)}
            />
          )}
        </div>
        {from.isBot && <WayIn of={message} />}
        {note && (
          <p class={`t-note t-note-${note.kind}`} role="status">
            {note.text}
          </p>
        )}
      </div>
    </article>
  );
}

function Byline({ message, own }: { message: TeamsSpoken; own: boolean }) {
  return (
    <p class="t-by">
      {own ? <span class="unseen">You</span> : <strong>{message.from.name}</strong>}
      <time dateTime={message.at} title={wholeOf(message.at)}>
        {clockOf(message.at)}
      </time>
      {message.edited && <span>Edited</span>}
    </p>
  );
}
