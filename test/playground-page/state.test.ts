import { describe, expect, it } from 'vitest';
import { HELP } from '../../src/core/words.js';
import type { CastMember, GuideStep } from '../../src/playground/page/contract.js';
import type { DuoPhone, Push } from '../../src/playground/page/duo-contract.js';
import type { Channel, SlackState } from '../../src/playground/page/slack-contract.js';
import {
  type Chat,
  chatOf,
  firstRoom,
  isConcerned,
  type Room,
} from '../../src/playground/page/state/chats.js';
import { fixedPart, hintsFor, promptsFor } from '../../src/playground/page/state/commands.js';
import { advance, arrived, stepsFor } from '../../src/playground/page/state/guide.js';
import { heldUp, isRinging, shownPush } from '../../src/playground/page/state/phones.js';
import { Reloads } from '../../src/playground/page/state/reloads.js';
import { firstUnread, newestIn, unreadIn, unreadOf } from '../../src/playground/page/state/unread.js';
import type { TeamsMessage, TeamsState } from '../../src/playground/page/teams-contract.js';
import { requestCard } from './cards.js';
import { cast, castWithTeams } from './cast.js';

const bot = { id: 'U0BOT', name: 'Keyturn', isBot: true };
const me = { id: 'U0TESS', name: 'Tess Tran', isBot: false };
const message = (ts: string, from = bot) => ({ ts, from, text: '', ephemeral: false, edited: false, at: '' });
const channel = (id: string, kind: Channel['kind'], messages: Channel['messages']): Channel => ({
  id,
  name: id,
  kind,
  messages,
});
const slack = (...channels: Channel[]): SlackState => ({
  team: { id: 'T', name: 'T' },
  me,
  channels,
  view: null,
  toasts: [],
  home: null,
});

describe('unread', () => {
  const team = channel('C1', 'channel', [message('9.1'), message('10.2'), message('10.3', me)]);
  const dm = channel('D1', 'dm', [message('8.0')]);

  it('counts what others said since, by number', () => {
    expect(unreadIn(team, me.id, {})).toBe(2);
    expect(unreadIn(team, me.id, { C1: '9.1' })).toBe(1);
    expect(unreadOf(slack(team, dm), { C1: '10.3' })).toBe(1);
  });

  it('leads to one’s own messages first', () => {
    expect(firstUnread(slack(team, dm), {})).toBe('D1');
    expect(firstUnread(slack(team, dm), { D1: '8.0' })).toBe('C1');
    expect(firstUnread(slack(team, dm), { D1: '8.0', C1: '10.3' })).toBeUndefined();
  });
});

describe('hints', () => {
  const usages = (draft: string) => hintsFor(draft, HELP).map(({ usage }) => usage);

  it('come with the slash and narrow as one types', () => {
    expect(usages('/')).toHaveLength(HELP.length);
    expect(usages('/access ap')).toEqual(['approve <id> [<duration>]']);
    expect(usages('/access approve R-8F')).toEqual(['approve <id> [<duration>]']);
    expect(usages('/access acme/fr')).toEqual(['<client>/<account> <duration> <reason…>']);
    expect(usages('/access help')).toEqual([]);
    expect(usages('hello')).toEqual([]);
    expect(usages('/other ')).toEqual([]);
  });

  it('type only what stands fixed', () => {
    expect(HELP.map(({ usage }) => fixedPart(usage))).toContain('approve ');
    expect(fixedPart('<client>/<account>')).toBe('');
  });
});

