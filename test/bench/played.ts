/** What a played chat in a process of its own is asked and tells: both chats alike. */

/** A method of the fake, by name: `slash`, `click`, `says`, `presses`. */
export interface Asked {
  readonly number: number;
  readonly act: string;
  readonly given: readonly unknown[];
}

export interface Answered {
  readonly number: number;
  readonly ok: boolean;
  readonly says: string;
}

/** A message was changed: where it stands, and the bytes that a bare client would send to do the same. */
export interface Updated {
  readonly workspace: string;
  readonly channel: string;
  readonly message: string;
  readonly body: string;
}

export type Told = { readonly answered: Answered } | { readonly updated: Updated };

type Acts = Readonly<Record<string, (...given: never[]) => Promise<{ ok: boolean; error?: string }>>>;

export const tell = (told: Told) => process.send?.(told);

/** Does what the parent asks, with the fake's own hands. */
export function obey(acts: Acts): void {
  process.on('message', async ({ number, act, given }: Asked) => {
    try {
      const seen = await (acts[act] as Acts[string])(...(given as never[]));
      tell({ answered: { number, ok: seen.ok, says: seen.error ?? '' } });
    } catch (error) {
      tell({ answered: { number, ok: false, says: String(error) } });
    }
  });
  process.on('disconnect', () => process.exit(0));
}
