/** Joins core to its edges: the only file that knows both. */

import type { Logger } from 'pino';
import { Door } from './broker/door.js';
import type { Broker } from './broker/open.js';
import { hashTicket, newTicket } from './broker/ticket-token.js';
import type { Desk } from './chat/act.js';
import { withBreaker } from './chat/breaker.js';
import type { Chat } from './chat/chat.js';
import { keptConversations } from './chat/conversations.js';
import { introductions } from './chat/introduce.js';
import type { Joined } from './chat/joined.js';
import type { Config } from './config/config.js';
import type { Environment } from './config/environment.js';
import { Secret } from './config/secret.js';
import { openConnector } from './connectors/index.js';
import { type System, systemAccount } from './core/accounts.js';
import type { Offers } from './core/lendable.js';
import { perform } from './core/perform.js';
import type { Ports } from './core/ports.js';
import { cardJobs } from './jobs/cards.js';
import { startClock } from './jobs/clock.js';
import { startDigests } from './jobs/digest.js';
import { startLeavers } from './jobs/leavers.js';
import { type Outbox, startOutbox } from './jobs/outbox.js';
import { targetJobs } from './jobs/targets.js';
import { startUpkeep } from './jobs/upkeep.js';
import { Prover } from './mfa/prover.js';
import { openProviders } from './mfa/providers.js';
import { trailOf } from './store/audit.js';
import type { Mode } from './store/deployment.js';
import { digestFacts } from './store/digest.js';
import type { Database } from './store/driver.js';
import { fresh } from './store/fresh.js';
import { backlog } from './store/jobs.js';
import { noticePending } from './store/postings.js';
import { recordingShelf } from './store/recordings.js';
import { readReportData, reportRecords } from './store/reports.js';
import { mine } from './store/requests.js';
import { dataKeys, newestSecret, sealedSecret } from './store/secrets.js';
import { type StorePorts, storePorts } from './store/store.js';
import { localKeys } from './vault/local-key.js';
import { type SecretBinding, Vault } from './vault/vault.js';
import { startAdmin } from './web/admin.js';
import { meterStore } from './web/metered-store.js';
import { createMetrics } from './web/metrics.js';
import { startServer } from './web/server.js';
import { hashToken, newToken } from './web/token.js';
import { createWebApp } from './web/web-app.js';

export interface AppOptions {
  readonly config: Config;
  readonly environment: Pick<
    Environment,
    | 'masterKey'
    | 'oldMasterKeys'
    | 'publicUrl'
    | 'port'
    | 'adminPort'
    | 'adminHost'
    | 'sshPort'
    | 'testEndpoints'
  >;
  readonly mode: Mode;
  readonly database: Database;
  readonly log: Logger;
  /** Where the pages listen; all addresses unless told otherwise. */
  readonly host?: string;
}

export interface App {
  readonly port: number;
  readonly ports: StorePorts;
  readonly chats: readonly Chat[];
  readonly custody: Custody;
  /** Where sessions begin; null while no account is lent by SSH. */
  readonly broker: Broker | null;
  /** Finishes what is under way, then lets go of everything but the database. */
  stop(): Promise<void>;
}

/** What this version offers, deployed this way. */
export function offersOf(config: Pick<Config, 'chat' | 'mfa'>, mode: Mode): Offers {
  const { slack, teams } = config.chat;
  const clients = new Set([...slack, ...teams].map(({ of }) => of).filter((of) => of !== 'operator'));
  return {
    mode,
    factors: config.mfa?.order ?? [],
    deliveries: ['reveal', 'elevate', 'ssh', 'sql'],
    reachableClients: [...clients],
  };
}

