/** What PostgreSQL keeps of a password (RFC 5802, RFC 7677), computed here so that the password is never in a statement. */

import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Secret } from '../../config/secret.js';
import { TargetError } from '../connector.js';

const ITERATIONS = 4096; // PostgreSQL's own default
const SALT_BYTES = 16;
const KEY_BYTES = 32;

const derive = promisify(pbkdf2);

/**
 * `SCRAM-SHA-256$4096:<salt>$<StoredKey>:<ServerKey>`, which the server stores as it is.
 *
 * @throws TargetError `refused` for a password that clients may prepare in different ways (SASLprep), or an empty one.
 */
export async function scramVerifier(password: Secret, salt = randomBytes(SALT_BYTES)): Promise<string> {
  if (!/^[\x20-\x7e]+$/.test(password.reveal())) {
    const message = 'A password for PostgreSQL has to be of printable ASCII. Nothing was changed there.';
    throw new TargetError('refused', message);
  }
  const salted = await derive(password.reveal(), salt, ITERATIONS, KEY_BYTES, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
