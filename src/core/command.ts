/** Everything that can be wanted of Keyturn, and what can come of it. */

import type { ConfigurationCommand } from './apply.js';
import type { Ask } from './ask.js';
import type { SealedSecret } from './change.js';
import type { ChatIdentity, PersonId } from './people.js';
import type { Refusal } from './refusals.js';
import type { BrowserAsk, FreshLink } from './reveal.js';

/** What somebody wants done. Ids are opaque: everything behind them is looked up and authorised again. */
export type Command =
  | ({ readonly verb: 'ask' } & Ask)
  | { readonly verb: 'approve'; readonly id: string; readonly seconds?: number }
  | { readonly verb: 'deny'; readonly id: string; readonly reason: string }
  | { readonly verb: 'cancel' | 'return' | 'lapse' | 'expire'; readonly id: string }
  | { readonly verb: 'revoke'; readonly id: string; readonly reason: string }
  | ({ readonly verb: 'press-reveal' | 'press-new-secret'; readonly id: string } & {
      readonly link: FreshLink;
    })
  | { readonly verb: 'confirm-browser'; readonly link: string; readonly itIsMe: boolean }
  | { readonly verb: 'set-secret'; readonly sealed: SealedSecret }
  /** A chat account of one's own, met by e-mail, completed by one's factor. */
  | { readonly verb: 'complete-identity'; readonly identity: ChatIdentity }
  | { readonly verb: 'end-identity'; readonly identity: ChatIdentity }
  /** A lead settles an incident: the person it paused may act again. */
  | { readonly verb: 'resume'; readonly id: string }
  /** An authenticator for oneself (by a factor one has) or, as a lead, for somebody. */
  | { readonly verb: 'offer-factor'; readonly person: PersonId; readonly factor: string }
  | { readonly verb: 'end-factor'; readonly factor: string }
  /** `key`: the id of the master key that shall wrap the data keys; whoever is told that it is done wraps them. */
  | { readonly verb: 'rotate-keys'; readonly key: string }
  | ConfigurationCommand;

/** What a browser with a link wants; it has no name until the link's owner vouches for it. */
export type BrowserCommand =
  | ({ readonly verb: 'ask-browser' } & BrowserAsk)
  | { readonly verb: 'claim'; readonly browserHash: string }
  | { readonly verb: 'enter-new-secret'; readonly browserHash: string; readonly sealed: SealedSecret };

/** `confirm`: nothing is done yet; the person's factor is asked, and this is the proof that waits. */
export type Outcome =
  | { readonly done: string }
  | { readonly refused: Refusal }
  | { readonly confirm: string };
