/** Somebody at a terminal of an operator with second factors: a deployment, a Duo that is played, and one configuration. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FakeDuo, Push } from '../../src/playground/duo/index.js';
import { type Deployment, type KeyturnOptions, openDeployment, type Replica } from './deployment.js';
import {
  DUO_SECRETS,
  duoNameOf,
  linkEverybody,
  Phone,
  type Phones,
  phonesConfig,
  startDuo,
} from './phones.js';
import type { Exit, Finished, Running } from './process.js';
import { Player } from './world.js';

export interface Terminal {
  readonly keyturn: Deployment;
  readonly duo: FakeDuo;
  /** A server beside it, for cards and pages. */
  start(): Promise<Replica>;
  /** One command line, to its end. */
  runs(args: readonly string[], options?: KeyturnOptions): Promise<Finished>;
  /** One command line that asks for a factor. */
  begins(args: readonly string[], options?: KeyturnOptions): Running;
  /** The same, confirmed on the phone of this person, with the number that the terminal told, if it told one. */
  confirms(name: string, args: readonly string[], options?: KeyturnOptions): Promise<Finished>;
  phone(name: string): Phone;
  person(name: string): Player;
  /** Another configuration than the one in force, and the option that names it. */
  file(...changes: readonly (readonly [string, string])[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Where Keyturn has run once, so that a first version is in force and everybody has a chat. */
export async function openTerminal(phones: Phones): Promise<Terminal> {
  const keyturn = await openDeployment();
  const duo = await startDuo(phones);
  const folder = await mkdtemp(join(tmpdir(), 'keyturn-'));
  const text = phonesConfig(phones);
  const path = join(folder, 'keyturn.yaml');
  await writeFile(path, text);
  const env = { ...DUO_SECRETS, KEYTURN_CONFIG: path, DUO_API_URL: duo.url, DUO_CA: duo.ca };
  const among = ({ env: more, ...options }: KeyturnOptions = {}) => ({
    ...options,
    env: { ...env, ...more },
  });
  const runs: Terminal['runs'] = (args, options) => keyturn.keyturn(args, among(options));
  const begins: Terminal['begins'] = (args, options) => keyturn.begin(args, among(options));
  const phone = (name: string) => new Phone(duo, duoNameOf(name));
  let files = 0;
  const first = await runs(['apply']);
  if (first.code !== 0) throw new Error(first.stderr);
  await linkEverybody(keyturn.database);
  return {
    keyturn,
    duo,
    start: () => keyturn.start({ env }),
    runs,
    begins,
    async confirms(name, args, options) {
      // Nobody's phone is asked twice within half a minute.
      await keyturn.wait(31);
      const before = phone(name).pushes;
      const running = begins(args, options);
      const exited = running.exited.then((exit) => finished(running, exit));
      const rings = duo.until(
        () => (phone(name).pushes > before ? duo.pending(duoNameOf(name))[0] : undefined),
        10_000,
      );
      const push = await Promise.race([rings, exited.then(neverRang)]);
      const [, number] = await running.waitForLine(push.verified ? NUMBER : /^Confirm on your phone\.$/);
      phone(name).allows(push, number);
      return exited;
    },
    phone,
    person: (name) => new Player(keyturn.slack, name, duo),
    async file(...changes) {
      const changed = changes.reduce((all, [from, to]) => {
        if (!all.includes(from)) throw new Error(`the file has no ${from}`);
        return all.replace(from, to);
      }, text);
      const other = join(folder, `other-${++files}.yaml`);
      await writeFile(other, changed);
      return ['--config', other];
    },
    async close() {
      await keyturn.close();
      await duo.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** What the terminal says where a number has to be typed. */
export const NUMBER = /^Confirm on your phone: type (\d{3,6}) in Duo Mobile\.$/;

function finished({ stdout, stderr }: Running, exit: Exit): Finished {
  return { ...exit, stdout, stderr };
}

function neverRang({ code, stdout, stderr }: Finished): Push {
  throw new Error(`it ended (${code}) before a phone rang:\n${stdout}\n${stderr}`);
}
