import { connect } from 'node:net';
import { Hono } from 'hono';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import {
  type Listening,
  type Readiness,
  type Route,
  startServer,
  type WebApp,
} from '../../src/web/server.js';

let server: Listening;
let lines: string[] = [];
afterEach(() => server.stop());

async function start(routes: Route[], app: WebApp = new Hono(), readiness: Readiness = () => []) {
  lines = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  server = await startServer({ port: 0, host: '127.0.0.1', routes, app, log, readiness });
  return `http://127.0.0.1:${server.port}`;
}

test('a chat’s route goes first and leaves to the pages what isn’t its own', async () => {
  const chat: Route = (req, res) => {
    if (!req.url?.startsWith('/slack/')) return false;
    res.end('slack');
    return true;
  };
  const at = await start(
    [chat],
    new Hono().get('*', (c) => c.text('page')),
  );
  expect(await (await fetch(`${at}/slack/events/T1`)).text()).toBe('slack');
  expect(await (await fetch(`${at}/reveal`)).text()).toBe('page');
});

test('alive always, ready when the callback has nothing to say', async () => {
  let because: string[] = ['The database doesn’t answer.'];
  const at = await start([], new Hono(), () => because);
  const no = await fetch(`${at}/readyz`);
  expect([no.status, await no.json()]).toEqual([503, { ready: false, because }]);
  expect((await fetch(`${at}/healthz`)).status).toBe(200);
  because = [];
  const yes = await fetch(`${at}/readyz?verbose`);
  expect([yes.status, await yes.json()]).toEqual([200, { ready: true, because: [] }]);
  expect((await fetch(`${at}/readyz`, { method: 'POST' })).status).toBe(405);
  expect((await fetch(`${at}/readyz`, { method: 'HEAD' })).status).toBe(200);
});

test('a readiness check that throws is a “no” without its secrets', async () => {
  const at = await start([], new Hono(), async () => {
    throw new Error('connect postgres://keyturn:hunter2@db');
  });
  const no = await fetch(`${at}/readyz`);
  expect([no.status, await no.json()]).toEqual([
    503,
    { ready: false, because: ['The check failed; the log says why.'] },
  ]);
});

test('a readiness check that hangs is a “no” after a while', async () => {
  const at = await start([], new Hono(), () => new Promise(() => {}));
  const no = await fetch(`${at}/readyz`);
  expect([no.status, await no.json()]).toEqual([
    503,
    { ready: false, because: ['The check took too long.'] },
  ]);
});

test('a fault in a route or a page shows a reference and nothing else', async () => {
  const broken: Route = (req) => {
    if (req.url === '/slack') throw new Error('the inside');
    return false;
  };
  const app: WebApp = {
    fetch: async () => {
      throw new Error('the inside');
    },
  };
  const at = await start([broken], app);
  for (const path of ['/slack', '/page']) {
    const got = await fetch(`${at}${path}`);
    const text = await got.text();
    expect([got.status, text]).toEqual([
      500,
      expect.stringMatching(/^Something went wrong here\. .* E-\w{6}\.$/),
    ]);
    expect(lines.join('')).toContain(text.slice(-9, -1));
  }
});

test('what says that it is too large is not even read', async () => {
  const at = await start([], new Hono());
  const got = await fetch(`${at}/slack/events/T1`, { method: 'POST', body: 'x'.repeat(1_000_001) });
  expect(got.status).toBe(413);
});

test('stopping lets what is under way finish, takes nothing new and doesn’t wait for idle connections', async () => {
  let finish = () => {};
  const slow: Route = (_, res) => {
    finish = () => res.end('done');
    return true;
  };
  const at = await start([slow]);
  const idle = connect(server.port, '127.0.0.1');
  await new Promise((resolve) => idle.once('connect', resolve));
  const answer = fetch(at).then((got) => got.text());
  await expect.poll(() => finish.toString()).toContain('done');
  const began = Date.now();
  const stopped = server.stop();
  await expect(fetch(at)).rejects.toThrow();
  finish();
  expect(await answer).toBe('done');
  await stopped;
  expect(Date.now() - began).toBeLessThan(3_000);
});

test('what doesn’t finish in time is cut', { timeout: 12_000 }, async () => {
  const at = await start([() => true]);
  const answer = fetch(at).catch(() => 'cut');
  await expect.poll(() => new Promise((resolve) => setTimeout(() => resolve(true), 100))).toBe(true);
  const began = Date.now();
  await server.stop();
  expect(await answer).toBe('cut');
  expect(Date.now() - began).toBeLessThan(6_500);
});

test('a port that is taken is an error at once', async () => {
  await start([]);
  const again = startServer({
    port: server.port,
    host: '127.0.0.1',
    routes: [],
    app: new Hono(),
    log: pino({ level: 'silent' }),
    readiness: () => [],
  });
  await expect(again).rejects.toThrow('EADDRINUSE');
});
