import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadFile } from '../../src/config/compile.js';
import { printFaults } from '../../src/config/fault.js';
import { authority } from './authority.js';
import { configOf, faultsOf, northwind, spoilt, told, variables } from './northwind.js';

type Change = readonly [before: string, after: string];
type Case = [situation: string, told: string, ...changes: Change[]];

const variable = (name: string) => `\${${name}}`;

/** Whoever spoils the file in this way reads this, among whatever else. */
function eachTells(cases: Case[]) {
  test.each<Case>(cases)('%s', (_, sentence, ...changes) => {
    expect(told(...changes)).toContain(sentence);
  });
}

describe('A fault', () => {
  test('is told with its file, line, column, place, and what to write instead', () => {
    expect(told(['from: security', 'from: securty'])).toBe(
      'keyturn.yaml:62:51  policies.two-person.approvals[1].from: there is no group "securty". ' +
        'Did you mean "security"?',
    );
  });

  test('is told along with every other, in the order of the file', () => {
    const lines = told(
      ['colour: green', 'colour: grean'],
      ['timezone: America/Chicago', 'timezone: America/Chicgo'],
      ['tier: L2 }', 'tier: L4 }'],
      ['policy: split-custody }', 'policy: split-custdy }'],
    ).split('\n');
    expect(lines.map((line) => line.split(':')[1])).toEqual(['8', '36', '76', '98']);
  });

  test('in one setting of an account hides no fault in another', () => {
    const text = told(
      ['kind: password, username: ".\\\\acmeadmin"', 'kind: pasword, colour: red'],
      ['deliver: [reveal], policy: one-lead }', 'deliver: [reveal], policy: one-leed }'],
    );
    expect(text).toContain('Did you mean "password"?');
    expect(text).toContain('there is no policy "one-leed". Did you mean "one-lead"?');
  });

  test('doesn’t turn into others: a missing person is not also a step that can’t be met', () => {
    const faults = faultsOf(
      spoilt(['[sana@northwind.example, theo@northwind.example]', '[sanna@northwind.example]']),
    );
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ line: 46, remedy: 'Did you mean "sana@northwind.example"?' });
  });
});

describe('The text of the file', () => {
  eachTells([
    [
      'may not misspell a setting',
      'there is no setting "mfb" here. Did you mean "mfa"?',
      ['\nmfa:', '\nmfb:'],
    ],
    [
      'may not say a thing twice',
      '"verified" is here twice. Keep one',
      ['verified: w', 'verified: never, verified: w'],
    ],
    ['may not use anchors', 'people: an anchor (&name) can’t be used here.', ['people:', 'people: &staff']],
    [
      'may not use tags',
      'a tag (!name) can’t be used here.',
      ['name: Northwind IT', 'name: !!str Northwind IT'],
    ],
    [
      'may not hide characters',
      'a character that can’t be seen.',
      ['Northwind IT\n', 'Northwind\u202e IT\n'],
    ],
    ['may not leave a bracket open', 'Check the quotes, brackets and indentation', ['[tess@', '[[tess@']],
    [
      'may not have a bare variable in braces',
      'keyturn.yaml:32:27  this doesn’t belong here. Inside { } put a variable in quotes',
      [`host: "${variable('DUO_API_HOST')}"`, `host: ${variable('DUO_API_HOST')}`],
    ],
    [
      'may not leave a setting empty',
      'operator.name: nothing is written here.',
      ['name: Northwind IT', 'name:'],
    ],
    ['may not indent with tabs', 'Indent with spaces.', ['  name: Northwind IT', '\tname: Northwind IT']],
  ]);

  test('may be empty, and is told how to begin', () => {
    expect(printFaults(faultsOf(''))).toBe(
      'keyturn.yaml:1:1  nothing is written here. Begin with operator:.',
    );
  });

  test('of brackets alone ends with a sentence, not with a crash', () => {
    expect(faultsOf('['.repeat(200_000))).toHaveLength(1);
    expect(faultsOf(`a: ${'['.repeat(60)}${']'.repeat(60)}`).length).toBeGreaterThan(0);
  });

  test('is refused unread when it is huge', () => {
    expect(printFaults(faultsOf('#'.repeat(5_000_000)))).toContain('the file is larger than 4 MB.');
  });

  test('can’t smuggle in what an object would inherit', () => {
    expect(told(['groups:', 'groups:\n  __proto__: [leads]'])).toContain('this is not a name.');
    expect(told(['from: security', 'from: constructor'])).toContain('there is no group "constructor".');
  });

  test('is told to be UTF-8 where it is not', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'keyturn-')), 'keyturn.yaml');
    writeFileSync(path, Buffer.from([0x6f, 0xff, 0xfe]));
    const loaded = loadFile(path, variables);
    expect('faults' in loaded && printFaults(loaded.faults)).toBe(
      'keyturn.yaml  the file is not UTF-8 text. Save it as UTF-8.',
    );
  });
});

