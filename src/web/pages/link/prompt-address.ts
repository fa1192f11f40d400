/** Duo's address, good for five minutes: fetched when it is first needed, and again before it gets too old. */

const FRESH_MS = 4 * 60_000;
/** Past this somebody who follows it would be turned away at Duo. */
const FOLLOWABLE_MS = 290_000;
const AGAIN_MS = 3_000;

export interface PromptAddress {
  /** `since`: how old the one on the page is, null where there is none. Called often; fetches seldom. */
  keep(now: number, since: number | null): void;
}

/** `fetchOne` says whether one came; `drop` takes one off the page that is too old. */
export function promptAddress(fetchOne: () => Promise<boolean>, drop: () => void): PromptAddress {
  let notBefore = 0;
  let fetching = false;
  const fetchNow = async () => {
    fetching = true;
    const came = await fetchOne();
    fetching = false;
    if (!came) notBefore = Date.now() + AGAIN_MS;
  };
  return {
    keep(now, since) {
      if (since !== null && now - since > FOLLOWABLE_MS) drop();
      if (fetching || now < notBefore) return;
      if (since === null || now - since > FRESH_MS) void fetchNow();
    },
  };
}
