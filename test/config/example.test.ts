import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { compile, loadFile, loadText } from '../../src/config/compile.js';
import { printFaults } from '../../src/config/fault.js';
import { jsonSchema } from '../../src/config/schema/schema.js';
import { configOf, northwind, spoilt, told, variables } from './northwind.js';

const path = fileURLToPath(new URL('../fixtures/northwind.yaml', import.meta.url));

describe('The Northwind example', () => {
  test('loads as it stands once its variables are set', () => {
    const config = configOf(northwind);
    expect(config.operator).toEqual({
      name: 'Northwind IT',
      timezone: 'America/Chicago',
      digest: { at: '08:00', to: ['leads'] },
    });
    expect(config.chat.slack.map(({ of, team }) => `${of} ${team}`)).toEqual([
      'operator T0NORTHWIND',
      'delta T0DELTA',
    ]);
    expect(config.chat.slack[0]).not.toHaveProperty('appToken');
    expect(config.directory.people.map((person) => person.email)).toContain('noor@delta.example');
    expect(config.directory.accounts).toHaveLength(10);
  });

  test('gives every policy what the file leaves unsaid', () => {
    const [helpdesk, oneLead] = configOf(northwind).directory.policies;
    expect(helpdesk).toEqual({
      id: 'helpdesk',
      approvals: [],
      durations: [1800, 3600, 14_400],
      decideWithin: 8 * 3600,
      ticket: 'optional',
      confirmClientName: false,
      linkSeconds: 600,
      mfa: { approve: true, reveal: true, break_glass: true },
    });
    expect(oneLead?.escalate).toEqual({ after: 900, to: 'on-call', mayDecide: false });
  });

  test('lends what can be revealed to one holder at a time', () => {
    const accounts = configOf(northwind).directory.accounts;
    const exclusive = accounts.filter((account) => account.exclusive).map((account) => account.id);
    expect(exclusive).toEqual(['front-desk', 'domain-admin', 'tenant-admin', 'second-admin', 'payer-root']);
  });

  test('keeps the settings of one kind of account under their names in the file', () => {
    const books = configOf(northwind).directory.accounts.find((account) => account.id === 'books-db');
    expect(books?.settings).toEqual({ role_template: 'readwrite' });
  });

  test('says of a group who is put into it', () => {
    const groups = configOf(northwind).directory.accounts.filter((account) => account.elevate);
    expect(groups.map(({ id, elevate, settings }) => [id, elevate, settings])).toEqual([
      ['resets', { group: 'CN=Helpdesk Resets,OU=Groups,DC=acme,DC=example', as: 'own' }, {}],
      ['da-jit', { group: 'CN=Domain Admins,CN=Users,DC=acme,DC=example', as: 'jit' }, {}],
      ['books-db', { group: 'readwrite', as: 'jit' }, { role_template: 'readwrite' }],
    ]);
  });

  test('changes what was shown after use wherever it can', () => {
    const changed = configOf(northwind).directory.accounts.filter((account) => account.rotate);
    expect(changed.map(({ id, rotate }) => [id, rotate])).toEqual([
      ['domain-admin', { afterUse: true, everySeconds: 30 * 86_400 }],
      ['web1-root', { afterUse: true }],
    ]);
  });

  test('shouts about a system that is late after a quarter of an hour', () => {
    const late = configOf(northwind).directory.systems.map(({ id, settings }) => [id, settings.alarm_after]);
    expect(late).toEqual([
      ['acme-ad', 900],
      ['acme-web1', 900],
      ['beacon-books', 900],
      ['delta-aws', undefined],
    ]);
  });

  test('compiles from its stored document to the same configuration', () => {
    const loaded = loadFile(path, variables);
    if ('faults' in loaded) throw new Error(printFaults(loaded.faults));
    const stored: unknown = JSON.parse(JSON.stringify(loaded.document));
    expect(compile(stored, variables)).toEqual({ config: loaded.config });
  });

  test('puts no secret into its document, and prints none', () => {
    const loaded = loadFile(path, variables);
    if ('faults' in loaded) throw new Error(printFaults(loaded.faults));
    const printed = JSON.stringify(loaded) + inspect(loaded, { depth: 20 });
    expect(printed).not.toContain(variables.SLACK_SIGNING_SECRET);
    expect(printed).not.toContain(variables.DUO_SKEY);
    expect(loaded.config.chat.slack[0]?.signingSecret.reveal()).toBe(variables.SLACK_SIGNING_SECRET);
  });

  test('compares people by address whatever its capitals', () => {
    const config = configOf(spoilt(['email: lena@northwind.example', 'email: Lena@Northwind.example']));
    expect(config.directory.people.map((person) => person.email)).toContain('lena@northwind.example');
  });

  test('takes the format’s extensions', () => {
    const extended = spoilt(
      ['policy: one-lead }', 'policy: one-lead, exclusive: false, owner: Lena@northwind.example }'],
      [
        '    durations: [30m, 1h, 2h]',
        '    link_lives: 5m\n    mfa: { reveal: false }\n    durations: [30m, 1h, 2h]',
      ],
      ['to: on-call }', 'to: on-call, may_decide: true }'],
    );
    const { accounts, policies } = configOf(extended).directory;
    expect(accounts[0]).toMatchObject({ exclusive: false, owner: 'lena@northwind.example' });
    expect(policies[2]).toMatchObject({
      linkSeconds: 300,
      mfa: { approve: true, reveal: false, break_glass: true },
    });
    expect(policies[1]?.escalate?.mayDecide).toBe(true);
  });

  test('a Slack app token that is set means Socket Mode', () => {
    const config = configOf(northwind, { ...variables, SLACK_APP_TOKEN: 'xapp-1-northwind' });
    expect(config.chat.slack[0]?.appToken?.reveal()).toBe('xapp-1-northwind');
  });
});

