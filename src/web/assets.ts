/** The pages' scripts and styles: built files, known by name, read once. */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';

const ASSETS = [
  { name: 'link.js', type: 'text/javascript; charset=utf-8' },
  { name: 'enrol.js', type: 'text/javascript; charset=utf-8' },
  { name: 'sessions.js', type: 'text/javascript; charset=utf-8' },
  { name: 'sessions.css', type: 'text/css; charset=utf-8' },
  { name: 'link.css', type: 'text/css; charset=utf-8' },
] as const;

/** `dist/assets` of the nearest folder above that has one, whether this runs from the source or bundled. */
export function findAssets(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const assets = join(folder, 'dist', 'assets');
    if (existsSync(assets)) return assets;
    if (folder === dirname(folder)) throw new Error('The pages are not built: run "npm run build" first.');
  }
}

/**
 * Serves `/assets/…`. Asked for anew each time and answered with 304 where
 * nothing changed, so that a page never runs with the script of another version.
 *
 * @throws where a file is missing, so that it is known at the start.
 */
export function assets(folder: string): Hono {
  const app = new Hono();
  for (const { name, type } of ASSETS) {
    const body = readFileSync(join(folder, name));
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    app.get(`/assets/${name}`, (c) => {
      const headers = { 'content-type': type, 'cache-control': 'no-cache', etag };
      if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers);
      return c.body(new Uint8Array(body), 200, headers);
    });
  }
  return app;
}
