/** What the bastion asks of the rest of Keyturn: whom it lets in, where to, what it writes down and when it cuts. */

import type { Secret } from '../config/secret.js';

/** How somebody says that they are the holder: a ticket typed as password, or a key of theirs that is registered. */
export type Credential =
  | { readonly kind: 'ticket'; readonly ticket: string }
  /** `SHA256:…` of a key whose signature the bastion has verified. */
  | { readonly kind: 'key'; readonly fingerprint: string };

export interface Opening {
  /** As typed before the @: `G-8F3KQ2`, in any case. */
  readonly grant: string;
  readonly credential: Credential;
  /** Where the connection comes from. */
  readonly address: string;
}

/** Where an admitted connection leads, and under which rules. */
export interface Passage {
  /** `X-…`: this connection, on record. */
  readonly session: string;
  readonly grant: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** Its password, or its private key in PEM form. */
  readonly secret: Secret;
  /** `SHA256:…` of the target's host key: another one is refused. */
  readonly hostKey: string;
  /** Only what the account allows; agent and X11 forwarding never. */
  readonly portForwarding: boolean;
  /** Without a byte in either direction for so long it ends. */
  readonly idleSeconds: number;
  readonly recorder: Recorder;
}

/** Why a session is over, as it stands on record. */
export type SessionEnd =
  | 'left'
  | 'target-left'
  | 'grant-over'
  | 'ended-by-lead'
  | 'idle'
  | 'not-recordable'
  | 'recording-full'
  | 'bastion-stopped'
  | 'target-refused'
  | 'wrong-host-key';

export interface Gate {
  /** Null for whatever is wrong: one refusal for all of it. A ticket is spent by it. */
  admit(opening: Opening): Promise<Passage | null>;
  /** Whether this key is registered for whoever holds this grant, asked before its owner has signed anything; says nothing else. */
  knowsKey(grant: string, fingerprint: string): Promise<boolean>;
  /** Calls `cut` once, within a second of the grant's end or of a lead's word, on whichever replica that was said. Returns what stops watching. */
  watch(session: string, cut: (why: SessionEnd) => void): () => void;
  /** The connection is over, its recording closed. Repeated, it does nothing. */
  ended(session: string, why: SessionEnd): Promise<void>;
  /** The target showed other keys than the one it should, at most one of each kind: the leads hear of it. */
  wrongHostKey(session: string, shown: readonly string[]): Promise<void>;
}

/** What one connection shows its user, written down as it happens. */
export interface Recorder {
  /** A channel begins: a shell or a command of this size. Returns where its output goes. */
  channel(what: {
    readonly kind: 'shell' | 'exec' | 'sftp';
    readonly command: string | null;
    readonly columns: number;
    readonly rows: number;
  }): ChannelRecorder;
  /** Null while there is room for more; otherwise resolves once there is. Who goes on without waiting makes it fail. */
  room?(): Promise<void> | null;
  /** Nothing more comes; resolves when all of it is kept, and rejects where it can't be. */
  close(): Promise<void>;
  /** It can't be written: the session has to end at once. */
  readonly failed: Promise<never>;
}

/** What was done to a file, by its name and size: `write /tmp/dump.sql 2048`. Of what is in it, nothing. */
export interface FileOperation {
  readonly act:
    | 'read'
    | 'write'
    | 'remove'
    | 'rename'
    | 'mkdir'
    | 'rmdir'
    | 'link'
    | 'chmod'
    | 'chown'
    | 'truncate';
  readonly path: string;
  /** What was moved, or what it was cut to; null where that isn’t known. */
  readonly bytes: number | null;
  /** Its new name, what it leads to, its new mode or its new owner. */
  readonly to?: string;
}

/** Thrown where a session has shown as much as is recorded of one. */
export class RecordingFull extends Error {
  override readonly name = 'RecordingFull';
}

export interface ChannelRecorder {
  /** @throws RecordingFull; nothing of it is written down then. */
  output(data: Uint8Array): void;
  resize(columns: number, rows: number): void;
  file(operation: FileOperation): void;
  end(exitCode: number | null): void;
}
