/** What can be wrong with keys and sealed secrets. None of these carries a secret, a key or a ciphertext. */

import type { SecretBinding } from './vault.js';

export class VaultError extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

export class MasterKeyError extends VaultError {
  constructor(setting: string, found: string) {
    super(
      `${setting} must be 32 random bytes in base64, and has ${found}. Make one with: openssl rand -base64 32`,
    );
  }
}

export class UnknownKeyError extends VaultError {
  constructor(
    readonly client: string,
    readonly keyId: string,
  ) {
    super(
      `The data key of client ${client} is wrapped with master key ${keyId}, which was not given. ` +
        'Set KEYTURN_MASTER_KEYS_OLD to that key, then run: keyturn key rotate',
    );
  }
}

export class WrappedKeyError extends VaultError {
  constructor(
    readonly client: string,
    readonly keyId: string,
    options?: ErrorOptions,
  ) {
    super(
      `The data key of client ${client} does not open with master key ${keyId}: it was altered, or moved from another client.`,
      options,
    );
  }
}

export class MissingDataKeyError extends VaultError {
  constructor(readonly client: string) {
    super(
      `Client ${client} has a sealed secret but no data key. Was the table of data keys restored with the rest?`,
    );
  }
}

export class SealError extends VaultError {
  constructor(
    readonly bound: SecretBinding,
    options?: ErrorOptions,
  ) {
    super(
      `The sealed secret at ${bound.client}/${bound.account}, version ${bound.version}, does not open there: ` +
        'it was altered, or moved from another client, account or version.',
      options,
    );
  }
}

export class RotationError extends VaultError {
  constructor(readonly client: string) {
    super(`The data key of client ${client} kept changing while it was re-wrapped. Run: keyturn key rotate`);
  }
}
