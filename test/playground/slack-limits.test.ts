import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FakeSlack, Fields } from '../../src/playground/slack/index.js';
import {
  access,
  boltOverHttp,
  bot,
  call,
  form,
  lena,
  plain,
  section,
  start,
  team,
  tess,
} from './slack-support.js';

const long = (length: number) => 'x'.repeat(length);
const many = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));
const option = (n: number | string, text = `option ${n}`) => ({ text: plain(text), value: `v${n}` });
const button = (more: Fields = {}) => ({ type: 'button', action_id: 'go', text: plain('Go'), ...more });
const actions = (...elements: Fields[]) => ({ type: 'actions', elements });
const select = (more: Fields = {}) => ({
  type: 'static_select',
  action_id: 's',
  options: [option(1)],
  ...more,
});
const confirm = (more: Fields = {}) => ({
  title: plain('Sure?'),
  text: plain('Really'),
  confirm: plain('Yes'),
  deny: plain('No'),
  ...more,
});
const input = (element: Fields = {}, more: Fields = {}) => ({
  type: 'input',
  label: plain('Why'),
  element: { type: 'plain_text_input', action_id: 'typed', ...element },
  ...more,
});

describe('blocks of a message', () => {
  let slack: FakeSlack;
  beforeAll(async () => {
    slack = await start({ rateLimits: false });
  });
  afterAll(() => slack.stop());

  const post = (blocks: Fields[]) => call(slack, 'chat.postMessage', { channel: access, text: 'x', blocks });

  const refused: [string, Fields[], string][] = [
    [
      '51 blocks',
      many(51, () => ({ type: 'divider' })),
      'no more than 50 items allowed [json-pointer:/blocks]',
    ],
    [
      'a block of no known type',
      [{ type: 'sectoin' }],
      'unsupported type: sectoin [json-pointer:/blocks/0/type]',
    ],
    [
      'a field nobody knows',
      [{ ...section('x'), colour: 'red' }],
      'invalid additional property: colour [json-pointer:/blocks/0]',
    ],
    [
      'a section with nothing',
      [{ type: 'section' }],
      'missing required field: text or fields [json-pointer:/blocks/0]',
    ],
    ['an empty section', [section('')], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
    [
      '3,001 characters',
      [section(long(3001))],
      'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
    ],
    [
      '11 fields',
      [{ type: 'section', fields: many(11, () => plain('x')) }],
      'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
    ],
    [
      'a field of 2,001',
      [{ type: 'section', fields: [plain(long(2001))] }],
      'must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]',
    ],
    [
      'a header of 151',
      [{ type: 'header', text: plain(long(151)) }],
      'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
    ],
    [
      'a header in mrkdwn',
      [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }],
      'must be plain_text [json-pointer:/blocks/0/text/type]',
    ],
    [
      '11 in a context',
      [{ type: 'context', elements: many(11, () => plain('x')) }],
      'no more than 10 items allowed [json-pointer:/blocks/0/elements]',
    ],
    [
      '26 buttons',
      [actions(...many(26, (n) => button({ action_id: `a${n}` })))],
      'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
    ],
    [
      'an action_id of 256',
      [actions(button({ action_id: long(256) }))],
      'must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]',
    ],
    [
      'one action_id twice',
      [actions(button(), button())],
      'action_id `go` already exists in this block [json-pointer:/blocks/0/elements/1/action_id]',
    ],
    [
      'one block_id twice',
      [
        { ...section('x'), block_id: 'b' },
        { type: 'divider', block_id: 'b' },
      ],
      'block_id `b` already exists [json-pointer:/blocks/1/block_id]',
    ],
    [
      'a block_id of 256',
      [{ ...section('x'), block_id: long(256) }],
      'must be less than 256 characters [json-pointer:/blocks/0/block_id]',
    ],
    [
      'a label of 76',
      [actions(button({ text: plain(long(76)) }))],
      'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
    ],
    [
      'a label in mrkdwn',
      [actions(button({ text: { type: 'mrkdwn', text: 'x' } }))],
      'must be plain_text [json-pointer:/blocks/0/elements/0/text/type]',
    ],
    [
      'a value of 2,001',
      [actions(button({ value: long(2001) }))],
      'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
    ],
    [
      'a link of 3,001',
      [actions(button({ url: `https://x.example/${long(3000)}` }))],
      'must be less than 3001 characters [json-pointer:/blocks/0/elements/0/url]',
    ],
    [
      'a style of its own',
      [actions(button({ style: 'green' }))],
      'must be a valid enum value: primary, danger [json-pointer:/blocks/0/elements/0/style]',
    ],
    [
      'a confirm title of 101',
      [actions(button({ confirm: confirm({ title: plain(long(101)) }) }))],
      'must be less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]',
    ],
    [
      'a confirm text of 301',
      [actions(button({ confirm: confirm({ text: plain(long(301)) }) }))],
      'must be less than 301 characters [json-pointer:/blocks/0/elements/0/confirm/text/text]',
    ],
    [
      'a confirm button of 31',
      [actions(button({ confirm: confirm({ deny: plain(long(31)) }) }))],
      'must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/deny/text]',
    ],
    [
      '101 options',
      [actions(select({ options: many(101, option) }))],
      'no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]',
    ],
    [
      'no options',
      [actions(select({ options: [] }))],
      'no fewer than 1 items allowed [json-pointer:/blocks/0/elements/0/options]',
    ],
    [
      'an option text of 76',
      [actions(select({ options: [option(1, long(76))] }))],
      'must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]',
    ],
    [
      'an option value of 151',
      [actions(select({ options: [{ text: plain('x'), value: long(151) }] }))],
      'must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]',
    ],
    [
      'an initial option not on offer',
      [actions(select({ initial_option: option(2) }))],
      'initial option must match one of the options [json-pointer:/blocks/0/elements/0]',
    ],
    [
      'a placeholder of 151',
      [actions(select({ placeholder: plain(long(151)) }))],
      'must be less than 151 characters [json-pointer:/blocks/0/elements/0/placeholder/text]',
    ],
    [
      '101 option groups',
      [
        actions(
          select({
            options: undefined,
            option_groups: many(101, (n) => ({ label: plain(`g${n}`), options: [option(n)] })),
          }),
        ),
      ],
      'no more than 100 items allowed [json-pointer:/blocks/0/elements/0/option_groups]',
    ],
    [
      '11 radio buttons',
      [actions({ type: 'radio_buttons', action_id: 'r', options: many(11, option) })],
      'no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]',
    ],
    [
      'an image without words',
      [{ type: 'image', image_url: 'https://x.example/a.png' }],
      'missing required field: alt_text [json-pointer:/blocks/0]',
    ],
    [
      'an input among actions',
      [actions({ type: 'plain_text_input', action_id: 't' })],
      'unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]',
    ],
    [
      'a hint of 2,001',
      [input({}, { hint: plain(long(2001)) })],
      'must be less than 2001 characters [json-pointer:/blocks/0/hint/text]',
    ],
    [
      'max_length over 3,000',
      [input({ max_length: 3001 })],
      'must be at most 3000 [json-pointer:/blocks/0/element/max_length]',
    ],
  ];

  it.each(refused)('refuses %s', async (_what, blocks, message) => {
    const answer = await post(blocks);
    expect(answer).toMatchObject({ ok: false, status: 200, error: 'invalid_blocks', errors: [message] });
    expect(answer.response_metadata).toEqual({ messages: [`[ERROR] ${message}`] });
  });

  const accepted: [string, Fields[]][] = [
    ['50 blocks', many(50, () => ({ type: 'divider' }))],
    ['3,000 characters', [section(long(3000))]],
    ['25 buttons', [actions(...many(25, (n) => button({ action_id: `a${n}`, text: plain(long(75)) })))]],
    ['the same action in two blocks', [actions(button()), actions(button())]],
    ['100 options', [actions(select({ options: many(100, option), initial_option: option(4) }))]],
    [
      'every common block',
      [
        { type: 'header', text: plain('H') },
        {
          type: 'context',
          elements: [{ type: 'image', image_url: 'https://x.example/a.png', alt_text: 'a' }, plain('b')],
        },
        { ...section('x'), accessory: button({ confirm: confirm({ style: 'danger' }) }) },
        input({}, { optional: true }),
      ],
    ],
  ];

  it.each(accepted)('accepts %s', async (_what, blocks) => {
    expect(await post(blocks)).toMatchObject({ ok: true, channel: access });
  });

  it('gives blocks the ids that the app left out', async () => {
    await post([section('x'), actions({ type: 'button', text: plain('Go') })]);
    const [, block] = slack.messages(team, access).at(-1)?.blocks ?? [];
    expect(block?.block_id).toEqual(expect.any(String));
  });

  it('refuses blocks that are no JSON list', async () => {
    expect(await call(slack, 'chat.postMessage', { channel: access, text: 'x', blocks: '{' })).toMatchObject({
      error: 'invalid_blocks_format',
    });
  });

  it('refuses too much text in all blocks together', async () => {
    expect(await post(many(5, () => section(long(2900))))).toMatchObject({ error: 'msg_blocks_too_long' });
  });
});

