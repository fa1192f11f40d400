/** One terminal of xterm.js, joined to the newcomer's played computer. */

import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import { type HandedLine, TERMINAL_PATH, type TerminalWord } from '../../terminal-contract.js';
import { withStyleSheets } from './style-sheets.js';

export interface Wired {
  readonly terminal: Terminal;
  /** Types it, as the keyboard would. */
  type(text: string): void;
  close(): void;
}

const THEME = {
  background: '#0d1f1d',
  foreground: '#e4ece9',
  cursor: '#e9b44c',
  cursorAccent: '#0d1f1d',
  selectionBackground: '#2f5a55',
};
const FONT = 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace';

/** Draws it into `box` and connects. @param onEnd told once nothing more comes. */
export function wire(box: HTMLElement, handed: HandedLine | null, onEnd: () => void): Wired {
  const terminal = new Terminal({
    ...{ fontFamily: FONT, fontSize: innerWidth < 821 ? 12 : 13.5, lineHeight: 1.15, theme: THEME },
    ...{ cursorBlink: true, scrollback: 3_000 },
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  withStyleSheets(() => terminal.open(box));
  // Tab leads on to the next control, as everywhere on the page.
  terminal.attachCustomKeyEventHandler((event) => event.key !== 'Tab');
  fit.fit();
  const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}${TERMINAL_PATH}`);
  socket.binaryType = 'arraybuffer';
  const send = (word: TerminalWord) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(word));
  };
  const size = () => ({ columns: terminal.cols, rows: terminal.rows });
  const type = (text: string) => send({ kind: 'type', text });
  socket.onopen = () => send({ kind: 'start', handed, ...size() });
  socket.onmessage = ({ data }) => terminal.write(new Uint8Array(data as ArrayBuffer));
  socket.onclose = onEnd;
  terminal.onData(type);
  terminal.onResize(() => send({ kind: 'size', ...size() }));
  const watch = new ResizeObserver(() => box.clientHeight > 0 && fit.fit());
  watch.observe(box);
  return {
    ...{ terminal, type },
    close: () => {
      watch.disconnect();
      socket.onclose = null;
      socket.close();
      terminal.dispose();
    },
  };
}
