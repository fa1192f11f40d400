/** Everything that can be wanted of Keyturn, and what can come of it. */

import type { ConfigurationCommand } from './apply.js';
import type { Ask } from './ask.js';
import type { SealedSecret } from './change.js';
import type { BrowserAsk } from './entrance.js';
import type { More } from './extend.js';
import type { Leave } from './leave.js';
import type { SweepCommand } from './offboard.js';
import type { ChatIdentity, PersonId } from './people.js';
import type { Refusal } from './refusals.js';
import type { ReportCommand } from './report.js';
import type { FreshLink } from './reveal.js';
import type { OfferedKey } from './ssh-key.js';
import type { FreshTicket } from './ticket.js';

/** What somebody wants done. Ids are opaque: everything behind them is looked up and authorised again. */
export type Command =
  | ({ readonly verb: 'ask' } & Ask)
  /** Access at once; nobody is asked. */
  | ({ readonly verb: 'break-glass' } & Ask)
  | {
      readonly verb: 'review';
      readonly id: string;
      readonly verdict: 'justified' | 'misuse';
      readonly note: string;
    }
  /** A lead lets somebody break glass once more although a review is late. */
  | { readonly verb: 'allow-glass' | 'remind-review' | 'show-at-terminal'; readonly id: string }
  | { readonly verb: 'approve'; readonly id: string; readonly seconds?: number }
  /** More time of a grant that one holds. */
  | ({ readonly verb: 'extend'; readonly id: string } & More)
  | { readonly verb: 'deny'; readonly id: string; readonly reason: string }
  | { readonly verb: 'cancel' | 'return' | 'lapse' | 'expire' | 'escalate'; readonly id: string }
  | { readonly verb: 'revoke'; readonly id: string; readonly reason: string }
  | ({ readonly verb: 'press-reveal' | 'press-new-secret'; readonly id: string } & {
      readonly link: FreshLink;
    })
  /** Opens the way to a session, for ten minutes. */
  | { readonly verb: 'press-connect'; readonly id: string; readonly ticket: FreshTicket }
  /** A lead has one session ended; `id` is the session's. */
  | { readonly verb: 'end-session'; readonly id: string }
  /** A public key for oneself. */
  | { readonly verb: 'add-ssh-key'; readonly key: OfferedKey }
  | { readonly verb: 'end-ssh-key'; readonly key: string }
  | { readonly verb: 'confirm-browser'; readonly link: string; readonly itIsMe: boolean }
  | { readonly verb: 'set-secret'; readonly sealed: SealedSecret }
  /** A client's contact answers an asking for a one-time code; the code itself comes sealed. */
  | { readonly verb: 'give-code'; readonly ask: string; readonly sealed: string }
  /** A chat account of one's own, met by e-mail, completed by one's factor. */
  | { readonly verb: 'complete-identity'; readonly identity: ChatIdentity }
  | { readonly verb: 'end-identity'; readonly identity: ChatIdentity }
  /** A lead settles an incident: the person it paused may act again. */
  | { readonly verb: 'resume'; readonly id: string }
  /** An authenticator for oneself (by a factor one has) or, as a lead, for somebody. */
  | { readonly verb: 'offer-factor'; readonly person: PersonId; readonly factor: string }
  | { readonly verb: 'end-factor'; readonly factor: string }
  /** `key`: the id of the master key that shall wrap the data keys; whoever is told that it is done wraps them. */
  /** A lead has an account's password changed at its system, now. `insists`: they have read what hangs on it. */
  | { readonly verb: 'rotate'; readonly client: string; readonly account: string; readonly insists: boolean }
  | { readonly verb: 'rotate-keys'; readonly key: string }
  | ReportCommand
  | SweepCommand
  | ({ readonly verb: 'leave'; readonly person: PersonId } & Leave)
  | { readonly verb: 'finish-sweep'; readonly id: string }
  | ConfigurationCommand;

/** What a browser with a link wants; it has no name until the link's owner vouches for it. */
export type BrowserCommand =
  | ({ readonly verb: 'ask-browser' } & BrowserAsk)
  | { readonly verb: 'claim'; readonly browserHash: string }
  /** After the showing: a one-time code of the client's contacts', asked for and taken. */
  | { readonly verb: 'ask-contacts' | 'take-code'; readonly browserHash: string }
  | { readonly verb: 'enter-new-secret'; readonly browserHash: string; readonly sealed: SealedSecret };

/** `confirm`: nothing is done yet; the person's factor is asked, and this is the proof that waits. */
export type Outcome =
  | { readonly done: string }
  | { readonly refused: Refusal }
  | { readonly confirm: string };