describe('A value', () => {
  eachTells([
    [
      'that is a number where text belongs is to be quoted',
      'Put it in quotes: "111122223333".',
      ['"111122223333"', '111122223333'],
    ],
    ['that is no list is shown as one', 'Write [leads].', ['to: [leads] }', 'to: leads }']],
    [
      'that is near a word of the format suggests it',
      'Did you mean "green"?',
      ['colour: green', 'colour: grean'],
    ],
    [
      'that is missing says what to add',
      '"durations" is missing. Add durations: [30m, 1h].',
      ['    durations: [30m, 1h, 2h]\n', ''],
    ],
    [
      'that is no duration shows some',
      '"4 hours" is not a duration. Write a whole number and s, m, h or d',
      ['max_total: 8h', 'max_total: 4 hours'],
    ],
    ['that is no time of day shows one', '"8am" is not a time of day.', ['at: "08:00"', 'at: "8am"']],
    [
      'that is no channel id says where it stands',
      '"#access" is not a Slack channel id.',
      ['C0ACCESS', '"#access"'],
    ],
    ['that is no team id says where it stands', 'is not a Slack team id.', ['team: T0DELTA', 'team: delta']],
    ['that is no id shows one', '"Acme" is not an id. Use lower case letters', ['id: acme\n', 'id: Acme\n']],
    [
      'that is no time zone suggests one',
      'Did you mean "America/Chicago"?',
      ['America/Chicago', 'America/Chicgo'],
    ],
    ['that is an offset is no time zone', 'there is no time zone "+02:00".', ['America/Chicago', '"+02:00"']],
    ['that is a group name with capitals is no id', '"On-Call" is not an id.', ['  on-call:', '  On-Call:']],
    [
      'that is too large says what is allowed',
      '500 is too large. Write at most 10.',
      ['need: 1', 'need: 500'],
    ],
    [
      'such as no approvals at all is written as none',
      'this list is empty. Write none, or',
      ['approvals: none', 'approvals: []'],
    ],
    [
      'of plain LDAP is refused',
      'clients[acme].systems[acme-ad].url: this is not an ldaps:// address. Write it like ldaps://dc1.acme.example, ' +
        'or add start_tls: true. Plain ldap:// would show passwords',
      ['ldaps://', 'ldap://'],
    ],
  ]);
});

