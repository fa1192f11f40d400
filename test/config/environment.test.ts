import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { readDatabaseEnvironment, readEnvironment } from '../../src/config/environment.js';
import { printFaults } from '../../src/config/fault.js';
import type { Variables } from '../../src/config/variables.js';
import { Authority } from '../../src/playground/duo/certificates.js';

const key = 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQGnPFqKz0Hd8=';
const other = 'aL9dS1vXc0Yw2m5rT8uQkZ4nB7eHj3GfVpWxRyKtNsM=';
const good: Variables = { KEYTURN_MASTER_KEY: key, PUBLIC_URL: 'https://keyturn.northwind.example/' };

function told(variables: Variables): string {
  const read = readEnvironment(variables);
  return 'faults' in read ? printFaults(read.faults) : '';
}

function read(variables: Variables) {
  const result = readEnvironment(variables);
  if ('faults' in result) throw new Error(printFaults(result.faults));
  return result.environment;
}

test('A key and an address are enough; the rest has its usual value', () => {
  const environment = read(good);
  expect(environment).toMatchObject({
    publicUrl: 'https://keyturn.northwind.example',
    port: 3000,
    adminPort: 9090,
    adminHost: '127.0.0.1',
    sshPort: 2222,
    logLevel: 'info',
    oldMasterKeys: [],
    testEndpoints: { allowed: false },
  });
  expect(environment.masterKey.reveal()).toBe(key);
  expect(environment).not.toHaveProperty('databaseUrl');
  expect(environment).not.toHaveProperty('configPath');
});

test('Nothing set is told in one go, each with what to do', () => {
  expect(told({})).toBe(
    [
      'KEYTURN_MASTER_KEY is not set. Make one with: openssl rand -base64 32',
      'PUBLIC_URL is not set. Write the address at which browsers reach Keyturn, such as https://keyturn.northwind.example.',
    ].join('\n'),
  );
});

test('Secrets are never printed', () => {
  const environment = read({ ...good, DATABASE_URL: 'postgres://keyturn:hunter2@db.example/keyturn' });
  const printed = JSON.stringify(environment) + inspect(environment, { depth: 9 });
  expect(printed).not.toContain('hunter2');
  expect(printed).not.toContain(key);
  expect(environment.databaseUrl?.reveal()).toBe('postgres://keyturn:hunter2@db.example/keyturn');
});

test('Verbs that only open the database need neither key nor address', () => {
  expect(readDatabaseEnvironment({ KEYTURN_CONFIG: '/etc/keyturn.yaml' })).toEqual({
    environment: { configPath: '/etc/keyturn.yaml', logLevel: 'info', testEndpoints: { allowed: false } },
  });
});

describe('The master key', () => {
  test.each([
    ['of zeros', Buffer.alloc(32).toString('base64'), 'is a placeholder.'],
    ['of one letter', Buffer.alloc(32, 'k').toString('base64'), 'is not random, so it could be guessed.'],
    ['of two bytes in turn', Buffer.alloc(32, 'k7').toString('base64'), 'is not random'],
    [
      'that repeats its half',
      Buffer.from(key, 'base64').fill(Buffer.from(key, 'base64').subarray(0, 16), 16).toString('base64'),
      'is not random',
    ],
    ['that counts', Buffer.from([...Array(32).keys()]).toString('base64'), 'is not random'],
    ['that is a phrase', Buffer.from('keyturn-development-master-key-1').toString('base64'), 'is not random'],
    ['that is too short', Buffer.from('short').toString('base64'), 'is not 32 bytes in base64.'],
    ['in hexadecimal', Buffer.from(key, 'base64').toString('hex'), 'is not 32 bytes in base64.'],
    ['left at changeme', 'changeme', 'is a placeholder.'],
    ['that is blank', '  ', 'is not set.'],
  ])('%s is refused, with how to make one, and not repeated', (_, bad, sentence) => {
    const text = told({ ...good, KEYTURN_MASTER_KEY: bad });
    expect(text).toContain(`KEYTURN_MASTER_KEY ${sentence}`);
    expect(text).toContain('Make one with: openssl rand -base64 32');
    if (bad.trim() !== '') expect(text).not.toContain(bad);
  });

  test('may stand in a file', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'keyturn-')), 'key');
    writeFileSync(path, `${key}\n`);
    expect(read({ PUBLIC_URL: good.PUBLIC_URL, KEYTURN_MASTER_KEY_FILE: path }).masterKey.reveal()).toBe(key);
  });

  test('in a file that isn’t there is told once', () => {
    expect(told({ PUBLIC_URL: good.PUBLIC_URL, KEYTURN_MASTER_KEY_FILE: '/nowhere/key' })).toBe(
      'KEYTURN_MASTER_KEY: the file /nowhere/key that KEYTURN_MASTER_KEY_FILE names can’t be read (ENOENT). ' +
        'Check its path and who may read it.',
    );
  });

  test('may be followed by the former ones', () => {
    const old = read({ ...good, KEYTURN_MASTER_KEYS_OLD: ` ${other} , ` }).oldMasterKeys;
    expect(old.map((it) => it.reveal())).toEqual([other]);
  });

  test('isn’t among the former ones, which are keys too', () => {
    expect(told({ ...good, KEYTURN_MASTER_KEYS_OLD: `${other},${key}` })).toContain(
      'has the current key in it.',
    );
    expect(told({ ...good, KEYTURN_MASTER_KEYS_OLD: 'abc' })).toContain('has a key that is not 32 bytes');
  });
});

