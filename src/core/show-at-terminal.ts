/** The password of a break-glass at the terminal where it was taken: for when no chat answers and no page can be reached. */

import { event } from './audit.js';
import type { RequestFacts } from './facts.js';
import { isJit } from './grant.js';
import { change, type Judged, refuse, whoActs } from './judged.js';
import type { Actor } from './people.js';
import { servedVersion, whyNotReveal } from './reveal.js';

/**
 * One showing, by the proof of the break-glass itself, which counts for no other.
 *
 * @param exposure a fresh id for the exposure.
 */
export function showAtTerminal(facts: RequestFacts, actor: Actor, exposure: string): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const cannot = whyNotReveal(facts, actor);
  if (cannot) return refuse(cannot);
  const { request, grant } = facts;
  const version = servedVersion(facts);
  const isTheirs = actor.via === 'cli' && request.kind === 'break-glass' && request.proof !== null;
  if (!isTheirs || facts.glassSpent || !grant || version === null) return refuse({ code: 'not-proven' });
  const { client, account, proof } = request;
  return {
    change: change(facts, {
      guards: [
        { noun: 'live-grant', id: grant.id },
        ...(isJit(grant) ? [] : [{ noun: 'secret', client, account, version } as const]),
      ],
      writes: [
        {
          put: 'exposure',
          row: {
            ...{ id: exposure, grant: grant.id, client, account, person: who.person.id },
            ...{ secretVersion: version, proof, at: facts.now },
          },
        },
      ],
      audit: [
        event(actor, client, 'secret.shown', grant.id, { account: `${client}/${account}`, version, proof }),
      ],
      notices: [{ about: 'request', id: request.id }],
    }),
  };
}
