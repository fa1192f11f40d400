/** The newcomer's own computer, played: a terminal below the chats, so that one sees both. */

import '@xterm/xterm/css/xterm.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { OpenTerminal } from '../../state/model.js';
import { usePlayground } from '../../state/use.js';
import { CloseIcon, DownIcon, TerminalIcon } from '../icons.js';
import { type Wired, wire } from './wire.js';

const CTRL_C = '\u0003';

export function TerminalPanel({ open, shown }: { open: OpenTerminal; shown: boolean }) {
  const page = usePlayground();
  const box = useRef<HTMLDivElement>(null);
  const wired = useRef<Wired>();
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!box.current) return;
    wired.current = wire(box.current, open.handed, () => setOver(true));
    wired.current.terminal.focus();
    return () => wired.current?.close();
  }, []);
  const press = (text: string) => {
    wired.current?.type(text);
    wired.current?.terminal.focus();
  };
  return (
    <section class="term" aria-label="Terminal" hidden={!shown}>
      <header class="term-head">
        <TerminalIcon />
        <h2>
          Your computer<span>, played: the same line works in a terminal of your own</span>
        </h2>
        {over ? (
          <button type="button" class="term-btn" onClick={() => page.openTerminal(null)}>
            Start again
          </button>
        ) : (
          <Keys press={press} paste={(text) => wired.current?.terminal.paste(text)} />
        )}
        <button
          type="button"
          class="icon-btn"
          aria-label="Hide the terminal; it goes on"
          onClick={() => page.showTerminal(false)}
        >
          <DownIcon />
        </button>
        <button
          type="button"
          class="icon-btn"
          aria-label="Close the terminal, and end what runs in it"
          onClick={() => page.closeTerminal()}
        >
          <CloseIcon />
        </button>
      </header>
      <div class="term-box" ref={box} />
    </section>
  );
}

/** What a phone's keyboard doesn't have. */
function Keys({ press, paste }: { press: (text: string) => void; paste: (text: string) => void }) {
  const page = usePlayground();
  const fromClipboard = () =>
    navigator.clipboard.readText().then(paste, () => page.say('The browser did not give the clipboard.'));
  return (
    <>
      <button type="button" class="term-btn" onClick={() => void fromClipboard()}>
        Paste
      </button>
      <button type="button" class="term-btn" onClick={() => press(CTRL_C)}>
        Ctrl-C
      </button>
    </>
  );
}
