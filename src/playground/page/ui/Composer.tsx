/** Where one types, with hints for the slash command and the app's shortcut. */

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Channel } from '../slack-contract.js';
import { COMMAND, fixedPart, hintsFor } from '../state/commands.js';
import { draftKey, type Model } from '../state/model.js';
import { usePlayground } from '../state/use.js';
import { Hints } from './Hints.js';
import { BoltIcon, SendIcon } from './icons.js';

const HINTS = 'composer-hints';

export function Composer({ channel, model }: { channel: Channel; model: Model }) {
  const page = usePlayground();
  const box = useRef<HTMLTextAreaElement>(null);
  const draft = model.drafts[draftKey(model)] ?? '';
  const [active, setActive] = useState(-1);
  const [shut, setShut] = useState(false);
  const hints = shut ? [] : hintsFor(draft, model.cast.commands);
  const sending = useSending(channel, draft);

  // With the render and not after the next paint: a quick arrow key must not be undone.
  useLayoutEffect(() => {
    setActive(-1);
    const element = box.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [draft, channel.id]);

  const write = (text: string) => {
    setShut(false);
    page.draft(text);
  };
  const take = (usage: string) => {
    write(`${COMMAND} ${fixedPart(usage)}`);
    box.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const unfinished = COMMAND.startsWith(draft) && draft !== COMMAND && draft !== '';
    if (hints.length > 0 && step !== undefined) {
      event.preventDefault();
      // From no hint at all, up means the last one.
      setActive((Math.max(active, step < 0 ? 0 : -1) + step + hints.length) % hints.length);
    } else if (event.key === 'Escape') setShut(true);
    else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      const hint = hints[active];
      if (hint) take(hint.usage);
      else if (unfinished) write(`${COMMAND} `);
      else void sending.send();
    }
  };

  return (
    <div class="composer">
      {hints.length > 0 && <Hints id={HINTS} hints={hints} active={active} take={take} />}
      <div class="composer-box">
        <textarea
          ref={box}
          rows={1}
          value={draft}
          maxLength={4000}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={hints.length > 0}
          aria-controls={HINTS}
          {...(hints[active] && { 'aria-activedescendant': `${HINTS}-${active}` })}
          aria-label={`Message to ${channel.kind === 'dm' ? channel.name : `#${channel.name}`}`}
          placeholder={`Message ${channel.kind === 'dm' ? channel.name : `#${channel.name}`}, or type /access`}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <div class="composer-foot">
          <button
            type="button"
            class="btn shortcut"
            disabled={sending.busy}
            onClick={() => void sending.shortcut()}
          >
            <BoltIcon /> Request access
          </button>
          <button
            type="button"
            class="btn btn-primary send"
            aria-label="Send"
            disabled={draft.trim() === '' || sending.busy}
            onClick={() => void sending.send()}
          >
            <SendIcon />
          </button>
        </div>
      </div>
    </div>
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