/** Sealing and opening of secrets, where the database keeps them. */
export interface Custody {
  openSecret(client: string, account: string, version: number): Promise<Secret>;
  sealSecret(secret: Secret, place: SecretBinding): Promise<string>;
  sealFactor(id: string, secret: Secret): Promise<string>;
  openFactor(factor: { readonly id: string; readonly sealed: string }): Promise<Secret>;
  /** A new password that the target may have already, and that isn't a version yet. */
  openPrepared(place: SecretBinding, sealed: string): Promise<Secret>;
  /** The password of a login that was made for a grant. */
  sealLogin(client: string, login: string, secret: Secret): Promise<string>;
  openLogin(client: string, login: string, sealed: string): Promise<Secret>;
  /** What Keyturn itself signs in with at a system; null where none is in custody. */
  systemSecret(client: string, system: string): Promise<Secret | null>;
  /** A one-time code on its way from a contact to the page: bound to its link and to which asking it is. */
  sealCode(place: CodePlace, code: Secret): Promise<string>;
  openCode(place: CodePlace, sealed: string): Promise<Secret>;
  readonly vault: Vault;
}

export async function openCustody(
  database: Database,
  { masterKey, oldMasterKeys }: Pick<Environment, 'masterKey' | 'oldMasterKeys'>,
): Promise<Custody> {
  const old = new Secret(oldMasterKeys.map((key) => key.reveal()).join(','));
  const keys = await localKeys(masterKey, oldMasterKeys.length === 0 ? undefined : old);
  const vault = new Vault(keys, dataKeys(database));
  return {
    vault,
    sealFactor: (id, secret) => vault.seal(secret, factorPlace(id)),
    openFactor: ({ id, sealed }) => vault.open(sealed, factorPlace(id)),
    sealSecret: (secret, place) => vault.seal(secret, place),
    openPrepared: (place, sealed) => vault.open(sealed, place),
    sealLogin: (client, login, secret) => vault.seal(secret, loginPlace(client, login)),
    openLogin: (client, login, sealed) => vault.open(sealed, loginPlace(client, login)),
    systemSecret: async (client, system) => {
      const account = systemAccount(system);
      const newest = await newestSecret(database, client, account);
      return newest && vault.open(newest.sealed, { client, account, version: newest.version });
    },
    sealCode: (place, code) => vault.seal(code, codePlace(place)),
    openCode: (place, sealed) => vault.open(sealed, codePlace(place)),
    openSecret: async (client, account, version) => {
      const sealed = await sealedSecret(database, client, account, version);
      if (sealed === null) throw new Error(`no version ${version} of ${client}/${account} is in custody`);
      return vault.open(sealed, { client, account, version });
    },
  };
}

/** Where the secret of an authenticator is sealed: beside the operator's own, bound to its id. */
export function factorPlace(id: string): SecretBinding {
  return { client: 'operator', account: `factor ${id}`, version: 1 };
}

/** Which asking of which showing a typed code answers. */
export interface CodePlace {
  readonly client: string;
  readonly link: string;
  readonly n: number;
}

function codePlace({ client, link, n }: CodePlace): SecretBinding {
  return { client, account: `code:${link}`, version: n };
}

/** Where the password of a login is sealed that was made for one grant: bound to its name, which is the grant's. */
function loginPlace(client: string, login: string): SecretBinding {
  return { client, account: `login ${login}`, version: 1 };
}

/** Everything that asks a person's factor, over one database. The caller closes the providers. */
export async function openProver(
  ports: Ports,
  custody: Custody,
  config: Pick<Config, 'mfa'>,
  environment: Pick<Environment, 'publicUrl' | 'testEndpoints'>,
  log: Logger,
): Promise<{ readonly prover: Prover; close(): void }> {
  const providers = await openProviders(config.mfa, environment.publicUrl, environment.testEndpoints);
  const prover = new Prover({ ports, providers, openFactor: custody.openFactor, log });
  return { prover, close: () => providers.close() };
}

/** A look at Duo takes five seconds at most; after a kill, another replica goes on this soon. */
const PHONE_LEASE_SECONDS = 15;
/** So many people may be at their phones at once, a replica. */
const PHONES_AT_ONCE = 64;

/** The outbox of questions to factors: long waits, which no card has to stand behind. */
export function startPhones(database: Database, prover: Prover, log: Logger): Outbox {
  return startOutbox({
    database,
    log,
    handlers: { proof: (id) => prover.advance(id) },
    atOnce: PHONES_AT_ONCE,
    leaseSeconds: PHONE_LEASE_SECONDS,
  });
}

/** Targets are slow, and many may be due at once after an outage: so many are worked on at a time, a replica. */
const TARGETS_AT_ONCE = 4;

