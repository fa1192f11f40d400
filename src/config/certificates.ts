/** Certificates written out in PEM, as a system's `ca`. */

import { X509Certificate } from 'node:crypto';

const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates in a text, in its order; null where one can't be read or there is none. */
export function certificatesIn(pem: string): X509Certificate[] | null {
  try {
    const found = [...pem.matchAll(block)].map(([text]) => new X509Certificate(text));
    return found.length > 0 ? found : null;
  } catch {
    return null;
  }
}