describe('methods', () => {
  let slack: FakeSlack;
  beforeEach(async () => {
    slack = await start({ rateLimits: false });
  });
  afterEach(() => slack.stop());

  const errors: [string, string, Fields, string][] = [
    ['an unknown method', 'chat.shout', {}, 'unknown_method'],
    ['an unknown channel', 'chat.postMessage', { channel: 'C0NONE', text: 'x' }, 'channel_not_found'],
    [
      'a private channel without the bot',
      'chat.postMessage',
      { channel: 'C0SECRET', text: 'x' },
      'channel_not_found',
    ],
    ['a channel without the bot', 'chat.postMessage', { channel: 'C0RANDOM', text: 'x' }, 'not_in_channel'],
    ['an archived channel', 'chat.postMessage', { channel: 'C0OLD', text: 'x' }, 'is_archived'],
    ['no words', 'chat.postMessage', { channel: access }, 'no_text'],
    ['too many words', 'chat.postMessage', { channel: access, text: long(40_001) }, 'msg_too_long'],
    ['no channel', 'chat.postMessage', { text: 'x' }, 'invalid_arguments'],
    [
      'metadata without a type',
      'chat.postMessage',
      { channel: access, text: 'x', metadata: { event_payload: {} } },
      'invalid_metadata_format',
    ],
    [
      'somebody outside the channel',
      'chat.postEphemeral',
      { channel: access, user: 'U0GUEST', text: 'x' },
      'user_not_in_channel',
    ],
    [
      'a message that is not there',
      'chat.update',
      { channel: access, ts: '1.000000', text: 'x' },
      'message_not_found',
    ],
    [
      'a user id where a channel belongs',
      'chat.update',
      { channel: tess, ts: '1.000000', text: 'x' },
      'channel_not_found',
    ],
    ['an unknown user', 'users.info', { user: 'U0NOBODY' }, 'user_not_found'],
    ['an e-mail nobody has', 'users.lookupByEmail', { email: 'no@northwind.example' }, 'users_not_found'],
    ['a leaver by e-mail', 'users.lookupByEmail', { email: 'gil@northwind.example' }, 'users_not_found'],
    ['a direct message to a bot', 'conversations.open', { users: bot }, 'cannot_dm_bot'],
    ['a direct message to a leaver', 'conversations.open', { users: 'U0GONE' }, 'user_disabled'],
    ['a direct message to nobody', 'conversations.open', { users: 'U0NOBODY' }, 'user_not_found'],
    ['a made-up trigger', 'views.open', { trigger_id: '1.2.x', view: form }, 'invalid_trigger_id'],
    ['a bot token for Socket Mode', 'apps.connections.open', {}, 'not_allowed_token_type'],
  ];

  it.each(errors)('refuses %s', async (_what, method, args, error) => {
    expect(await call(slack, method, args)).toMatchObject({ ok: false, status: 200, error });
  });

  it('refuses calls without a token or with a wrong one, and keeps teams apart', async () => {
    expect(await call(slack, 'auth.test', {}, null)).toMatchObject({ error: 'not_authed' });
    expect(await call(slack, 'auth.test', {}, 'xoxb-guess')).toMatchObject({ error: 'invalid_auth' });
    expect(await call(slack, 'auth.test', {}, 'xoxb-delta')).toMatchObject({ ok: true, team_id: 'T0DELTA' });
    expect(await call(slack, 'chat.postMessage', { channel: access, text: 'x' }, 'xoxb-delta')).toMatchObject(
      { error: 'channel_not_found' },
    );
    expect(await call(slack, 'users.info', { user: tess }, 'xoxb-delta')).toMatchObject({
      error: 'user_not_found',
    });
  });

  it('changes only the app’s own messages', async () => {
    await slack.message(team, tess, access, 'mine');
    const [theirs] = slack.messages(team, access);
    expect(await call(slack, 'chat.update', { channel: access, ts: theirs?.ts, text: 'x' })).toMatchObject({
      error: 'cant_update_message',
    });
    expect(await call(slack, 'chat.delete', { channel: access, ts: theirs?.ts })).toMatchObject({
      error: 'cant_delete_message',
    });
  });

  it('drops the old blocks when a text replaces them, and can’t change an ephemeral', async () => {
    const posted = await call(slack, 'chat.postMessage', {
      channel: tess,
      text: 'x',
      blocks: [section('card')],
    });
    expect(posted.channel).toBe(slack.dmId(team, tess));
    await call(slack, 'chat.update', { channel: posted.channel, ts: posted.ts, text: 'words' });
    expect(slack.dm(team, tess)[0]).toMatchObject({ text: 'words', blocks: [], edited: true });
    const quiet = await call(slack, 'chat.postEphemeral', { channel: access, user: tess, text: 'psst' });
    expect(
      await call(slack, 'chat.update', { channel: access, ts: quiet.message_ts, text: 'x' }),
    ).toMatchObject({ error: 'message_not_found' });
  });

  it('keeps a person’s direct message and pages lists', async () => {
    const first = await call(slack, 'conversations.open', { users: tess });
    expect((await call(slack, 'conversations.open', { users: tess })).channel).toEqual(first.channel);
    const page = await call(slack, 'users.list', { limit: 4 });
    const { next_cursor: cursor } = page.response_metadata as Fields;
    const rest = await call(slack, 'users.list', { limit: 4, cursor });
    const ids = [...(page.members as Fields[]), ...(rest.members as Fields[])].map((one) => one.id);
    expect(ids).toEqual([tess, lena, 'U0GUEST', 'U0GONE', 'U0STRANGER', bot]);
    expect((rest.response_metadata as Fields).next_cursor).toBe('');
    expect(await call(slack, 'conversations.members', { channel: access })).toMatchObject({
      members: [tess, lena, bot],
    });
  });

  it('shows what a bot must look at in a user', async () => {
    const info = async (user: string) => (await call(slack, 'users.info', { user })).user as Fields;
    expect(await info(tess)).toMatchObject({
      is_email_confirmed: true,
      is_restricted: false,
      profile: { email: 'tess@northwind.example' },
    });
    expect(await info('U0GUEST')).toMatchObject({ is_restricted: true });
    expect(await info('U0GONE')).toMatchObject({ deleted: true });
    const stranger = await info('U0STRANGER');
    expect(stranger).toMatchObject({ is_stranger: true, team_id: 'T0FAR' });
    expect((stranger.profile as Fields).email).toBeUndefined();
    expect(await info(bot)).toMatchObject({ is_bot: true });
  });

  it('fails as ordered, does as ordered, goes down and comes back', async () => {
    slack.failNext('chat.postMessage', { retryAfter: 7, times: 2 });
    slack.failNext('chat.postMessage', { error: 'team_access_not_granted' });
    slack.failNext('chat.postMessage', { lost: true });
    const say = () => call(slack, 'chat.postMessage', { channel: access, text: 'x' });
    for (const _ of [1, 2]) {
      const limited = await say();
      expect(limited).toMatchObject({ status: 429, error: 'ratelimited' });
      expect(limited.headers.get('retry-after')).toBe('7');
    }
    expect(await say()).toMatchObject({ status: 200, error: 'team_access_not_granted' });
    expect(slack.messages(team, access)).toHaveLength(0);
    await expect(say()).rejects.toThrow();
    expect(slack.messages(team, access)).toHaveLength(1);
    slack.down = 'refused';
    await expect(say()).rejects.toThrow();
    slack.down = 'unavailable';
    expect(await say()).toMatchObject({ status: 503 });
    slack.down = false;
    expect(await say()).toMatchObject({ ok: true });
  });
});

