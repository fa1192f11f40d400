/** Slack's composer, with hints for the slash command and the app's shortcut. */

import { useState } from 'preact/hooks';
import type { Channel } from '../slack-contract.js';
import { COMMAND, fixedPart, hintsFor } from '../state/commands.js';
import { draftKey, type Model } from '../state/model.js';
import { usePlayground } from '../state/use.js';
import { BoltIcon } from './icons.js';
import { WritingBox } from './WritingBox.js';

export function Composer({ channel, model }: { channel: Channel; model: Model }) {
  const page = usePlayground();
  const draft = model.drafts[draftKey(model)] ?? '';
  const sending = useSending(channel, draft);
  const name = channel.kind === 'dm' ? channel.name : `#${channel.name}`;
  const unfinished = COMMAND.startsWith(draft) && draft !== COMMAND && draft !== '';
  return (
    <WritingBox
      room={channel.id}
      draft={draft}
      label={`Message to ${name}`}
      placeholder={`Message ${name}, or type ${COMMAND}`}
      hints={hintsFor(draft, model.cast.commands)}
      prefix={COMMAND}
      busy={sending.busy}
      write={(text) => page.draft(text)}
      taken={({ usage }) => `${COMMAND} ${fixedPart(usage)}`}
      enter={() => (unfinished ? page.draft(`${COMMAND} `) : void sending.send())}
      send={() => void sending.send()}
    >
      <button
        type="button"
        class="btn shortcut"
        disabled={sending.busy}
        onClick={() => void sending.shortcut()}
      >
        <BoltIcon /> Request access
      </button>
    </WritingBox>
  );
}

/** Sends what is typed as Slack would: a known command to its app, another one nowhere, the rest as a message. */
function useSending(channel: Channel, draft: string) {
  const page = usePlayground();
  const [busy, setBusy] = useState(false);
  const run = async (what: Parameters<typeof page.act>[0]) => {
    setBusy(true);
    const outcome = await page.act(what);
    setBusy(false);
    if (!outcome.ok) page.say(outcome.error ?? 'That did not work.');
    return outcome.ok;
  };
  return {
    busy,
    shortcut: () => run({ kind: 'shortcut', callbackId: 'request_access' }),
    async send() {
      const line = draft.trim();
      if (!line || busy) return;
      const [, command, text = ''] = /^(\/\S+)\s*([\s\S]*)$/.exec(line) ?? [];
      if (command && command !== COMMAND)
        return page.say(`${command} is no command here. Try ${COMMAND} help.`);
      page.draft('');
      const sent = await run(
        command
          ? { kind: 'slash', channel: channel.id, command, text }
          : { kind: 'message', channel: channel.id, text: line },
      );
      // What did not go out is not lost.
      if (!sent) page.draft(draft);
    },
  };
}
