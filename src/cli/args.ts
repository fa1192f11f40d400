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
}

/** A verb: 0 when all is well, 1 when it found something wrong. */
export type Verb = (args: Args) => Promise<number>;