describe('rate limits', () => {
  it('lets a channel have one message a second, with a burst', async () => {
    let now = Date.now();
    const slack = await start({ clock: () => now, rateLimits: { postBurst: 2 } });
    const say = (channel = access) => call(slack, 'chat.postMessage', { channel, text: 'x' });
    expect([await say(), await say()].map((one) => one.ok)).toEqual([true, true]);
    const limited = await say();
    expect(limited).toMatchObject({ status: 429, ok: false, error: 'ratelimited' });
    expect(limited.headers.get('retry-after')).toBe('1');
    expect(await say(tess)).toMatchObject({ ok: true });
    now += 1000;
    expect(await say()).toMatchObject({ ok: true });
    await slack.stop();
  });
});

describe('views', () => {
  let slack: FakeSlack;
  let now = Date.now();
  let trigger = '';
  let bolt: Awaited<ReturnType<typeof boltOverHttp>>;
  beforeEach(async () => {
    slack = await start({ clock: () => now, rateLimits: false });
    bolt = await boltOverHttp(slack);
    bolt.app.command('/access', async ({ ack, body }) => {
      trigger = body.trigger_id;
      await ack();
    });
    await slack.slash(team, tess, access, '/access');
  });
  afterEach(async () => {
    await bolt.stop();
    await slack.stop();
  });
  const open = (view: Fields) => call(slack, 'views.open', { trigger_id: trigger, view });

  it('opens for three seconds, once', async () => {
    now += 3001;
    expect(await open(form)).toMatchObject({ error: 'expired_trigger_id' });
    now -= 1;
    expect(await open(form)).toMatchObject({ ok: true });
    expect(await open(form)).toMatchObject({ error: 'exchanged_trigger_id' });
  });

  it('belongs to one team', async () => {
    expect(await call(slack, 'views.open', { trigger_id: trigger, view: form }, 'xoxb-delta')).toMatchObject({
      error: 'invalid_trigger_id',
    });
  });

  const bad: [string, Fields, string][] = [
    [
      'a title of 25',
      { ...form, title: plain(long(25)) },
      'must be less than 25 characters [json-pointer:/view/title/text]',
    ],
    [
      'a submit of 25',
      { ...form, submit: plain(long(25)) },
      'must be less than 25 characters [json-pointer:/view/submit/text]',
    ],
    [
      'no submit but inputs',
      { ...form, submit: undefined },
      'missing required field: submit [json-pointer:/view]',
    ],
    [
      'private_metadata of 3,001',
      { ...form, private_metadata: long(3001) },
      'must be less than 3001 characters [json-pointer:/view/private_metadata]',
    ],
    [
      'a callback_id of 256',
      { ...form, callback_id: long(256) },
      'must be less than 256 characters [json-pointer:/view/callback_id]',
    ],
    [
      '101 blocks',
      { ...form, blocks: many(101, () => ({ type: 'divider' })) },
      'no more than 100 items allowed [json-pointer:/view/blocks]',
    ],
    [
      'a label of 2,001',
      { ...form, blocks: [input({}, { label: plain(long(2001)) })] },
      'must be less than 2001 characters [json-pointer:/view/blocks/0/label/text]',
    ],
  ];
  it.each(bad)('refuses %s and keeps the trigger', async (_what, view, message) => {
    expect(await open(view)).toMatchObject({ error: 'invalid_arguments', errors: [message] });
    expect(await open(form)).toMatchObject({ ok: true });
  });

  it('refuses 250 KB and an external_id used twice', async () => {
    const heavy = many(100, () => section(long(2900)));
    expect(await open({ ...form, blocks: heavy })).toMatchObject({ error: 'view_too_large' });
    await open({ ...form, external_id: 'only-one' });
    await slack.slash(team, lena, access, '/access');
    expect(await open({ ...form, external_id: 'only-one' })).toMatchObject({
      error: 'duplicate_external_id',
    });
  });

  it('updates by hash and keeps what was typed', async () => {
    const { view } = await open(form);
    const id = view?.id as string;
    await slack.select(team, tess, { viewId: id }, 'typed', 'half a sentence');
    const args = { view_id: id, view: { ...form, title: plain('New') }, hash: view?.hash };
    expect(await call(slack, 'views.update', args)).toMatchObject({ ok: true });
    expect(slack.view(team, tess)?.state.values.reason?.typed?.value).toBe('half a sentence');
    expect(await call(slack, 'views.update', args)).toMatchObject({ error: 'hash_conflict' });
    expect(await call(slack, 'views.update', { ...args, view_id: 'V0' })).toMatchObject({
      error: 'not_found',
    });
    expect(await call(slack, 'views.push', { trigger_id: trigger, view: form })).toMatchObject({
      error: 'exchanged_trigger_id',
    });
  });
});
