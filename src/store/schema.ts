/** The tables, for a Postgres server and for PGlite alike. Functions, triggers and grants stand in migrations/. */

import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  bigserial,
  boolean,
  check,
  customType,
  doublePrecision,
  foreignKey,
  index,
  integer,
  interval,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

export const keyturn = pgSchema('keyturn');

const instant = (name: string) => timestamp(name, { withTimezone: true });
const bytea = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });

/** One row: what this database is for, and the directory's present version. */
export const deployment = keyturn.table(
  'deployment',
  {
    id: integer('id').primaryKey(),
    mode: text('mode').notNull(),
    directoryVersion: integer('directory_version').notNull().default(0),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [check('one_deployment', sql`${t.id} = 1`), check('mode', sql`${t.mode} in ('local', 'server')`)],
);

/** One row: how far tests have moved the clock. Zero in earnest. */
export const clock = keyturn.table(
  'clock',
  { id: integer('id').primaryKey(), shift: interval('shift').notNull() },
  (t) => [check('one_clock', sql`${t.id} = 1`)],
);

export const configurations = keyturn.table('configurations', {
  version: integer('version').primaryKey(),
  document: jsonb('document').notNull(),
  /** The operator's name and timezone as compiled: the document may name variables. */
  operator: jsonb('operator').notNull(),
  digest: text('digest').notNull(),
  appliedAt: instant('applied_at').notNull(),
  appliedBy: text('applied_by'),
});

export const people = keyturn.table(
  'people',
  {
    id: text('id').primaryKey(),
    email: text('email').notNull(),
    position: integer('position').notNull(),
    spec: jsonb('spec').notNull(),
    origin: text('origin').notNull(),
    /** `swept` is a tombstone: no file and no import brings the person back. */
    state: text('state').notNull(),
    /** Whose the swept person's accounts and tasks are now. */
    heir: text('heir').references((): AnyPgColumn => people.id),
  },
  (t) => [
    uniqueIndex('people_email').on(sql`lower(${t.email})`),
    check('person_state', sql`${t.state} in ('here', 'gone', 'swept')`),
  ],
);

export const identities = keyturn.table(
  'identities',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    platform: text('platform').notNull(),
    workspace: text('workspace').notNull(),
    userId: text('user_id').notNull(),
    person: text('person')
      .notNull()
      .references(() => people.id),
    linkedAt: instant('linked_at').notNull(),
    endedAt: instant('ended_at'),
    /** When a factor of the person completed it. */
    provenAt: instant('proven_at'),
  },
  (t) => [
    uniqueIndex('identity_of_one').on(t.platform, t.workspace, t.userId).where(sql`${t.endedAt} is null`),
    uniqueIndex('one_identity_a_workspace')
      .on(t.person, t.platform, t.workspace)
      .where(sql`${t.endedAt} is null`),
    check('platform', sql`${t.platform} in ('slack', 'teams')`),
    check('identity_named', sql`${t.workspace} <> '' and ${t.userId} <> ''`),
  ],
);

export const groups = keyturn.table('groups', {
  name: text('name').primaryKey(),
  members: jsonb('members').notNull(),
  origin: text('origin').notNull(),
});

export const policies = keyturn.table(
  'policies',
  {
    id: text('id').notNull(),
    version: integer('version').notNull(),
    spec: jsonb('spec').notNull(),
    origin: text('origin').notNull(),
    current: boolean('current').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.id, t.version] }),
    uniqueIndex('one_current_policy').on(t.id).where(sql`${t.current}`),
  ],
);

const declared = {
  position: integer('position').notNull(),
  spec: jsonb('spec').notNull(),
  origin: text('origin').notNull(),
  removedAt: instant('removed_at'),
};

export const clients = keyturn.table('clients', { id: text('id').primaryKey(), ...declared });

export const systems = keyturn.table(
  'systems',
  {
    client: text('client')
      .notNull()
      .references(() => clients.id),
    id: text('id').notNull(),
    ...declared,
  },
  (t) => [primaryKey({ columns: [t.client, t.id] })],
);

export const accounts = keyturn.table(
  'accounts',
  {
    client: text('client')
      .notNull()
      .references(() => clients.id),
    id: text('id').notNull(),
    ...declared,
  },
  (t) => [primaryKey({ columns: [t.client, t.id] })],
);

/** Data keys, wrapped by the master key; one a client. */
export const dataKeys = keyturn.table('data_keys', {
  client: text('client').primaryKey(),
  wrapped: text('wrapped').notNull(),
  keyId: text('key_id').notNull(),
});

