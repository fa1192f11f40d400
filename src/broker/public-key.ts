/** Reads what somebody pasted as their public key. */

import { createHash } from 'node:crypto';
import ssh2 from 'ssh2';
import { clean } from '../core/free-text.js';
import type { OfferedKey } from '../core/ssh-key.js';

export type ReadKey =
  | { readonly key: OfferedKey }
  /** `private`: it is the other half, which nobody should ever see. */
  | { readonly fault: 'private' | 'unreadable' };

const LONGEST_LINE = 4_000;
const LONGEST_COMMENT = 60;

/** One line of a `.pub` file. Whether the key is good enough is not judged here. */
export function readPublicKey(pasted: string): ReadKey {
  const line = clean(pasted).replace(/\s+/g, ' ');
  if (/PRIVATE KEY/i.test(line)) return { fault: 'private' };
  const [kind = '', data = '', ...rest] = line.split(' ');
  if (line.length > LONGEST_LINE || !/^[a-z0-9@.-]+$/.test(kind) || !/^[A-Za-z0-9+/]+={0,2}$/.test(data))
    return { fault: 'unreadable' };
  const blob = Buffer.from(data, 'base64');
  const parsed = ssh2.utils.parseKey(`${kind} ${data}`);
  if (parsed instanceof Error || parsed.isPrivateKey()) return { fault: 'unreadable' };
  // What it says of itself has to be what it is, whole and with nothing after it.
  if (parsed.type !== kind || !parsed.getPublicSSH().equals(blob)) return { fault: 'unreadable' };
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  return {
    key: {
      kind,
      bits: bitsOf(kind, blob),
      fingerprint: `SHA256:${digest}`,
      comment: commentIn(rest.join(' ')),
    },
  };
}

/** Slack writes an address as `<mailto:tess@laptop|tess@laptop>`. */
function commentIn(text: string): string {
  return text.replace(/<mailto:([^|>]+)[^>]*>/g, '$1').slice(0, LONGEST_COMMENT);
}

function bitsOf(kind: string, blob: Buffer): number {
  if (kind === 'ssh-ed25519') return 256;
  const curve = /^ecdsa-sha2-nistp(\d{3})$/.exec(kind);
  if (curve) return Number(curve[1]);
  return kind === 'ssh-rsa' ? modulusBits(blob) : 0;
}

/** The third field of an RSA key: its length is in the four bytes before it. */
function modulusBits(blob: Buffer): number {
  let at = 0;
  const field = () => {
    const length = blob.readUInt32BE(at);
    const bytes = blob.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    return bytes;
  };
  field();
  field();
  const modulus = field();
  const first = modulus.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (modulus.length - first) * 8 - Math.clz32(modulus[first] as number) + 24;
}
