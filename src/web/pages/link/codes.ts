/** One-time codes beside the password, as far as they have come. Pure: no document, no clock, no network. */

import type {
  AskContactsAnswer,
  CodesOffer,
  ContactCodeAnswer,
  LiveCodeAnswer,
  RefusedAnswer,
} from '../../link-answers.js';

export interface Codes {
  readonly heldBy: CodesOffer['heldBy'];
  /** Keyturn's own code, and when it changes, on the page's own clock; null before the first. */
  readonly live: { readonly code: string; readonly until: number; readonly periodSeconds: number } | null;
  /** A contact's: nobody was asked, somebody is, nobody answered in time, or the code. */
  readonly relay: 'idle' | 'waiting' | 'over' | { readonly code: string };
  readonly asksLeft: number;
  /** What the server said to the last thing that was asked of it. */
  readonly trouble?: string;
}

export type CodeNews =
  | { readonly heard: 'live-code'; readonly answer: LiveCodeAnswer; readonly at: number }
  | { readonly heard: 'ask-contacts'; readonly answer: AskContactsAnswer }
  | { readonly heard: 'contact-code'; readonly answer: ContactCodeAnswer };

/** What a page asks about codes. */
export const CODE_ACTS = ['live-code', 'ask-contacts', 'contact-code'] as const;
export type CodeAct = (typeof CODE_ACTS)[number];

export function isCodeAct(act: string): act is CodeAct {
  return CODE_ACTS.some((one) => one === act);
}

export function firstCodes({ heldBy, asks }: CodesOffer): Codes {
  return { heldBy, live: null, relay: 'idle', asksLeft: asks };
}

export function nextCodes({ trouble: _, ...codes }: Codes, news: CodeNews): Codes {
  switch (news.heard) {
    case 'live-code': {
      const { code, secondsLeft, periodSeconds } = news.answer;
      return { ...codes, live: { code, until: news.at + secondsLeft * 1000, periodSeconds } };
    }
    case 'ask-contacts':
      return { ...codes, relay: 'waiting', asksLeft: news.answer.asksLeft };
    case 'contact-code': {
      const { answer } = news;
      // An answer that was under way when it was asked anew says nothing of the new asking.
      if (codes.relay !== 'waiting') return codes;
      const relay = answer.state === 'code' ? { code: answer.code } : answer.state;
      return { ...codes, relay, asksLeft: answer.asksLeft };
    }
  }
}

/** The server said no, and more codes may come all the same: what stands there then. */
export function codesAfterNo(codes: Codes, no: RefusedAnswer): Codes {
  const isLast = no.refused === 'asked-enough' || no.refused === 'nobody-gives';
  return { ...codes, trouble: no.says, ...(isLast ? { asksLeft: 0 } : {}) };
}

/** What has to be asked by now without anybody's pressing anything; null where nothing. */
export function dueAct({ heldBy, live, relay }: Codes, now: number): CodeAct | null {
  if (heldBy === 'keyturn') return live === null || now >= live.until ? 'live-code' : null;
  return relay === 'waiting' ? 'contact-code' : null;
}
