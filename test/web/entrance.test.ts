import { afterEach, beforeEach, expect, test } from 'vitest';
import { addressKey } from '../../src/web/rate-limit.js';
import { newToken } from '../../src/web/token.js';
import { PUBLIC_URL, type Sent, type Site, startSite } from './site.js';
import { World } from './world.js';

const NOT_OURS = 'This did not come from the page that the link opens, so nothing was done.';
const MALFORMED = 'That is not what this page sends. Load it again from your chat.';

let world: World;
let site: Site;

beforeEach(async () => {
  world = new World();
  site = await startSite(world);
});
afterEach(async () => {
  expect(world.commits).toEqual([]);
  await site.stop();
});

test.each<[string, NonNullable<Sent['headers']>]>([
  ['without an origin', { origin: undefined }],
  ['from another origin', { origin: 'https://evil.example' }],
  ['from an origin that only begins alike', { origin: `${PUBLIC_URL}.evil.example` }],
  ['from the same host in the clear', { origin: 'http://keyturn.example' }],
  ['from a page that hides its origin', { origin: 'null' }],
  ['across sites', { 'sec-fetch-site': 'cross-site' }],
  ['from a sister host', { 'sec-fetch-site': 'same-site' }],
  ['typed into the address bar', { 'sec-fetch-site': 'none' }],
  ['without the page’s own header', { 'x-keyturn': undefined }],
  ['with another value in the page’s own header', { 'x-keyturn': '0' }],
])('a post %s is refused', async (_, headers) => {
  const got = await site.post({ act: 'ask', token: world.token, browser: site.browser }, { headers });
  expect([got.status, got.json]).toEqual([403, { refused: 'not-ours', says: NOT_OURS }]);
  expect(world.reads).toBe(0);
  expect(await site.metrics.registry.metrics()).toContain('keyturn_unverified_senders_total{kind="web"} 1');
});

test('a browser too old to say where a request comes from may still speak', async () => {
  const body = { act: 'look', token: world.token, browser: site.browser };
  expect((await site.post(body, { headers: { 'sec-fetch-site': undefined } })).status).toBe(200);
});

test.each([
  undefined,
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/json; charset=utf-8',
  'multipart/form-data; boundary=x',
])('content of type %s is refused', async (type) => {
  const headers = { 'content-type': type };
  const got = await site.post({ act: 'ask', token: world.token, browser: site.browser }, { headers });
  const says = 'Only application/json is taken here.';
  expect([got.status, got.json]).toEqual([415, { refused: 'not-json', says }]);
});

test.each([false, true])('more than 8 KB is refused (chunked: %s)', async (chunked) => {
  const body = { act: 'enter', token: world.token, browser: site.browser, password: 'x'.repeat(9_000) };
  const got = await site.post(body, { chunked });
  const says = 'That is more than fits here.';
  expect([got.status, got.json]).toEqual([413, { refused: 'too-large', says }]);
});

test('what is sent without its length is read all the same', async () => {
  const body = { act: 'look', token: world.token, browser: site.browser };
  expect((await site.post(body, { chunked: true })).status).toBe(200);
});

const token = newToken();
const browser = newToken();
test.each<[string, unknown]>([
  ['nothing', ''],
  ['no JSON', '{"act":"look"'],
  ['null', null],
  ['a list', [{ act: 'look', token, browser }]],
  ['no act', { token, browser }],
  ['an unknown act', { act: 'peek', token, browser }],
  ['no token', { act: 'look', browser }],
  ['no browser', { act: 'claim', token }],
  ['an empty browser', { act: 'claim', token, browser: '' }],
  ['a browser of null', { act: 'claim', token, browser: null }],
  ['a token too short', { act: 'look', token: token.slice(1), browser }],
  ['a token too long', { act: 'look', token: `${token}A`, browser }],
  ['a token with a line break', { act: 'look', token: `${token.slice(1)}\n`, browser }],
  ['a token of other letters', { act: 'look', token: `${token.slice(1)}=`, browser }],
  ['a number for a token', { act: 'look', token: 43, browser }],
  ['something added', { act: 'look', token, browser, as: 'lena' }],
  ['a password where none belongs', { act: 'claim', token, browser, password: 'x' }],
  ['no password where one belongs', { act: 'enter', token, browser }],
  ['no code where one belongs', { act: 'code', token, browser }],
  ['an empty code', { act: 'code', token, browser, code: '' }],
  ['a code too long', { act: 'code', token, browser, code: '1'.repeat(21) }],
  ['a code that is no text', { act: 'code', token, browser, code: 123456 }],
  ['a code where none belongs', { act: 'another', token, browser, code: '123456' }],
  ['an address with the wish for one', { act: 'prompt', token, browser, url: 'https://duo.example' }],
  ['a password that is no text', { act: 'enter', token, browser, password: 12345678 }],
])('%s is not what the page sends', async (_, body) => {
  const got = await site.post(body as object);
  expect([got.status, got.json]).toEqual([400, { refused: 'malformed', says: MALFORMED }]);
  expect(world.reads).toBe(0);
});

test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s does nothing', async (method) => {
  const got = await site.send({ method });
  expect([got.status, got.headers.allow]).toEqual([405, 'GET, HEAD, POST']);
});

test('too many posts for one link wait; the sentence says so and the header how long', async () => {
  const rates = { perToken: { burst: 5, perSecond: 0.1 }, perAddress: { burst: 1000, perSecond: 1 } };
  const strict = await startSite(world, { rates });
  const answers = await Promise.all(Array.from({ length: 8 }, () => strict.act('look', world.token)));
  expect(answers.map((a) => a.status).sort()).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
  const slowed = answers.find((a) => a.status === 429);
  const says = 'Too many tries at once. Wait a moment and go on.';
  expect(slowed?.json).toEqual({ refused: 'too-often', says });
  expect(slowed?.headers['retry-after']).toBe('10');
  expect((await strict.act('look', newToken())).status).toBe(410);
  await strict.stop();
});

test('a header that names another address buys no patience', async () => {
  const rates = { perToken: { burst: 5, perSecond: 1 }, perAddress: { burst: 3, perSecond: 0.1 } };
  const strict = await startSite(world, { rates });
  const statuses: number[] = [];
  for (let n = 1; n <= 5; n++) {
    const headers = {
      'x-forwarded-for': `10.0.0.${n}`,
      forwarded: `for=10.0.0.${n}`,
      'x-real-ip': `10.0.0.${n}`,
    };
    statuses.push((await strict.post({ act: 'look', token: newToken(), browser }, { headers })).status);
  }
  expect(statuses).toEqual([410, 410, 410, 429, 429]);
  await strict.stop();
});

test.each([
  ['::ffff:10.1.2.3', '10.1.2.3'],
  ['10.1.2.3', '10.1.2.3'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  [undefined, ''],
])('the address %s counts as %s', (address, key) => {
  expect(addressKey(address)).toBe(key);
});
