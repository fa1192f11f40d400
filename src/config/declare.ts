/** From the words of keyturn.yaml to those of the product. Decides nothing: what arrives here passed every check. */

import { abilitiesOf } from '../core/abilities.js';
import type { Account, Client, System } from '../core/accounts.js';
import type { DeclaredDirectory } from '../core/directory.js';
import type { Person } from '../core/people.js';
import type { Policy } from '../core/policy.js';
import type { Config, MfaSettings, SlackWorkspace, TeamsTenant } from './config.js';
import type { Declared } from './schema/schema.js';
import { Secret } from './secret.js';

type ClientEntry = Declared['clients'][number];
type AccountEntry = ClientEntry['accounts'][number];

export function declare(declared: Declared): Config {
  return {
    operator: {
      ...declared.operator,
      digest: { ...declared.operator.digest, to: names(declared.operator.digest.to) },
    },
    chat: { slack: declared.chat.slack.map(slack), teams: declared.chat.teams.map(teams) },
    mfa: declared.mfa === undefined ? null : mfa(declared.mfa),
    directory: directory(declared),
  };
}

function directory(declared: Declared): DeclaredDirectory {
  const { clients } = declared;
  return {
    people: [
      ...declared.people.map(staff),
      ...clients.flatMap((client) => client.contacts.map(contactOf(client))),
    ],
    groups: Object.fromEntries(Object.entries(declared.groups).map(([id, members]) => [id, names(members)])),
    policies: Object.entries(declared.policies).map(([id, entry]) => policy(id, entry)),
    clients: clients.map(client),
    systems: clients.flatMap((entry) => entry.systems.map((it) => system(entry.id, it))),
    accounts: clients.flatMap((entry) => entry.accounts.map((it) => account(entry, it))),
  };
}

/** Drops what is undefined, so that an optional field is either there or not. */
function present<Fields extends object>(fields: Fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Fields as undefined extends Fields[Key] ? never : Key]: Fields[Key];
  } & {
    [Key in keyof Fields as undefined extends Fields[Key] ? Key : never]?: Exclude<Fields[Key], undefined>;
  };
}

/** E-mails in lower case, as they compare; the tier `lead` is the group `leads`. */
function names(references: readonly string[]): string[] {
  return references.map(name);
}

function name(reference: string): string {
  if (reference.includes('@')) return reference.toLowerCase();
  return reference === 'lead' ? 'leads' : reference;
}

function slack(entry: Declared['chat']['slack'][number]): SlackWorkspace {
  return present({
    of: entry.of,
    team: entry.team,
    botToken: new Secret(entry.bot_token),
    signingSecret: new Secret(entry.signing_secret),
    appToken: entry.app_token ? new Secret(entry.app_token) : undefined,
    requestsChannel: entry.requests_channel,
    alertsChannel: entry.alerts_channel,
  });
}

function teams(entry: Declared['chat']['teams'][number]): TeamsTenant {
  return present({
    of: entry.of,
    tenant: entry.tenant.toLowerCase(),
    appId: entry.app_id,
    appPassword: new Secret(entry.app_password),
    requestsChannel: entry.requests_channel,
    alertsChannel: entry.alerts_channel,
  });
}

function mfa(entry: NonNullable<Declared['mfa']>): MfaSettings {
  const { order, duo_push: push, duo_universal: universal } = entry;
  return present({
    order,
    duoPush: push && {
      host: push.host,
      integrationKey: push.integration_key,
      secretKey: new Secret(push.secret_key),
      verified: push.verified,
    },
    duoUniversal: universal && {
      host: universal.host,
      clientId: universal.client_id,
      clientSecret: new Secret(universal.client_secret),
    },
  });
}

function staff(entry: Declared['people'][number]): Omit<Person, 'id'> {
  return present({
    email: entry.email.toLowerCase(),
    name: entry.name,
    kind: 'staff' as const,
    tier: entry.tier,
    role: entry.role,
    duoUsername: entry.duo_username,
    logins: entry.logins,
  });
}

