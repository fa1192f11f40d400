import { afterEach, beforeEach, expect, test } from 'vitest';
import { LINK_FAILURES } from '../../src/core/link.js';
import { newToken } from '../../src/web/token.js';
import { type Site, startSite } from './site.js';
import { World } from './world.js';

const LINK_OVER =
  'This link opens nothing any more. Press the button on the card in your chat for a new one.';
const OTHER_BROWSER =
  'Another browser has opened this link already. If that wasn’t you, press “It isn’t me” in your chat and make a new link.';

let world: World;
let site: Site;

beforeEach(async () => {
  world = new World();
  site = await startSite(world);
});
afterEach(() => site.stop());

test('look says whose link it is and what for, and spends nothing', async () => {
  world.later(12);
  const looked = await site.act('look', world.token);
  expect(looked.status).toBe(200);
  expect(looked.json).toEqual({
    client: 'Acme Dental',
    colour: 'green',
    account: 'Front desk PC, local admin',
    person: 'Tess Tran',
    purpose: 'reveal',
    state: 'open',
    expiresInSeconds: 588,
    grantEndsInSeconds: 3588,
  });
  expect(world.commits).toEqual([]);
});

test('ask, confirm in chat, claim: the password once, with an exposure on record', async () => {
  const asked = await site.act('ask', world.token);
  const confirm = { by: 'chat', number: world.link.number };
  expect(asked.json).toEqual({ confirm, another: false });
  expect(Number(asked.json.confirm.number)).toBeGreaterThanOrEqual(10);
  expect(Number(asked.json.confirm.number)).toBeLessThanOrEqual(99);
  expect((await site.act('status', world.token)).json).toEqual({
    state: 'waiting',
    expiresInSeconds: 600,
    confirm,
    another: false,
  });
  await world.confirm();
  expect((await site.act('status', world.token)).json).toEqual({
    state: 'confirmed',
    expiresInSeconds: 600,
    confirm,
    another: false,
  });

  const claimed = await site.act('claim', world.token);
  expect(claimed.status).toBe(200);
  expect(claimed.json).toEqual({ password: 'Zq0O-1lI|7#mK w', username: '.\\acmeadmin', secondsShown: 60 });
  expect(claimed.headers['cache-control']).toBe('no-store');
  expect(world.exposures).toEqual([expect.objectContaining({ person: 'p-tess', secretVersion: 1 })]);

  const again = await site.act('claim', world.token);
  expect([again.status, again.json]).toEqual([410, { refused: 'link-over', says: LINK_OVER }]);
});

test('the same browser keeps its number however often it asks', async () => {
  const answers = await Promise.all(Array.from({ length: 12 }, () => site.act('ask', world.token)));
  expect(new Set(answers.map((a) => a.json.confirm.number))).toEqual(new Set([world.link.number]));
});

test('60 claims at once: one shows the password, every other finds the link over', async () => {
  await site.act('ask', world.token);
  await world.confirm();
  const answers = await Promise.all(Array.from({ length: 60 }, () => site.act('claim', world.token)));
  expect(answers.filter((a) => a.status === 200)).toHaveLength(1);
  expect(answers.filter((a) => a.status === 410)).toHaveLength(59);
  expect(answers.filter((a) => a.text.includes('Zq0O'))).toHaveLength(1);
  expect(world.exposures).toHaveLength(1);
});

test('the version that was opened is the version on record, even when the password changes in between', async () => {
  await site.act('ask', world.token);
  await world.confirm();
  let changed = false;
  const commit = world.commit.bind(world);
  world.commit = async (change) => {
    if (!changed) world.passwords.set(2, 'the-newer-one');
    changed = true;
    return commit(change);
  };
  expect((await site.act('claim', world.token)).json.password).toBe('the-newer-one');
  expect(world.exposures).toEqual([expect.objectContaining({ secretVersion: 2 })]);
});

test('nothing is spent when the password can’t be opened, and the fault shows only its reference', async () => {
  await site.act('ask', world.token);
  await world.confirm();
  const broken = new World();
  Object.assign(broken, { token: world.token, link: world.link });
  broken.openSecret = async () => {
    throw new Error('the key service at 10.0.0.7 is away');
  };
  const there = await startSite(broken);
  const answer = await there.post({ act: 'claim', token: world.token, browser: site.browser });
  await there.stop();
  expect(answer.status).toBe(500);
  expect(answer.json.refused).toBe('fault');
  expect(answer.json.reference).toMatch(/^E-[2-9A-Z]{6}$/);
  expect(answer.json.says).toBe(
    `Something went wrong here. Try again; if it stays so, tell a lead: ${answer.json.reference}.`,
  );
  expect(there.lines.join('')).toContain(answer.json.reference);
  expect(there.lines.join('')).toContain('10.0.0.7');
  expect(broken.link.state).toBe('confirmed');
});

