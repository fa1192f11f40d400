/** Sends one signed request to an app and waits as long as Slack would. docs.slack.dev/authentication/verifying-requests-from-slack */
import { createHmac } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Fields } from '../types.js';

export type Kind = 'slash' | 'interaction' | 'event';

/** How an attack test bends a request. */
export interface Bend {
  /** Left out: signed as it should be. A string beginning with `v0=` is sent as it stands. */
  readonly signature?: 'wrong' | 'missing' | `v0=${string}`;
  /** Sign with another secret, such as another team's. */
  readonly secret?: string;
  /** Seconds added to the timestamp, in header and signature alike. */
  readonly timestampSkew?: number;
  readonly retryNum?: number;
  readonly retryReason?: string;
  /** Sent instead of what the payload would encode to. */
  readonly rawBody?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly url?: string;
}

export interface Sent {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What came back, or Slack's word for why nothing did. */
export interface Delivered {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  /** `text`, parsed when it is JSON. */
  readonly body: unknown;
  readonly ms: number;
  readonly error?: 'operation_timeout' | 'dispatch_failed';
  readonly request: Sent;
}

/** Slack's signature: `v0=` and HMAC-SHA256 over `v0:timestamp:body`. */
export const sign = (secret: string, timestamp: string, body: string): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;

/** Events travel as JSON, slash commands as a form, everything else as one form field `payload`. */
export function encode(kind: Kind, payload: Fields): { body: string; contentType: string } {
  if (kind === 'event') return { body: JSON.stringify(payload), contentType: 'application/json' };
  const form =
    kind === 'slash'
      ? new URLSearchParams(Object.entries(payload).map(([name, value]) => [name, String(value)]))
      : new URLSearchParams({ payload: JSON.stringify(payload) });
  return { body: form.toString(), contentType: 'application/x-www-form-urlencoded' };
}

/** The bytes and headers of one delivery. */
export function compose(kind: Kind, payload: Fields, secret: string, url: string, bend: Bend = {}): Sent {
  const encoded = encode(kind, payload);
  const body = bend.rawBody ?? encoded.body;
  // Real time, whatever the fake's clock says: the app compares it with its own.
  const timestamp = String(Math.floor(Date.now() / 1000) + (bend.timestampSkew ?? 0));
  const signature = signatureFor(bend, bend.secret ?? secret, timestamp, body);
  return {
    url: bend.url ?? url,
    body,
    headers: {
      'content-type': bend.contentType ?? encoded.contentType,
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      accept: '*/*',
      'x-slack-request-timestamp': timestamp,
      ...(signature ? { 'x-slack-signature': signature } : {}),
      ...(bend.retryNum === undefined
        ? {}
        : {
            'x-slack-retry-num': String(bend.retryNum),
            'x-slack-retry-reason': bend.retryReason ?? 'http_timeout',
          }),
      ...bend.headers,
    },
  };
}

function signatureFor(bend: Bend, secret: string, timestamp: string, body: string): string | undefined {
  if (bend.signature === 'missing') return undefined;
  if (bend.signature === 'wrong') return sign('not the secret', timestamp, body);
  return bend.signature ?? sign(secret, timestamp, body);
}

export interface Wire {
  send(sent: Sent, timeoutMs: number): Promise<Delivered>;
  close(): void;
}

/** Connections to apps, kept open between requests. */
export function openWire(): Wire {
  const agents = {
    'http:': new http.Agent({ keepAlive: true, maxFreeSockets: 64 }),
    'https:': new https.Agent({ keepAlive: true, maxFreeSockets: 64 }),
  };
  return {
    send: (sent, timeoutMs) => send(agents, sent, timeoutMs),
    close() {
      agents['http:'].destroy();
      agents['https:'].destroy();
    },
  };
}

type Agents = { 'http:': http.Agent; 'https:': https.Agent };

function send(agents: Agents, sent: Sent, timeoutMs: number, again = true): Promise<Delivered> {
  const started = performance.now();
  return new Promise((resolve) => {
    const done = (
      status: number,
      headers: http.IncomingHttpHeaders,
      text: string,
      error?: Delivered['error'],
    ) => {
      clearTimeout(timer);
      const ms = performance.now() - started;
      resolve({ status, headers, text, body: parse(text), ms, request: sent, ...(error ? { error } : {}) });
    };
    const options = {
      method: 'POST',
      headers: { ...sent.headers, 'content-length': Buffer.byteLength(sent.body) },
    };
    const url = URL.canParse(sent.url) ? new URL(sent.url) : undefined;
    const timer = setTimeout(() => {
      done(0, {}, '', 'operation_timeout');
      request?.destroy();
    }, timeoutMs);
    if (!url) return done(0, {}, '', 'dispatch_failed');
    const secure = url.protocol === 'https:';
    const agent = secure ? agents['https:'] : agents['http:'];
    const request = (secure ? https : http).request(url, { ...options, agent }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        done(response.statusCode ?? 0, response.headers, Buffer.concat(parts).toString('utf8')),
      );
      response.on('error', () => done(0, {}, '', 'dispatch_failed'));
    });
    request.on('error', () => {
      // A kept-alive socket that the app closed meanwhile says nothing about the app: try a fresh one.
      if (again && request.reusedSocket) {
        clearTimeout(timer);
        resolve(send(agents, sent, timeoutMs, false));
      } else done(0, {}, '', 'dispatch_failed');
    });
    request.end(sent.body);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
