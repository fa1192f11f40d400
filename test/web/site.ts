/** The pages on real HTTP, before a world in memory; everything that is logged is kept to be searched. */

import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { pino } from 'pino';
import { createMetrics } from '../../src/web/metrics.js';
import { startServer } from '../../src/web/server.js';
import { newToken } from '../../src/web/token.js';
import { createWebApp, type WebAppOptions } from '../../src/web/web-app.js';
import type { World } from './world.js';

export const PUBLIC_URL = 'https://keyturn.example';

export interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read the answer as a browser's script would
  readonly json: any;
}

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  /** Sends the body without saying how long it is. */
  readonly chunked?: boolean;
}

let built: Promise<string> | undefined;

/** The pages' scripts, built from the source beside these tests. */
export function builtAssets(): Promise<string> {
  built ??= (async () => {
    const outdir = await mkdtemp(join(tmpdir(), 'keyturn-assets-'));
    process.once('exit', () => void rm(outdir, { recursive: true, force: true }));
    const entryPoints = [
      { in: 'src/web/pages/link.client.ts', out: 'link' },
      { in: 'src/web/pages/enrol.client.ts', out: 'enrol' },
      { in: 'src/web/pages/sessions.client.ts', out: 'sessions' },
      { in: 'src/web/pages/link.css', out: 'link' },
      { in: 'src/web/pages/sessions.css', out: 'sessions' },
    ];
    await build({ entryPoints, outdir, bundle: true, format: 'esm', target: 'es2022', logLevel: 'silent' });
    return outdir;
  })();
  return built;
}

const refuse = () => Promise.reject(new Error('nothing is recorded here'));
const NO_RECORDINGS = {
  ...{ list: refuse, one: refuse, channels: refuse, pieces: refuse },
  ...{ seal: refuse, open: refuse },
};

export async function startSite(world: World, more: Partial<WebAppOptions> & { port?: number } = {}) {
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const metrics = createMetrics();
  const app = createWebApp({
    ports: world.ports,
    openSecret: world.openSecret.bind(world),
    sealSecret: world.sealSecret.bind(world),
    openLogin: () => Promise.reject(new Error('no login is made for a grant here')),
    openCode: world.openCode.bind(world),
    prover: world.prover as never,
    sealFactor: async () => '',
    openFactor: () => Promise.reject(new Error('nothing is enrolled here')),
    readReport: () => Promise.reject(new Error('no report is read here')),
    reportRecords: () => {
      throw new Error('no report is read here');
    },
    recordings: {
      shelf: NO_RECORDINGS,
      seals: NO_RECORDINGS,
      endSession: NO_RECORDINGS.one,
    },
    publicUrl: PUBLIC_URL,
    log,
    metrics,
    assetsFolder: await builtAssets(),
    ...more,
  });
  const server = await startServer({
    port: more.port ?? 0,
    host: '127.0.0.1',
    routes: [],
    app,
    log,
    readiness: () => [],
  });
  return new Site(server.port, () => server.stop(), lines, metrics);
}

export class Site {
  /** What the one browser of these tests keeps to itself. */
  readonly browser = newToken();

  constructor(
    readonly port: number,
    readonly stop: () => Promise<void>,
    readonly lines: readonly string[],
    readonly metrics: ReturnType<typeof createMetrics>,
  ) {}

  send({ method = 'GET', path = '/reveal', headers = {}, body, chunked }: Sent): Promise<Got> {
    return send(this.port, {
      method,
      path,
      headers,
      ...(body !== undefined && { body }),
      chunked: chunked ?? false,
    });
  }

  /** As the page does it, with whatever is to be different this time; `undefined` leaves a header out. */
  post(body: unknown, different: Sent = {}): Promise<Got> {
    const headers = { ...PAGE_HEADERS, ...different.headers };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.send({ ...different, method: 'POST', headers, body: text });
  }

  act(act: string, token: string, more: object = {}, browser = this.browser): Promise<Got> {
    return this.post({ act, token, browser, ...more });
  }
}

const PAGE_HEADERS = {
  origin: PUBLIC_URL,
  'content-type': 'application/json',
  'sec-fetch-site': 'same-origin',
  'x-keyturn': '1',
};

function send(port: number, { method, path, headers, body, chunked }: Sent): Promise<Got> {
  const given = Object.entries(headers ?? {}).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  const length = body === undefined || chunked ? {} : { 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request(
      { port, host: '127.0.0.1', method, path, headers: { ...Object.fromEntries(given), ...length } },
      (res) => {
        const parts: Buffer[] = [];
        res.on('data', (part) => parts.push(part));
        res.on('end', () => {
          const text = Buffer.concat(parts).toString();
          resolve({ status: res.statusCode ?? 0, headers: res.headers, text, json: parsed(text) });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
