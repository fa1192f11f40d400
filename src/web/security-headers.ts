/** What every answer of the web pages carries: nothing is kept, framed, sniffed, indexed or told to others. */

import type { MiddlewareHandler } from 'hono';

const policy = (scripts: string) =>
  [
    "default-src 'none'",
    `script-src ${scripts}`,
    "style-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Of the one page whose own script compiles WebAssembly: the terminal that plays recordings. Nothing else is loosened. */
export const WASM_POLICY = policy("'self' 'wasm-unsafe-eval'");

const DENIED_FEATURES = [
  'accelerometer=()',
  'camera=()',
  'display-capture=()',
  'geolocation=()',
  'gyroscope=()',
  'microphone=()',
  'payment=()',
  'usb=()',
  'clipboard-read=()',
  'clipboard-write=(self)',
].join(', ');

const HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': policy("'self'"),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': DENIED_FEATURES,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow, noarchive, nosnippet',
};

/** What a page may say for itself. */
const OWN = ['cache-control', 'content-security-policy'];

/** Sets them all; over HTTPS also that this host is never spoken to in the clear. */
export function securityHeaders(publicUrl: string): MiddlewareHandler {
  const https = new URL(publicUrl).protocol === 'https:';
  return async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS))
      if (!OWN.includes(name) || !c.res.headers.has(name)) c.res.headers.set(name, value);
    if (https) c.res.headers.set('strict-transport-security', 'max-age=31536000');
  };
}
