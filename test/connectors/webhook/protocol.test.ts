/** Whom Keyturn believes when it says “done”, and what it tells and asks of an automation. */

import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Secret } from '../../../src/config/secret.js';
import type { Connector, Elevation } from '../../../src/connectors/connector.js';
import { troubleOf } from '../../support/trouble.js';
import { type Automation, answer, type Instead, signature, startAutomation } from './automation.js';
import { KEY, urlOf, wayTo } from './support.js';

const OLD = new Secret('correct horse');
const NEW = new Secret('battery "staple"');
const LENT: Elevation = { grant: 'G-8F3KQ2', group: 'resets', login: 'lena', as: 'own' };
const DONE = { done: true, read_back: { member: false, works: true } };

let automation: Automation;
let connector: Connector;

beforeAll(async () => {
  automation = await startAutomation(KEY);
  connector = wayTo({ url: urlOf(automation) });
});
afterEach(() => automation.answerWith(null));
afterAll(() => automation.close());

/** What taking a group back ends in when the automation answers like this. */
async function withdrawn(instead: Instead): Promise<string> {
  automation.answerWith(instead);
  return troubleOf(connector.withdraw?.(LENT) ?? Promise.resolve(), [KEY]);
}

function plainly(response: ServerResponse, body: unknown, header?: string): void {
  response.writeHead(200, header === undefined ? {} : { 'Keyturn-Signature': header });
  response.end(JSON.stringify(body));
}

test('a “done” without a signature, or with somebody else’s, is not believed', async () => {
  expect(await withdrawn(({ body }, r) => plainly(r, { call: body.call, ...DONE }))).toBe('untrusted');
  expect(await withdrawn(({ body }, r) => plainly(r, { call: body.call, ...DONE }, ''))).toBe('untrusted');
  expect(await withdrawn(({ body }, r) => answer(r, { call: body.call, ...DONE }, `${KEY}x`))).toBe(
    'untrusted',
  );
});

test('a “done” that was changed on its way is not believed', async () => {
  const changed: Instead = ({ body }, r) => {
    const undone = { call: body.call, done: false, trouble: 'refused', message: 'No.' };
    plainly(r, { call: body.call, ...DONE }, signature(JSON.stringify(undone), KEY));
  };
  expect(await withdrawn(changed)).toBe('untrusted');
});

test.each([301, -301])('a “done” that was signed %s seconds ago is not believed', async (age) => {
  const old: Instead = ({ body }, r) => answer(r, { call: body.call, ...DONE }, KEY, 200, age);
  expect(await withdrawn(old)).toBe('untrusted');
});

test('a “done” of a former call is not believed, however well it is signed', async () => {
  let former: unknown;
  automation.answerWith(({ body }, r) => {
    former = body.call;
    answer(r, { call: former, ...DONE }, KEY);
  });
  await connector.withdraw?.(LENT);
  expect(await withdrawn((_request, r) => answer(r, { call: former, ...DONE }, KEY))).toBe('untrusted');
  expect(await withdrawn((_request, r) => answer(r, DONE, KEY))).toBe('refused');
});

test('what was sent can’t be sent back as an answer', async () => {
  expect(await withdrawn(({ body, header }, r) => plainly(r, body, header))).toBe('refused');
});

test('“not yet” is asked again later, and recognised by its id; each call has a name of its own', async () => {
  automation.asked.length = 0;
  const notYet: Instead = ({ body }, r) => answer(r, { call: body.call, poll: 30 }, KEY, 202);
  expect(await withdrawn(notYet)).toBe('unreachable');
  expect(await withdrawn(notYet)).toBe('unreachable');
  const [first, second] = automation.asked.map(({ body }) => body);
  expect(second?.id).toBe(first?.id);
  expect(second?.call).not.toBe(first?.call);
  await troubleOf(connector.withdraw?.({ ...LENT, grant: 'G-8F3KQ3' }) ?? Promise.resolve(), []);
  expect(automation.asked.at(-1)?.body.id).not.toBe(first?.id);
});

