import type { App } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type FakeSlack,
  type Message,
  readButtons,
  readText,
  type WorkspaceOptions,
} from '../../src/playground/slack/index.js';
import {
  access,
  boltOverHttp,
  boltOverSocket,
  form,
  lena,
  northwind,
  plain,
  section,
  start,
  team,
  tess,
} from './slack-support.js';

const option = (name: string) => ({ text: plain(name), value: name });

/** A small bot that does what ours does: form, errors, card, decision. */
function smallBot(app: App) {
  app.command('/access', async ({ ack, body, client }) => {
    await ack(body.text === 'help' ? 'Type /access to ask.' : undefined);
    if (body.text !== 'help') await client.views.open({ trigger_id: body.trigger_id, view: form as never });
  });
  app.options('pick', async ({ ack, payload }) => {
    await ack({
      options: ['delta/db', 'delta/web'].filter((name) => name.includes(payload.value)).map(option) as never,
    });
  });
  app.view('request', async ({ ack, view, client, body }) => {
    const reason = view.state.values.reason?.typed?.value ?? '';
    if (reason.length < 5)
      return void (await ack({ response_action: 'errors', errors: { reason: 'Say more.' } }));
    await ack();
    await client.chat.postMessage({
      channel: access,
      text: `${body.user.id} asks`,
      blocks: [
        section(
          `*${view.state.values.account?.pick?.selected_option?.value}* for <@${body.user.id}>: ${reason}`,
        ),
        {
          type: 'actions',
          block_id: 'decide',
          elements: [
            { type: 'button', action_id: 'approve', text: plain('Approve'), value: 'R-1', style: 'primary' },
            { type: 'button', action_id: 'deny', text: plain('Deny'), value: 'R-1', style: 'danger' },
          ],
        },
      ] as never,
    });
  });
  app.action('approve', async ({ ack, body, client, respond }) => {
    await ack();
    const { channel, message } = body as unknown as { channel: { id: string }; message: { ts: string } };
    await client.chat.update({
      channel: channel.id,
      ts: message.ts,
      text: 'done',
      blocks: [section('Approved')] as never,
    });
    await respond({ text: 'You approved.', response_type: 'ephemeral', replace_original: false });
  });
}

async function walk(slack: FakeSlack, via: 'http' | 'socket') {
  const slash = await slack.slash(team, tess, access, '/access');
  expect(slash).toMatchObject({ ok: true, status: 200, via });
  const view = await slack.until(() => slack.view(team, tess));
  expect(readText(view)).toContain('Request access');
  expect(slack.view(team, lena)).toBeUndefined();

  const offered = await slack.options(team, tess, view, 'pick', 'db');
  expect(offered.options.map((one) => one.value)).toEqual(['delta/db']);

  const [picked] = offered.options;
  const short = await slack.submit(view.id, { account: { pick: picked }, reason: { typed: 'x' } });
  expect(short).toMatchObject({ ok: false, errors: { reason: 'Say more.' } });
  expect(slack.viewErrors(team, tess)).toEqual({ reason: 'Say more.' });

  const sent = await slack.submit(view.id, { reason: { typed: 'disk is full' } });
  expect(sent.ok).toBe(true);
  expect(slack.view(team, tess)).toBeUndefined();

  const card = await slack.until(() => slack.messages(team, access)[0]);
  expect(readText(card)).toContain('*delta/db*');
  expect(readButtons(card).map((one) => one.label)).toEqual(['Approve', 'Deny']);

  expect((await slack.click(team, lena, card, 'approve')).ok).toBe(true);
  const after = await slack.until(() => slack.messages(team, access).find((m) => m.updatedAt));
  expect(after.ts).toBe(card.ts);
  expect(readText(after)).toBe('Approved');
  expect(after.edited).toBe(false);
  const [told] = await slack.until(() => nonEmpty(slack.ephemerals(team, lena)));
  expect(told?.text).toBe('You approved.');
  expect(slack.ephemerals(team, tess)).toEqual([]);
}

const nonEmpty = (messages: Message[]) => (messages.length > 0 ? messages : undefined);

