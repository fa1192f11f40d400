import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { playgroundPage } from '../../src/playground/page-server.js';
import { cast } from './cast.js';

const audit = { whole: true, events: [] };
const view = { timezone: 'America/Chicago', windings: [{ at: 0, ahead: 0 }] };
const clock = { view: () => view, wind: async () => undefined };
const page = playgroundPage({ cast: { ...cast, title: '<b>"x"' }, audit: async () => audit, clock });
const server = createServer((req, res) => {
  if (!page(req, res)) res.writeHead(404).end('not its own');
});

beforeAll(() => new Promise<void>((done) => void server.listen(0, '127.0.0.1', done)));
afterAll(() => void server.close());

function ask(path: string, options: { method?: string; host?: string } = {}) {
  const { port } = server.address() as AddressInfo;
  const headers = { host: options.host ?? `127.0.0.1:${port}` };
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((done, fail) => {
    request({ port, path, method: options.method ?? 'GET', headers, host: '127.0.0.1' }, (res) => {
      let body = '';
      res.on('data', (chunk) => {
        body += chunk;
      });
      res.on('end', () => done({ status: res.statusCode ?? 0, headers: res.headers, body }));
    })
      .on('error', fail)
      .end();
  });
}

it('serves the page under a strict policy, uncached and unframed', async () => {
  const { status, headers, body } = await ask('/?from=cli');
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(headers['cache-control']).toBe('no-store');
  expect(headers['x-content-type-options']).toBe('nosniff');
  const policy = String(headers['content-security-policy']);
  for (const rule of [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "frame-ancestors 'none'",
  ]) {
    expect(policy).toContain(rule);
  }
  expect(policy).not.toContain('unsafe');
  expect(body).not.toMatch(/<style|style=|<script>|\son\w+=/);
  expect(body).not.toContain('<b>');
});

it('serves the bundle, the cast, the audit trail and the clock', async () => {
  expect((await ask('/assets/playground.js')).headers['content-type']).toContain('text/javascript');
  expect((await ask('/assets/playground.css')).body).toContain('.btn');
  expect(JSON.parse((await ask('/play/cast')).body)).toMatchObject({ people: cast.people });
  expect(JSON.parse((await ask('/play/audit')).body)).toEqual(audit);
  expect(JSON.parse((await ask('/play/clock')).body)).toEqual(view);
});

it('leaves other paths alone', async () => {
  for (const path of ['/play/slack/state', '/assets/other.js', '/assets/../package.json', '/toString']) {
    expect((await ask(path)).body).toBe('not its own');
  }
});

it('answers to loopback names only', async () => {
  for (const host of ['localhost:3000', '127.0.0.1', '[::1]:3000'])
    expect((await ask('/', { host })).status).toBe(200);
  for (const host of [
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example:3000',
    'x@127.0.0.1',
  ]) {
    expect((await ask('/play/audit', { host })).status).toBe(403);
  }
});

it('is only read', async () => {
  expect((await ask('/play/cast', { method: 'POST' })).status).toBe(405);
  expect(await ask('/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
});

it('says nothing of what went wrong inside', async () => {
  const broken = playgroundPage({ cast, audit: () => Promise.reject(new Error('the inside')), clock });
  const other = createServer((req, res) => void broken(req, res));
  await new Promise<void>((done) => void other.listen(0, '127.0.0.1', done));
  const answer = await fetch(`http://127.0.0.1:${(other.address() as AddressInfo).port}/play/audit`);
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain('inside');
  other.close();
});
