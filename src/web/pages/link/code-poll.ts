/** Asks for codes when they are due: one question at a time, and not at once again where none came. */

import { type CodeAct, type Codes, dueAct } from './codes.js';

const RELAY_MS = 1_500;
const AGAIN_MS = 2_000;

export interface CodePoll {
  /** Called often; asks seldom. Null where there are no codes on the page. */
  keep(now: number, codes: Codes | null): void;
}

/** `ask` says whether an answer came. */
export function codePoll(ask: (act: CodeAct) => Promise<boolean>): CodePoll {
  let isAsking = false;
  let notBefore = 0;
  const askNow = async (act: CodeAct) => {
    isAsking = true;
    const came = await ask(act);
    isAsking = false;
    notBefore = Date.now() + (came ? (act === 'contact-code' ? RELAY_MS : 0) : AGAIN_MS);
  };
  return {
    keep(now, codes) {
      const act = codes && !isAsking && now >= notBefore ? dueAct(codes, now) : null;
      if (act !== null) void askNow(act);
    },
  };
}