/** The outbox of what has to be made true at clients' systems. */
export function startTargets(database: Database, ports: StorePorts, custody: Custody, log: Logger): Outbox {
  const connect = connectorsOf(custody);
  return startOutbox({
    database,
    log,
    handlers: targetJobs({ ports, vault: custody, connect, log }),
    atOnce: TARGETS_AT_ONCE,
  });
}

/** The connector of a system, signing in with what is in custody for it. */
export function connectorsOf(custody: Pick<Custody, 'systemSecret'>) {
  return (system: System) =>
    openConnector({ system, secret: () => custody.systemSecret(system.client, system.id) });
}

/** Starts everything over an open database and resolves when it is ready. */
export async function startApp(options: AppOptions): Promise<App> {
  const { config, environment, database, log, mode } = options;
  const metrics = createMetrics(true);
  const custody = await openCustody(database, environment);
  let wake = () => {};
  let peopleWaiting = 0;
  const bare = storePorts(database, offersOf(config, mode), () => wake());
  const ports: StorePorts = { ...bare, store: meterStore(bare.store, metrics) };
  const chats: Chat[] = [];
  const introduced = introductions(database, ports, () => chats);
  const { prover, close: closeProviders } = await openProver(ports, custody, config, environment, log);
  const door = doorOf(options, ports, custody, () => metrics.unverified.inc({ kind: 'ssh' }));
  const desk = deskOf(database, ports, environment.publicUrl, prover, custody, () => door.broker);
  const joined: Joined = {
    desk,
    log,
    personOf: introduced.personOf,
    onDeactivated: introduced.forget,
    onUnverified: (kind) => metrics.unverified.inc({ kind }),
    onReachable: async () => {
      await noticePending(database);
      wake();
    },
  };
  chats.push(...(await chatsOf(options, joined)));

  const cards = cardJobs({ database, ports, chats: () => chats, introductions: introduced, log });
  metrics.outbox(async () => {
    const { waiting, oldestSeconds } = await backlog(database);
    return asBacklog(waiting, oldestSeconds);
  });
  metrics.overdueRevocations(async () => {
    const { overdueRevocations, oldestRevocationSeconds } = await backlog(database);
    return asBacklog(overdueRevocations, oldestRevocationSeconds);
  });
  metrics.gauge(
    'keyturn_revocations_stuck',
    'Ends that the leads were alarmed about',
    async () => (await backlog(database)).stuckRevocations,
  );
  const pages = createWebApp({
    ...{ ports, prover, publicUrl: environment.publicUrl, log, metrics, ...custody },
    readReport: (facts) => readReportData(database, facts),
    reportRecords: (facts) => reportRecords(database, facts),
    recordings: {
      ...{ shelf: recordingShelf(database), seals: custody.vault },
      endSession: (actor, id) => perform(ports, actor, { verb: 'end-session', id }),
    },
  });
  const server = await startServer({
    port: environment.port,
    host: options.host ?? '0.0.0.0',
    routes: [
      (req, res) => {
        if (!chats.some((chat) => chat.handle(req, res))) return false;
        // Whoever pressed a button waits for this one; cards can wait for them.
        peopleWaiting += 1;
        res.once('close', () => {
          peopleWaiting -= 1;
        });
        return true;
      },
    ],
    app: pages as never,
    log,
    readiness: () => whyNotReady(database),
  });
  const { adminPort, adminHost } = environment;
  const admin = await startAdmin({ port: adminPort, host: adminHost, metrics, log }).catch(async (error) => {
    // Half a Keyturn, with nobody at the outbox and the clock, must not go on serving.
    await server.stop();
    throw error;
  });
  await door.start().catch(async (error) => {
    await admin.stop();
    await server.stop();
    throw error;
  });
  const outbox = startOutbox({
    database,
    handlers: cards,
    log,
    peopleWait: () => peopleWaiting > 0,
  });
  const phones = startPhones(database, prover, log);
  const targets = startTargets(database, ports, custody, log);
  wake = () => {
    outbox.wake();
    phones.wake();
    targets.wake();
  };
  const clock = startClock(database, ports, log);
  const upkeep = startUpkeep({ database, ports, connect: connectorsOf(custody), log });
  await Promise.all(chats.map((chat) => chat.start()));
  const leavers = startLeavers({ database, chats: () => chats, introductions: introduced, log });
  const digests = startDigests({ database, ports, introductions: introduced, log });
  return {
    port: server.port,
    ports,
    chats,
    custody,
    get broker() {
      return door.broker;
    },
    stop: async () => {
      await Promise.all(chats.map((chat) => chat.stop()));
      await server.stop();
      await door.stop();
      await clock.stop();
      await upkeep.stop();
      await leavers.stop();
      await digests.stop();
      const phonesDown = phones.stop();
      prover.stop();
      await phonesDown;
      closeProviders();
      await targets.stop();
      await outbox.stop();
      await admin.stop();
    },
  };
}

