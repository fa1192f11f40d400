/** What the page behind a link asks and hears: the one description for the server and the page's script. */

import type { Colour } from '../core/accounts.js';
import type { LinkPurpose } from '../core/link.js';

export interface LookAnswer {
  readonly client: string;
  readonly colour: Colour;
  readonly account: string;
  /** Whom the link is for. */
  readonly person: string;
  readonly purpose: LinkPurpose;
  readonly state: 'open' | 'asked' | 'confirmed';
  readonly expiresInSeconds: number;
  /** Null where the grant has no end ahead. */
  readonly grantEndsInSeconds: number | null;
}

export interface AskAnswer {
  /** Two digits, to be found again on a button in the owner's chat. */
  readonly number: string;
}

export interface StatusAnswer {
  readonly state: 'waiting' | 'confirmed';
  readonly expiresInSeconds: number;
}

export interface ClaimAnswer {
  readonly password: string;
  readonly username?: string;
  /** After so long the page hides it. */
  readonly secondsShown: number;
}

export interface EnterAnswer {
  readonly stored: true;
}

export interface LinkAnswers {
  readonly look: LookAnswer;
  readonly ask: AskAnswer;
  readonly status: StatusAnswer;
  readonly claim: ClaimAnswer;
  readonly enter: EnterAnswer;
}

/** Every "no": a refusal's code, or one of the page's own. */
export interface RefusedAnswer {
  readonly refused: string;
  readonly says: string;
  readonly reference?: string;
}