describe('A secret', () => {
  eachTells([
    [
      'is not typed into the file',
      'app_password is written out here, and this file is stored in the database. ' +
        `Write app_password: ${variable('APP_PASSWORD')} and set APP_PASSWORD, or APP_PASSWORD_FILE, in the environment.`,
      [variable('MICROSOFT_APP_PASSWORD'), 'kJ8~Q2vN4pR7sT1wX5zA'],
    ],
    [
      'is not typed in as a default either',
      'signing_secret is written out here',
      [variable('SLACK_SIGNING_SECRET'), variable('SLACK_SIGNING_SECRET:-abc')],
    ],
    [
      'is noticed under any other setting',
      'this looks like a token or a key.',
      ['name: Northwind IT', 'name: xoxb-12-34'],
    ],
    [
      'is not written into an address',
      'The password belongs in the vault.',
      ['keyturn@db', 'keyturn:hunter2@db'],
    ],
    ['of a system is named, not written', 'Write vault.', ['bind_password: vault', 'bind_password: hunter2']],
  ]);

  test.each([
    [variable('MICROSOFT_APP_PASSWORD'), 'hunter2'],
    ['keyturn@db', 'keyturn:hunter2@db'],
    ['bind_password: vault', 'bind_password: hunter2'],
    ['name: Northwind IT', 'name: xoxb-hunter2'],
    [`bot_token: ${variable('SLACK_BOT_TOKEN')}`, 'bot_token: [hunter2]'],
    ['chat:  ', 'chat: hunter2: "xoxb" \nx: '],
  ])('is never repeated in what is told (%s)', (before, after) => {
    const text = told([before, after]);
    expect(text).not.toBe('');
    expect(text).not.toContain('hunter2');
  });

  test.each([
    [
      'SLACK_SIGNING_SECRET',
      '',
      'chat.slack[T0NORTHWIND].signing_secret: signing_secret is empty. Set SLACK_SIGNING_SECRET',
    ],
    ['SLACK_BOT_TOKEN', '', 'bot_token is empty.'],
    ['MICROSOFT_APP_ID', '', 'app_id is empty. Set MICROSOFT_APP_ID'],
    ['MICROSOFT_APP_PASSWORD', '', 'app_password is empty.'],
    ['DUO_SKEY', '', 'mfa.duo_push.secret_key: secret_key is empty.'],
    ['DUO_API_HOST', '', 'mfa.duo_push.host: host is empty.'],
    ['DUO_CLIENT_SECRET', 'changeme', 'client_secret is a placeholder, not a real one.'],
    ['SLACK_SIGNING_SECRET', 'xxxxxxxxxxxxxxxx', 'signing_secret is a placeholder'],
    ['SLACK_BOT_TOKEN', 'xoxb-your-token', 'bot_token is a placeholder'],
    [
      'SLACK_BOT_TOKEN',
      'xapp-1-abc',
      'this is not a bot token. Set SLACK_BOT_TOKEN to the one that begins with xoxb-.',
    ],
    ['SLACK_APP_TOKEN', 'xoxb-1-abc', 'this is not an app-level token.'],
    ['SLACK_SIGNING_SECRET', '8f742231b10e8888\n', 'begins or ends with a space or a line break.'],
  ])('%s set to %j is refused', (name, value, sentence) => {
    expect(printFaults(faultsOf(northwind, { ...variables, [name]: value }))).toContain(sentence);
  });
});

describe('A variable', () => {
  const without = { ...variables, DUO_SKEY: undefined };

  test('that is not set is named with its place', () => {
    expect(printFaults(faultsOf(northwind, without))).toBe(
      'keyturn.yaml:32:89  mfa.duo_push.secret_key: the variable DUO_SKEY is not set. ' +
        'Set DUO_SKEY, or DUO_SKEY_FILE with the path of a file that holds it.',
    );
  });

  test('may stand in a file, whose last line break is not part of it', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'keyturn-')), 'skey');
    writeFileSync(path, `${variables.DUO_SKEY}\n`);
    const config = configOf(northwind, { ...without, DUO_SKEY_FILE: path });
    expect(config.mfa?.duoPush?.secretKey.reveal()).toBe(variables.DUO_SKEY);
  });

  test('whose file can’t be read names the file and the reason', () => {
    const text = printFaults(faultsOf(northwind, { ...without, DUO_SKEY_FILE: '/nowhere/skey' }));
    expect(text).toContain('the file /nowhere/skey that DUO_SKEY_FILE names can’t be read (ENOENT).');
  });

  test('that is set twice is refused, since one of them would be ignored', () => {
    const text = printFaults(faultsOf(northwind, { ...variables, DUO_SKEY_FILE: '/nowhere/skey' }));
    expect(text).toContain('DUO_SKEY and DUO_SKEY_FILE are both set. Unset one');
  });

  test('takes its default when it is unset or empty', () => {
    const text = spoilt(['name: Northwind IT', `name: ${variable('NAME:-Northwind')}`]);
    expect(configOf(text).operator.name).toBe('Northwind');
    expect(configOf(text, { ...variables, NAME: '' }).operator.name).toBe('Northwind');
    expect(configOf(text, { ...variables, NAME: 'Southwind' }).operator.name).toBe('Southwind');
  });

  test('is not looked for inside another’s value, nor among what objects inherit', () => {
    const text = spoilt(['name: Northwind IT', `name: ${variable('NAME')}`]);
    expect(configOf(text, { ...variables, NAME: variable('DUO_SKEY') }).operator.name).toBe(
      variable('DUO_SKEY'),
    );
    const inherited = spoilt(['name: Northwind IT', `name: ${variable('toString')}`]);
    expect(printFaults(faultsOf(inherited))).toContain('the variable toString is not set.');
  });

  eachTells([
    [
      'that is written wrongly is a fault',
      'this is not a variable.',
      ['name: Northwind IT', `name: "${variable('a b')}"`],
    ],
    ['that is not closed is a fault', 'this is not a variable.', ['name: Northwind IT', 'name: "${NAME"']],
  ]);
});