const asBacklog = (count: number, oldestSeconds: number) => ({ count, oldestSeconds });

type ChatsOptions = Pick<AppOptions, 'config' | 'database'> & {
  readonly environment: Pick<Environment, 'testEndpoints'>;
};

/** Each platform is loaded only where it is configured. Nothing is called before `start`. */
export async function chatsOf(
  { config, environment, database }: ChatsOptions,
  joined: Joined,
): Promise<Chat[]> {
  const { slack, teams } = config.chat;
  const { testEndpoints: endpoints } = environment;
  const chats: Chat[] = [];
  if (slack.length > 0) {
    const { slackChat } = await import('./chat/slack/index.js');
    const apiUrl = endpoints.slackApiUrl;
    chats.push(slackChat({ ...joined, workspaces: slack, ...(apiUrl === undefined ? {} : { apiUrl }) }));
  }
  if (teams.length > 0) {
    const { teamsChat } = await import('./chat/teams/index.js');
    const conversations = (tenant: string) => keptConversations(database, 'teams', tenant);
    chats.push(teamsChat({ ...joined, tenants: teams, endpoints, conversations }));
  }
  return chats.map((chat) => withBreaker(chat));
}

/** ssh2 is loaded only where the port is opened. */
function doorOf(
  { environment, database, log, host }: AppOptions,
  ports: StorePorts,
  custody: Custody,
  onUnverified: () => void,
): Door {
  const at = { port: environment.sshPort, host: host ?? '0.0.0.0' };
  return new Door({
    facts: () => ports.facts.facts(),
    open: async () => {
      const { openBroker } = await import('./broker/open.js');
      return openBroker({ database, ports, custody, ...at, onUnverified, log });
    },
    log,
  });
}

function deskOf(
  database: Database,
  ports: StorePorts,
  publicUrl: string,
  prover: Prover,
  { sealCode }: Custody,
  broker: () => Broker | null,
): Desk {
  const paths = {
    reveal: '/reveal',
    'new-secret': '/me/new-secret',
    enrol: '/me/enrol',
    report: '/me/reports',
    sessions: '/me/sessions',
  };
  return {
    prover,
    sealCode,
    ports,
    facts: () => ports.facts.facts(),
    mine: (person) => mine(database, person),
    pending: () => ports.facts.ofPending(),
    trail: (request) => trailOf(database, request),
    report: (facts, most) => readReportData(database, facts, most),
    digest: () => digestFacts(database, ports.facts),
    bastion: () => {
      const open = broker();
      const host = new URL(publicUrl).hostname;
      return open && { host, port: open.port, fingerprint: open.fingerprint };
    },
    freshTicket: () => {
      const token = newTicket();
      return { id: fresh.ticketId(), tokenHash: hashTicket(token) as string, token };
    },
    freshLink: (page) => {
      const token = newToken();
      const id = page === 'report' || page === 'sessions' ? fresh.visitId() : fresh.linkId();
      return { id, tokenHash: hashToken(token), url: `${publicUrl}${paths[page]}#${token}` };
    },
  };
}

/** Late work is not a reason to be taken out of service; a database that doesn't answer is. */
async function whyNotReady(database: Database): Promise<string[]> {
  const { oldestSeconds } = await backlog(database);
  return oldestSeconds > 300 ? [`The outbox is ${Math.round(oldestSeconds)} seconds behind.`] : [];
}
