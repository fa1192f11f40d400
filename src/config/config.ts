/** The shape of a configuration that passed every check. Secrets are values of `Secret`, which never print. */

import type { DeclaredDirectory } from '../core/directory.js';
import type { Secret } from './secret.js';

export interface SlackWorkspace {
  /** `operator`, or the id of the client whose workspace this is. */
  readonly of: string;
  readonly team: string;
  readonly botToken: Secret;
  readonly signingSecret: Secret;
  /** Present: Socket Mode. Absent: HTTP at /slack/events/<team>. */
  readonly appToken?: Secret;
  readonly requestsChannel?: string;
  readonly alertsChannel?: string;
}

export interface TeamsTenant {
  readonly of: string;
  readonly tenant: string;
  readonly appId: string;
  readonly appPassword: Secret;
  readonly requestsChannel?: string;
  readonly alertsChannel?: string;
}

export interface MfaSettings {
  readonly order: readonly ('duo_push' | 'duo_universal' | 'totp')[];
  readonly duoPush?: {
    readonly host: string;
    readonly integrationKey: string;
    readonly secretKey: Secret;
    readonly verified: 'required' | 'when-offered' | 'never';
  };
  readonly duoUniversal?: { readonly host: string; readonly clientId: string; readonly clientSecret: Secret };
}

export interface Config {
  readonly operator: {
    readonly name: string;
    readonly timezone: string;
    readonly digest: { readonly at: string; readonly to: readonly string[] };
  };
  readonly chat: { readonly slack: readonly SlackWorkspace[]; readonly teams: readonly TeamsTenant[] };
  readonly mfa: MfaSettings | null;
  readonly directory: DeclaredDirectory;
}
