/** What the process is told by its environment: where things are, and the keys. The file says everything else. */

import type { Fault } from './fault.js';
import { masterKeyFault, oldKeysFault } from './keys.js';
import { Secret } from './secret.js';
import { readTestEndpoints, type TestEndpoints, type VariableReader } from './test-endpoints.js';
import { readVariable, type VariableFault, type Variables } from './variables.js';

export type { TestEndpoints };

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** What every verb that opens the database needs. */
export interface DatabaseEnvironment {
  /** Path of keyturn.yaml. Absent: `start` refuses, other verbs may take a path. */
  readonly configPath?: string;
  /** Absent: the embedded database in ./.keyturn/. */
  readonly databaseUrl?: Secret;
  /** The owner's connection for migrations, where it is another than the product's. */
  readonly migrationDatabaseUrl?: Secret;
  /** A connection past a pooler, for LISTEN. */
  readonly databaseListenUrl?: Secret;
  readonly logLevel: (typeof levels)[number];
  readonly testEndpoints: TestEndpoints;
}

/** What `start` and whatever handles secrets or links need besides. */
export interface Environment extends DatabaseEnvironment {
  /** 32 bytes in base64. */
  readonly masterKey: Secret;
  /** Keys that may still unwrap while the master key is being rotated. */
  readonly oldMasterKeys: readonly Secret[];
  /** Origin without a slash at its end: https, or http on loopback. */
  readonly publicUrl: string;
  readonly port: number;
  readonly adminPort: number;
  /** Where the metrics listen: loopback unless ADMIN_HOST says otherwise. */
  readonly adminHost: string;
  readonly sshPort: number;
}

type Read<Kind> = { readonly environment: Kind } | { readonly faults: readonly Fault[] };

/** Everything that the running service needs, or every fault at once, each with what to do. Never throws. */
export function readEnvironment(variables: Variables): Read<Environment> {
  const reader = new Reader(variables);
  const environment = {
    ...databasePart(reader),
    masterKey: reader.masterKey(),
    oldMasterKeys: reader.oldMasterKeys(),
    publicUrl: reader.publicUrl(),
    ...reader.ports(),
    adminHost: reader.text('ADMIN_HOST') ?? '127.0.0.1',
  };
  return reader.faults.length > 0 ? { faults: reader.faults } : { environment };
}

/** What verbs that need neither key nor address read (`migrate`, `plan`, `check`, `report`). Never throws. */
export function readDatabaseEnvironment(variables: Variables): Read<DatabaseEnvironment> {
  const reader = new Reader(variables);
  const environment = databasePart(reader);
  return reader.faults.length > 0 ? { faults: reader.faults } : { environment };
}

function databasePart(reader: Reader): DatabaseEnvironment {
  const configPath = reader.text('KEYTURN_CONFIG');
  const databaseUrl = reader.database('DATABASE_URL');
  const migrationDatabaseUrl = reader.database('MIGRATION_DATABASE_URL');
  const databaseListenUrl = reader.database('DATABASE_LISTEN_URL');
  if (databaseUrl === undefined) {
    if (migrationDatabaseUrl !== undefined) reader.needsDatabase('MIGRATION_DATABASE_URL');
    if (databaseListenUrl !== undefined) reader.needsDatabase('DATABASE_LISTEN_URL');
  }
  return {
    ...(configPath !== undefined && { configPath }),
    ...(databaseUrl !== undefined && { databaseUrl }),
    ...(migrationDatabaseUrl !== undefined && { migrationDatabaseUrl }),
    ...(databaseListenUrl !== undefined && { databaseListenUrl }),
    logLevel: reader.logLevel(),
    testEndpoints: readTestEndpoints(reader),
  };
}

