/** `secret set`: a password into custody. It is typed without echo or piped in; it is never an argument. */

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { openCustody } from '../app.js';
import { Secret } from '../config/secret.js';
import { openDesk } from './applied.js';
import type { Args } from './args.js';
import { actingPerson, fullEnvironment, withDatabase } from './open.js';
import { proven } from './prove.js';
import { Told } from './told.js';
import { waysOf } from './ways.js';

const MOST = 1024;

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
    if (!facts.directory.account(client, account))
      throw new Told(`There is no account ${name} in the applied version.`);
    const ways = await waysOf(args, desk, person);
    const password = await readPassword(`Password of ${name}: `);
    const custody = await openCustody(database, environment);
    const place = { client, account, version: (facts.secret?.version ?? 0) + 1 };
    const sealed = {
      ...place,
      sealed: await custody.sealSecret(new Secret(password), place),
      by: person.id,
      at: facts.now,
    };
    await proven(desk, person, { verb: 'set-secret', sealed }, ways);
    console.log(`${name} is in custody, version ${place.version}.`);
    return 0;
  });
}

async function readPassword(prompt: string): Promise<string> {
  const typed = process.stdin.isTTY ? await promptTwice(prompt) : await readAll();
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
