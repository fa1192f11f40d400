/** The terminal in which a recording plays, or a session is followed: asciinema-player, from our own files. */

import { create, type Player } from 'asciinema-player';

export interface Terminal {
  /** Where it stands, in seconds. */
  at(): number;
  dispose(): void;
}

const LOOK = {
  fit: 'width',
  theme: 'asciinema',
  terminalFontFamily: '"SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
} as const;

/** A whole cast, from `startAt` on, so many times as fast. Long pauses are shortened. */
export function playCast(into: HTMLElement, cast: string, startAt: number, speed: number): Terminal {
  const player = create({ data: cast }, into, {
    ...LOOK,
    ...{ controls: true, autoPlay: true, idleTimeLimit: 2, preload: true, startAt, speed },
  });
  return terminal(player);
}

/** A session that goes on: what came before stands there at once, and what comes is shown as it comes. */
export interface LiveTerminal extends Terminal {
  /** Whole lines of a cast. */
  feed(lines: string): void;
  end(): void;
}

type Dispatch = (event: string, data?: unknown) => void;

export function followCast(into: HTMLElement): LiveTerminal {
  let dispatch: Dispatch | null = null;
  let early = '';
  let seconds = 0;
  const show = (lines: string) => {
    for (const line of lines.split('\n')) if (line !== '') showLine(line);
  };
  const showLine = (line: string) => {
    const read = JSON.parse(line) as { width: number; height: number } | [number, string, string];
    if (!Array.isArray(read)) return dispatch?.('reset', { size: { cols: read.width, rows: read.height } });
    const [at, code, data] = read;
    seconds = at;
    if (code === 'o') dispatch?.('output', data);
    if (code === 'r') dispatch?.('resize', sizeOf(data));
  };
  const driver = (core: { readonly dispatch: Dispatch }) => ({
    play() {
      dispatch = core.dispatch;
      dispatch('play');
      dispatch('playing');
      show(early);
      early = '';
      return true;
    },
    stop() {},
    getTiming: () => ({ time: seconds, rate: 0, sampledAt: performance.timeOrigin + performance.now() }),
  });
  const player = create(driver as never, into, { ...LOOK, controls: false, autoPlay: true });
  return {
    ...terminal(player),
    feed(lines) {
      if (dispatch) show(lines);
      else early += lines;
    },
    end: () => dispatch?.('ended', { message: 'The session is over' }),
  };
}

function sizeOf(data: string) {
  const [cols = 80, rows = 24] = data.split('x').map(Number);
  return { cols, rows };
}

function terminal(player: Player): Terminal {
  return { at: () => player.getCurrentTime(), dispose: () => player.dispose() };
}