/** Reads variables one by one and keeps what is wrong with them. A fault leaves a harmless value behind. */
class Reader implements VariableReader {
  readonly faults: Fault[] = [];
  readonly #variables: Variables;

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  /** The text of a variable, or undefined when it is unset or empty. */
  text(name: string): string | undefined {
    const value = Object.hasOwn(this.#variables, name) ? this.#variables[name]?.trim() : undefined;
    return value === '' ? undefined : value;
  }

  /** The same for what may also stand in a file, as secrets do. A value that spaces surround is trimmed. */
  textOrFile(name: string): string | undefined {
    const variable = readVariable(this.#variables, name);
    if ('fault' in variable) this.refuse(name, variable.fault);
    const value = 'value' in variable ? variable.value.trim() : '';
    return value === '' ? undefined : value;
  }

  refuse(path: string, { message, remedy }: VariableFault): void {
    this.faults.push({ path, message, remedy });
  }

  database(name: string): Secret | undefined {
    const url = this.textOrFile(name);
    if (url === undefined) return undefined;
    if (!/^postgres(?:ql)?:\/\/./.test(url) || !URL.canParse(url)) {
      const message = `${name} is not a postgres:// address.`;
      this.refuse(name, { message, remedy: 'Write it like postgres://keyturn:…@db.example:5432/keyturn.' });
    }
    return new Secret(url);
  }

  needsDatabase(name: string): void {
    const message = `${name} is set, but DATABASE_URL is not.`;
    this.refuse(name, { message, remedy: `Set DATABASE_URL, or unset ${name}.` });
  }

  masterKey(): Secret {
    const before = this.faults.length;
    const key = this.textOrFile('KEYTURN_MASTER_KEY');
    // A file that can't be read is told already.
    const fault = this.faults.length > before ? undefined : masterKeyFault(key);
    if (fault !== undefined) this.refuse('KEYTURN_MASTER_KEY', fault);
    return new Secret(key ?? '');
  }

  oldMasterKeys(): Secret[] {
    const held = this.textOrFile('KEYTURN_MASTER_KEYS_OLD');
    const keys = (held ?? '').split(',').map((key) => key.trim());
    const old = keys.filter((key) => key !== '');
    const fault = oldKeysFault(old, this.#secretQuietly('KEYTURN_MASTER_KEY'));
    if (fault !== undefined) this.refuse('KEYTURN_MASTER_KEYS_OLD', fault);
    return old.map((key) => new Secret(key));
  }

  #secretQuietly(name: string): string | undefined {
    const variable = readVariable(this.#variables, name);
    return 'value' in variable ? variable.value.trim() : undefined;
  }

  publicUrl(): string {
    const text = this.text('PUBLIC_URL');
    const fault = publicUrlFault(text);
    if (fault !== undefined) this.refuse('PUBLIC_URL', fault);
    return fault === undefined && text !== undefined ? new URL(text).origin : '';
  }

  ports() {
    const port = this.#port('PORT', 3000);
    const adminPort = this.#port('ADMIN_PORT', 9090);
    const sshPort = this.#port('SSH_PORT', 2222);
    const chosen = [port, adminPort, sshPort].filter((number) => number !== 0);
    if (new Set(chosen).size < chosen.length) {
      const message = 'PORT, ADMIN_PORT and SSH_PORT must differ.';
      this.refuse('PORT', {
        message,
        remedy: 'Give each a number of its own (3000, 9090 and 2222 unless set).',
      });
    }
    return { port, adminPort, sshPort };
  }

  #port(name: string, otherwise: number): number {
    const text = this.text(name);
    if (text === undefined) return otherwise;
    const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
    if (number <= 65_535) return number;
    const remedy = `Write a number up to 65535, or unset it for ${otherwise}.`;
    this.refuse(name, { message: `${name} is not a port: ${JSON.stringify(text)}.`, remedy });
    return otherwise;
  }

  logLevel(): (typeof levels)[number] {
    const text = this.text('LOG_LEVEL') ?? 'info';
    const level = levels.find((it) => it === text);
    if (level !== undefined) return level;
    const message = `LOG_LEVEL can’t be ${JSON.stringify(text)}.`;
    this.refuse('LOG_LEVEL', { message, remedy: `Write one of: ${levels.join(', ')}.` });
    return 'info';
  }
}

function publicUrlFault(text: string | undefined): VariableFault | undefined {
  const example =
    'Write the address at which browsers reach Keyturn, such as https://keyturn.northwind.example.';
  if (text === undefined) return { message: 'PUBLIC_URL is not set.', remedy: example };
  if (!URL.canParse(text)) return { message: 'PUBLIC_URL is not an address.', remedy: example };
  const url = new URL(text);
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    const message = 'PUBLIC_URL must begin with https://, since secrets are shown there.';
    return { message, remedy: `${example} http:// is for localhost alone.` };
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') {
    return { message: 'PUBLIC_URL has more than a host in it.', remedy: example };
  }
  return undefined;
}
