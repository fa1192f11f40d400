/** The pages that people open in a browser, as one application. */

import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { Prover } from '../mfa/prover.js';
import { assets, findAssets } from './assets.js';
import { DUO_RETURN, duoReturn } from './duo-return.js';
import { type EnrolApiOptions, enrolApi } from './enrol-api.js';
import { enrolPage } from './enrol-page.js';
import { fault } from './faults.js';
import { type LinkApiOptions, linkApi } from './link-api.js';
import { onlyPageMethods } from './page-gate.js';
import { linkPage } from './reveal-page.js';
import { securityHeaders, WASM_POLICY } from './security-headers.js';
import { type SessionsApiOptions, sessionsApi } from './sessions-api.js';
import { sessionsPage } from './sessions-page.js';
import { type VisitApiOptions, visitApi } from './visit-api.js';

export interface WebAppOptions extends LinkApiOptions, EnrolApiOptions, VisitApiOptions, SessionsApiOptions {
  readonly prover: Prover;
  /** Where the built scripts and styles are; found by itself unless told. */
  readonly assetsFolder?: string;
}

const LINK_PAGES = ['/reveal', '/me/new-secret'] as const;
const REPORT_PAGE = '/me/reports';
const SESSIONS_PAGE = '/me/sessions';
const ENROL_PAGE = '/me/enrol';

/** @throws where the built assets are missing. */
export function createWebApp(options: WebAppOptions): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  const link = linkApi(options);
  const visit = visitApi(options);
  app.use(securityHeaders(options.publicUrl));
  for (const path of [...LINK_PAGES, REPORT_PAGE]) {
    const html = linkPage(depth(path));
    app.use(path, onlyPageMethods);
    app.get(path, (c) => c.html(html));
    app.post(path, path === REPORT_PAGE ? visit : link);
  }
  const sessions = sessionsPage(depth(SESSIONS_PAGE));
  app.use(SESSIONS_PAGE, onlyPageMethods);
  app.get(SESSIONS_PAGE, (c) => c.html(sessions, 200, { 'content-security-policy': WASM_POLICY }));
  app.post(SESSIONS_PAGE, sessionsApi(options));
  const enrol = enrolPage(depth(ENROL_PAGE));
  app.use(ENROL_PAGE, onlyPageMethods);
  app.get(ENROL_PAGE, (c) => c.html(enrol));
  app.post(ENROL_PAGE, enrolApi(options));
  app.get(DUO_RETURN, duoReturn(options.prover, depth(DUO_RETURN)));
  app.route('/', assets(options.assetsFolder ?? findAssets()));
  app.notFound((c) => c.text('There is nothing here.', 404));
  app.onError((err, c) => c.text(fault(options.log, err, { path: c.req.path }).says, 500));
  return app;
}

/** So many folders deep is a page's address. */
function depth(path: string): number {
  return path.split('/').length - 2;
}