/** Sealed secrets, bound to client, account and version. Versions are only ever added. */
export const secrets = keyturn.table(
  'secrets',
  {
    client: text('client').notNull(),
    account: text('account').notNull(),
    version: integer('version').notNull(),
    sealed: text('sealed').notNull(),
    by: text('by').references(() => people.id),
    at: instant('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.client, t.account, t.version] }),
    check('from_one', sql`${t.version} > 0`),
  ],
);

/** Legal arrows of every state machine; `from` is empty for birth. Equal to core's, which a test proves. */
export const transitions = keyturn.table(
  'transitions',
  { noun: text('noun').notNull(), from: text('from').notNull(), to: text('to').notNull() },
  (t) => [primaryKey({ columns: [t.noun, t.from, t.to] })],
);

export const requests = keyturn.table(
  'requests',
  {
    id: text('id').primaryKey(),
    client: text('client').notNull(),
    account: text('account').notNull(),
    requester: text('requester')
      .notNull()
      .references(() => people.id),
    seconds: integer('seconds').notNull(),
    reason: text('reason').notNull(),
    ticket: text('ticket'),
    delivery: text('delivery').notNull(),
    policy: text('policy').notNull(),
    policyVersion: integer('policy_version').notNull(),
    state: text('state').notNull(),
    version: integer('version').notNull(),
    askedAt: instant('asked_at').notNull(),
    decideBy: instant('decide_by').notNull(),
    endedAt: instant('ended_at'),
    endedBy: text('ended_by').references(() => people.id),
    /** `ask`; `break-glass`: nobody was asked; `extend`: more time for a grant. */
    kind: text('kind').notNull().default('ask'),
    extends: text('extends').references((): AnyPgColumn => grants.id),
    /** Of a break-glass. */
    proof: text('proof')
      .unique()
      .references(() => proofs.id),
    escalateAt: instant('escalate_at'),
    escalatedAt: instant('escalated_at'),
  },
  (t) => [
    uniqueIndex('one_pending_each').on(t.requester, t.client, t.account).where(sql`${t.state} = 'pending'`),
    index('pending_by_account').on(t.client, t.account).where(sql`${t.state} = 'pending'`),
    index('pending_until').on(t.decideBy).where(sql`${t.state} = 'pending'`),
    index('requests_of').on(t.requester, t.askedAt),
    index('requests_of_account').on(t.client, t.account, t.askedAt),
    index('requests_of_client').on(t.client, t.askedAt),
    index('extensions_of').on(t.extends).where(sql`${t.extends} is not null`),
    index('escalations_due').on(t.escalateAt).where(sql`${t.state} = 'pending' and ${t.escalatedAt} is null`),
    check('request_kind', sql`${t.kind} in ('ask', 'break-glass', 'extend')`),
    check('extends_one', sql`(${t.kind} = 'extend') = (${t.extends} is not null)`),
    check('id_shape', sql`${t.id} ~ '^R-[0-9A-HJKMNP-TV-Z]{6}$'`),
    check('some_time', sql`${t.seconds} > 0`),
    check('some_reason', sql`length(${t.reason}) between 1 and 2000`),
  ],
);

export const decisions = keyturn.table(
  'decisions',
  {
    request: text('request')
      .notNull()
      .references(() => requests.id),
    person: text('person')
      .notNull()
      .references(() => people.id),
    verdict: text('verdict').notNull(),
    seconds: integer('seconds'),
    reason: text('reason'),
    at: instant('at').notNull(),
    proof: text('proof').unique(),
  },
  (t) => [
    primaryKey({ columns: [t.request, t.person] }),
    index('decisions_of').on(t.person, t.at),
    check('verdict', sql`${t.verdict} in ('approve', 'deny')`),
    check('deny_says_why', sql`${t.verdict} = 'approve' or ${t.reason} is not null`),
  ],
);

export const grants = keyturn.table(
  'grants',
  {
    id: text('id').primaryKey(),
    request: text('request')
      .notNull()
      .references(() => requests.id),
    client: text('client').notNull(),
    account: text('account').notNull(),
    holder: text('holder')
      .notNull()
      .references(() => people.id),
    delivery: text('delivery').notNull(),
    seconds: integer('seconds').notNull(),
    exclusive: boolean('exclusive').notNull(),
    state: text('state').notNull(),
    outcome: text('outcome'),
    version: integer('version').notNull(),
    activeAt: instant('active_at'),
    endsAt: instant('ends_at'),
    endedAt: instant('ended_at'),
    endedBy: text('ended_by').references(() => people.id),
    endReason: text('end_reason'),
    /** When the holder was last told that it ends soon. */
    warnedAt: instant('warned_at'),
    /** What has to stand at the account's system, and what stands there. */
    target: jsonb('target'),
    made: jsonb('made'),
  },
  (t) => [
    unique('one_grant_a_request').on(t.request),
    uniqueIndex('one_exclusive_holder')
      .on(t.client, t.account)
      .where(sql`${t.state} <> 'ended' and ${t.exclusive}`),
    index('live_by_account').on(t.client, t.account).where(sql`${t.state} <> 'ended'`),
    index('live_by_holder').on(t.holder).where(sql`${t.state} <> 'ended'`),
    index('live_until').on(t.endsAt).where(sql`${t.state} = 'active'`),
    check(
      'outcome_at_end',
      sql`(${t.state} = 'ended') = (${t.outcome} is not null and ${t.endedAt} is not null)`,
    ),
    check(
      'active_has_end',
      sql`${t.state} <> 'active' or (${t.activeAt} is not null and ${t.endsAt} > ${t.activeAt})`,
    ),
  ],
);

export const revocations = keyturn.table(
  'revocations',
  {
    grant: text('grant')
      .primaryKey()
      .references(() => grants.id),
    client: text('client').notNull(),
    account: text('account').notNull(),
    kind: text('kind').notNull(),
    state: text('state').notNull(),
    assignee: text('assignee').references(() => people.id),
    dueAt: instant('due_at').notNull(),
    doneAt: instant('done_at'),
    doneBy: text('done_by').references(() => people.id),
    proof: jsonb('proof'),
    version: integer('version').notNull(),
    undo: jsonb('undo'),
    tried: integer('tried').notNull().default(0),
    triedAt: instant('tried_at'),
    trouble: text('trouble'),
  },
  (t) => [
    check('undo_at_target', sql`(${t.kind} = 'target') = (${t.undo} is not null)`),
    index('due_by_account').on(t.client, t.account).where(sql`${t.state} <> 'done'`),
    index('due_of_assignee').on(t.assignee).where(sql`${t.state} <> 'done'`),
    check(
      'done_has_proof',
      sql`(${t.state} = 'done') = (${t.doneAt} is not null and ${t.proof} is not null)`,
    ),
  ],
);

/** Passwords on their way from the version in force to the next: the new one is kept here before its target has it. */
export const rotations = keyturn.table(
  'rotations',
  {
    id: text('id').primaryKey(),
    client: text('client').notNull(),
    account: text('account').notNull(),
    cause: text('cause').notNull(),
    state: text('state').notNull(),
    secretVersion: integer('secret_version'),
    sealed: text('sealed'),
    askedAt: instant('asked_at').notNull(),
    askedBy: text('asked_by').references(() => people.id),
    settledAt: instant('settled_at'),
    tried: integer('tried').notNull(),
    triedAt: instant('tried_at'),
    trouble: text('trouble'),
    version: integer('version').notNull(),
  },
  (t) => [
    uniqueIndex('one_rotation_an_account')
      .on(t.client, t.account)
      .where(sql`${t.state} in ('asked', 'prepared')`),
    check('rotation_cause', sql`${t.cause} in ('used', 'schedule', 'asked', 'insisted', 'offboarded')`),
    check(
      'prepared_has_secret',
      sql`${t.state} not in ('prepared', 'done') or (${t.secretVersion} is not null and ${t.sealed} is not null)`,
    ),
    check('settled_has_end', sql`(${t.state} in ('done', 'dropped')) = (${t.settledAt} is not null)`),
  ],
);

export const links = keyturn.table(
  'links',
  {
    id: text('id').primaryKey(),
    tokenHash: text('token_hash').notNull().unique(),
    purpose: text('purpose').notNull(),
    grant: text('grant')
      .notNull()
      .references(() => grants.id),
    person: text('person')
      .notNull()
      .references(() => people.id),
    state: text('state').notNull(),
    browserHash: text('browser_hash'),
    number: text('number'),
    fails: integer('fails').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    version: integer('version').notNull(),
    proof: text('proof').unique(),
  },
  (t) => [
    uniqueIndex('one_open_link')
      .on(t.grant, t.person, t.purpose)
      .where(sql`${t.state} not in ('spent', 'dead')`),
  ],
);

export const exposures = keyturn.table(
  'exposures',
  {
    id: text('id').primaryKey(),
    grant: text('grant')
      .notNull()
      .references(() => grants.id),
    client: text('client').notNull(),
    account: text('account').notNull(),
    person: text('person')
      .notNull()
      .references(() => people.id),
    secretVersion: integer('secret_version').notNull(),
    at: instant('at').notNull(),
    proof: text('proof').unique(),
  },
  (t) => [
    index('exposures_of_grant').on(t.grant),
    index('exposures_of_person').on(t.person),
    index('exposures_of_account').on(t.client, t.account, t.secretVersion),
  ],
);

/** Codes after a showing: for the browser of a spent link, until then. */
export const codeWindows = keyturn.table(
  'code_windows',
  {
    link: text('link')
      .primaryKey()
      .references(() => links.id),
    heldBy: text('held_by').notNull(),
    shown: integer('shown').notNull(),
    lastStep: bigint('last_step', { mode: 'number' }),
    openedAt: instant('opened_at').notNull(),
    untilAt: instant('until_at').notNull(),
    version: integer('version').notNull(),
  },
  (t) => [check('codes_held_by', sql`${t.heldBy} in ('keyturn', 'contacts')`)],
);

/** A client's contacts are asked for one code. It lies here sealed until the page takes it, a minute at most. */
export const codeAsks = keyturn.table(
  'code_asks',
  {
    id: text('id').primaryKey(),
    link: text('link')
      .notNull()
      .references(() => codeWindows.link),
    n: integer('n').notNull(),
    state: text('state').notNull(),
    askedAt: instant('asked_at').notNull(),
    untilAt: instant('until_at').notNull(),
    sealed: text('sealed'),
    typedBy: text('typed_by').references(() => people.id),
    typedAt: instant('typed_at'),
    handedAt: instant('handed_at'),
    version: integer('version').notNull(),
  },
  (t) => [
    unique('one_ask_a_number').on(t.link, t.n),
    uniqueIndex('one_open_ask').on(t.link).where(sql`${t.state} in ('asked', 'typed')`),
    check('asked_at_most', sql`${t.n} between 1 and 3`),
    check('sealed_while_typed', sql`(${t.state} = 'typed') = (${t.sealed} is not null)`),
    check('typed_by_one', sql`(${t.typedBy} is null) = (${t.typedAt} is null)`),
    check('handed_once', sql`(${t.state} = 'handed') = (${t.handedAt} is not null)`),
  ],
);

/** Public keys of people, by which the bastion knows them. The keys themselves are kept nowhere. */
export const sshKeys = keyturn.table(
  'ssh_keys',
  {
    id: text('id').primaryKey(),
    person: text('person')
      .notNull()
      .references(() => people.id),
    fingerprint: text('fingerprint').notNull(),
    kind: text('kind').notNull(),
    comment: text('comment').notNull(),
    state: text('state').notNull(),
    proof: text('proof')
      .notNull()
      .unique()
      .references(() => proofs.id),
    addedAt: instant('added_at').notNull(),
    endedAt: instant('ended_at'),
    version: integer('version').notNull(),
  },
  (t) => [
    uniqueIndex('ssh_key_of_one').on(t.fingerprint).where(sql`${t.state} = 'active'`),
    index('ssh_keys_of').on(t.person).where(sql`${t.state} = 'active'`),
    check('ssh_key_fingerprint', sql`${t.fingerprint} ~ '^SHA256:[A-Za-z0-9+/]{43}$'`),
    check('ssh_key_ended', sql`(${t.state} = 'ended') = (${t.endedAt} is not null)`),
  ],
);

/** What starts a session, once, within ten minutes of a press of Connect. */
export const tickets = keyturn.table(
  'tickets',
  {
    id: text('id').primaryKey(),
    tokenHash: text('token_hash').notNull().unique(),
    grant: text('grant')
      .notNull()
      .references(() => grants.id),
    client: text('client').notNull(),
    person: text('person')
      .notNull()
      .references(() => people.id),
    state: text('state').notNull(),
    fails: integer('fails').notNull(),
    proof: text('proof')
      .unique()
      .references(() => proofs.id),
    openedAt: instant('opened_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    version: integer('version').notNull(),
  },
  (t) => [
    uniqueIndex('one_open_ticket').on(t.grant).where(sql`${t.state} = 'open'`),
    index('tickets_of_grant').on(t.grant, t.expiresAt),
    check('ticket_fails', sql`${t.fails} between 0 and 5`),
  ],
);

/** Connections through the bastion, from their admission on. `owner` is the replica that carries one, as long as it says so. */
export const sessions = keyturn.table(
  'sessions',
  {
    id: text('id').primaryKey(),
    grant: text('grant')
      .notNull()
      .references(() => grants.id),
    client: text('client').notNull(),
    account: text('account').notNull(),
    person: text('person')
      .notNull()
      .references(() => people.id),
    ticket: text('ticket')
      .unique()
      .references(() => tickets.id),
    key: text('key').references(() => sshKeys.id),
    address: text('address').notNull(),
    owner: text('owner').notNull(),
    secretVersion: integer('secret_version').notNull(),
    idleSeconds: integer('idle_seconds').notNull(),
    state: text('state').notNull(),
    why: text('why'),
    openedAt: instant('opened_at').notNull(),
    seenAt: instant('seen_at').notNull(),
    endedAt: instant('ended_at'),
    endAskedAt: instant('end_asked_at'),
    endAskedBy: text('end_asked_by').references(() => people.id),
    recordingHash: text('recording_hash'),
    recordingBytes: bigint('recording_bytes', { mode: 'number' }),
    recordingEvents: integer('recording_events'),
    version: integer('version').notNull(),
  },
  (t) => [
    index('sessions_of_grant').on(t.grant, t.openedAt),
    index('sessions_of_person').on(t.person, t.openedAt),
    index('open_sessions').on(t.seenAt).where(sql`${t.state} = 'open'`),
    check('session_id', sql`${t.id} ~ '^X-[0-9A-HJKMNP-TV-Z]{6}$'`),
    check('one_credential', sql`(${t.ticket} is null) <> (${t.key} is null)`),
    check('session_ended', sql`(${t.state} = 'ended') = (${t.why} is not null and ${t.endedAt} is not null)`),
    check(
      'session_why',
      sql`${t.why} in ('left', 'target-left', 'grant-over', 'holder-paused', 'key-ended', 'ended-by-lead', 'idle', 'not-recordable', 'recording-full', 'bastion-stopped', 'target-refused', 'wrong-host-key')`,
    ),
    check('end_asked_by_one', sql`(${t.endAskedAt} is null) = (${t.endAskedBy} is null)`),
    check('session_recording', sql`${t.recordingHash} ~ '^[0-9a-f]{64}$'`),
  ],
);

/** A brokered session is recorded, from its beginning. What happened in it stands in the pieces. */
export const recordings = keyturn.table(
  'recordings',
  {
    session: text('session').primaryKey(),
    grant: text('grant').notNull(),
    client: text('client').notNull(),
    account: text('account').notNull(),
    person: text('person').notNull(),
    /** Where the connection came from. */
    address: text('address').notNull(),
    begunAt: instant('begun_at').notNull(),
  },
  (t) => [
    index('recordings_by_time').on(t.begunAt),
    index('recordings_of_client').on(t.client, t.begunAt),
    index('recordings_of_person').on(t.person, t.begunAt),
  ],
);

/** A shell, a command or a file transfer of a session: one cast each. */
export const recordingChannels = keyturn.table(
  'recording_channels',
  {
    session: text('session')
      .notNull()
      .references(() => recordings.session),
    channel: integer('channel').notNull(),
    kind: text('kind').notNull(),
    columns: integer('columns').notNull(),
    rows: integer('rows').notNull(),
    sealedCommand: text('sealed_command'),
    begunAt: instant('begun_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.session, t.channel] }),
    check('recording_channel_kind', sql`${t.kind} in ('shell', 'exec', 'sftp')`),
    check('recording_channel_number', sql`${t.channel} >= 1`),
  ],
);

/** A piece of a cast, sealed for its place. */
export const recordingPieces = keyturn.table(
  'recording_pieces',
  {
    session: text('session').notNull(),
    channel: integer('channel').notNull(),
    n: integer('n').notNull(),
    sealed: text('sealed').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.session, t.channel, t.n] }),
    foreignKey({
      name: 'recording_pieces_of_channel',
      columns: [t.session, t.channel],
      foreignColumns: [recordingChannels.session, recordingChannels.channel],
    }),
    check('recording_piece_number', sql`${t.n} >= 1`),
  ],
);

