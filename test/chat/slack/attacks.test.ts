import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { slackChat } from '../../../src/chat/slack/index.js';
import { Secret } from '../../../src/config/secret.js';
import {
  type Bend,
  type Fields,
  type Kind,
  payloads,
  pressables,
} from '../../../src/playground/slack/index.js';
import { DELTA, fill, NORTHWIND, openWorld, REQUESTS, told, USERS, type World } from './world.js';

const { tess, lena } = USERS;
let world: World;

beforeEach(async () => {
  world = await openWorld();
  await world.slack.slash(NORTHWIND, tess, REQUESTS, '/access', 'acme/front-desk 30m printer is down');
  await world.show('R-TEST01');
});
afterEach(() => world.close());

const parts = () => {
  const workspace = world.slack.workspace(NORTHWIND);
  const user = workspace.users.get(lena);
  const channel = workspace.channels.get(REQUESTS);
  const [card] = world.slack.messages(NORTHWIND, REQUESTS);
  if (!user || !channel || !card) throw new Error('the world is incomplete');
  return { workspace, user, channel, card };
};
/** What Slack would send when Lena presses Approve, changed as a test asks. */
const approval = (change: Fields = {}): Fields => {
  const { workspace, user, card } = parts();
  const used = pressables(card).find((one) => one.actionId === 'approve');
  if (!used) throw new Error('no Approve');
  const url = `${world.slack.url}/response/nothing`;
  return { ...payloads.actionsPayload(workspace, user, card, used, {}, {}, url), ...change };
};
const command = (text: string, change: Fields = {}): Fields => {
  const { workspace, user, channel } = parts();
  const url = `${world.slack.url}/response/nothing`;
  return { ...payloads.slashPayload(workspace, user, channel, '/access', text, url), ...change };
};
const send = (kind: Kind, payload: Fields, bend?: Bend) =>
  world.slack.deliver(NORTHWIND, kind, payload, bend);
const without = (payload: Fields, name: string): Fields => {
  const { [name]: _, ...rest } = payload;
  return rest;
};
const untouched = () => {
  expect(world.desk.requests.get('R-TEST01')?.state).toBe('pending');
  expect(world.desk.decisions).toEqual([]);
  expect(world.desk.requests.size).toBe(1);
};