test('a claim that nobody confirmed is refused', async () => {
  const early = await site.act('claim', world.token);
  const says = 'This browser isn’t confirmed yet. Press the button with its number in your own chat.';
  expect([early.status, early.json]).toEqual([409, { refused: 'not-confirmed', says }]);
  await site.act('ask', world.token);
  expect((await site.act('claim', world.token)).json).toEqual({ refused: 'not-confirmed', says });
  expect(world.link.fails).toBe(0);
});

test('another browser gets nothing, and its fifth try kills the link', async () => {
  await site.act('ask', world.token);
  await world.confirm();
  const other = newToken();
  const refused = { refused: 'other-browser', says: OTHER_BROWSER };
  const look = await site.act('look', world.token, {}, other);
  expect([look.status, look.json]).toEqual([403, refused]);
  expect((await site.act('status', world.token, {}, other)).json).toEqual(refused);
  expect(world.link.fails).toBe(0);
  for (let n = 1; n <= LINK_FAILURES; n++) {
    const tried = await site.act(n % 2 ? 'claim' : 'ask', world.token, {}, other);
    expect([tried.status, tried.json]).toEqual([403, refused]);
    expect(world.link.fails).toBe(n);
  }
  expect(world.link.state).toBe('dead');
  expect((await site.act('claim', world.token)).json).toEqual({ refused: 'link-over', says: LINK_OVER });
  expect(world.exposures).toEqual([]);
});

test('unknown, dead, spent, expired and revoked links answer alike, whatever is asked', async () => {
  const unknown = new World();
  const dead = new World();
  dead.link = { ...dead.link, state: 'dead' };
  const spent = new World();
  spent.link = { ...spent.link, state: 'spent' };
  const expired = new World();
  expired.later(600);
  const revoked = new World();
  revoked.revoke();
  const bodies = [
    { act: 'look' },
    { act: 'ask' },
    { act: 'status' },
    { act: 'claim' },
    { act: 'enter', password: 'a new one' },
  ];
  for (const body of bodies) {
    const seen: unknown[] = [];
    for (const each of [unknown, dead, spent, expired, revoked]) {
      const there = await startSite(each);
      each.reads = 0;
      const token = each === unknown ? newToken() : each.token;
      const got = await there.post({ token, browser: there.browser, ...body });
      const { date: _, ...headers } = got.headers;
      seen.push({ status: got.status, text: got.text, headers, reads: each.reads, commits: each.commits });
      await there.stop();
    }
    expect(seen[0]).toMatchObject({ status: 410, reads: 1, commits: [] });
    expect(JSON.parse((seen[0] as { text: string }).text)).toEqual({ refused: 'link-over', says: LINK_OVER });
    for (const other of seen) expect(other).toEqual(seen[0]);
  }
});

test('“It isn’t me” in the chat ends it', async () => {
  await site.act('ask', world.token);
  await world.confirm(false);
  expect((await site.act('status', world.token)).status).toBe(410);
});

test('revoked while the page is open: the claim finds nothing', async () => {
  await site.act('ask', world.token);
  await world.confirm();
  world.revoke();
  expect((await site.act('claim', world.token)).json).toEqual({ refused: 'link-over', says: LINK_OVER });
  expect(world.exposures).toEqual([]);
});

test('a grant that ended and whose link was forgotten serves nothing either', async () => {
  await site.act('ask', world.token);
  await world.confirm();
  world.grant = { ...world.grant, state: 'ended', outcome: 'revoked' };
  const claimed = await site.act('claim', world.token);
  const says = 'G-8F3KQ2 is over (revoked): nothing more is served from it. Ask again if you still need it.';
  expect([claimed.status, claimed.json]).toEqual([409, { refused: 'grant-over', says }]);
});

test('a store that is always a step ahead ends in “busy”, not in a loop', async () => {
  world.commit = async () => 'moved';
  const asked = await site.act('ask', world.token);
  const says = 'Many people act on this at this moment, and nothing was changed. Try again.';
  expect([asked.status, asked.headers['retry-after'], asked.json]).toEqual([
    503,
    '1',
    { refused: 'busy', says },
  ]);
});

test('neither password, token nor browser is ever logged, at any level', async () => {
  await site.act('ask', world.token);
  await world.confirm();
  await site.act('claim', world.token);
  await site.act('claim', world.token, {}, newToken());
  world.failing = new Error('the database is away');
  await site.act('look', world.token);
  await site.post({ act: 'enter', token: world.token, browser: site.browser, password: 'hunter2-hunter2' });
  await site.post(`{"act":"enter","password":"hunter2-hunter2`);
  const logged = site.lines.join('');
  expect(logged).toContain('the database is away');
  for (const secret of ['Zq0O', world.token, site.browser, 'hunter2', world.link.tokenHash])
    expect(logged).not.toContain(secret);
});

test('claims are counted by what came of them', async () => {
  await site.act('claim', world.token);
  await site.act('ask', world.token);
  await world.confirm();
  await site.act('claim', world.token);
  const text = await site.metrics.registry.metrics();
  expect(text).toContain('keyturn_reveals_total{outcome="shown"} 1');
  expect(text).toContain('keyturn_reveals_total{outcome="not-confirmed"} 1');
});
