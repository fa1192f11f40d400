/** A certificate authority made for the tests, in PEM, and what it is told by. */

import { X509Certificate } from 'node:crypto';
import { Authority } from '../../src/playground/duo/certificates.js';

export const authority = new Authority().ca;
export const fingerprint = new X509Certificate(authority).fingerprint256;