describe('hints in Teams', () => {
  const usages = (draft: string) => promptsFor(draft, HELP).map(({ usage }) => usage);

  it('are the same words alone, all of them while nothing is typed', () => {
    expect(usages('')).toHaveLength(HELP.length);
    expect(usages('ap')).toEqual(['approve <id> [<duration>]']);
    expect(usages('acme/fr')).toEqual(['<client>/<account> <duration> <reason…>']);
    expect(usages('hello')).toEqual([]);
    expect(usages('mine')).toEqual([]);
  });

  it('stand after the bot’s name in a channel', () => {
    expect(hintsFor('@', HELP, '@Keyturn')).toHaveLength(HELP.length);
    expect(hintsFor('@Keyturn mi', HELP, '@Keyturn')).toMatchObject([{ usage: 'mine' }]);
    expect(hintsFor('mine', HELP, '@Keyturn')).toEqual([]);
  });

  it('say nothing of a slash command', () => {
    expect(JSON.stringify(HELP)).not.toContain('/access');
  });
});

describe('a chat in Teams', () => {
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  const said = (id: string, second: number, from = bot): TeamsMessage => ({
    ...{ id, from, text: '', card: null, note: null, edited: false },
    at: at(second),
  });
  const teams = (...messages: TeamsMessage[]): TeamsState => ({
    tenant: { id: 'N', name: 'Beacon Law' },
    me,
    conversations: [
      { id: 'chat', name: 'Keyturn', kind: 'personal', messages },
      { id: 'channel', name: 'IT desk', kind: 'channel', messages: [] },
    ],
    dialog: null,
    toasts: [],
  });
  const ivy = castWithTeams.people.at(-1) as CastMember;
  const chat = (of: TeamsState) => chatOf({ slack: {}, teams: { ivy: of } }, 'ivy') as Chat;

  it('counts what is unread by time, and by place where two have the same', () => {
    const before = chat(teams(said('z', 1), said('y', 2)));
    const seen = { chat: newestIn(before.channels[0] as Room) };
    expect(unreadOf(before, seen)).toBe(0);
    expect(unreadOf(chat(teams(said('z', 1), said('y', 2), said('a', 2), said('b', 3, me))), seen)).toBe(1);
  });

  it('is first looked at where the bot speaks', () => {
    expect(firstRoom(ivy, chat(teams()))?.id).toBe('chat');
    expect(firstUnread(chat(teams(said('a', 1))), {})).toBe('chat');
  });

  it('moves the guide on by the buttons of its cards', () => {
    const card = { type: 'AdaptiveCard', actions: [{ type: 'Action.Execute', title: 'Approve' }] };
    const until = { appears: 'Approve', to: 'ivy' } as const;
    const steps: GuideStep[] = [{ as: 'tess', text: '', until }];
    expect(arrived(steps, 0, { slack: {}, teams: { ivy: teams(said('a', 1)) } })).toBe(0);
    expect(arrived(steps, 0, { slack: {}, teams: { ivy: teams({ ...said('a', 1), card }) } })).toBe(1);
  });

  it('is loaded again for what happens in its own tenant, and for what may have happened anywhere', () => {
    expect(isConcerned(ivy, { tenant: 'tenant-beacon' })).toBe(true);
    expect(isConcerned(ivy, { tenant: 'tenant-beacon', users: ['aad-ivy'] })).toBe(true);
    expect(isConcerned(ivy, {})).toBe(true);
    expect(isConcerned(ivy, { tenant: 'tenant-beacon', users: ['aad-ida'] })).toBe(false);
    expect(isConcerned(ivy, { tenant: 'tenant-other' })).toBe(false);
    expect(isConcerned(ivy, { team: 'T0NORTHWIND' })).toBe(false);
  });
});