function contactOf(client: ClientEntry): (entry: ClientEntry['contacts'][number]) => Omit<Person, 'id'> {
  return (entry) =>
    present({
      email: entry.email.toLowerCase(),
      name: entry.name,
      kind: 'contact' as const,
      client: client.id,
      title: entry.title,
      approves: entry.approves,
      requests: entry.requests,
      duoUsername: entry.duo_username,
    });
}

function policy(id: string, entry: Declared['policies'][string]): Omit<Policy, 'version'> {
  const { approvals, escalate, break_glass: glass, mfa: flags } = entry;
  const every = (on: boolean) => ({ approve: on, reveal: on, break_glass: on });
  return present({
    id,
    approvals: approvals === 'none' ? [] : approvals.map(({ from, need }) => ({ from: name(from), need })),
    durations: entry.durations,
    maxTotal: entry.max_total,
    decideWithin: entry.decide_within,
    ticket: entry.ticket,
    confirmClientName: entry.confirm_client_name,
    linkSeconds: entry.link_lives,
    mfa: typeof flags === 'boolean' ? every(flags) : flags,
    escalate: escalate && { after: escalate.after, to: name(escalate.to), mayDecide: escalate.may_decide },
    breakGlass: glass && {
      may: names(glass.may),
      maxDuration: glass.max_duration,
      reviewWithin: glass.review_within,
      notify: names(glass.notify),
    },
  });
}

function client(entry: ClientEntry): Client {
  const { id, engagement, colour, domains } = entry;
  const lower = domains.map((domain) => domain.toLowerCase());
  return { id, name: entry.name, engagement, colour, staff: names(entry.staff), domains: lower };
}

function system(clientId: string, entry: ClientEntry['systems'][number]): System {
  const { id, type, ...settings } = entry;
  return { client: clientId, id, type, settings: present(settings) };
}

/** The fields that only some kinds have are read from all of them. */
type Of<Kind extends AccountEntry['kind']> = Partial<Omit<Extract<AccountEntry, { kind: Kind }>, 'kind'>>;
type WidestAccount = AccountEntry &
  Of<'password'> &
  Of<'ad-account'> &
  Of<'ad-group'> &
  Partial<Of<'postgres-role'>>;

function account(client: ClientEntry, entry: AccountEntry): Account {
  const widest = entry as WidestAccount;
  return present({
    client: client.id,
    id: entry.id,
    name: entry.name,
    kind: entry.kind,
    system: entry.system,
    username: widest.username,
    mayRequest: names(entry.may_request),
    deliver: entry.deliver,
    policy: entry.policy,
    exclusive: entry.exclusive ?? entry.deliver.includes('reveal'),
    owner: widest.owner?.toLowerCase(),
    totp: widest.totp ?? false,
    totpHeldBy: widest.totp_held_by,
    rotate: rotation(client, widest),
    elevate: lent(widest),
    atRest: widest.at_rest,
    settings: otherSettings(entry),
  });
}

/** The group that is lent, and to whom. A role of a database is lent to a login that is made for each grant. */
function lent({ elevate, group = '', role_template: role }: WidestAccount): Account['elevate'] {
  if (role !== undefined) return { group: role, as: 'jit' };
  return elevate && { group, as: elevate.as };
}

/** What is shown is changed after use wherever that can be done, unless it is left to a person. */
function rotation(client: ClientEntry, { system, username, rotate }: WidestAccount): Account['rotate'] {
  const type = client.systems.find(({ id }) => id === system)?.type;
  if (username === undefined || !abilitiesOf(type).rotate) return undefined;
  const { after_use: afterUse = true, every } = rotate ?? {};
  return afterUse || every !== undefined ? present({ afterUse, everySeconds: every }) : undefined;
}

const PLACED = new Set([
  ...['id', 'name', 'kind', 'system', 'username', 'may_request', 'deliver', 'policy', 'exclusive', 'owner'],
  ...['totp', 'totp_held_by', 'rotate', 'group', 'elevate', 'at_rest'],
]);

/** What has no place of its own in core. */
function otherSettings(entry: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(entry).filter(([name, value]) => value !== undefined && !PLACED.has(name)),
  );
}
