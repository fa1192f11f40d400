/** The seam behind which a key lives: a local one today, a cloud's key service another day. */

/** What a wrapped key belongs to. The same context is needed to unwrap it. */
export type KeyContext = Readonly<Record<string, string>>;

export interface KeyProvider {
  /** Tells which key wrapped a blob. Says nothing about the key itself. */
  readonly id: string;
  wrap(dataKey: Uint8Array, context: KeyContext): Promise<string>;
  /** Refuses a blob of another key, of another context, or altered. */
  unwrap(blob: string, context: KeyContext): Promise<Uint8Array>;
}

export interface KeyRing {
  /** Wraps, and unwraps. */
  readonly current: KeyProvider;
  /** Only unwrap, while rotating. */
  readonly old: readonly KeyProvider[];
}