/** A recording is whole: what it has to hash to. Nothing is added to it from then on. */
export const recordingEnds = keyturn.table(
  'recording_ends',
  {
    session: text('session')
      .primaryKey()
      .references(() => recordings.session),
    hash: text('hash').notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    seconds: doublePrecision('seconds').notNull(),
    events: integer('events').notNull(),
    channels: jsonb('channels').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [check('recording_hash', sql`${t.hash} ~ '^[0-9a-f]{64}$'`)],
);

/** What a second factor was asked, and what it said. Spent with one act, once. */
export const proofs = keyturn.table(
  'proofs',
  {
    id: text('id').primaryKey(),
    person: text('person')
      .notNull()
      .references(() => people.id),
    act: text('act').notNull(),
    subjectKind: text('subject_kind').notNull(),
    subjectId: text('subject_id').notNull(),
    subjectVersion: integer('subject_version').notNull(),
    terms: text('terms').notNull(),
    client: text('client'),
    facts: jsonb('facts').notNull(),
    number: text('number'),
    command: jsonb('command'),
    via: text('via').notNull(),
    identity: jsonb('identity'),
    state: text('state').notNull(),
    method: text('method'),
    wish: text('wish'),
    txid: text('txid'),
    code: text('code'),
    stateHash: text('state_hash').unique(),
    sends: integer('sends').notNull(),
    fails: integer('fails').notNull(),
    evidence: text('evidence'),
    failure: text('failure'),
    said: text('said'),
    askedAt: instant('asked_at').notNull(),
    pushedAt: instant('pushed_at'),
    promptedAt: instant('prompted_at'),
    expiresAt: instant('expires_at').notNull(),
    settledAt: instant('settled_at'),
    version: integer('version').notNull(),
  },
  (t) => [
    uniqueIndex('one_open_proof').on(t.person).where(sql`${t.state} in ('asked', 'waiting', 'allowed')`),
    unique('one_proof_an_answer').on(t.method, t.evidence),
    index('proofs_of').on(t.person, t.askedAt),
    index('proofs_on').on(t.subjectKind, t.subjectId, t.askedAt),
    check(
      'allowed_has_evidence',
      sql`${t.state} not in ('allowed', 'spent') or (${t.method} is not null and ${t.evidence} is not null)`,
    ),
  ],
);

/** Authenticators of people: the secret sealed, the last step spent. */
export const factors = keyturn.table(
  'factors',
  {
    id: text('id').primaryKey(),
    person: text('person')
      .notNull()
      .references(() => people.id),
    kind: text('kind').notNull(),
    state: text('state').notNull(),
    offeredBy: text('offered_by').references(() => people.id),
    proof: text('proof').references(() => proofs.id),
    sealed: text('sealed'),
    lastStep: bigint('last_step', { mode: 'number' }),
    tokenHash: text('token_hash').unique(),
    browserHash: text('browser_hash'),
    fails: integer('fails').notNull(),
    offeredAt: instant('offered_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    activeAt: instant('active_at'),
    endedAt: instant('ended_at'),
    version: integer('version').notNull(),
  },
  (t) => [
    uniqueIndex('one_active_factor').on(t.person, t.kind).where(sql`${t.state} = 'active'`),
    uniqueIndex('one_offered_factor').on(t.person, t.kind).where(sql`${t.state} in ('offered', 'trying')`),
    check('kind', sql`${t.kind} = 'totp'`),
    check(
      'active_was_tried',
      sql`${t.state} <> 'active' or (${t.sealed} is not null and ${t.lastStep} is not null)`,
    ),
  ],
);

/** What leads and people have to hear, and the few things among it that wait to be settled. */
export const alerts = keyturn.table(
  'alerts',
  {
    id: text('id').primaryKey(),
    kind: text('kind').notNull(),
    person: text('person').references(() => people.id),
    key: text('key').notNull().unique(),
    data: jsonb('data').notNull(),
    state: text('state').notNull(),
    at: instant('at').notNull(),
    settledAt: instant('settled_at'),
    settledBy: text('settled_by').references(() => people.id),
    version: integer('version').notNull(),
  },
  (t) => [
    index('open_alerts').on(t.person).where(sql`${t.state} = 'open'`),
    index('alerts_of').on(t.person, t.at),
    check('settled_by_another', sql`${t.settledBy} is null or ${t.settledBy} <> ${t.person}`),
  ],
);

/** Configurations that make access easier: proposed by one lead, applied or refused by another. */
export const proposals = keyturn.table(
  'proposals',
  {
    id: text('id').primaryKey(),
    document: jsonb('document').notNull(),
    operator: jsonb('operator').notNull(),
    directory: jsonb('directory').notNull(),
    digest: text('digest').notNull(),
    /** Of the document and of what it compiled to: what both leads confirm. */
    seal: text('seal').notNull(),
    /** What it changes, in words. */
    lines: jsonb('lines').notNull(),
    /** The version that it was compared with: over any other it is stale. */
    base: integer('base')
      .notNull()
      .references(() => configurations.version),
    proposer: text('proposer')
      .notNull()
      .references(() => people.id),
    proof: text('proof')
      .unique()
      .references(() => proofs.id),
    /** The card that tells of it. */
    alert: text('alert')
      .notNull()
      .references(() => alerts.id),
    state: text('state').notNull(),
    at: instant('at').notNull(),
    settledAt: instant('settled_at'),
    settledBy: text('settled_by').references(() => people.id),
    settledProof: text('settled_proof')
      .unique()
      .references(() => proofs.id),
    version: integer('version').notNull(),
  },
  (t) => [
    uniqueIndex('one_waiting_proposal').on(t.state).where(sql`${t.state} = 'waiting'`),
    check(
      'decided_by_another',
      sql`${t.state} not in ('applied', 'refused') or (${t.settledBy} is not null and ${t.settledBy} <> ${t.proposer})`,
    ),
    check('settled_at_end', sql`(${t.state} = 'waiting') = (${t.settledAt} is null)`),
  ],
);

/** What a break-glass owes: somebody else's word on it, in time. */
export const reviews = keyturn.table(
  'reviews',
  {
    request: text('request')
      .primaryKey()
      .references(() => requests.id),
    client: text('client').notNull(),
    account: text('account').notNull(),
    /** Who broke the glass. */
    person: text('person')
      .notNull()
      .references(() => people.id),
    state: text('state').notNull(),
    at: instant('at').notNull(),
    dueAt: instant('due_at').notNull(),
    /** When somebody is reminded next. */
    remindAt: instant('remind_at').notNull(),
    reminders: integer('reminders').notNull(),
    /** A lead lets the person break glass once more although this is late, until then. */
    allowedBy: text('allowed_by').references(() => people.id),
    allowedUntilAt: instant('allowed_until_at'),
    reviewer: text('reviewer').references(() => people.id),
    note: text('note'),
    settledAt: instant('settled_at'),
    version: integer('version').notNull(),
  },
  (t) => [
    index('reviews_of').on(t.person).where(sql`${t.state} = 'owed'`),
    index('reviews_due').on(t.remindAt).where(sql`${t.state} = 'owed'`),
    check(
      'reviewed_by_another',
      sql`${t.reviewer} is distinct from ${t.person} and ${t.allowedBy} is distinct from ${t.person}`,
    ),
    check(
      'settled_with_word',
      sql`(${t.state} = 'owed') = (${t.settledAt} is null) and (${t.state} = 'owed' or (${t.reviewer} is not null and ${t.note} is not null))`,
    ),
  ],
);

/** Offboardings: each ends everything that one person holds, itemised. */
export const sweeps = keyturn.table(
  'sweeps',
  {
    id: text('id').primaryKey(),
    person: text('person')
      .notNull()
      .references(() => people.id),
    /** `lead`: somebody wants it; `automatic`: the chat says that they have left. */
    origin: text('origin').notNull(),
    state: text('state').notNull(),
    /** Why, in words. */
    why: text('why').notNull(),
    at: instant('at').notNull(),
    /** When nothing of theirs worked any more; null where that waits for a lead. */
    accessEndedAt: instant('access_ended_at'),
    proposer: text('proposer').references(() => people.id),
    proof: text('proof')
      .unique()
      .references(() => proofs.id),
    heir: text('heir').references(() => people.id),
    confirmer: text('confirmer').references(() => people.id),
    confirmProof: text('confirm_proof')
      .unique()
      .references(() => proofs.id),
    settledAt: instant('settled_at'),
    version: integer('version').notNull(),
  },
  (t) => [
    uniqueIndex('one_sweep_each').on(t.person).where(sql`${t.state} = 'waiting'`),
    index('sweeps_at').on(t.at),
    check('sweep_id', sql`${t.id} ~ '^S-[0-9A-HJKMNP-TV-Z]{6}$'`),
    check('sweep_origin', sql`${t.origin} in ('lead', 'automatic')`),
    check(
      'swept_by_another',
      sql`${t.proposer} is distinct from ${t.person} and ${t.confirmer} is distinct from ${t.person} and ${t.heir} is distinct from ${t.person}`,
    ),
    check('two_leads', sql`${t.confirmer} is null or ${t.confirmer} is distinct from ${t.proposer}`),
    check('settled_when_over', sql`(${t.state} in ('done', 'dropped')) = (${t.settledAt} is not null)`),
  ],
);

/** What a sweep found, each with what became of it. */
export const sweepItems = keyturn.table(
  'sweep_items',
  {
    sweep: text('sweep')
      .notNull()
      .references(() => sweeps.id),
    kind: text('kind').notNull(),
    subject: text('subject').notNull(),
    client: text('client'),
    state: text('state').notNull(),
    data: jsonb('data').notNull(),
    at: instant('at').notNull(),
    doneAt: instant('done_at'),
  },
  (t) => [
    primaryKey({ columns: [t.sweep, t.kind, t.subject] }),
    index('items_of_subject').on(t.subject).where(sql`${t.state} = 'due'`),
    check('item_state', sql`${t.state} in ('done', 'due')`),
    check('item_done', sql`(${t.state} = 'done') = (${t.doneAt} is not null)`),
  ],
);

/** A way from a person's own chat to one page of theirs that shows something: a report, a sweep's result. */
export const visits = keyturn.table(
  'visits',
  {
    id: text('id').primaryKey(),
    tokenHash: text('token_hash').notNull().unique(),
    person: text('person')
      .notNull()
      .references(() => people.id),
    /** What it shows: `{ report, subject, from, to }`. */
    page: jsonb('page').notNull(),
    state: text('state').notNull(),
    browserHash: text('browser_hash'),
    number: text('number'),
    fails: integer('fails').notNull(),
    proof: text('proof')
      .unique()
      .references(() => proofs.id),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    version: integer('version').notNull(),
  },
  (t) => [index('visits_of').on(t.person).where(sql`${t.state} <> 'dead'`)],
);

/** One row a local day: the digest as it was when it was due, whichever replica came first. */
export const digests = keyturn.table('digests', {
  /** `2026-11-23`, in the operator's timezone. */
  day: text('day').primaryKey(),
  at: instant('at').notNull(),
  /** What it says, as it was found then. */
  content: jsonb('content').notNull(),
});

/** Append-only; `seq`, `prev`, `at` and `hash` are the database's own (migrations/). */
export const auditEvents = keyturn.table(
  'audit_events',
  {
    chain: text('chain').notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    prev: bytea('prev').notNull(),
    hash: bytea('hash').notNull(),
    at: instant('at').notNull(),
    actor: text('actor'),
    via: text('via').notNull(),
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    data: jsonb('data').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.chain, t.seq] }),
    index('audit_by_subject').on(t.subject),
    index('audit_by_time').on(t.chain, t.at),
    index('audit_by_actor').on(t.actor, t.at),
  ],
);

