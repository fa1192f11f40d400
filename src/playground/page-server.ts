/** Serves the playground's page and what it asks the playground itself. Loopback only, nothing cached, nothing framed. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PlayedClock, serveClock } from './clock-http.js';
import type { AuditView, Cast } from './page/contract.js';

export type * from './page/contract.js';

export interface PlaygroundPageOptions {
  readonly cast: Cast;
  /** The audit trail as it is now, newest event first. */
  readonly audit: () => Promise<AuditView>;
  readonly clock: PlayedClock;
}

const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
};

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

interface Answer {
  readonly type: string;
  readonly body: string | Buffer;
}

/**
 * Makes the handler of the page's own paths: `/`, `/assets/playground.js` and `.css`, `/play/cast`,
 * `/play/audit`, `/play/clock`. It returns false, and has touched nothing, where the path is somebody else's.
 */
export function playgroundPage(
  options: PlaygroundPageOptions,
): (req: IncomingMessage, res: ServerResponse) => boolean {
  const routes: Readonly<Record<string, () => Promise<Answer>>> = {
    '/': async () => ({ type: 'text/html', body: html(options.cast.title) }),
    '/assets/playground.js': async () => ({ type: 'text/javascript', body: await asset('playground.js') }),
    '/assets/playground.css': async () => ({ type: 'text/css', body: await asset('playground.css') }),
    '/play/cast': async () => json(options.cast),
    '/play/audit': async () => json(await options.audit()),
  };
  return (req, res) => {
    const path = (req.url ?? '').replace(/[?#].*$/s, '');
    if (path === '/play/clock') {
      void serveClock(options.clock, req, res);
      return true;
    }
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (!route) return false;
    if (!isLoopback(req.headers.host)) refuse(res, 403, 'This page is for this machine only.');
    else if (req.method !== 'GET' && req.method !== 'HEAD') refuse(res, 405, 'This page is only read.');
    else void serve(route, req, res);
    return true;
  };
}

async function serve(route: () => Promise<Answer>, req: IncomingMessage, res: ServerResponse): Promise<void> {
  try {
    const { type, body } = await route();
    res.writeHead(200, { ...HEADERS, 'content-type': `${type}; charset=utf-8` });
    res.end(req.method === 'HEAD' ? undefined : body);
  } catch {
    refuse(res, 500, 'The playground could not answer that.');
  }
}

function refuse(res: ServerResponse, status: number, sentence: string): void {
  res.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' });
  res.end(`${sentence}\n`);
}

/** A page elsewhere may point its own name at 127.0.0.1; then the Host header still carries that name. */
function isLoopback(host: string | undefined): boolean {
  return host !== undefined && LOOPBACK.test(host);
}

function json(value: unknown): Answer {
  return { type: 'application/json', body: JSON.stringify(value) };
}

function asset(name: string): Promise<Buffer> {
  return readFile(join(packageRoot(), 'dist', 'assets', name));
}

/** The folder with package.json: above src/ and above dist/ alike. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%23123f3c'/%3E%3Cpath d='M16 7a5 5 0 0 1 2.6 9.2L20.5 25h-9l1.9-8.8A5 5 0 0 1 16 7z' fill='%23e9b44c'/%3E%3C/svg%3E";

function html(title: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<title>Keyturn · ${escaped(title)}</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="/assets/playground.css">
<script type="module" src="/assets/playground.js"></script>
</head>
<body>
<div id="app"></div>
<noscript>This page needs JavaScript: it plays several people’s chats at once.</noscript>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
