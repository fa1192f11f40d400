/** What the page that sets up an authenticator asks and hears: the one description for the server and the page's script. */

export interface EnrolLookAnswer {
  /** Whose authenticator it becomes. */
  readonly person: string;
  readonly operator: string;
  readonly expiresInSeconds: number;
}

/** Each form of the key is as secret as the other. Nothing counts before a first code of it was right. */
export interface EnrolBeginAnswer {
  /** An SVG of paths or rectangles, drawn by the server. */
  readonly qrSvg: string;
  /** Base32, for typing by hand. */
  readonly secret: string;
  /** What the authenticator is to call it. */
  readonly account: string;
  readonly issuer: string;
}

export interface EnrolTryAnswer {
  readonly enrolled: true;
}

export interface EnrolAnswers {
  readonly look: EnrolLookAnswer;
  readonly begin: EnrolBeginAnswer;
  readonly try: EnrolTryAnswer;
}
