/** The bastion’s own connection to the target: signed in by the account’s secret, only where the host key is right. */

import type ssh2 from 'ssh2';
import { within } from '../../connectors/ssh/deadline.js';
import { OtherHostKey, signIn } from '../../connectors/ssh/sign-in.js';
import type { Passage } from '../gate.js';

const CONNECT_WITHIN_MS = 20_000;

export type Reached =
  | { readonly client: ssh2.Client }
  | { readonly why: 'wrong-host-key'; readonly shown: readonly string[] }
  /** `fault` says what happened, for the log; null where the target refused the secret. */
  | { readonly why: 'target-refused'; readonly fault: unknown };

/** Never throws. */
export async function reachTarget({ host, port, hostKey, username, secret }: Passage): Promise<Reached> {
  const target = { name: host, host, port, fingerprint: hostKey.replace(/=$/, '') };
  try {
    // An empty secret is never sent: some servers take it for no secret at all.
    if (secret.reveal() === '') throw new Error('the account has no secret');
    const client = await signIn(target, username, secret, within(CONNECT_WITHIN_MS));
    if (!client) return { why: 'target-refused', fault: null };
    return { client };
  } catch (error) {
    if (error instanceof OtherHostKey) return { why: 'wrong-host-key', shown: error.shown };
    return { why: 'target-refused', fault: error };
  }
}