describe('The public address', () => {
  test.each([
    'http://localhost:3000',
    'http://127.0.0.1:3000',
    'http://[::1]:3000',
    'https://a.example:8443',
  ])('may be %s', (url) => expect(read({ ...good, PUBLIC_URL: url }).publicUrl).toBe(url));

  test.each([
    ['http://keyturn.example', 'must begin with https://, since secrets are shown there.'],
    ['http://localhost.evil.example', 'must begin with https://'],
    ['keyturn.example', 'is not an address.'],
    ['ftp://keyturn.example', 'must begin with https://'],
    ['https://keyturn.example/keys', 'has more than a host in it.'],
    ['https://user:pw@keyturn.example', 'has more than a host in it.'],
  ])('can’t be %s', (url, sentence) => {
    expect(told({ ...good, PUBLIC_URL: url })).toContain(`PUBLIC_URL ${sentence}`);
  });
});

describe('Other variables', () => {
  test.each([
    ['PORT', '70000', 'PORT is not a port: "70000".'],
    ['ADMIN_PORT', '80a', 'ADMIN_PORT is not a port: "80a".'],
    ['ADMIN_PORT', '3000', 'PORT, ADMIN_PORT and SSH_PORT must differ.'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL can’t be "loud". Write one of: trace, debug'],
    ['DATABASE_URL', 'mysql://db/keyturn', 'DATABASE_URL is not a postgres:// address.'],
    ['MIGRATION_DATABASE_URL', 'postgres://db/keyturn', 'is set, but DATABASE_URL is not.'],
    ['KEYTURN_ALLOW_TEST_ENDPOINTS', 'yes', 'KEYTURN_ALLOW_TEST_ENDPOINTS can only be 1.'],
  ])('%s=%s is refused', (name, value, sentence) => {
    expect(told({ ...good, [name]: value })).toContain(sentence);
  });

  test.each(['SLACK_API_URL', 'DUO_API_URL', 'BOT_OPENID_METADATA_URL', 'BOT_LOGIN_URL', 'BOT_SERVICE_URL'])(
    '%s is refused outside tests',
    (name) => {
      expect(told({ ...good, [name]: 'http://127.0.0.1:4000' })).toContain(
        `${name} is set, and whatever it points at could answer as the real service. Unset it.`,
      );
    },
  );

  test('point at test servers where that is allowed', () => {
    const allowed = {
      ...good,
      KEYTURN_ALLOW_TEST_ENDPOINTS: '1',
      SLACK_API_URL: 'http://127.0.0.1:4000/api/',
    };
    expect(read(allowed).testEndpoints).toEqual({ allowed: true, slackApiUrl: 'http://127.0.0.1:4000/api/' });
    expect(told({ ...allowed, DUO_API_URL: 'here' })).toContain('DUO_API_URL is not an address.');
  });
});

describe('The authority of a played Duo', () => {
  const { ca } = new Authority();
  const allowed: Variables = { ...good, KEYTURN_ALLOW_TEST_ENDPOINTS: '1' };

  function written(text: string): string {
    const path = join(mkdtempSync(join(tmpdir(), 'keyturn-')), 'ca.pem');
    writeFileSync(path, text);
    return path;
  }

  test('is trusted in tests, from DUO_CA or from the file that DUO_CA_FILE names', () => {
    const endpoints = { allowed: true, duoApiUrl: 'https://localhost:4000', duoCa: ca.trim() };
    const duo = { ...allowed, DUO_API_URL: 'https://localhost:4000' };
    expect(read({ ...duo, DUO_CA: ca }).testEndpoints).toEqual(endpoints);
    expect(read({ ...duo, DUO_CA_FILE: written(ca) }).testEndpoints).toEqual(endpoints);
  });

  test.each([
    ['DUO_CA', ca],
    ['DUO_CA_FILE', '/nowhere/ca.pem'],
  ])('is refused outside tests, as %s too', (name, value) => {
    const sentence =
      `${name} is set, and whoever has the key of that authority could answer as Duo. ` +
      'Unset it. In tests, set KEYTURN_ALLOW_TEST_ENDPOINTS=1.';
    expect(told({ ...good, [name]: value })).toBe(sentence);
    expect(told({ ...good, [name]: value, KEYTURN_ALLOW_TEST_ENDPOINTS: '0' })).toBe(sentence);
  });

  test.each([
    ['a word', 'duo'],
    ['a key', ca.replaceAll('CERTIFICATE', 'PRIVATE KEY')],
    ['half a certificate', ca.slice(0, ca.length / 2)],
    ['a certificate that its line breaks were taken from', ca.replaceAll('\n', '\\n')],
  ])('is refused when it is %s, and not repeated', (_, text) => {
    const sentence =
      'DUO_CA is not a certificate in PEM. ' +
      'Give it the text from -----BEGIN CERTIFICATE----- on, or its file as DUO_CA_FILE.';
    expect(told({ ...allowed, DUO_CA: text })).toBe(sentence);
    expect(told({ ...allowed, DUO_CA_FILE: written(text) })).toBe(sentence);
  });

  test('in a file that isn’t there is told once', () => {
    expect(told({ ...allowed, DUO_CA_FILE: '/nowhere/ca.pem' })).toBe(
      'DUO_CA: the file /nowhere/ca.pem that DUO_CA_FILE names can’t be read (ENOENT). ' +
        'Check its path and who may read it.',
    );
  });

  test.each(['http://localhost:4000', 'https://localhost:4000/auth', 'https://duo@localhost:4000'])(
    'belongs to a host: DUO_API_URL can’t be %s',
    (url) => {
      expect(told({ ...allowed, DUO_API_URL: url })).toBe(
        'DUO_API_URL must be https:// and a host, since Duo’s clients speak to nothing else. ' +
          'Write it like https://localhost:4000.',
      );
    },
  );
});
