/** `secret set`: a password, or the seed of one-time codes, into custody. It is typed without echo or piped in; it is never an argument. */

import { readFile, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { openCustody } from '../app.js';
import { Secret } from '../config/secret.js';
import { type Account, fullName, systemAccount } from '../core/accounts.js';
import { sayRefusal } from '../core/cards/say-refusal.js';
import type { AccountFacts } from '../core/facts.js';
import { seedName } from '../core/seed.js';
import { type OtpSeed, readSeed } from '../vault/otp-seed.js';
import { openDesk } from './applied.js';
import type { Args } from './args.js';
import { actingPerson, fullEnvironment, withDatabase } from './open.js';
import { proven } from './prove.js';
import { Told } from './told.js';
import { waysOf } from './ways.js';

const MOST = 1024;
/** A private key takes many lines; it can be piped in. */
const MOST_KEY = 16_384;

export async function secret(args: Args): Promise<number> {
  const [set, name = ''] = args.words;
  const [client = '', account = ''] = name.split('/');
  if (set !== 'set' || client === '' || account === '')
    throw new Told('Write it like: keyturn secret set acme/front-desk --as you@your-company.example', 2);
  const environment = fullEnvironment();
  return withDatabase(environment, async (database) => {
    const desk = await openDesk(database);
    const facts = await desk.ports.store.accountFacts(client, account);
    const person = actingPerson(args, facts.directory);
    const known = facts.directory.account(client, account);
    const system = facts.directory.system(client, account);
    if (!known && !system)
      throw new Told(`There is no account and no system ${name} in the applied version.`);
    const ways = await waysOf(args, desk, person);
    const { text, place, done } = known
      ? await whatToKeep(args, known, facts)
      : await credentialOf(
          client,
          account,
          await desk.ports.store.accountFacts(client, systemAccount(account)),
        );
    const custody = await openCustody(database, environment);
    const sealed = {
      ...place,
      sealed: await custody.sealSecret(text, place),
      by: person.id,
      at: facts.now,
    };
    await proven(desk, person, { verb: 'set-secret', sealed }, ways);
    console.log(done);
    return 0;
  });
}

interface Kept {
  readonly text: Secret;
  readonly place: { readonly client: string; readonly account: string; readonly version: number };
  /** What is said once it is in custody. */
  readonly done: string;
}

async function whatToKeep(args: Args, account: Account, facts: AccountFacts): Promise<Kept> {
  const name = fullName(account);
  const { client, id } = account;
  if (!args.totp && args.qr === undefined) {
    const version = (facts.secret?.version ?? 0) + 1;
    const text = new Secret(await readPassword(`Password of ${name}: `));
    return {
      text,
      place: { client, account: id, version },
      done: `${name} is in custody, version ${version}.`,
    };
  }
  // Before anybody types a secret for nothing.
  if (!account.totp) {
    const refused = { code: 'no-codes-kept', account: name, heldBy: account.totpHeldBy ?? null } as const;
    throw new Told(sayRefusal(refused, facts.directory));
  }
  const seed = await readCodes(args.qr, name);
  console.log(sayCodes(seed));
  const version = (facts.seed?.version ?? 0) + 1;
  const done = `The one-time codes of ${name} are in custody, version ${version}.`;
  return { text: seed.address, place: { client, account: seedName(id), version }, done };
}

/** A password, or a private key in PEM form. */
async function credentialOf(client: string, system: string, { secret }: AccountFacts): Promise<Kept> {
  const name = `${client}/${system}`;
  const version = (secret?.version ?? 0) + 1;
  const text = new Secret(await readPassword(`What Keyturn signs in with at ${name}: `));
  const place = { client, account: systemAccount(system), version };
  return { text, place, done: `What Keyturn signs in with at ${name} is in custody, version ${version}.` };
}

/** What the address says of itself. Neither the secret nor a code is ever printed. */
function sayCodes({ issuer, label, algorithm, digits, periodSeconds }: OtpSeed): string {
  const whose = [issuer, label].filter((part) => part !== '').join(', ') || 'without a name';
  return `One-time codes of: ${whose} (${algorithm}, ${digits} digits, every ${periodSeconds} seconds).`;
}

async function readCodes(picture: string | undefined, name: string): Promise<OtpSeed> {
  const address =
    picture === undefined ? await readAddress(`otpauth:// address of ${name}: `) : await readPicture(picture);
  const seed = readSeed(address);
  if ('why' in seed) throw new Told(`${seed.why} Nothing was stored.`);
  return seed;
}

async function readAddress(prompt: string): Promise<string> {
  return process.stdin.isTTY ? promptHidden(prompt) : readAll();
}

async function readPicture(path: string): Promise<string> {
  const { MOST_PICTURE_BYTES, readQr } = await import('../vault/qr-picture.js');
  const file = await stat(path).catch(() => null);
  if (!file?.isFile()) throw new Told(`There is no file ${path}. Nothing was stored.`);
  if (file.size > MOST_PICTURE_BYTES)
    throw new Told(`${path} is too large for a picture. Nothing was stored.`);
  const found = readQr(await readFile(path));
  if ('why' in found) throw new Told(`${found.why} Nothing was stored.`);
  return found.text;
}

async function readPassword(prompt: string): Promise<string> {
  const typed = process.stdin.isTTY ? await promptTwice(prompt) : await readAll();
  if (/^-----BEGIN [A-Z ]*PRIVATE KEY-----\r?\n/.test(typed) && typed.length <= MOST_KEY) return typed;
  const password = typed.replace(/\r?\n$/, '');
  if (password === '' || password.length > MOST || /[\r\n]/.test(password))
    throw new Told(`A password has between 1 and ${MOST} characters and no line breaks. Nothing was stored.`);
  return password;
}

async function readAll(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function promptTwice(prompt: string): Promise<string> {
  const first = await promptHidden(prompt);
  const second = await promptHidden('Once more: ');
  if (first !== second) throw new Told('The two were not the same. Nothing was stored.');
  return first;
}

/** Reads a line without showing it. */
async function promptHidden(prompt: string): Promise<string> {
  process.stdout.write(prompt);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stdout.write('\n');
  }
}
