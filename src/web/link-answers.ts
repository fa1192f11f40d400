/** What the page behind a link asks and hears: the one description for the server and the page's script. */

import type { Colour } from '../core/accounts.js';
import type { CodesHeldBy } from '../core/code-window.js';
import type { LinkPurpose } from '../core/link.js';
import type { ReportPage } from '../core/report-page.js';

export interface LookAnswer {
  readonly client: string;
  /** `own`: of no client, but of the operator. */
  readonly colour: Colour | 'own';
  readonly account: string;
  /** Whom the link is for. */
  readonly person: string;
  readonly purpose: LinkPurpose | 'report' | 'sessions';
  readonly state: 'open' | 'asked' | 'confirmed';
  readonly expiresInSeconds: number;
  /** Null where the grant has no end ahead. */
  readonly grantEndsInSeconds: number | null;
}

/** How the holder is asked now; drawn anew from every status. */
export type Confirm =
  /** No factor is due: the button with this number, in one's own chat. */
  | { readonly by: 'chat'; readonly number: string }
  /** The factor is being asked for; nothing to see yet. `later`: the phone was asked a moment ago and rings in its turn. */
  | { readonly by: 'asking'; readonly later?: string }
  /** `code`: to be typed into the phone. Where the phone takes none, it shows `number`, to be compared. */
  | { readonly by: 'push'; readonly number: string; readonly code: string | null }
  /** Duo's own page, in a new tab. */
  | { readonly by: 'prompt' }
  /** The digits of one's authenticator, typed here. */
  | { readonly by: 'code'; readonly digits: number }
  /** It came to nothing: the sentence that says why, and whether asking again makes sense. */
  | { readonly by: 'over'; readonly says: string; readonly again: boolean };

/** Also what follows when the holder asks again, or wants to be asked in another way. */
export interface AskAnswer {
  readonly confirm: Confirm;
  /** Whether the holder has another way. */
  readonly another: boolean;
}

export interface StatusAnswer extends AskAnswer {
  readonly state: 'waiting' | 'confirmed';
  readonly expiresInSeconds: number;
}

export interface CodeAnswer {
  readonly state: 'confirmed';
}

export interface PromptAnswer {
  /** A fresh address at Duo, good for five minutes. */
  readonly url: string;
}

export interface ClaimAnswer {
  readonly password: string;
  readonly username?: string;
  /** After so long the page hides it. */
  readonly secondsShown: number;
  /** Where the account signs in with one-time codes too: who makes them, and how long they are to be had here. */
  readonly codes?: CodesOffer;
}

export interface CodesOffer {
  readonly heldBy: CodesHeldBy;
  readonly endsInSeconds: number;
  /** How often the client's contacts can be asked; 0 where Keyturn makes the codes. */
  readonly asks: number;
}

export interface LiveCodeAnswer {
  readonly code: string;
  /** Until the next code. */
  readonly secondsLeft: number;
  readonly periodSeconds: number;
  /** Until there are no more codes here. */
  readonly endsInSeconds: number;
}

export interface AskContactsAnswer {
  readonly asksLeft: number;
  readonly endsInSeconds: number;
}

/** `over`: nobody answered in time, or it was asked anew elsewhere. */
export type ContactCodeAnswer =
  | { readonly state: 'waiting' | 'over'; readonly asksLeft: number; readonly endsInSeconds: number }
  /** Handed over once: the server has it no more. */
  | {
      readonly state: 'code';
      readonly code: string;
      readonly asksLeft: number;
      readonly endsInSeconds: number;
    };

export interface EnterAnswer {
  readonly stored: true;
}

export interface ReportAnswer extends ReportPage {
  /** So long this browser may read on. */
  readonly expiresInSeconds: number;
}

export interface LinkAnswers {
  readonly look: LookAnswer;
  readonly ask: AskAnswer;
  readonly status: StatusAnswer;
  readonly code: CodeAnswer;
  readonly prompt: PromptAnswer;
  readonly another: AskAnswer;
  readonly claim: ClaimAnswer;
  readonly 'live-code': LiveCodeAnswer;
  readonly 'ask-contacts': AskContactsAnswer;
  readonly 'contact-code': ContactCodeAnswer;
  readonly enter: EnterAnswer;
  readonly report: ReportAnswer;
}

/** Every "no": a refusal's code, or one of the page's own. */
export interface RefusedAnswer {
  readonly refused: string;
  readonly says: string;
  readonly reference?: string;
}