describe('People and groups', () => {
  const lena = 'lena@northwind.example';
  eachTells([
    [
      'nobody is there twice, whatever the capitals',
      `${lena} is here twice.`,
      ['email: omar@', 'email: LENA@'],
      ['LENA@northwind.example', 'LENA@northwind.example'],
    ],
    ['nobody is both staff and contact', `${lena} is here twice. Keep one`, ['ivy@beacon.example', lena]],
    [
      'nobody has a tier and a role',
      'a person has a tier or a role, not both.',
      ['role: auditor', 'role: auditor, tier: L1'],
    ],
    ['nobody has neither', 'this person has neither a tier nor a role.', ['  role: auditor }', ' }']],
    [
      'a login names a system',
      'there is no system "acme-da". Did you mean "acme-ad"?',
      ['{ acme-ad:', '{ acme-da:'],
    ],
    [
      'a group named leads is refused',
      'groups.leads: "leads" already means something.',
      ['  on-call:', '  leads:'],
    ],
    ['a group named L2 is refused', '"L2" already means something.', ['  on-call:', '  L2:']],
    [
      'a group named operator is refused',
      '"operator" already means something.',
      ['  on-call:', '  operator:'],
    ],
    [
      'groups don’t go round in a circle',
      'groups go round in a circle: security → east → security.',
      ['[sana@', '[east, sana@'],
      ['leads]\n\npol', 'security]\n\npol'],
    ],
    [
      'a group doesn’t hold a client’s contact',
      'ivy@beacon.example is a contact of beacon, and contacts aren’t named one by one.',
      ['[sana@northwind.example', '[ivy@beacon.example'],
    ],
    [
      'a group doesn’t hold contacts',
      '"contacts" are another set of people for each client',
      ['[sana@northwind.example', '[contacts, sana@northwind.example'],
    ],
    [
      'a contact is in their client’s domain',
      'ivy@becon.example is not in a domain of beacon (beacon.example).',
      ['ivy@beacon', 'ivy@becon'],
    ],
    [
      'a tier that isn’t there is called a tier',
      'there is no tier "L4". Did you mean',
      ['may: [L3, leads]', 'may: [L4, leads]'],
    ],
    [
      'an auditor doesn’t approve',
      'aude@northwind.example is an auditor, and an auditor never asks or decides.',
      ['from: security', 'from: aude@northwind.example'],
    ],
    [
      'an auditor doesn’t ask',
      'aude@northwind.example is an auditor',
      ['may_request: [L1', 'may_request: [aude@northwind.example'],
    ],
    [
      'contacts who may not ask aren’t offered to',
      'delta has no contact who may ask.',
      ['may_request: [leads]', 'may_request: [contacts]'],
    ],
    [
      'a stranger is called one',
      'there is nobody with the e-mail address "zoe@far.example". Add them under people first.',
      ['from: security', 'from: zoe@far.example'],
    ],
  ]);
});

