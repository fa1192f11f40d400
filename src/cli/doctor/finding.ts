/** One line of what `doctor` prints: all is well, or what to do. */

export interface Finding {
  readonly ok: boolean;
  readonly says: string;
}

/** Nothing to do here. */
export const good = (says: string): Finding => ({ ok: true, says });

/** Something is wrong; `says` ends with what to do about it. */
export const bad = (says: string): Finding => ({ ok: false, says });
