/** Local mode: the whole product on this machine, with Slack, Teams and Duo played over real HTTP and everything else real. */

import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateSecret } from 'otplib';
import type { App, AppOptions } from '../app.js';
import { loadText } from '../config/compile.js';
import type { Config } from '../config/config.js';
import { printFaults } from '../config/fault.js';
import type { Logger } from '../config/logging.js';
import { Secret } from '../config/secret.js';
import { systemAccount } from '../core/accounts.js';
import { event, KEYTURN } from '../core/audit.js';
import { change } from '../core/judged.js';
import { seedName } from '../core/seed.js';
import { apply, type Document } from '../store/apply.js';
import { claimDatabase } from '../store/deployment.js';
import { type Database, openFolder } from '../store/driver.js';
import { migrateEmbedded } from '../store/migrate.js';
import { repostEverything } from '../store/postings.js';
import { accountsWithSecret } from '../store/secrets.js';
import { generatePassword } from '../vault/password.js';
import { auditView } from './audit-view.js';
import { WoundClock } from './clock.js';
import { Entrance } from './computer/entrance.js';
import { FakeDuo } from './duo/index.js';
import { type Machine, startMachine } from './machine/index.js';
import { playgroundPage } from './page-server.js';
import {
  BEACON_TENANT,
  beaconTenant,
  cast,
  DELTA_TEAM,
  DUO_USERS,
  deltaWorkspace,
  type Installed,
  NORTHWIND_TEAM,
  northwindWorkspace,
  PLAYED,
  type Registered,
} from './people.js';
import { BOOKS } from './postgres/books.js';
import { openPlayedDatabase } from './postgres/played.js';
import { seedCodes, seedPassword } from './seed.js';
import { FakeSlack } from './slack/index.js';
import { FakeTeams } from './teams/index.js';

export interface LocalOptions {
  /** Everything that local mode keeps is in here. */
  readonly folder: string;
  /** Where Keyturn listens, and where the page does; 0 for any free port. */
  readonly port: number;
  readonly pagePort: number;
  /** Where the bastion listens; any free port where it isn't said. */
  readonly sshPort?: number;
  readonly log: Logger;
  readonly start: (options: AppOptions) => Promise<App>;
}

