/** A certificate authority for one run. Node signs but writes no X.509, so the few DER structures are written here. */

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

/** What a TLS server is started with. */
export interface ServerIdentity {
  readonly cert: string;
  readonly key: string;
}

const oid = {
  ecdsaWithSha256: '2a8648ce3d040302',
  commonName: '550403',
  basicConstraints: '551d13',
  keyUsage: '551d0f',
  extendedKeyUsage: '551d25',
  serverAuth: '2b06010505070301',
  subjectAltName: '551d11',
  subjectKeyId: '551d0e',
  authorityKeyId: '551d23',
} as const;

const hour = 3_600_000;

/** An authority made at start. Its key never leaves this object. */
export class Authority {
  /** The authority's certificate, in PEM: what a client of the fake has to trust. */
  readonly ca: string;
  readonly #key: KeyObject;
  readonly #keyId: Buffer;
  readonly #name: Buffer;

  constructor(name = 'Keyturn playground CA') {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = privateKey;
    this.#keyId = keyId(publicKey);
    this.#name = distinguished(name);
    this.ca = this.#certificate(publicKey, this.#name, Date.now() + 720 * hour, [
      extension(oid.basicConstraints, true, sequence(tlv(0x01, Buffer.from([0xff])))),
      // keyCertSign and cRLSign.
      extension(oid.keyUsage, true, tlv(0x03, Buffer.from([1, 0x06]))),
    ]);
  }

  /** A certificate and its key for a server at these host names and addresses. */
  issue(hosts: readonly string[], expiresAt = Date.now() + 720 * hour): ServerIdentity {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const cert = this.#certificate(publicKey, distinguished(hosts[0] ?? 'nobody'), expiresAt, [
      extension(oid.basicConstraints, true, sequence()),
      // digitalSignature.
      extension(oid.keyUsage, true, tlv(0x03, Buffer.from([7, 0x80]))),
      extension(oid.extendedKeyUsage, false, sequence(objectId(oid.serverAuth))),
      extension(oid.subjectAltName, false, sequence(...hosts.map(alternativeName))),
    ]);
    return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
  }

  #certificate(publicKey: KeyObject, subject: Buffer, expiresAt: number, extensions: Buffer[]): string {
    const algorithm = sequence(objectId(oid.ecdsaWithSha256));
    const both = [
      extension(oid.subjectKeyId, false, tlv(0x04, keyId(publicKey))),
      extension(oid.authorityKeyId, false, sequence(tlv(0x80, this.#keyId))),
    ];
    const toBeSigned = sequence(
      tlv(0xa0, integer(Buffer.from([2]))),
      integer(randomBytes(16)),
      algorithm,
      this.#name,
      // An hour of grace for clocks; and an expired one was valid before.
      sequence(time(Math.min(Date.now(), expiresAt) - hour), time(expiresAt)),
      subject,
      publicKey.export({ type: 'spki', format: 'der' }),
      tlv(0xa3, sequence(...extensions, ...both)),
    );
    const signature = sign('sha256', toBeSigned, this.#key);
    const der = sequence(toBeSigned, algorithm, tlv(0x03, Buffer.concat([Buffer.from([0]), signature])));
    const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
    return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
  }
}

function tlv(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const size = Buffer.from([length >> 8, length & 0xff]);
  const shown = size[0] === 0 ? size.subarray(1) : size;
  return Buffer.concat([Buffer.from([tag, 0x80 | shown.length]), shown, content]);
}

const sequence = (...parts: Buffer[]): Buffer => tlv(0x30, Buffer.concat(parts));

const objectId = (hex: string): Buffer => tlv(0x06, Buffer.from(hex, 'hex'));

/** Positive, and in as few bytes as DER wants: the top bit of the first is cleared, another set. */
function integer(bytes: Buffer): Buffer {
  const positive = Buffer.from(bytes);
  if (positive.length > 1) positive[0] = ((positive[0] ?? 0) & 0x3f) | 0x40;
  return tlv(0x02, positive);
}

function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/\..*$/, '').replace(/\D/g, '');
  return tlv(0x17, Buffer.from(`${digits.slice(2)}Z`, 'ascii'));
}

function distinguished(commonName: string): Buffer {
  const name = sequence(objectId(oid.commonName), tlv(0x0c, Buffer.from(commonName, 'utf8')));
  return sequence(tlv(0x31, name));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  const marked = critical ? [tlv(0x01, Buffer.from([0xff]))] : [];
  return sequence(objectId(id), ...marked, tlv(0x04, value));
}

function alternativeName(host: string): Buffer {
  if (isIP(host) === 4) return tlv(0x87, Buffer.from(host.split('.').map(Number)));
  return tlv(0x82, Buffer.from(host, 'ascii'));
}

function keyId(publicKey: KeyObject): Buffer {
  return createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
}
