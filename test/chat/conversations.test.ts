import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Conversations, keptConversations } from '../../src/chat/conversations.js';
import { type Database, openServer } from '../../src/store/driver.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';

let made: TestDatabase;
let database: Database;
let kept: Conversations;
let tenants = 0;

beforeAll(async () => {
  made = await createDatabase();
  database = openServer(made.url, () => undefined);
});
afterAll(async () => {
  await database.close();
  await made.drop();
});
beforeEach(() => {
  tenants += 1;
  kept = keptConversations(database, 'teams', `tenant-${tenants}`);
});

const chat = { conversation: 'a:1', userId: 'tess', serviceUrl: 'https://one.example/' };
const team = { conversation: '19:team', userId: null, serviceUrl: 'https://one.example/' };
/** When each was written last. */
const times = async () =>
  database.run<{ conversation: string; at: string }>(
    {
      name: 'times_of_conversations',
      text: 'select conversation, at::text from keyturn.conversations where workspace = $1 order by conversation',
    },
    [`tenant-${tenants}`],
  );

it('what was told is there for every replica, by its name and by its person', async () => {
  await kept.open(chat);
  await kept.open(team);
  const row = { platform: 'teams', workspace: `tenant-${tenants}`, state: 'open', why: null };
  const replica = keptConversations(database, 'teams', `tenant-${tenants}`);
  expect(await replica.find('tess')).toEqual({ ...row, ...chat });
  expect(await replica.find('a:1')).toEqual({ ...row, ...chat });
  expect(await replica.find('19:team')).toEqual({ ...row, ...team });
  expect(await replica.find('lena')).toBeNull();
  expect(await replica.teams()).toEqual([{ ...row, ...team }]);
  expect(await replica.newest()).toEqual({ ...row, ...team });
});

it('closed it says why, keeps the first reason, and is opened again by the next word', async () => {
  await kept.open(chat);
  await kept.close('a:1', 'Keyturn was removed there');
  await kept.close('a:1', 'the chat is gone');
  expect(await kept.find('tess')).toMatchObject({ state: 'closed', why: 'Keyturn was removed there' });
  await kept.open(chat);
  expect(await kept.find('tess')).toMatchObject({ state: 'open', why: null });
});

it('closing what nobody knows does nothing', async () => {
  await kept.close('a:unheard-of', 'the chat is gone');
  expect(await times()).toEqual([]);
});

it('the newest server counts, and nothing is written where nothing has changed', async () => {
  await kept.open(chat);
  await kept.open(team);
  const before = await times();
  await kept.open(chat);
  expect(await times()).toEqual(before);
  await kept.open({ ...chat, serviceUrl: 'https://two.example/' });
  expect(await kept.find('tess')).toMatchObject({ serviceUrl: 'https://two.example/' });
  expect((await kept.newest())?.conversation).toBe('a:1');
});

it('many at once leave one row', async () => {
  await Promise.all(Array.from({ length: 20 }, () => kept.open(chat)));
  expect(await times()).toHaveLength(1);
});

it('another tenant knows nothing of it', async () => {
  await kept.open(chat);
  const other = keptConversations(database, 'teams', 'elsewhere');
  expect([await other.find('tess'), await other.teams(), await other.newest()]).toEqual([null, [], null]);
  await other.close('a:1', 'the chat is gone');
  expect(await kept.find('tess')).toMatchObject({ state: 'open' });
});

it('a closed team is none, and an open conversation comes before a newer one that is closed', async () => {
  await kept.open(chat);
  await kept.open(team);
  await kept.close('19:team', 'Keyturn was removed there');
  expect(await kept.teams()).toEqual([]);
  expect((await kept.newest())?.conversation).toBe('a:1');
});
