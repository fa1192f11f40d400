/** What a verb is told, and what a verb is. */

export interface Args {
  /** What follows the verb. */
  readonly words: readonly string[];
  readonly local: boolean;
  /** The e-mail of whoever does it. */
  readonly as: string | undefined;
  /** Path of keyturn.yaml, instead of KEYTURN_CONFIG. */
  readonly config: string | undefined;
  /** The factor to ask, instead of one's first. */
  readonly by: string | undefined;
  /** The digits of an authenticator, for scripts. */
  readonly code: string | undefined;
  /** The first day of a report, or of an export. */
  readonly from: string | undefined;
  /** The seed of one-time codes, rather than a password. */
  readonly totp: boolean;
  /** Path of a PNG picture with the QR code of such a seed. */
  readonly qr: string | undefined;
  /** A report as CSV. */
  readonly csv: boolean;
  /** The one chain of the audit trail that is exported. */
  readonly chain: string | undefined;
  /** Who takes over from somebody who leaves; the last day of a report, or of an export. */
  readonly to: string | undefined;
  /** What would be asked at the terminal is answered with yes. */
  readonly yes: boolean;
}

/** A verb: 0 when all is well, 1 when it found something wrong. */
export type Verb = (args: Args) => Promise<number>;