describe('A policy', () => {
  eachTells([
    [
      'offers no time beyond max_total',
      '4h is too long: max_total is 2h. Write at most 2h.',
      ['max_total: 8h', 'max_total: 2h'],
    ],
    ['offers at least five minutes', '4m is too short. Write at least 5m.', ['[30m, 1h, 2h]', '[4m, 1h]']],
    [
      'gives break-glass no longer than approval gives',
      'break_glass.max_duration: 3h is too long: it exceeds the longest of durations.',
      ['max_duration: 30m', 'max_duration: 3h'],
    ],
    [
      'escalates before the request lapses',
      '2h is too late: the request lapses after 1h.',
      ['after: 15m', 'after: 2h'],
    ],
    [
      'lets no client’s own people stand in for others',
      'a client’s contacts stand in for nobody, so they can be told, but not decide. Name the operator’s own people, or take may_decide out.',
      ['to: on-call }', 'to: contacts, may_decide: true }'],
    ],
    [
      'lets a link live ten minutes at most',
      'link_lives: 11m is too long. Write at most 10m.',
      ['decide_within: 1h', 'link_lives: 11m\n    decide_within: 1h'],
    ],
    [
      'asks for no more people than there are',
      'this needs 3 of security, where there are 2 people; auditors don’t count.',
      ['from: security, need: 1', 'from: security, need: 3'],
    ],
    [
      'counts nobody twice',
      '3 approvals would have to come from 2 people: lena@northwind.example, omar@northwind.example.',
      ['from: leads, need: 1 }, { from: security', 'from: leads, need: 2 }, { from: lena@northwind.example'],
    ],
    [
      'asks contacts only where the client has some who approve',
      'clients[delta].accounts[payer-root].policy: split-custody needs 1 of contacts, and delta has none who approve.',
      ['CTO, approves: true', 'CTO'],
    ],
    [
      'leaves somebody who can be granted the account',
      'clients[delta].accounts[payer-root].may_request: whoever of may_request asks, split-custody can’t be met without them.',
      ['from: leads, need: 1 }, { from: contacts', 'from: leads, need: 2 }, { from: contacts'],
    ],
    [
      'has a factor to ask for',
      'policies.helpdesk.mfa: this policy asks for a factor (approve, reveal, break_glass), and no mfa provider is configured.',
      [northwind.slice(northwind.indexOf('mfa:\n'), northwind.indexOf('people:')), ''],
    ],
  ]);

  test('with an auditor among its approvers doesn’t count them', () => {
    const text = told(['[sana@northwind.example, theo@northwind.example]', '[aude@northwind.example]']);
    expect(text).toContain('this needs 1 of security, where there is nobody; auditors don’t count.');
  });

  test('that overlaps is met as long as distinct people can be found', () => {
    expect(told(['{ from: security, need: 1 }', '{ from: lena@northwind.example, need: 1 }'])).toBe('');
  });
});

describe('Chats and factors', () => {
  eachTells([
    [
      'a chat is of the operator or of a client',
      'there is no client "detla". Did you mean "delta"?',
      ['of: delta', 'of: detla'],
    ],
    ['a workspace is there once', 'this team is here twice.', ['team: T0DELTA', 'team: T0NORTHWIND']],
    [
      'the cards of all clients stand in no client’s own workspace',
      'the cards of every client stand in the requests_channel, so delta’s own chat can’t have it. Take it out here',
      ['team: T0DELTA', 'team: T0DELTA\n      requests_channel: C0GENERAL'],
    ],
    [
      'nor in a client’s own tenant',
      'the cards of every client stand in the alerts_channel, so beacon’s own chat can’t have it. Take it out here',
      ['      app_id:', '      alerts_channel: "19:abc@thread.tacv2"\n      app_id:'],
    ],
    [
      'a Teams channel is named by its id',
      'Write the id that begins with 19: and ends with @thread.tacv2',
      ['of: beacon', 'of: operator'],
      ['      app_id:', '      requests_channel: General\n      app_id:'],
    ],
    ['a bot has an app id: without one everybody would be let in', 'app_id', ['app_id: $', 'app_id: "" # $']],
    ['a factor in order has settings', 'mfa.order[0]: duo_push has no settings.', ['  duo_push: ', '  # ']],
    [
      'a factor with settings is in order',
      'duo_universal has settings, but order never comes to it.',
      ['duo_universal, totp]', 'totp]'],
    ],
    [
      'order isn’t empty',
      'mfa.order: this list is empty. Write [totp].',
      ['[duo_push, duo_universal, totp]', '[]'],
    ],
  ]);
});

