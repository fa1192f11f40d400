/** What anything on this machine can ask of the clock, and what it is refused. */

import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serveClock } from '../../src/playground/clock-http.js';

let wound: number[] = [];
let broken = false;
const clock = {
  view: () => ({
    timezone: 'America/Chicago',
    windings: [{ at: 0, ahead: wound.reduce((a, b) => a + b, 0) * 1000 }],
  }),
  wind: async (seconds: number) => {
    if (broken) throw new Error('the inside');
    wound.push(seconds);
  },
};
const server = createServer((req, res) => void serveClock(clock, req, res));
let port: number;

beforeAll(async () => {
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close());
beforeEach(() => {
  wound = [];
  broken = false;
});

interface Asked {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function ask({ method = 'POST', body = '', headers = {} }: Asked) {
  const all = {
    host: `127.0.0.1:${port}`,
    ...(method === 'POST' && { 'content-type': 'application/json' }),
    ...headers,
  };
  return new Promise<{ status: number; says: Record<string, unknown>; caches: unknown }>((done, fail) => {
    request({ host: '127.0.0.1', port, path: '/play/clock', method, headers: all }, async (res) => {
      let text = '';
      for await (const part of res) text += part;
      done({ status: res.statusCode ?? 0, says: JSON.parse(text), caches: res.headers['cache-control'] });
    })
      .on('error', fail)
      .end(body);
  });
}

const wind = (body: unknown, headers: Asked['headers'] = {}) =>
  ask({ body: typeof body === 'string' ? body : JSON.stringify(body), headers });

describe('the clock’s route', () => {
  it('tells the clock to who reads it, and lets nobody keep what it said', async () => {
    expect(await ask({ method: 'GET' })).toMatchObject({
      status: 200,
      caches: 'no-store',
      says: { timezone: 'America/Chicago', windings: [{ at: 0, ahead: 0 }] },
    });
  });

  it.each([300, 600, 3_600, 86_400])(
    'winds on by %i seconds, and says what the clock is then',
    async (by) => {
      const { status, says } = await wind({ seconds: by });
      expect(status).toBe(200);
      expect(says).toMatchObject({ ok: true, clock: { windings: [{ ahead: by * 1000 }] } });
      expect(wound).toEqual([by]);
    },
  );

  it.each([
    ['another amount', { seconds: 301 }],
    ['nothing at all', { seconds: 0 }],
    ['back', { seconds: -3_600 }],
    ['an amount in words', { seconds: '3600' }],
    ['several amounts', { seconds: [3_600] }],
    ['no amount', {}],
    ['a null', { seconds: null }],
    ['a field more', { seconds: 3_600, user: 'tess' }],
    ['a list', [3_600]],
    ['a number alone', 3_600],
    ['an empty body', ''],
    ['half a body', '{"seconds":3600'],
  ])('refuses %s with a sentence, and changes nothing', async (_, body) => {
    const { status, says } = await wind(body);
    expect(status).toBe(400);
    expect(says).toEqual({
      ok: false,
      error: 'The clock is wound on by 300, 600, 3600 or 86400 seconds, and by nothing else.',
    });
    expect(wound).toEqual([]);
  });

  it.each([
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a page of another port here', { origin: 'http://127.0.0.1:1' }],
    ['a page that hides where it is from', { origin: 'null' }],
    ['what a browser calls cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['a name that somebody points here', { host: 'evil.example' }],
  ])('is deaf to %s', async (_, headers) => {
    expect((await wind({ seconds: 3_600 }, headers)).status).toBe(403);
    expect((await ask({ method: 'GET', headers })).status).toBe(403);
    expect(wound).toEqual([]);
  });

  it('takes JSON alone, which a form of another site can’t send', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''])
      expect((await wind({ seconds: 3_600 }, { 'content-type': type })).status).toBe(415);
    expect(
      (await wind({ seconds: 3_600 }, { 'content-type': 'application/json; charset=utf-8' })).status,
    ).toBe(200);
    expect(wound).toEqual([3_600]);
  });

  it('knows no other way of asking', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH']) expect((await ask({ method })).status).toBe(405);
  });

  it('says nothing of what went wrong inside', async () => {
    broken = true;
    const { status, says } = await wind({ seconds: 300 });
    expect(status).toBe(500);
    expect(says).toEqual({ ok: false, error: 'The clock could not be wound.' });
  });
});
