/** What a fake Duo is made of, and what it tells those who start it. */

/** Duo's status of a user. `unenrolled` is known by name and has no device yet. */
export type UserStatus = 'active' | 'bypass' | 'disabled' | 'locked-out' | 'unenrolled';

/** `slow`: pushes arrive late. `off`: they never do, and time out. */
export type PhoneMode = 'on' | 'slow' | 'off';

/** A user, by Duo's own name for them, which Duo compares without regard to case. */
export interface DuoUser {
  readonly username: string;
  /** Left out: active. */
  readonly status?: UserStatus;
  /**
   * Verified push, as the policy of the user has it. `required` takes plain push away from clients that
   * don't announce support. Left out: offered.
   */
  readonly verifiedPush?: 'required' | 'offered' | 'off';
  /** Where the code is told: in preauth, or only in an intermediate auth_status. Left out: preauth. */
  readonly codeIn?: 'preauth' | 'status';
  /** False: enrolled with a token only, so no push can be sent. */
  readonly hasPhone?: boolean;
}

export interface FakeDuoOptions {
  /** 0 or left out: any free port. */
  readonly port?: number;
  readonly host?: string;
  readonly users: readonly DuoUser[];
  /** The Auth API application. */
  readonly authApi?: { readonly integrationKey: string; readonly secretKey: string };
  /** The Web SDK application. */
  readonly webSdk?: { readonly clientId: string; readonly clientSecret: string };
  /** Duo's New User Policy: what a name it has never heard gets. Left out: enroll, which is Duo's default. */
  readonly newUsers?: 'enroll' | 'deny' | 'allow';
  /** Milliseconds. Not for timers. */
  readonly clock?: () => number;
  /**
   * When a person has logged in, as tokens tell it; left out: `clock`. A Keyturn whose clock was wound on compares it
   * with its own, while signatures and certificates go by the real one.
   */
  readonly loginClock?: () => number;
  /** Duo gives a push 60 s. */
  readonly pushLifetimeMs?: number;
  /** Duo answers a long poll in which nothing happened with 40002. Left out: after 70 s, so never before the push ends. */
  readonly longPollMs?: number;
  /** How late a slow phone is. */
  readonly slowMs?: number;
  /** For a server that must not be trusted: its host names, or when its certificate ran out. */
  readonly certificate?: { readonly hosts?: readonly string[]; readonly expiresAt?: number };
}

/** One line of what the phone shows. */
export interface PushFact {
  readonly label: string;
  readonly value: string;
}

export type PushState = 'waiting' | 'allowed' | 'denied' | 'fraud' | 'timeout' | 'locked-out' | 'bypassed';

/** A push as the phone sees it. The verification code is not in it: a person reads it elsewhere and types it. */
export interface Push {
  readonly txid: string;
  readonly username: string;
  /** The headline, Duo's `type`. */
  readonly type: string;
  readonly facts: readonly PushFact[];
  readonly verified: boolean;
  readonly state: PushState;
  /** False while a slow phone has not got it yet, and for one that is off. */
  readonly arrived: boolean;
  readonly at: number;
  readonly expiresAt: number;
}

/** How the server fails instead of answering. */
export type Misbehaviour =
  | 'hang'
  | 'cut'
  | 'trickle'
  | { readonly status: number; readonly body?: unknown; readonly raw?: string | Uint8Array };

export interface CallRecord {
  readonly method: string;
  readonly path: string;
  /** Which signature came, where one did. */
  readonly signed: 'v2' | 'v5' | null;
  readonly params: Readonly<Record<string, string>>;
  readonly status: number;
}

export interface Change {
  readonly user: string;
}