/** The outbox. A key stands once; a new notice for a job that runs bumps its generation, so that it runs again. */
export const jobs = keyturn.table(
  'jobs',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    key: text('key').notNull().unique(),
    kind: text('kind').notNull(),
    payload: jsonb('payload').notNull(),
    generation: integer('generation').notNull().default(1),
    attempts: integer('attempts').notNull().default(0),
    runAt: instant('run_at').notNull(),
    leasedUntil: instant('leased_until'),
    lastError: text('last_error'),
  },
  (t) => [index('jobs_due').on(t.runAt, t.id)],
);

/** Where each copy of each card is. */
export const postings = keyturn.table(
  'postings',
  {
    kind: text('kind').notNull(),
    subject: text('subject').notNull(),
    place: text('place').notNull(),
    platform: text('platform').notNull(),
    workspace: text('workspace').notNull(),
    channel: text('channel'),
    message: text('message'),
    cardHash: text('card_hash'),
    unreachable: text('unreachable'),
    at: instant('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.subject, t.kind, t.place, t.platform, t.workspace] })],
);

/** Where a platform can be spoken to that doesn't let a bot look it up: Teams tells each conversation once. */
export const conversations = keyturn.table(
  'conversations',
  {
    platform: text('platform').notNull(),
    workspace: text('workspace').notNull(),
    conversation: text('conversation').notNull(),
    /** Whose own chat it is; null for a team. */
    userId: text('user_id'),
    serviceUrl: text('service_url').notNull(),
    /** `closed`: the app was removed or blocked. */
    state: text('state').notNull(),
    why: text('why'),
    at: instant('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.platform, t.workspace, t.conversation] }),
    index('conversation_of').on(t.platform, t.workspace, t.userId),
    check('conversation_state', sql`${t.state} in ('open', 'closed')`),
    check(
      'conversation_named',
      sql`${t.workspace} <> '' and ${t.conversation} <> '' and ${t.serviceUrl} <> '' and ${t.userId} is distinct from ''`,
    ),
  ],
);

/** One row a run that must happen once, whichever replica's clock strikes first. */
export const runs = keyturn.table('runs', { key: text('key').primaryKey(), at: instant('at').notNull() });
