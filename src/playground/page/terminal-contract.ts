/** What the page's terminal and the newcomer's played computer say to each other, over a WebSocket. */

/** What stands on a card, handed over so that nobody has to copy it. */
export interface HandedLine {
  /** `ssh -p 2222 G-8F3KQ2@127.0.0.1`, or a line of psql. */
  readonly line: string;
  readonly ticket: string | null;
  /** `SHA256:…`. */
  readonly hostKey: string | null;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** As JSON; the first is a `start`. What comes back is bytes to show. */
export type TerminalWord =
  | ({ readonly kind: 'start'; readonly handed: HandedLine | null } & TerminalSize)
  | { readonly kind: 'type'; readonly text: string }
  | ({ readonly kind: 'size' } & TerminalSize);

export const TERMINAL_PATH = '/play/terminal';