describe('the guide', () => {
  const steps: GuideStep[] = [
    { as: 'tess', text: '', until: { appears: 'Approve', to: 'lena' } },
    { as: 'lena', text: '', until: { pressed: 'Approve' } },
    { as: 'tess', text: '', until: { pressed: 'Reveal' } },
    { as: 'tess', text: '', until: { opened: 'audit' } },
  ];

  it('goes on when a button has arrived', () => {
    const ask = { id: 'R', client: 'Acme', account: 'a', duration: '1h', reason: 'x', by: 'U0TESS' };
    const lena = slack(channel('D1', 'dm', [{ ...message('1'), blocks: requestCard(ask, '', true) }]));
    expect(arrived(steps, 0, { slack: { lena: slack() }, teams: {} })).toBe(0);
    expect(arrived(steps, 0, { slack: { lena }, teams: {} })).toBe(1);
  });

  it('goes on when a button has gone, and not while the chat is still on its way', () => {
    const waits: GuideStep[] = [{ as: 'tess', text: '', until: { goes: 'Approve', from: 'tess' } }];
    const ask = { id: 'R', client: 'Acme', account: 'a', duration: '1h', reason: 'x', by: 'U0TESS' };
    const card = (open: boolean) => [{ ...message('1'), blocks: requestCard(ask, '', open) }];
    const chats = (open: boolean) => ({ slack: { tess: slack(channel('D1', 'dm', card(open))) }, teams: {} });
    expect(arrived(waits, 0, { slack: {}, teams: {} })).toBe(0);
    expect(arrived(waits, 0, chats(true))).toBe(0);
    expect(arrived(waits, 0, chats(false))).toBe(1);
  });

  it('goes on when its person presses, and is taken along by who runs ahead', () => {
    expect(advance(steps, 1, { by: 'lena', what: { pressed: 'Approve' } })).toBe(2);
    expect(advance(steps, 1, { by: 'tess', what: { pressed: 'Approve' } })).toBe(1);
    expect(advance(steps, 0, { by: 'tess', what: { pressed: 'Reveal' } })).toBe(3);
    expect(advance(steps, 2, { by: 'lena', what: { opened: 'audit' } })).toBe(4);
    expect(advance(steps, 3, { by: 'lena', what: { pressed: 'Approve' } })).toBe(3);
  });

  it('leaves out steps of people who are not there', () => {
    expect(stepsFor({ ...cast, people: cast.people.filter(({ key }) => key !== 'lena') })).not.toContainEqual(
      expect.objectContaining({ as: 'lena' }),
    );
  });
});

describe('a phone', () => {
  const push = (txid: string): Push => ({
    txid,
    type: 'Approval',
    facts: [],
    verified: true,
    state: 'waiting',
    at: 0,
    expiresAt: 60_000,
  });
  const phone = (...txids: string[]): DuoPhone => ({
    user: { username: 'lena', status: 'active' },
    phone: 'on',
    pending: txids.map(push),
    recent: [],
  });

  it('rings while a push waits, and shows the one that waits longest', () => {
    expect(isRinging({ phones: { lena: phone('new', 'old') } }, 'lena')).toBe(true);
    expect(isRinging({ phones: { lena: phone() } }, 'lena')).toBe(false);
    expect(isRinging({ phones: {} }, 'lena')).toBe(false);
    expect(shownPush(phone('new', 'old'))?.txid).toBe('old');
  });

  it('comes up for each new push, and lies down after the last', () => {
    expect(heldUp(false, undefined, phone('a'))).toBe(true);
    expect(heldUp(false, phone('a'), phone('b', 'a'))).toBe(true);
    expect(heldUp(true, phone('b', 'a'), phone('b'))).toBe(true);
    expect(heldUp(true, phone('b'), phone())).toBe(false);
  });

  it('stays as one has put it while nothing arrives', () => {
    expect(heldUp(false, phone('a'), phone('a'))).toBe(false);
    expect(heldUp(true, phone(), phone())).toBe(true);
    expect(heldUp(false, phone(), phone())).toBe(false);
  });
});

it('what is asked for while it loads is loaded once more, and no more often', async () => {
  const reloads = new Reloads();
  const waiting: (() => void)[] = [];
  const load = () => new Promise<void>((done) => void waiting.push(done));
  const first = reloads.run('lena', load);
  await Promise.all([reloads.run('lena', load), reloads.run('lena', load)]);
  expect(waiting).toHaveLength(1);
  const other = reloads.run('tess', async () => undefined);
  await other;
  waiting[0]?.();
  await expect.poll(() => waiting.length).toBe(2);
  waiting[1]?.();
  await first;
  expect(waiting).toHaveLength(2);
});
