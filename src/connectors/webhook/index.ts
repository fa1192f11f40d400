/**
 * Systems that the operator’s own automation changes. Every act is one POST of JSON to `url`, signed with the key in the
 * vault (32 characters or more), and the automation’s answer is signed with the same key.
 *
 * Request: `Keyturn-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`, and as body, keys in order, no spaces:
 * - `id`: what is asked, the same whenever it is asked again: recognise by it what is still under way. Never answer from
 *   memory: things may have changed since; do it again, or look.
 * - `call`: this very POST. The answer repeats it.
 * - `act`: `verify` (does `login` sign in with `password`? try it), `rotate` (make `password` its password; `former_password` is
 *   the last one known, or null), `elevate` (put `login` into `group` until `until`; with `as: jit`, make that login
 *   first, with `password`), `withdraw` (take it out; with `as: jit`, remove the login; one that isn’t there is done).
 * - `at`, `client`, `system`, `login`; and by act `password`, `former_password`, `group`, `grant`, `as`, `until`.
 * Refuse a request whose signature is wrong or whose `t` is over 5 minutes off.
 *
 * Answer, with its own `Keyturn-Signature` over its own body:
 * - 200 `{"call": …, "done": true, "read_back": {…}}`: at most 20 strings, numbers, booleans or nulls, read at the target
 *   afterwards and kept on the audit trail. `verify` has `works`, `elevate` and `withdraw` have `member` (true or false).
 * - 200 `{"call": …, "done": false, "trouble": "unreachable" | "not-allowed" | "missing" | "refused", "message": "…"}`.
 * - 202 `{"call": …, "poll": <seconds>}`: under way; Keyturn asks again.
 * Anything else is a no. Redirects aren’t followed; answers end at 64 KB. After `rotate` Keyturn asks `verify` by itself.
 */

import { createHmac, randomUUID } from 'node:crypto';
import type { Secret } from '../../config/secret.js';
import {
  type Connector,
  type ConnectorOptions,
  type Elevation,
  type ReadBack,
  TargetError,
} from '../connector.js';
import { fact, readAnswer } from './answer.js';
import { canonical, type Plain } from './canonical.js';
import { post } from './post.js';
import { urlOf } from './settings.js';
import { sign } from './signature.js';

type Act = 'verify' | 'rotate' | 'elevate' | 'withdraw';

const SHORTEST_KEY = 32;

/** @param limitMs for each call, however many POSTs it takes */
export function openWebhook(options: ConnectorOptions, limitMs = 30_000): Connector {
  const { system, log = () => {} } = options;
  const url = urlOf(system);
  const name = `${system.id} (${url.host})`;

  async function ask(act: Act, what: Readonly<Record<string, Plain>>, end: number): Promise<ReadBack> {
    const key = keyFrom(name, await options.secret());
    const asked = { act, client: system.client, system: system.id, ...what };
    const call = randomUUID();
    const now = new Date();
    const body = canonical({ ...asked, id: idOf(asked, key), call, at: now.toISOString() });
    const left = Math.max(1, Math.ceil(end - performance.now()));
    const answered = await post({ url, body, signature: sign(body, key, now), limitMs: left });
    log({ act: `webhook ${act}`, system: system.id, login: what.login, status: answered.status });
    const sent = [what.password, what.former_password].filter((each) => typeof each === 'string');
    const secrets = [...sent.filter((each) => each !== ''), key.reveal()];
    return readAnswer({ name, call, key, secrets }, answered, new Date());
  }

  const works = async (login: string, secret: Secret, end: number) =>
    fact(name, await ask('verify', { login, password: secret.reveal() }, end), 'works');
  const until = () => performance.now() + limitMs;

  return {
    verify: async (login, secret) => ((await works(login, secret, until())) ? 'works' : 'refused'),
    async rotate(login, to, from) {
      const end = until();
      const passwords = { password: to.reveal(), former_password: from?.reveal() ?? null };
      const read = await ask('rotate', { login, ...passwords }, end);
      if (await works(login, to, end)) return { ...read, works: true };
      throw new TargetError(
        'refused',
        `${name} says that the password of ${login} was changed, but the new one doesn’t work there. Look at the automation.`,
      );
    },
    async elevate(what, when, password) {
      if (what.as === 'jit' && !password) throw new Error(`no password was given for ${what.login}`);
      const more = { until: when.toISOString(), password: password?.reveal() };
      const read = await ask('elevate', { ...plain(what), ...more }, until());
      if (fact(name, read, 'member')) return read;
      throw notSo(name, what, 'isn’t in the group');
    },
    async withdraw(what) {
      const read = await ask('withdraw', plain(what), until());
      if (!fact(name, read, 'member')) return read;
      throw notSo(name, what, 'is still in the group');
    },
    async close() {},
  };
}

/** @throws TargetError `not-allowed`: a key that can be guessed would let anybody say “done” */
function keyFrom(name: string, key: Secret | null): Secret {
  if (key && key.reveal().length >= SHORTEST_KEY) return key;
  throw new TargetError(
    'not-allowed',
    `${name} has ${key ? 'too short a' : 'no'} signing key in the vault. Make one with openssl rand -base64 32, give it to the automation, and put it into the vault with keyturn secret set.`,
  );
}

/** The same for the same request, and for nobody without the key a way to try passwords. */
function idOf(asked: Readonly<Record<string, Plain>>, key: Secret): string {
  return createHmac('sha256', key.reveal())
    .update(`id.${canonical(asked)}`)
    .digest('hex')
    .slice(0, 32);
}

function plain({ grant, group, login, as }: Elevation): Record<string, string> {
  return { grant, group, login, as };
}

function notSo(name: string, { login }: Elevation, what: string): TargetError {
  return new TargetError('refused', `${name} says done, and that ${login} ${what}. Look at the automation.`);
}
