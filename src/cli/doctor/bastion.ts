/** Whether people reach the bastion where its card sends them, and find this Keyturn's there. */

import ssh2 from 'ssh2';
import { openCustody } from '../../app.js';
import { keptHostKey } from '../../broker/host-key.js';
import type { Environment } from '../../config/environment.js';
import { fingerprintOf, publicHalf } from '../../connectors/ssh/keys.js';
import { ALGORITHMS } from '../../connectors/ssh/sign-in.js';
import type { Database } from '../../store/driver.js';
import { bad, type Finding, good } from './finding.js';

const ANSWER_WITHIN_MS = 5_000;

/** For where something is lent by SSH. */
export async function onBastion(database: Database, environment: Environment): Promise<Finding> {
  const host = new URL(environment.publicUrl).hostname;
  const port = environment.sshPort;
  const { vault } = await openCustody(database, environment);
  const kept = await keptHostKey(database, vault);
  const shown = await hostKeyAt(host, port);
  const where = `${host}:${port}`;
  if (shown === null)
    return bad(
      `no bastion answers at ${where}, where Connect sends people: is "keyturn start" running, and is SSH_PORT let through to it?`,
    );
  if (kept === null || publicHalf(kept).fingerprint !== shown)
    return bad(
      `at ${where} another host key answers than this Keyturn's: see what listens there, or set SSH_PORT to the port that leads to it`,
    );
  return good(`the bastion answers at ${where}, with the host key ${shown}`);
}

/** The fingerprint of the key that is shown there, before anybody signs in; null where no SSH server answers. */
function hostKeyAt(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const client = new ssh2.Client();
    const end = (shown: string | null) => {
      client.destroy();
      resolve(shown);
    };
    client.on('error', () => end(null));
    client.on('close', () => end(null));
    client.connect({
      ...{ host, port, username: 'keyturn-doctor', algorithms: ALGORITHMS, readyTimeout: ANSWER_WITHIN_MS },
      hostVerifier: (key: Buffer) => {
        end(fingerprintOf(key));
        return false;
      },
    });
  });
}
