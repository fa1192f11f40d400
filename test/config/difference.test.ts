import { describe, expect, test } from 'vitest';
import { differences, printDifferences } from '../../src/config/difference.js';
import { authority, fingerprint } from './authority.js';
import { configOf, spoilt } from './northwind.js';

type Change = readonly [before: string, after: string];

/** Northwind, with one account that is switched off while nobody has it. */
const RESTING = ['every: 30d }', 'every: 30d }, at_rest: disabled'] as const;
const before = configOf(spoilt(RESTING)).directory;

/** What `keyturn plan` prints after these changes, without its last line. */
function plan(...changes: readonly Change[]): string[] {
  return printDifferences(differences(before, configOf(spoilt(RESTING, ...changes)).directory))
    .split('\n')
    .slice(0, -1);
}

/** Swaps lists' and settings' storage order, as a database may. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, shuffled(item)]),
  );
}

test('The same file changes nothing, in whatever order the database kept it', () => {
  expect(printDifferences(differences(before, before))).toBe('Nothing changes.');
  expect(differences(shuffled(before) as typeof before, before)).toEqual([]);
});

test('A first file adds everything and loosens nothing', () => {
  const all = differences(null, before);
  expect(all.every((it) => it.change === 'added' && !it.loosens)).toBe(true);
  expect(all.map((it) => it.text)).toContain('client delta: new (Delta Resale, co-managed)');
  expect(all.map((it) => it.text)).toContain('person aude@northwind.example: new (Aude Roy, auditor)');
  expect(all.map((it) => it.text)).toContain(
    'account acme/front-desk: new (Front desk PC, local admin, one-lead)',
  );
});

test('The end of a plan counts what makes access easier', () => {
  const directory = configOf(
    spoilt(RESTING, ['need: 1 }]\n', 'need: 2 }]\n'], ['ticket: required', 'ticket: optional']),
  ).directory;
  expect(printDifferences(differences(before, directory))).toBe(
    [
      '~ policy one-lead: approvals need 1 of leads → need 2 of leads',
      '~ policy two-person: ticket required yes → no   (loosens)',
      '2 changes, 1 makes access easier.',
    ].join('\n'),
  );
});

describe('It is marked as loosening', () => {
  test.each<[string, string, ...Change[]]>([
    [
      'to approve less',
      '~ policy one-lead: approvals need 1 of leads → none',
      ['approvals: [{ from: leads, need: 1 }]\n', 'approvals: none\n'],
    ],
    [
      'to let others approve',
      '~ policy two-person: approvals need 1 of leads and 1 of security → need 1 of leads and 1 of east',
      ['from: security', 'from: east'],
    ],
    [
      'to offer longer',
      '~ policy two-person: durations 30m, 1h, 2h → 30m, 3h',
      ['[30m, 1h, 2h]', '[30m, 3h]'],
    ],
    [
      'to extend longer',
      '~ policy one-lead: longest with extensions 8h → 10h',
      ['max_total: 8h', 'max_total: 10h'],
    ],
    [
      'to extend without end',
      '~ policy one-lead: longest with extensions 8h → no limit',
      ['    max_total: 8h  ', '    #'],
    ],
    [
      'to prove less',
      '~ policy helpdesk: MFA to reveal yes → no',
      ['approvals: none', 'approvals: none\n    mfa: { reveal: false }'],
    ],
    [
      'to need no client’s name',
      '~ policy split-custody: client’s name typed yes → no',
      ['confirm_client_name: true', 'confirm_client_name: false'],
    ],
    [
      'to break glass longer',
      '~ policy two-person: break-glass lasts 30m → 1h',
      ['max_duration: 30m', 'max_duration: 1h'],
    ],
    [
      'to let more break glass',
      '~ policy two-person: break-glass for L3, leads → L2, L3, leads',
      ['may: [L3, leads]', 'may: [L2, L3, leads]'],
    ],
    [
      'to tell fewer of it',
      '~ policy one-lead: break-glass tells leads, security → leads',
      ['notify: [leads, security]', 'notify: [leads]'],
    ],
    [
      'to let those decide who were told',
      '~ policy one-lead: empowered by escalation nobody → on-call',
      ['to: on-call', 'may_decide: true, to: on-call'],
    ],
    [
      'to let more ask',
      '~ account acme/front-desk: may be requested by L1, L2, L3 → L1, L2, L3, leads',
      ['[L1, L2, L3], deliver: [reveal]', '[L1, L2, L3, leads], deliver: [reveal]'],
    ],
    [
      'to lend to several at once',
      '~ account acme/front-desk: one holder at a time yes → no',
      ['policy: one-lead }', 'policy: one-lead, exclusive: false }'],
    ],
    [
      'to move an account under an easier policy',
      '~ account acme/domain-admin: policy two-person → one-lead',
      ['policy: two-person, rotate', 'policy: one-lead, rotate'],
    ],
    [
      'to change passwords less often',
      '~ account acme/domain-admin: password changed every 30d → 90d',
      ['every: 30d', 'every: 90d'],
    ],
    [
      'to leave them after use',
      '~ account acme/domain-admin: password changed after use yes → no',
      ['after_use: true', 'after_use: false'],
    ],
    [
      'to leave them after use to a person',
      '~ account acme/web1-root: password changed after use yes → no',
      [
        'deliver: [ssh], policy: one-lead }',
        'deliver: [ssh], policy: one-lead, rotate: { after_use: false } }',
      ],
    ],
    [
      'to leave an account switched on at rest',
      '~ account acme/domain-admin: switched off at rest yes → no',
      [', at_rest: disabled', ''],
    ],
    [
      'to lend another group',
      '~ account acme/resets: group CN=Helpdesk Resets,OU=Groups,DC=acme,DC=example → CN=Domain Admins,OU=Groups,DC=acme,DC=example',
      ['CN=Helpdesk Resets', 'CN=Domain Admins'],
    ],
    [
      'to make a login for whoever is lent a group',
      '~ account acme/resets: group lent to logins own → jit',
      ['{ as: own }', '{ as: jit }'],
    ],
    [
      'to change and show another login’s password',
      '~ account acme/domain-admin: username Administrator → krbtgt',
      ['username: Administrator', 'username: krbtgt'],
    ],
    [
      'to take on a group that is lent',
      '+ account beacon/books-owners: new (Owners, one-lead)',
      [
        '      - { id: books-db,',
        '      - { id: books-owners, name: Owners, kind: postgres-group, system: beacon-books, group: owners, elevate: { as: jit }, may_request: [L3], deliver: [elevate], policy: one-lead }\n      - { id: books-db,',
      ],
    ],
    [
      'to ask another domain controller',
      '~ system acme/acme-ad: url ldaps://dc1.acme.example → ldaps://dc1.evil.example',
      ['ldaps://dc1.acme.example', 'ldaps://dc1.evil.example'],
    ],
    [
      'to trust another host key',
      '~ system acme/acme-web1: host_key SHA256:uS1i0bV2m0m6bq0f3mDo6mJ7k2q4cR0x0Hq9rJmQp3A → SHA256:uS1i0bV2m0m6bq0f3mDo6mJ7k2q4cR0x0Hq9rJmQp3B',
      ['0Hq9rJmQp3A', '0Hq9rJmQp3B'],
    ],
    [
      'to trust another authority',
      `~ system beacon/beacon-books: ca none → SHA-256 ${fingerprint}`,
      ['books", password: vault }', `books", password: vault, ca: ${JSON.stringify(authority)} }`],
    ],
    [
      'to shout later about what couldn’t be taken back',
      '~ system acme/acme-ad: alarm after 15m → 4h',
      ['bind_password: vault', 'bind_password: vault, alarm_after: 4h'],
    ],
    [
      'to open a client to all staff',
      '~ client acme: staff east → all staff',
      ['staff: [east]', 'staff: []'],
    ],
    [
      'to widen a group',
      '~ group security: members sana@northwind.example, theo@northwind.example → sana@northwind.example, theo@northwind.example, leads',
      ['theo@northwind.example]\n', 'theo@northwind.example, leads]\n'],
    ],
    [
      'to let a contact ask',
      '~ person noor@delta.example: requests no → yes',
      ['CTO, approves: true', 'CTO, approves: true, requests: true'],
    ],
    ['to move a person up', '~ person luis@northwind.example: is L1 → L3', ['tier: L1', 'tier: L3']],
    [
      'to let another Duo user answer',
      '~ person maya@northwind.example: Duo username mchen → mallory',
      ['mchen', 'mallory'],
    ],
    [
      'to take on somebody',
      '+ person zoe@northwind.example: new (Zoe Zhu, L2)',
      ['people:', 'people:\n  - { email: zoe@northwind.example, name: Zoe Zhu, tier: L2 }\n  #'],
    ],
  ])('%s', (_, line, ...changes) => {
    expect(plan(...changes)).toContain(`${line}   (loosens)`);
  });
});

describe('It is not marked as loosening', () => {
  test.each<[string, string, ...Change[]]>([
    [
      'to approve more',
      '~ policy helpdesk: approvals none → need 1 of leads',
      ['approvals: none', 'approvals: [{ from: leads, need: 1 }]'],
    ],
    ['to offer less', '~ policy two-person: durations 30m, 1h, 2h → 30m', ['[30m, 1h, 2h]', '[30m]']],
    [
      'to move an account under a stricter policy',
      '~ account acme/web1-root: policy one-lead → split-lead',
      ['deliver: [ssh], policy: one-lead', 'deliver: [ssh], policy: split-lead'],
      [
        'policies:  ',
        'policies:\n  split-lead: { approvals: [{ from: leads, need: 2 }], durations: [30m], max_total: 1h }\n  #',
      ],
    ],
    [
      'to make somebody an auditor',
      '~ person luis@northwind.example: is L1 → auditor',
      ['tier: L1', 'role: auditor'],
    ],
    [
      'to let somebody go',
      '- person aude@northwind.example: gone (was Aude Roy, auditor)',
      ['  - { email: aude@', '  #'],
    ],
    [
      'to rename a client',
      '~ client delta: name "Delta Resale" → "Delta"',
      ['name: Delta Resale', 'name: Delta'],
    ],
    [
      'to limit a client to some staff',
      '~ client beacon: staff all staff → east',
      ['colour: orange', 'staff: [east]\n    colour: orange'],
    ],
    [
      'to shorten a group',
      '~ group on-call: members tess@northwind.example, maya@northwind.example → tess@northwind.example',
      ['[tess@northwind.example, maya@northwind.example]', '[tess@northwind.example]'],
    ],
    [
      'to name a system’s new host',
      '~ system acme/acme-web1: settings {"host":"web1',
      ['host: web1.acme.example', 'host: web2.acme.example'],
    ],
  ])('%s', (_, line, ...changes) => {
    const lines = plan(...changes).filter((it) => it.startsWith(line));
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('(loosens)');
  });
});