describe('Clients and accounts', () => {
  eachTells([
    ['two clients never have one id', 'there are two clients "acme".', ['id: beacon\n', 'id: acme\n']],
    ['no client is called operator', '"operator" already means something.', ['id: acme\n', 'id: operator\n']],
    [
      'two accounts of a client never have one id',
      'there are two accounts "resets".',
      ['id: da-jit', 'id: resets'],
    ],
    [
      'two systems never have one id',
      'there are two systems "acme-ad".',
      ['id: beacon-books', 'id: acme-ad'],
    ],
    [
      'an account’s policy is there',
      'there is no policy "one-leed". Did you mean "one-lead"?',
      ['policy: one-lead }', 'policy: one-leed }'],
    ],
    [
      'an account’s system is there',
      'acme has no system "acme-da". Did you mean "acme-ad"?',
      ['system: acme-ad', 'system: acme-da'],
    ],
    [
      'an account’s system is its own client’s',
      'the system "acme-ad" belongs to acme, not to beacon.',
      ['system: beacon-books', 'system: acme-ad'],
    ],
    [
      'an account’s system is of its kind’s type',
      'lives on a system of type ssh, and this one is of type active-directory.',
      ['system: acme-web1', 'system: acme-ad'],
    ],
    [
      'a delivery suits the kind',
      'an account of kind ssh-account can’t be delivered by sql. Write ssh or reveal.',
      ['deliver: [ssh]', 'deliver: [sql]'],
    ],
    [
      'nothing rotates without a connector',
      'nothing can change this password by itself',
      [
        'deliver: [reveal], policy: one-lead }',
        'deliver: [reveal], policy: one-lead, rotate: { after_use: true } }',
      ],
    ],
    [
      'nothing rotates by hand either',
      'nothing can change this password by itself',
      ['\n      - { id: acme-ad,', '\n      - { id: acme-box, type: manual }\n      - { id: acme-ad,'],
      ['".\\\\acmeadmin",', '".\\\\acmeadmin", system: acme-box, rotate: { every: 30d },'],
    ],
    [
      'nothing rotates at Amazon',
      'accounts[payer-root].rotate: nothing can change this password by itself',
      ['totp_held_by: contacts', 'totp_held_by: contacts, rotate: { after_use: true }'],
    ],
    [
      'rotate needs a login',
      'accounts[front-desk].rotate: nothing says whose password to change. Add username: the login on the system.',
      ['username: ".\\\\acmeadmin",', 'system: acme-web1, rotate: { after_use: true },'],
    ],
    [
      'rotate says when',
      'this doesn’t say when. Write after_use: true or false, or every: 30d, or both',
      ['rotate: { after_use: true, every: 30d }', 'rotate: {}'],
    ],
    [
      'a group is lent to own logins only where somebody who may ask has one',
      'accounts[resets].elevate.as: nobody in may_request has a login of their own on acme-ad. ' +
        'Add logins: { acme-ad: LOGIN } to a person who may ask, or write as: jit.',
      [', logins: { acme-ad: maya.adm }', ''],
    ],
    [
      'a login of somebody whose work this client isn’t is none',
      'nobody in may_request has a login of their own on acme-ad.',
      ['staff: [east]', 'staff: [luis@northwind.example, leads, security]'],
    ],
    [
      'a group lives where it can be',
      'kind ssh-group lives on a system of type ssh or webhook, and this one is of type active-directory.',
      ['kind: ad-group, system: acme-ad', 'kind: ssh-group, system: acme-ad'],
    ],
    [
      'a group is lent, not shown',
      'an account of kind postgres-group can’t be delivered by sql. Write elevate.',
      [
        'kind: postgres-role, system: beacon-books, role_template: readwrite',
        'kind: postgres-group, system: beacon-books, group: owners, elevate: { as: jit }',
      ],
    ],
    [
      'a group on a machine takes somebody to change it',
      'nobody is there to change groups: acme-web1 has no user whom Keyturn signs in as.',
      [
        'kind: ssh-account, system: acme-web1, username: root, may_request: [L2, L3, leads], deliver: [ssh]',
        'kind: ssh-group, system: acme-web1, group: sudo, elevate: { as: jit }, may_request: [L2, L3, leads], deliver: [elevate]',
      ],
    ],
    [
      'a group on a machine has a name that machines take',
      '.group: this is not a Unix user or group name.',
      [
        'kind: ssh-account, system: acme-web1, username: root, may_request: [L2, L3, leads], deliver: [ssh]',
        'kind: ssh-group, system: acme-web1, group: "su; do", elevate: { as: jit }, may_request: [L2, L3, leads], deliver: [elevate]',
      ],
    ],
    [
      'only what can be switched off is off at rest',
      'there is no setting "at_rest" here.',
      ['kind: ssh-account,', 'kind: ssh-account, at_rest: disabled,'],
    ],
    [
      'an owner is staff',
      'ivy@beacon.example is not one of the operator’s staff.',
      ['policy: split-custody }', 'policy: split-custody, owner: ivy@beacon.example }'],
    ],
    [
      'an owner is no auditor',
      'aude@northwind.example is not one of the operator’s staff. Name one',
      ['policy: split-custody }', 'policy: split-custody, owner: aude@northwind.example }'],
    ],
    [
      'codes are held by one side',
      'the codes are held by Keyturn (totp) or by the contacts, not by both.',
      ['totp_held_by: contacts', 'totp_held_by: contacts, totp: true'],
    ],
    [
      'a setting of another kind is not ignored',
      'there is no setting "role_arn" here.',
      ['kind: password,', 'kind: password, role_arn: x,'],
    ],
  ]);
});