export interface Local {
  /** The one address that a newcomer opens. */
  readonly url: string;
  readonly app: App;
  readonly slack: FakeSlack;
  stop(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/** Starts all of it and resolves when the page can be used. */
export async function startLocal(options: LocalOptions): Promise<Local> {
  const installed = { northwind: newInstall(), delta: newInstall(), beacon: newBot() };
  const keys = newDuoKeys();
  const [duo, teams] = await Promise.all([
    FakeDuo.start({ host: LOOPBACK, users: DUO_USERS, ...keys, loginClock: () => clock.now() }),
    FakeTeams.start({ host: LOOPBACK, tenants: [beaconTenant(installed.beacon)] }),
  ]);
  const [web1, books] = await Promise.all([
    startMachine({ name: 'web1', file: resolve(options.folder, 'web1.json'), host: LOOPBACK }),
    openPlayedDatabase(resolve(options.folder, 'books-port')),
  ]);
  const database = await openLocalDatabase(resolve(options.folder, 'local'), options.log);
  const config = await applyNorthwind(database, installed, duo, keys, { web1, books });
  const clock = await WoundClock.open(database, config.operator.timezone);
  let page: ReturnType<typeof playgroundPage> = () => false;
  let broker: App['broker'] = null;
  const terminals = new Entrance({ bastion: () => broker, database: books });
  const slack = await FakeSlack.start({
    port: options.pagePort,
    host: LOOPBACK,
    workspaces: [northwindWorkspace(installed.northwind), deltaWorkspace(installed.delta)],
    fallback: async (req, res) => {
      if ((await duo.serveHumans(req, res)) || (await teams.serveHumans(req, res))) return;
      if (!page(req, res)) res.writeHead(404).end('There is nothing here.');
    },
    upgrade: (...connection) => terminals.upgrade(...connection),
  });
  page = playgroundPage({
    cast: cast(String(Date.now())),
    audit: () => auditView(database),
    clock: {
      view: () => clock.view(),
      wind: async (seconds) => {
        await clock.wind(seconds);
        endPushes(duo);
        tellPages(slack, clock);
      },
    },
  });
  await repostEverything(database);
  const publicUrl = `http://${LOOPBACK}:${options.port}`;
  const app = await options.start({
    config,
    mode: 'local',
    database,
    log: options.log,
    host: LOOPBACK,
    environment: {
      masterKey: await masterKey(options.folder),
      oldMasterKeys: [],
      publicUrl,
      port: options.port,
      adminPort: 0,
      adminHost: LOOPBACK,
      sshPort: options.sshPort ?? 0,
      testEndpoints: {
        allowed: true,
        slackApiUrl: slack.apiUrl,
        duoApiUrl: duo.url,
        duoCa: duo.ca,
        duoBrowserUrl: slack.url,
        botOpenidMetadataUrl: teams.metadataUrl,
        botLoginUrl: teams.url,
        botServiceUrl: teams.globalServiceUrl,
      },
    },
  });
  await seedPasswords(app, database, config);
  await setUpLogins(app, web1, config);
  books.open(await secretOfBooks(app));
  broker = app.broker;
  await linkThePlayed(app);
  for (const team of [NORTHWIND_TEAM, DELTA_TEAM])
    slack.setEventsUrl(team, `http://${LOOPBACK}:${app.port}/slack/events/${team}`);
  teams.setEndpoint(BEACON_TENANT, `http://${LOOPBACK}:${app.port}/api/messages/${BEACON_TENANT}`);
  return {
    url: slack.url,
    app,
    slack,
    stop: async () => {
      terminals.stop();
      // Before whoever waits for an answer from there.
      await books.stop();
      await app.stop();
      await slack.stop();
      await duo.stop();
      await teams.stop();
      await web1.stop();
      await database.close();
    },
  };
}

function newInstall(): Installed {
  const hex = () => randomBytes(16).toString('hex');
  return { botToken: `xoxb-${hex()}`, signingSecret: hex() };
}

function newBot(): Registered {
  return { appId: randomUUID(), appPassword: randomBytes(24).toString('base64url') };
}

/** As long as Duo's own are: 20 characters, and 40. */
function newDuoKeys() {
  const key = (length: number) => randomBytes(length).toString('hex').slice(0, length).toUpperCase();
  return {
    authApi: { integrationKey: key(20), secretKey: key(40) },
    webSdk: { clientId: key(20), clientSecret: key(40) },
  };
}

/** More time has passed than Duo gives a push: what waits on a phone is over. */
function endPushes(duo: FakeDuo): void {
  for (const { username } of DUO_USERS) {
    for (const { txid, state } of duo.pushes(username)) if (state === 'waiting') duo.expire(txid);
  }
}

/** Every page listens to the stream of the played Slack, where nobody's screen has changed by this. */
function tellPages(slack: FakeSlack, clock: WoundClock): void {
  const told = { team: NORTHWIND_TEAM, users: [], clock: clock.view() };
  slack.emit('change', told);
}

async function openLocalDatabase(folder: string, log: Logger): Promise<Database> {
  const database = await openFolder(folder, (err) => log.error({ err }, 'the embedded database complained'));
  await migrateEmbedded(database);
  await claimDatabase(database, 'local');
  return database;
}

/** Applies the file at every start: in local mode nobody waits for an `apply`. */
async function applyNorthwind(
  database: Database,
  installed: Record<'northwind' | 'delta', Installed> & { readonly beacon: Registered },
  duo: FakeDuo,
  { authApi, webSdk }: ReturnType<typeof newDuoKeys>,
  { web1, books }: { web1: Pick<Machine, 'port' | 'hostKey'>; books: { readonly port: number } },
): Promise<Config> {
  // In the text, and not a variable: where it listens may be another place than the last time, which a version has to say.
  const text = readFileSync(northwindFile(), 'utf8')
    .replace(/\$\{WEB1_HOST\}/, `${LOOPBACK}:${web1.port}`)
    .replace(/\$\{WEB1_HOST_KEY\}/, web1.hostKey)
    .replace(/\$\{BOOKS_URL\}/, `postgres://keyturn@${LOOPBACK}:${books.port}/${BOOKS}`);
  const loaded = loadText(text, 'northwind.yaml', {
    LOCAL_TIMEZONE: Intl.DateTimeFormat().resolvedOptions().timeZone,
    SLACK_BOT_TOKEN: installed.northwind.botToken,
    SLACK_SIGNING_SECRET: installed.northwind.signingSecret,
    DELTA_SLACK_BOT_TOKEN: installed.delta.botToken,
    DELTA_SLACK_SIGNING_SECRET: installed.delta.signingSecret,
    MICROSOFT_APP_ID: installed.beacon.appId,
    MICROSOFT_APP_PASSWORD: installed.beacon.appPassword,
    DUO_API_HOST: duo.host,
    DUO_IKEY: authApi.integrationKey,
    DUO_SKEY: authApi.secretKey,
    DUO_CLIENT_ID: webSdk.clientId,
    DUO_CLIENT_SECRET: webSdk.clientSecret,
  });
  if ('faults' in loaded) throw new Error(printFaults(loaded.faults));
  const by = { email: null, event: event(KEYTURN, 'operator', 'directory.applied', 'northwind.yaml') };
  await apply(database, loaded.document as Document, loaded.config, by);
  return loaded.config;
}

function northwindFile(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return join(folder, 'src/playground/northwind.yaml');
}

/** Kept beside the database, so that what was sealed yesterday opens today. */
async function masterKey(folder: string): Promise<Secret> {
  const file = join(folder, 'local-master-key');
  await mkdir(folder, { recursive: true });
  if (!existsSync(file)) await writeFile(file, randomBytes(32).toString('base64'), { mode: 0o600 });
  return new Secret((await readFile(file, 'utf8')).trim());
}

/** Made-up passwords, and seeds of one-time codes, for what has none yet, so that there is something to lend. */
async function seedPasswords(app: App, database: Database, config: Config): Promise<void> {
  const have = await accountsWithSecret(database);
  for (const { client, id, deliver, totp } of config.directory.accounts) {
    if (totp && !have.has(`${client}/${seedName(id)}`))
      await seedCodes(app, client, id, madeUpSeed(client, id));
    const isLent = deliver.includes('reveal') || deliver.includes('ssh');
    if (have.has(`${client}/${id}`) || !isLent) continue;
    await seedPassword(app, client, id, generatePassword());
  }
}

/** The logins of the played server have the passwords that are in custody for them. */
async function setUpLogins({ ports, custody }: App, web1: Machine, config: Config): Promise<void> {
  for (const { client, id, system, username } of config.directory.accounts) {
    if (system !== 'acme-web1' || username === undefined || web1.passwords.has(username)) continue;
    const { secret } = await ports.store.accountFacts(client, id);
    const password = secret && (await custody.openSecret(client, id, secret.version));
    if (password) await web1.passwords.set(username, password.reveal());
  }
}

/** What Keyturn signs in with at the played database: made up at the first start. */
async function secretOfBooks(app: App): Promise<Secret> {
  const [client, system] = ['beacon', 'beacon-books'];
  const kept = await app.custody.systemSecret(client, system);
  if (kept) return kept;
  const made = generatePassword();
  await seedPassword(app, client, systemAccount(system), made);
  return made;
}

function madeUpSeed(client: string, account: string): string {
  const label = encodeURIComponent(`${client}:${account}`);
  return `otpauth://totp/${label}?secret=${generateSecret({ length: 20 })}`;
}

/** The played people have linked their chats long ago, so that a newcomer begins with access and not with linking. */
async function linkThePlayed({ ports }: App): Promise<void> {
  const facts = await ports.facts.facts();
  for (const { email, ...identity } of PLAYED) {
    const person = facts.directory.byEmail(email);
    if (!person) continue;
    const { identities } = await ports.store.personFacts(person.id);
    if (identities.some((i) => i.userId === identity.userId && i.provenAt !== null)) continue;
    const row = {
      ...identity,
      person: person.id,
      linkedAt: facts.now,
      provenAt: facts.now,
      endedAt: null,
    };
    const data = { ...identity, by: 'local mode' };
    const said = event(KEYTURN, person.client ?? 'operator', 'identity.linked', person.id, data);
    await ports.store.commit(change(facts, { writes: [{ put: 'identity', row }], audit: [said] }));
  }
}
