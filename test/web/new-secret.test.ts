import { afterEach, beforeEach, expect, test } from 'vitest';
import { newToken } from '../../src/web/token.js';
import { type Site, startSite } from './site.js';
import { World } from './world.js';

const BAD = 'A password has between 1 and 1024 characters and no line breaks.';

let world: World;
let site: Site;

beforeEach(async () => {
  world = new World('new-secret');
  site = await startSite(world);
});
afterEach(() => site.stop());

const enter = (password: string, browser = site.browser) =>
  site.post({ act: 'enter', token: world.token, browser, password }, { path: '/me/new-secret' });

async function confirmed(): Promise<void> {
  await site.act('ask', world.token);
  await world.confirm();
}

test('the new password is stored sealed, in its place, and the task is done', async () => {
  expect((await site.act('look', world.token)).json).toMatchObject({
    person: 'Lena Falk',
    purpose: 'new-secret',
    grantEndsInSeconds: null,
  });
  await confirmed();
  const entered = await enter('fresh-Pa55 ✓');
  expect([entered.status, entered.json]).toEqual([200, { stored: true }]);
  expect(world.passwords.get(2)).toBe('fresh-Pa55 ✓');
  const stored = world.commits.flatMap((c) => c.writes).flatMap((w) => (w.put === 'secret' ? [w.row] : []));
  expect(stored).toHaveLength(1);
  expect(JSON.parse(stored[0]?.sealed ?? '')).toMatchObject({
    client: 'acme',
    account: 'front-desk',
    version: 2,
  });
  expect(world.revocation).toMatchObject({ state: 'done', doneBy: 'p-lena' });
  expect(world.link.state).toBe('spent');
  expect((await enter('another')).status).toBe(410);
});

test('the password that was shown is refused, and can be corrected', async () => {
  await confirmed();
  const same = await enter('Zq0O-1lI|7#mK w');
  const says = 'That is the password that was shown. Change it at the target first, then enter the new one.';
  expect([same.status, same.json]).toEqual([422, { refused: 'same-secret', says }]);
  expect((await enter('another one')).status).toBe(200);
});

test.each([
  ['', 'empty'],
  ['x'.repeat(1025), 'too long'],
  ['two\nlines', 'a line feed'],
  ['two\rlines', 'a carriage return'],
  ['two\u2028lines', 'a line separator'],
  ['half a \ud800 letter', 'text that is not well-formed'],
])('a bad password (%#) is refused whatever the link is', async (password) => {
  const before = await enter(password);
  expect([before.status, before.json]).toEqual([422, { refused: 'bad-secret', says: BAD }]);
  expect(world.reads).toBe(0);
  await confirmed();
  expect((await enter(password)).json).toEqual({ refused: 'bad-secret', says: BAD });
  expect(world.newest).toBe(1);
});

test('the longest password fits', async () => {
  await confirmed();
  expect((await enter('é'.repeat(1024))).status).toBe(200);
});

test('before the chat has spoken nothing is compared, sealed or stored', async () => {
  await site.act('ask', world.token);
  const early = await enter('Zq0O-1lI|7#mK w');
  const says = 'This browser isn’t confirmed yet. Press the button with its number in your own chat.';
  expect([early.status, early.json]).toEqual([409, { refused: 'not-confirmed', says }]);
});

test('another browser learns nothing, not even whether it guessed the stored password, and is counted', async () => {
  await confirmed();
  for (const [n, guess] of ['Zq0O-1lI|7#mK w', 'wrong'].entries()) {
    const refused = await enter(guess, newToken());
    expect([refused.status, refused.json.refused]).toEqual([403, 'other-browser']);
    expect(world.link.fails).toBe(n + 1);
  }
  expect(world.newest).toBe(1);
});

test('two entries at once store one password', async () => {
  await confirmed();
  const answers = await Promise.all([enter('one'), enter('two'), enter('three')]);
  expect(answers.filter((a) => a.status === 200)).toHaveLength(1);
  expect(world.newest).toBe(2);
});

test('somebody else has done it meanwhile', async () => {
  await confirmed();
  if (world.revocation) world.revocation = { ...world.revocation, state: 'done' };
  const says = 'This is done already: the password has been changed.';
  expect((await enter('late')).json).toEqual({ refused: 'task-done', says });
});

test('a link for a new password shows none, and a link that shows takes none', async () => {
  await confirmed();
  const claimed = await site.act('claim', world.token);
  expect(claimed.status).toBe(409);
  expect(claimed.text).not.toContain('Zq0O');
  const reveal = new World();
  const there = await startSite(reveal);
  await there.act('ask', reveal.token);
  await reveal.confirm();
  const entered = await there.act('enter', reveal.token, { password: 'mine' });
  await there.stop();
  expect([entered.status, entered.json.refused]).toEqual([409, 'no-task']);
  expect(reveal.newest).toBe(1);
});
