/** What the page of recorded sessions asks and hears besides the steps at its door: the one description for the server and the page's script. */

import type { SessionLine } from '../core/recording-page.js';

/** What is looked for; null for everything. */
export interface SessionsAsked {
  readonly from: string | null;
  readonly to: string | null;
  /** A client's id, a person's. */
  readonly client: string | null;
  readonly person: string | null;
  readonly words: string | null;
}

export interface Choice {
  readonly id: string;
  readonly name: string;
}

export interface HitLine {
  readonly line: SessionLine;
  readonly channel: number;
  /** Since the channel began. */
  readonly seconds: number;
  readonly before: string;
  readonly match: string;
  readonly after: string;
}

export interface SessionsAnswer {
  readonly from: string;
  readonly to: string;
  readonly clients: readonly Choice[];
  /** Empty where only one's own are shown. */
  readonly people: readonly Choice[];
  readonly says: string;
  readonly lines: readonly SessionLine[];
  /** Null where nothing was searched. */
  readonly hits: readonly HitLine[] | null;
  readonly expiresInSeconds: number;
}

export interface OpenedAnswer {
  readonly line: SessionLine;
  readonly channels: readonly {
    readonly channel: number;
    readonly kind: 'shell' | 'exec' | 'sftp';
    readonly command: string | null;
    readonly when: string;
    readonly lasted: string | null;
    readonly exitCode: number | null;
  }[];
  readonly files: readonly { readonly when: string; readonly says: string }[];
  readonly more: boolean;
  /** May follow it now, and end it. */
  readonly isLead: boolean;
}

/** One line of a playing; `text` is whole lines of a cast, and empty while nothing new comes. */
export type PlayPart =
  | { readonly text: string }
  | { readonly verdict: 'matches' | 'differs' | 'not-on-trail' | 'broken-off'; readonly says: string };

export interface SessionsAnswers {
  readonly sessions: SessionsAnswer;
  readonly open: OpenedAnswer;
  readonly end: { readonly ending: true };
}
