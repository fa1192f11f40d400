/** The pages that people open in a browser, as one application. */

import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { assets, findAssets } from './assets.js';
import { fault } from './faults.js';
import { type LinkApiOptions, linkApi, onlyPageMethods } from './link-api.js';
import { linkPage } from './reveal-page.js';
import { securityHeaders } from './security-headers.js';

export interface WebAppOptions extends LinkApiOptions {
  /** Where the built scripts and styles are; found by itself unless told. */
  readonly assetsFolder?: string;
}

const LINK_PAGES = ['/reveal', '/me/new-secret'] as const;

/** @throws where the built assets are missing. */
export function createWebApp(options: WebAppOptions): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  const post = linkApi(options);
  app.use(securityHeaders(options.publicUrl));
  for (const path of LINK_PAGES) {
    const html = linkPage(path.split('/').length - 2);
    app.use(path, onlyPageMethods);
    app.get(path, (c) => c.html(html));
    app.post(path, post);
  }
  app.route('/', assets(options.assetsFolder ?? findAssets()));
  app.notFound((c) => c.text('There is nothing here.', 404));
  app.onError((err, c) => c.text(fault(options.log, err, { path: c.req.path }).says, 500));
  return app;
}