describe('A stored document', () => {
  test('that this process can’t fill in names the setting, without a line', () => {
    const loaded = loadText(northwind, 'keyturn.yaml', variables);
    if ('faults' in loaded) throw new Error(printFaults(loaded.faults));
    const compiled = compile(loaded.document, { ...variables, DUO_SKEY: undefined });
    if ('config' in compiled) throw new Error('it compiled');
    expect(printFaults(compiled.faults)).toBe(
      'mfa.duo_push.secret_key: the variable DUO_SKEY is not set. ' +
        'Set DUO_SKEY, or DUO_SKEY_FILE with the path of a file that holds it.',
    );
  });

  test.each([null, undefined, 3, 'text', [], [[]], {}, { operator: null }])(
    'of %j is refused',
    (document) => {
      expect(compile(document, {})).toHaveProperty('faults');
    },
  );
});

describe('The JSON Schema', () => {
  test('is up to date; if not: npx vitest run test/config -u', async () => {
    const text = `${JSON.stringify(jsonSchema(), null, 2)}\n`;
    await expect(text).toMatchFileSnapshot('../../src/config/keyturn.schema.json');
  });

  test('lets a variable stand where an id is asked for, and only a variable where a secret is', () => {
    const slack = JSON.parse(JSON.stringify(jsonSchema())).properties.chat.properties.slack.items.properties;
    const accepts = (field: string, value: string) => new RegExp(slack[field].pattern, 'u').test(value);
    expect(accepts('team', '$' + '{TEAM}')).toBe(true);
    expect(accepts('requests_channel', '#general')).toBe(false);
    expect(accepts('bot_token', 'xoxb-1')).toBe(false);
    expect(accepts('bot_token', '$' + '{SLACK_BOT_TOKEN}')).toBe(true);
  });
});

test('A file that isn’t there is told like any other fault', () => {
  expect(told()).toBe('');
  const loaded = loadFile('/nowhere/keyturn.yaml', {});
  expect('faults' in loaded && printFaults(loaded.faults)).toBe(
    'keyturn.yaml  there is no file /nowhere/keyturn.yaml. Set KEYTURN_CONFIG to the path of your keyturn.yaml.',
  );
});
