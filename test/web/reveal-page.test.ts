import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Site, startSite } from './site.js';
import { World } from './world.js';

let world: World;
let site: Site;

beforeEach(async () => {
  world = new World();
  site = await startSite(world);
});
afterEach(() => site.stop());

test.each(['/reveal', '/me/new-secret', '/me/enrol'])(
  'GET and HEAD of %s look at no link and spend none',
  async (path) => {
    const plain = await site.send({ path });
    const asked = await site.send({ path: `${path}?token=${world.token}` });
    const head = await site.send({ method: 'HEAD', path });
    expect([plain.status, asked.status, head.status]).toEqual([200, 200, 200]);
    expect(asked.text).toBe(plain.text);
    expect(head.text).toBe('');
    const { date: _a, ...headHeaders } = head.headers;
    const { date: _b, 'content-length': _c, ...plainHeaders } = plain.headers;
    expect(headHeaders).toEqual(plainHeaders);
    expect([world.reads, world.commits.length]).toEqual([0, 0]);
  },
);

test.each(['/reveal', '/me/new-secret', '/me/enrol'])(
  '%s is strict about everything a browser lets a page be strict about',
  async (path) => {
    const { headers, text } = await site.send({ path });
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'content-type': 'text/html; charset=UTF-8',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('clipboard-read=()'),
      'referrer-policy': 'no-referrer',
      'strict-transport-security': 'max-age=31536000',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'x-robots-tag': expect.stringContaining('noindex'),
    });
    expect(text).not.toMatch(/<script(?![^>]*src=)|<style|style=|\son\w+=|https?:/);
  },
);

test('its script and style are found from each page, and asked for anew each time', async () => {
  for (const path of ['/reveal', '/me/new-secret', '/me/enrol']) {
    const page = await site.send({ path });
    const found = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((m) => m[1] as string);
    expect(found).toHaveLength(2);
    for (const each of found) {
      const { pathname } = new URL(each, `https://keyturn.example${path}`);
      const asset = await site.send({ path: pathname });
      expect([asset.status, asset.headers['cache-control']]).toEqual([200, 'no-cache']);
      expect(asset.headers['content-type']).toMatch(/^text\/(javascript|css)/);
      const again = await site.send({ path: pathname, headers: { 'if-none-match': asset.headers.etag } });
      expect([again.status, again.text]).toEqual([304, '']);
    }
  }
});

test.each(['/', '/reveal/', '/assets/', '/assets/../package.json', '/me'])('%s is nothing', async (path) => {
  const got = await site.send({ path });
  expect([got.status, got.text]).toEqual([404, 'There is nothing here.']);
  expect(got.headers['content-security-policy']).toContain("default-src 'none'");
});
