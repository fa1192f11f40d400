/** Where Duo sends the browser back to, with the state that we gave and a code that is spent at once. */

import { sayRefusal } from '../core/cards/say-refusal.js';
import type { Prover } from '../mfa/prover.js';
import type { Ctx } from './page-gate.js';
import { addressKey, RateLimit } from './rate-limit.js';
import { returnPage } from './return-page.js';

export const DUO_RETURN = '/mfa/duo/callback';

/** A GET that acts, because Duo comes back by one. Whoever brings no state of ours gets the same page, and nothing happens. */
export function duoReturn(prover: Pick<Prover, 'finish'>, depth: number) {
  const byAddress = new RateLimit(RATE);
  return async (c: Ctx): Promise<Response> => {
    if (byAddress.take(addressKey(c.env.incoming.socket.remoteAddress)) > 0)
      return c.html(returnPage({ ok: false, title: 'Too many at once', says: LATER, depth }), 429);
    const { facts, outcome } = await prover.finish(once(c, 'state'), once(c, 'duo_code'), once(c, 'error'));
    if (!facts)
      return c.html(returnPage({ ok: false, title: 'Nothing to confirm', says: STALE, depth }), 410);
    if ('refused' in outcome) {
      const says = sayRefusal(outcome.refused, facts.directory, facts.proof.client ?? '');
      return c.html(returnPage({ ok: false, title: 'Not confirmed', says, depth }), 403);
    }
    const says = facts.proof.via === 'web' ? GO_ON : DONE;
    return c.html(returnPage({ ok: true, title: 'Confirmed', says, depth }));
  };
}

/** As for the pages: many may share the address of an office, or of a proxy. */
const RATE = { burst: 500, perSecond: 50 };

const LATER = 'Many come back from Duo at this moment. Wait a little, then reload this page.';
const STALE = 'This address opens nothing any more. Go back to where you came from and start again.';
const GO_ON = 'You can close this tab: the one that you came from goes on by itself.';
const DONE = 'You can close this tab and go back to where you came from: the card there says what was done.';

/** Said twice is said not at all. */
function once(c: Ctx, name: string): string | null {
  const all = c.req.queries(name) ?? [];
  return all.length === 1 ? (all[0] as string) : null;
}