describe('what isn’t from Slack, or isn’t from now', () => {
  it.each<[string, Bend, string]>([
    ['a wrong signature', { signature: 'wrong' }, 'signature'],
    ['no signature', { signature: 'missing' }, 'signature'],
    ['half a signature', { signature: 'v0=abc' }, 'signature'],
    ['the signing secret of Delta’s workspace', { secret: 'delta-signing-secret' }, 'signature'],
    ['an empty secret', { secret: '' }, 'signature'],
    ['a time six minutes ago', { timestampSkew: -360 }, 'timestamp'],
    ['a time six minutes ahead', { timestampSkew: 360 }, 'timestamp'],
    ['a time that is no number', { headers: { 'x-slack-request-timestamp': 'soon' } }, 'timestamp'],
  ])('%s is refused, counted, and changes nothing', async (_what, bend, kind) => {
    for (const [of, payload] of [
      ['interaction', approval()],
      ['slash', command('approve R-TEST01')],
    ] as const) {
      const seen = await send(of, payload, bend);
      expect(seen.status).toBe(401);
      expect(seen.text).toBe('');
    }
    untouched();
    expect(world.unverified).toEqual([kind, kind]);
  });

  it.each<[string, Bend]>([
    ['an unknown content type', { contentType: 'text/plain' }],
    ['JSON that is null', { rawBody: 'null', contentType: 'application/json' }],
    ['a payload that is null', { rawBody: 'payload=null' }],
    ['a payload that is a list', { rawBody: 'payload=%5B%5D' }],
    ['two payloads', { rawBody: 'payload=%7B%7D&payload=%7B%7D' }],
    ['broken JSON', { rawBody: 'payload=%7B' }],
  ])('%s is refused, and the process lives', async (_what, bend) => {
    expect((await send('interaction', approval(), bend)).status).toBe(400);
    untouched();
    expect((await send('interaction', approval())).status).toBe(200);
    expect(world.desk.decisions).toHaveLength(1);
  });

  it('a charset after the content type is no reason to refuse', async () => {
    const contentType = 'application/x-www-form-urlencoded; charset=utf-8';
    expect((await send('interaction', approval(), { contentType })).status).toBe(200);
    expect(world.desk.decisions).toHaveLength(1);
  });

  it('a body that is far too long is refused before it is read', async () => {
    const seen = await send('slash', command(''), { rawBody: `text=${'x'.repeat(3_000_000)}` });
    expect([0, 413]).toContain(seen.status);
    untouched();
    expect((await send('slash', command('help'))).status).toBe(200);
  });

  it('Slack’s unsigned ssl_check is answered, and carries nothing in', async () => {
    const bend: Bend = {
      signature: 'missing',
      rawBody: 'ssl_check=1&command=%2Faccess&text=approve+R-TEST01',
    };
    expect((await send('slash', {}, bend)).status).toBe(200);
    untouched();
  });

  it('a request that was recorded is answered the same, and does nothing again', async () => {
    const payload = command('acme/shared 30m mail');
    const first = await send('slash', payload);
    await world.slack.slash(NORTHWIND, lena, REQUESTS, '/access', 'cancel R-TEST02');
    const again = await world.slack.replay(first);
    expect(again.body).toEqual(first.body);
    expect([...world.desk.requests.values()].filter((r) => r.state === 'pending')).toHaveLength(1);
  });

  it('other paths, other methods and other teams’ addresses are nobody’s', async () => {
    const get = (path: string, method = 'GET') => fetch(`${world.base}${path}`, { method });
    expect((await get(`/slack/events/${NORTHWIND}`)).status).toBe(404);
    expect(await (await get('/slack/events/T0OTHER', 'POST')).text()).toBe('not Slack');
    expect(await (await get(`/slack/events/${NORTHWIND}/x`, 'POST')).text()).toBe('not Slack');
    expect(await (await get('/slack/events/..%2f', 'POST')).text()).toBe('not Slack');
  });

  it('a connection that breaks off in the middle harms nobody', async () => {
    const { port } = new URL(world.base);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`POST /slack/events/${NORTHWIND} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    expect((await send('interaction', approval())).status).toBe(200);
  });
});

describe('what Slack signed, and still isn’t right', () => {
  it.each<[string, () => Fields]>([
    ['no team', () => without(approval(), 'team')],
    ['a team that is null', () => approval({ team: null })],
    ['a blank team', () => approval({ team: { id: '' } })],
    ['no user', () => without(approval(), 'user')],
    ['a user without an id', () => approval({ user: { team_id: NORTHWIND } })],
    ['a blank user', () => approval({ user: { id: '', team_id: NORTHWIND } })],
    ['a user id that is a list', () => approval({ user: { id: [lena], team_id: NORTHWIND } })],
    ['no trigger_id', () => without(approval(), 'trigger_id')],
    ['no actions', () => approval({ actions: [] })],
    [
      'an unknown kind of element',
      () =>
        approval({ actions: [{ type: 'overflow', action_id: 'approve', block_id: 'x', value: 'R-TEST01' }] }),
    ],
    [
      'a button without an id',
      () => approval({ actions: [{ type: 'button', action_id: 'approve', block_id: 'x' }] }),
    ],
    [
      'a menu whose subject is missing',
      () =>
        approval({
          actions: [
            {
              type: 'static_select',
              action_id: 'approve-for',
              block_id: 'x',
              selected_option: { value: '900' },
            },
          ],
        }),
    ],
    [
      'a menu that calls itself something else',
      () =>
        approval({
          actions: [
            {
              type: 'static_select',
              action_id: 'approve',
              block_id: 'menu:approve-for:R-TEST01',
              selected_option: { value: '900' },
            },
          ],
        }),
    ],
    ['an unknown type', () => approval({ type: 'interactive_message' })],
    ['no type', () => without(approval(), 'type')],
  ])('%s: nothing is done', async (_what, payload) => {
    expect((await send('interaction', payload())).status).toBe(200);
    untouched();
    expect(world.unverified).toEqual(['malformed']);
  });

  it.each(['team_id', 'user_id', 'text', 'trigger_id', 'response_url'])(
    'a command without %s is answered with one sentence',
    async (name) => {
      const seen = await send('slash', without(command('approve R-TEST01'), name));
      expect(seen.body).toMatchObject({
        text: expect.stringContaining('can’t read, and nothing was changed'),
      });
      untouched();
    },
  );

  it('a command of another name is not ours', async () => {
    await send('slash', command('approve R-TEST01', { command: '/other' }));
    untouched();
  });

  it('a payload for another team, signed with this one’s secret, is refused', async () => {
    const sentence =
      'Your account belongs to another workspace, and this one can’t vouch for it. Ask from your own.';
    const seen = await send('slash', command('approve R-TEST01', { team_id: DELTA }));
    expect(seen.body).toMatchObject({ text: sentence });
    await send('interaction', approval({ team: { id: DELTA } }));
    await send('interaction', approval({ team: { id: DELTA }, team_id: NORTHWIND }));
    await world.slack.deliver(NORTHWIND, 'event', {
      ...{ type: 'event_callback', team_id: DELTA, team: { id: NORTHWIND }, event_id: 'Ev1' },
      event: {
        type: 'message',
        channel_type: 'im',
        channel: 'D1',
        user: lena,
        team: NORTHWIND,
        text: 'approve R-TEST01',
      },
    });
    untouched();
    expect(world.unverified).toEqual(['elsewhere', 'elsewhere', 'elsewhere', 'elsewhere']);
  });

  it.each<[string, Fields]>([
    ['of another team', { id: lena, team_id: 'T0FAR' }],
    ['of no team that Slack names', { id: lena }],
  ])('a user %s is refused, whoever they say they are', async (_what, user) => {
    await send('interaction', approval({ user }));
    untouched();
    const said = await world.slack.until(() => world.slack.dm(NORTHWIND, lena).at(1));
    expect(said.text).toContain('Your account belongs to another workspace');
  });

  it('an act that no card has is answered, and does nothing', async () => {
    const actions = [{ type: 'button', action_id: 'grant-everything', block_id: 'x', value: 'R-TEST01' }];
    await send('interaction', approval({ actions }));
    const said = await world.slack.until(() => world.slack.dm(NORTHWIND, lena).at(1));
    expect(said.text).toContain('I don\'t know "R-TEST01"');
    untouched();
  });

  it.each<[string, string]>([
    ['isn’t JSON', 'R-TEST01'],
    ['is empty', ''],
    ['is a list', '[]'],
    ['names another form than the window', '{"form":"revoke","id":"R-TEST01"}'],
    ['has more in it', '{"form":"deny","id":"R-TEST01","as":"p-lena"}'],
    ['has an id that is no text', '{"form":"deny","id":{"$gt":""}}'],
  ])('a window whose metadata %s changes nothing', async (_what, private_metadata) => {
    const [card] = world.slack.messages(NORTHWIND, REQUESTS);
    await world.slack.click(NORTHWIND, lena, card as never, 'Deny');
    const view = await world.slack.until(() => world.slack.view(NORTHWIND, lena));
    const { workspace, user } = parts();
    const filled = {
      ...view,
      state: { values: { why: { why: { type: 'plain_text_input', value: 'No.' } } } },
    };
    const payload = payloads.submissionPayload(workspace, user, { ...filled, private_metadata } as never);
    await send('interaction', payload);
    untouched();
  });

  it('a window for somebody else’s request is looked up and authorised again', async () => {
    await world.slack.slash(NORTHWIND, lena, REQUESTS, '/access', 'acme/shared 30m my own mail');
    const [card] = world.slack.messages(NORTHWIND, REQUESTS);
    await world.slack.click(NORTHWIND, lena, card as never, 'Deny');
    const view = await world.slack.until(() => world.slack.view(NORTHWIND, lena));
    const { workspace, user } = parts();
    const state = { values: { why: { why: { type: 'plain_text_input', value: 'No.' } } } };
    const private_metadata = JSON.stringify({ form: 'deny', id: 'R-TEST02' });
    const payload = payloads.submissionPayload(workspace, user, {
      ...view,
      state,
      private_metadata,
    } as never);
    const seen = await send('interaction', payload);
    expect(seen.body).toMatchObject({ errors: { why: expect.stringContaining('your own request') } });
    expect(world.desk.requests.get('R-TEST02')?.state).toBe('pending');
  });

  it('what a bot says, an edit, and words in a channel are not commands', async () => {
    const message = {
      type: 'message',
      channel_type: 'im',
      channel: world.slack.dmId(NORTHWIND, lena),
      user: lena,
      team: NORTHWIND,
      text: 'approve R-TEST01',
      ts: '1.1',
    };
    await world.slack.event(NORTHWIND, { ...message, bot_id: 'B1' });
    await world.slack.event(NORTHWIND, { ...message, subtype: 'message_changed' });
    await world.slack.event(NORTHWIND, { ...message, channel_type: 'channel', channel: REQUESTS });
    untouched();
    await world.slack.event(NORTHWIND, { ...message, team: 'T0FAR' });
    untouched();
    await world.slack.event(NORTHWIND, message);
    expect(world.desk.requests.get('R-TEST01')?.state).toBe('approved');
  });

  it('an answer goes to Slack’s address and nowhere else', async () => {
    await send(
      'interaction',
      approval({ response_url: 'http://169.254.169.254/latest', user: { id: tess, team_id: NORTHWIND } }),
    );
    const said = await world.slack.until(() =>
      world.slack.dm(NORTHWIND, tess).find((m) => m.text.includes('own request')),
    );
    expect(said).toBeDefined();
    expect(told(world, tess)).toHaveLength(1);
  });

  it('a field from another client in the form opens nothing', async () => {
    await world.slack.slash(NORTHWIND, tess, REQUESTS, '/access', '');
    const view = await world.slack.until(() => world.slack.view(NORTHWIND, tess));
    await world.slack.submit(view.id, fill(view, { client: 'acme' }));
    const { workspace } = parts();
    const user = workspace.users.get(tess);
    const values = {
      x: {
        account: { type: 'static_select', selected_option: { value: 'acme/nowhere' } },
        why: { type: 'plain_text_input', value: 'x' },
      },
    };
    const seen = await send(
      'interaction',
      payloads.submissionPayload(workspace, user as never, { ...view, state: { values } } as never),
    );
    expect(seen.body).toMatchObject({
      response_action: 'errors',
      errors: { client: expect.stringContaining('There is no account') },
    });
    untouched();
  });
});

describe('a configuration that could verify nothing', () => {
  it.each([
    ['signingSecret', 'signing_secret'],
    ['botToken', 'bot_token'],
  ])('an empty %s keeps Keyturn from starting', (name, setting) => {
    const workspace = {
      of: 'operator',
      team: NORTHWIND,
      botToken: new Secret('xoxb-1'),
      signingSecret: new Secret('s'),
      [name]: new Secret(' '),
    };
    expect(() =>
      slackChat({
        workspaces: [workspace],
        desk: world.desk,
        personOf: async () => ({ person: 'x' }),
        log: undefined as never,
        onUnverified: () => {},
      }),
    ).toThrow(setting);
  });
});
