/** What can be lent: clients, the systems they have, and the privileged accounts on them. */

import type { PersonId } from './people.js';

export type Colour = 'red' | 'orange' | 'yellow' | 'green' | 'blue' | 'purple' | 'brown';

export interface Client {
  readonly id: string;
  readonly name: string;
  readonly engagement: 'managed' | 'co-managed';
  readonly colour: Colour;
  /** Group names and e-mails whose work this client is; empty means all staff. */
  readonly staff: readonly string[];
  /** E-mail domains that a co-managed client's own people have. */
  readonly domains: readonly string[];
}

export interface System {
  readonly client: string;
  readonly id: string;
  readonly type: string;
  /** Whatever the connector of this type needs; secrets are named (`vault`), never written here. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export type Delivery = 'reveal' | 'ssh' | 'sql' | 'aws-console' | 'elevate' | 'rdp';

/** A privileged account in custody. Its full name is `<client>/<id>`. */
export interface Account {
  readonly client: string;
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly system?: string;
  readonly username?: string;
  /** Tiers, group names and e-mails that may ask. */
  readonly mayRequest: readonly string[];
  readonly deliver: readonly Delivery[];
  readonly policy: string;
  /** Lent to one holder at a time. Defaults to true where ending a grant must change the password. */
  readonly exclusive: boolean;
  /** E-mail of the person who changes the password by hand; a lead where absent. */
  readonly owner?: string;
  readonly totp: boolean;
  readonly totpHeldBy?: 'contacts';
  /** How Keyturn changes the password by itself; absent where it can't, or leaves it to a person. */
  readonly rotate?: { readonly afterUse: boolean; readonly everySeconds?: number };
  /** The group that is lent. `own`: to the person's own login. `jit`: to one made for the grant. */
  readonly elevate?: { readonly group: string; readonly as: 'own' | 'jit' };
  /** Switched off while nobody has it; absent: left alone. */
  readonly atRest?: 'disabled';
  /** Everything else that was configured for this account, by its name in keyturn.yaml. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Under which name the vault keeps what Keyturn signs in with at a system: no account can be called so. */
export function systemAccount(system: string): string {
  return `system:${system}`;
}

/** `acme/front-desk`: what people type and what the audit trail says. */
export function fullName(account: Pick<Account, 'client' | 'id'>): string {
  return `${account.client}/${account.id}`;
}

/** One stored version of an account's password, without the password. */
export interface SecretVersion {
  readonly version: number;
  readonly by: PersonId | null;
  readonly at: Date;
}