describe('A system', () => {
  const hook = (settings: string): Change => [
    '    accounts:\n      - { id: tenant-admin,',
    `      - { id: beacon-hook, type: webhook, ${settings} }\n    accounts:\n      - { id: tenant-admin,`,
  ];

  eachTells([
    [
      'starts TLS only where it hasn’t begun',
      'ldaps:// is encrypted from the first byte, so there is nothing to start. Take start_tls out.',
      ['bind_password: vault', 'bind_password: vault, start_tls: true'],
    ],
    [
      'is not called over plain HTTP',
      'systems[beacon-hook].url: plain http:// would show passwords on the wire. Write https://.',
      hook('url: "http://hooks.beacon.example/keyturn", secret: vault'),
    ],
    [
      'whose name only begins like this machine’s is another one',
      'plain http:// would show passwords on the wire.',
      hook('url: "http://127.0.0.1.evil.example/", secret: vault'),
    ],
    [
      'has no token in its address',
      'is not an https:// address without a password.',
      hook('url: "https://hooks.beacon.example/keyturn?code=hunter2", secret: vault'),
    ],
    [
      'of type webhook has a secret',
      'Write vault.',
      hook('url: "https://hooks.beacon.example/", secret: abc'),
    ],
    [
      'is asked over TLS that is verified, whatever its address says',
      'is not a postgres:// address without a password.',
      ['db.beacon.example/books', 'db.beacon.example/books?sslmode=disable'],
    ],
    [
      'with a secret says whose it is',
      'secret belongs to a user, and there is none. Add user: whom Keyturn signs in as, or take secret out.',
      ['type: ssh,', 'type: ssh, secret: vault,'],
    ],
    [
      'with a user says what they sign in with',
      'systems[acme-web1].user: this user has nothing to sign in with. Add secret: vault.',
      ['type: ssh,', 'type: ssh, user: keyturn,'],
    ],
    [
      'trusts only what is a certificate',
      'is not a certificate in PEM.',
      ['books", password: vault }', 'books", password: vault, ca: ca.pem }'],
    ],
    [
      'trusts only what can be read',
      'systems[beacon-books].ca: a certificate in here can’t be read. Copy it again, whole and unchanged.',
      [
        'books", password: vault }',
        `books", password: vault, ca: ${JSON.stringify(authority.replace('MI', 'AA'))} }`,
      ],
    ],
    [
      'is not silent about what it can’t take back',
      'this is too late. Write at most 1d.',
      ['bind_password: vault', 'bind_password: vault, alarm_after: 7d'],
    ],
  ]);

  test('never has its secret repeated', () => {
    const text = told(hook('url: "https://hooks.beacon.example/", secret: hunter2'));
    expect(text).toContain('Write vault.');
    expect(text).not.toContain('hunter2');
  });

  test('may be any of those that Keyturn knows, with all that they can say', () => {
    const ca = JSON.stringify(authority);
    const directory = configOf(
      spoilt(
        [
          'url: "ldaps://dc1',
          `start_tls: true, ca: ${ca}, jit_ou: "OU=Keyturn,DC=acme,DC=example", url: "ldap://dc1`,
        ],
        ['type: ssh,', 'type: ssh, user: keyturn, secret: vault, sudo: true, alarm_after: 5m,'],
        ['db.beacon.example/books', 'db.beacon.example/books?sslmode=verify-full'],
        hook('url: "http://127.0.0.1:9000/keyturn", secret: vault'),
        [
          '      - { id: second-admin,',
          [
            '      - { id: hooked, name: Hooked, kind: password, system: beacon-hook, username: admin, may_request: [L3], deliver: [reveal], policy: one-lead, rotate: { every: 30d } }',
            '      - { id: members, name: Members, kind: ssh-group, system: beacon-hook, group: members, elevate: { as: jit }, may_request: [L3], deliver: [elevate], policy: one-lead }',
            '      - { id: owners, name: Owners, kind: postgres-group, system: beacon-books, group: Book owners, elevate: { as: jit }, may_request: [L3], deliver: [elevate], policy: one-lead }',
            '      - { id: second-admin,',
          ].join('\n'),
        ],
      ),
    ).directory;
    const system = (id: string) => directory.systems.find((it) => it.id === id)?.settings;
    expect(system('acme-ad')).toMatchObject({ start_tls: true, ca: authority, alarm_after: 900 });
    expect(system('acme-web1')).toMatchObject({
      user: 'keyturn',
      secret: 'vault',
      sudo: true,
      alarm_after: 300,
    });
    expect(system('beacon-hook')).toEqual({
      url: 'http://127.0.0.1:9000/keyturn',
      secret: 'vault',
      alarm_after: 900,
    });
    const account = (id: string) => directory.accounts.find((it) => it.id === id);
    expect(account('hooked')?.rotate).toEqual({ afterUse: true, everySeconds: 30 * 86_400 });
    expect(account('members')?.elevate).toEqual({ group: 'members', as: 'jit' });
    expect(account('owners')?.elevate).toEqual({ group: 'Book owners', as: 'jit' });
  });

  test('has its passwords changed after use unless that is left to a person', () => {
    const rotateOf = (settings: string, id = 'web1-root') => {
      const text = spoilt([
        'deliver: [ssh], policy: one-lead }',
        `deliver: [ssh], policy: one-lead${settings} }`,
      ]);
      return configOf(text).directory.accounts.find((it) => it.id === id)?.rotate;
    };
    expect(rotateOf('')).toEqual({ afterUse: true });
    expect(rotateOf(', rotate: { every: 2d }')).toEqual({ afterUse: true, everySeconds: 2 * 86_400 });
    expect(rotateOf(', rotate: { after_use: false, every: 2d }')).toEqual({
      afterUse: false,
      everySeconds: 2 * 86_400,
    });
    expect(rotateOf(', rotate: { after_use: false }')).toBeUndefined();
    expect(rotateOf('', 'front-desk')).toBeUndefined();
    expect(rotateOf('', 'payer-root')).toBeUndefined();
  });
});