describe('over HTTP', () => {
  let slack: FakeSlack;
  let bolt: Awaited<ReturnType<typeof boltOverHttp>>;
  beforeEach(async () => {
    slack = await start();
    bolt = await boltOverHttp(slack);
    smallBot(bolt.app);
  });
  afterEach(async () => {
    await bolt.stop();
    await slack.stop();
  });

  it('walks from slash command to an updated card', () => walk(slack, 'http'));

  it('shows the acknowledgement of a slash command to its sender alone', async () => {
    await slack.slash(team, tess, slack.dmId(team, tess), '/access', 'help');
    expect(slack.ephemerals(team, tess).map((m) => m.text)).toEqual(['Type /access to ask.']);
  });

  it('lets an old copy of a card be clicked', async () => {
    await walk(slack, 'http');
    const [now] = slack.messages(team, access);
    const old = {
      ...(now as Message),
      blocks: [
        {
          type: 'actions',
          block_id: 'decide',
          elements: [{ type: 'button', action_id: 'approve', text: plain('Approve'), value: 'R-1' }],
        },
      ],
    };
    expect((await slack.click(team, lena, old, 'approve')).ok).toBe(true);
    await slack.until(() => slack.ephemerals(team, lena).length === 2);
    await expect(slack.click(team, lena, now as Message, 'approve')).rejects.toThrow(/Nothing called/);
  });

  it('says which element is required before asking the app', async () => {
    await slack.slash(team, tess, access, '/access');
    const view = await slack.until(() => slack.view(team, tess));
    const seen = await slack.submit(view.id, { reason: { typed: 'long enough' } });
    expect(seen).toMatchObject({
      ok: false,
      error: 'not_sent',
      errors: { account: expect.stringContaining('required') },
    });
  });

  it('updates, pushes and clears modals as the answer says', async () => {
    const answers = [
      { response_action: 'push', view: { ...form, title: plain('Second') } },
      { response_action: 'update', view: { ...form, callback_id: 'other', title: plain('Changed') } },
    ];
    bolt.app.view('stack', async ({ ack }) => void (await ack(answers.shift() as never)));
    bolt.app.view('other', async ({ ack }) => void (await ack({ response_action: 'clear' })));
    bolt.app.shortcut('open', async ({ ack, client, body }) => {
      await ack();
      await client.views.open({
        trigger_id: body.trigger_id,
        view: {
          type: 'modal',
          callback_id: 'stack',
          title: plain('First'),
          submit: plain('Go'),
          blocks: [],
        } as never,
      });
    });
    expect((await slack.shortcut(team, tess, 'open')).ok).toBe(true);
    const first = await slack.until(() => slack.view(team, tess));
    await slack.submit(first.id);
    const second = slack.view(team, tess);
    expect(second).toMatchObject({ previous_view_id: first.id, root_view_id: first.id });
    await slack.close(second?.id ?? '');
    await slack.submit(first.id);
    const changed = slack.view(team, tess);
    expect(changed?.id).toBe(first.id);
    expect(readText(changed as never)).toContain('Changed');
    await slack.submit(first.id, { account: { pick: 'delta/db' }, reason: { typed: 'because' } });
    expect(slack.view(team, tess)).toBeUndefined();
  });

  it('tries an event again and says why', async () => {
    const heard: unknown[] = [];
    bolt.app.event('user_change', async ({ context, event }) => {
      heard.push([context.retryNum, context.retryReason, event.user.deleted]);
    });
    const good = slack.workspace(team).eventsUrl;
    slack.setEventsUrl(team, 'http://127.0.0.1:1/');
    const seen = await slack.deactivate(team, lena);
    expect(seen).toMatchObject({ ok: false, error: 'dispatch_failed' });
    slack.setEventsUrl(team, good);
    expect(await seen.settled).toMatchObject({ ok: true });
    expect(heard).toEqual([[expect.any(Number), 'connection_failed', true]]);
    await expect(slack.slash(team, lena, access, '/access')).rejects.toThrow(/deactivated/);
  });

  it('delivers messages and App Home', async () => {
    bolt.app.message('hello', async ({ message, client }) => {
      await client.chat.postMessage({ channel: message.channel, text: 'hi & bye' });
    });
    bolt.app.event('app_home_opened', async ({ event, client }) => {
      await client.views.publish({
        user_id: event.user,
        view: { type: 'home', blocks: [section('Your grants')] } as never,
      });
    });
    await slack.message(team, tess, slack.dmId(team, tess), 'hello <you>');
    await slack.until(() => slack.dm(team, tess).length === 2);
    expect(slack.dm(team, tess).map((m) => m.text)).toEqual(['hello &lt;you&gt;', 'hi & bye']);
    await slack.openHome(team, tess);
    const home = await slack.until(() => slack.home(team, tess));
    expect(readText(home)).toBe('Your grants');
    expect(slack.home(team, lena)).toBeUndefined();
  });
});

describe('an app that does not acknowledge', () => {
  let slack: FakeSlack;
  let bolt: Awaited<ReturnType<typeof boltOverHttp>>;
  beforeEach(async () => {
    slack = await start({ ackTimeoutMs: 200 });
    bolt = await boltOverHttp(slack);
  });
  afterEach(async () => {
    await bolt.stop();
    await slack.stop();
  });

  it('tells the sender when nobody acknowledges in time', async () => {
    bolt.app.command('/slow', async () => {});
    const seen = await slack.slash(team, tess, access, '/slow');
    expect(seen).toMatchObject({ ok: false, error: 'operation_timeout' });
    expect(slack.ephemerals(team, tess)[0]?.text).toBe('/slow failed with the error "operation_timeout"');
  });

  it('warns on the screen when a click is not acknowledged', async () => {
    const button = { type: 'button', action_id: 'lost', text: plain('Lost') };
    const client = bolt.app.client;
    await client.chat.postMessage({
      token: northwind.botToken,
      channel: access,
      text: 'x',
      blocks: [{ type: 'actions', elements: [button] }] as never,
    });
    const [card] = slack.messages(team, access);
    const seen = await slack.click(team, lena, card as Message, 'Lost');
    expect(seen.error).toBe('operation_timeout');
    expect(slack.screen(team, lena)?.toasts[0]?.text).toContain('operation_timeout');
  });
});

describe('over Socket Mode', () => {
  const workspace: WorkspaceOptions = { ...northwind, appToken: 'xapp-northwind' };
  let slack: FakeSlack;
  let bolt: Awaited<ReturnType<typeof boltOverSocket>>;
  beforeEach(async () => {
    slack = await start({ workspaces: [workspace] });
    bolt = await boltOverSocket(slack, workspace);
    smallBot(bolt.app);
    await slack.until(() => slack.socketsOf(team) === 1);
  });
  afterEach(async () => {
    await bolt.stop();
    await slack.stop();
  });

  it('walks from slash command to an updated card', () => walk(slack, 'socket'));

  it('comes back after Slack asks for a new connection', async () => {
    slack.disconnectSockets(team);
    await slack.until(() => slack.socketsOf(team) === 0);
    await slack.until(() => slack.socketsOf(team) === 1, 15_000);
    expect((await slack.slash(team, tess, access, '/access', 'help')).via).toBe('socket');
  }, 20_000);
});