test('a redirect isn’t followed', async () => {
  automation.asked.length = 0;
  const away: Instead = (_request, r) => void r.writeHead(307, { location: urlOf(automation) }).end();
  expect(await withdrawn(away)).toBe('untrusted');
  expect(automation.asked).toHaveLength(1);
});

test.each([
  [401, 'not-allowed'],
  [404, 'refused'],
  [429, 'unreachable'],
  [502, 'unreachable'],
])('the status %s is a no: %s', async (status, trouble) => {
  const instead: Instead = ({ body }, r) => answer(r, { call: body.call, ...DONE }, KEY, status);
  expect(await withdrawn(instead)).toBe(trouble);
});

test('an answer that never ends is cut off', async () => {
  const endless: Instead = (_request, r) => {
    r.writeHead(200);
    const more = () => {
      while (!r.destroyed && r.write('x'.repeat(16_384)));
    };
    r.on('drain', more);
    more();
  };
  expect(await withdrawn(endless)).toBe('untrusted');
});

test.each([
  ['not what was read', {}],
  ['a list', { member: false, all: [1] }],
  ['an object', { member: false, all: {} }],
  ['a long text', { member: false, all: 'x'.repeat(201) }],
  ['too much', Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`a${n}`, n]))],
  ['that the login is still there', { member: true }],
])('an answer that holds %s is no proof', async (_what, read_back) => {
  expect(await withdrawn(({ body }, r) => answer(r, { call: body.call, done: true, read_back }, KEY))).toBe(
    'refused',
  );
});

test('a password that an automation repeats goes nowhere', async () => {
  const repeats = [
    { done: true, read_back: { note: `was ${OLD.reveal()}` } },
    { done: true, read_back: { note: `is ${NEW.reveal()}` } },
    { done: false, trouble: 'refused', message: `${NEW.reveal()} is too weak` },
  ];
  for (const each of repeats) {
    automation.answerWith(({ body }, r) => answer(r, { call: body.call, ...each }, KEY));
    expect(await troubleOf(connector.rotate('lena', NEW, OLD), [OLD.reveal(), NEW.reveal()])).toBe('refused');
  }
});

test('an automation that says done, where the new password doesn’t work, is found out', async () => {
  automation.people.set('lena', OLD.reveal());
  automation.answerWith(({ body }, r) => {
    const read_back = body.act === 'verify' ? { works: false } : { login: 'lena' };
    answer(r, { call: body.call, done: true, read_back }, KEY);
  });
  expect(await troubleOf(connector.rotate('lena', NEW, OLD), [])).toBe('refused');
});

test('a request says what is to be done, for whom, and its text has one form', async () => {
  automation.people.set('lena', OLD.reveal());
  automation.asked.length = 0;
  await connector.rotate('lena', NEW, OLD);
  const [asked] = automation.asked;
  const { id, call, at, ...rest } = asked?.body ?? {};
  expect(rest).toEqual({
    ...{ act: 'rotate', client: 'acme', system: 'acme-crm', login: 'lena' },
    ...{ password: NEW.reveal(), former_password: OLD.reveal() },
  });
  const keys = Object.keys(asked?.body ?? {});
  expect(keys).toEqual([...keys].sort());
  expect(asked?.text).toBe(JSON.stringify(asked?.body));
});

test.each([null, 'short'])('nothing is sent with the signing key %s', async (key) => {
  automation.asked.length = 0;
  const weak = wayTo({ url: urlOf(automation), key });
  expect(await troubleOf(weak.verify('lena', OLD), [OLD.reveal()])).toBe('not-allowed');
  expect(automation.asked).toEqual([]);
});

test.each([
  'http://hooks.acme.example/',
  'https://me:pass@hooks.acme.example/',
  'ftp://127.0.0.1/',
  'no url',
])('the address %s is refused before anything is sent', (url) => {
  expect(() => wayTo({ url })).toThrow(/https:\/\//);
  expect(() => wayTo({ url })).not.toThrow(/me:pass/);
});
