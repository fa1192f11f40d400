/** Forged deliveries, response urls, and what the browser page may ask. */
import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeSlack, type Fields, payloads, type SlackUser } from '../../src/playground/slack/index.js';
import {
  access,
  boltOverHttp,
  delta,
  form,
  lena,
  northwind,
  plain,
  section,
  start,
  team,
  tess,
} from './slack-support.js';

let slack: FakeSlack;
let bolt: Awaited<ReturnType<typeof boltOverHttp>>;
let now = Date.now();
let heard: Fields[] = [];

beforeEach(async () => {
  now = Date.now();
  heard = [];
  slack = await start({ clock: () => now });
  bolt = await boltOverHttp(slack);
  bolt.app.command('/access', async ({ ack, body, client }) => {
    heard.push(body as unknown as Fields);
    await ack();
    if (body.text === 'form') await client.views.open({ trigger_id: body.trigger_id, view: form as never });
  });
  bolt.app.options(
    'pick',
    async ({ ack }) => void (await ack({ options: [{ text: plain('db'), value: 'db' }] as never })),
  );
  bolt.app.view(
    'request',
    async ({ ack }) => void (await ack({ response_action: 'errors', errors: { reason: 'No.' } })),
  );
  bolt.app.action('go', async ({ ack, body }) => {
    heard.push(body as unknown as Fields);
    await ack();
  });
});
afterEach(async () => {
  await bolt.stop();
  await slack.stop();
});

describe('deliveries', () => {
  const payload = () => {
    const workspace = slack.workspace(team);
    const channel = workspace.channels.get(access);
    if (!channel) throw new Error('no channel');
    return payloads.slashPayload(
      workspace,
      workspace.users.get(tess) as SlackUser,
      channel,
      '/access',
      '',
      'http://127.0.0.1:1/',
    );
  };

  it('passes what is signed well', async () => {
    expect(await slack.deliver(team, 'slash', payload())).toMatchObject({ status: 200 });
    expect(heard).toHaveLength(1);
  });

  it.each([
    ['a wrong signature', { signature: 'wrong' as const }],
    ['no signature', { signature: 'missing' as const }],
    ['another team’s signature', { secret: delta.signingSecret }],
    ['a timestamp of six minutes ago', { timestampSkew: -360 }],
  ])('can send %s, which Bolt refuses', async (_what, bend) => {
    expect(await slack.deliver(team, 'slash', payload(), bend)).toMatchObject({ status: 401 });
    expect(heard).toHaveLength(0);
  });

  it('replays the same bytes and can send anything at all', async () => {
    const first = await slack.deliver(team, 'slash', payload());
    const again = await slack.replay(first);
    expect(again.request).toEqual(first.request);
    expect(heard).toHaveLength(2);
    expect(
      await slack.deliver(
        team,
        'slash',
        {},
        { rawBody: 'user_id=', contentType: 'application/x-www-form-urlencoded; charset=utf-8' },
      ),
    ).toMatchObject({ status: 400 });
  });
});

describe('response urls', () => {
  const respond = async (url: string, body: Fields) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return [response.status, ((await response.json()) as Fields).error];
  };
  const issued = async () => {
    await slack.slash(team, tess, access, '/access');
    return heard.at(-1)?.response_url as string;
  };

  it('answers five times', async () => {
    const url = await issued();
    for (const n of [1, 2, 3, 4, 5]) expect(await respond(url, { text: `${n}` })).toEqual([200, undefined]);
    expect(await respond(url, { text: '6' })).toEqual([404, 'expired_url']);
    expect(slack.ephemerals(team, tess).map((m) => m.text)).toEqual(['1', '2', '3', '4', '5']);
    expect(slack.messages(team, access)).toEqual([]);
  });

  it('answers for half an hour, within the limits, to the channel if asked', async () => {
    const url = await issued();
    expect(await respond(url, { blocks: [section('')] })).toEqual([400, 'invalid_blocks']);
    expect(await respond(url, {})).toEqual([400, 'no_text']);
    expect(await respond(url, { text: 'all', response_type: 'in_channel' })).toEqual([200, undefined]);
    expect(slack.messages(team, access).map((m) => m.text)).toEqual(['all']);
    now += 30 * 60_000 + 1;
    expect(await respond(url, { text: 'late' })).toEqual([404, 'expired_url']);
    expect(await respond(`${slack.url}/response/T0/made/up`, { text: 'x' })).toEqual([404, 'expired_url']);
  });

  it('replaces and deletes the ephemeral that was clicked', async () => {
    const button = { type: 'actions', elements: [{ type: 'button', action_id: 'go', text: plain('Go') }] };
    await respond(await issued(), { text: 'x', blocks: [button] });
    const [card] = slack.ephemerals(team, tess);
    if (!card) throw new Error('no card');
    await slack.click(team, tess, card, 'go');
    const body = heard.at(-1) as Fields;
    expect(body).toMatchObject({
      container: { is_ephemeral: true, message_ts: card.ts, channel_id: access },
    });
    expect(body.message).toBeUndefined();
    await respond(body.response_url as string, { text: 'done', replace_original: true });
    expect(slack.ephemerals(team, tess).map((m) => [m.ts, m.text, m.blocks])).toEqual([
      [card.ts, 'done', []],
    ]);
    await respond(body.response_url as string, { delete_original: true });
    expect(slack.ephemerals(team, tess)).toEqual([]);
  });
});

describe('the page', () => {
  const ask = async (given: Fields) => {
    const response = await fetch(`${slack.url}/play/slack/act`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ team, user: tess, ...given }),
    });
    return (await response.json()) as Fields;
  };
  const screen = async (user: string) =>
    (await (await fetch(`${slack.url}/play/slack/state?team=${team}&user=${user}`)).json()) as Fields & {
      view: Fields;
      channels: { id: string; kind: string; messages: Fields[] }[];
    };

  it('acts for a person and shows only what they see', async () => {
    expect(await ask({ kind: 'slash', channel: access, command: '/access', text: 'form' })).toMatchObject({
      ok: true,
    });
    await slack.until(() => slack.view(team, tess));
    const { view } = await screen(tess);
    expect(view).toMatchObject({ type: 'modal', title: { text: 'Request access' } });
    expect((await screen(lena)).view).toBeNull();
    const viewId = view.id;
    expect(
      await ask({ kind: 'options', viewId, blockId: 'account', actionId: 'pick', value: '' }),
    ).toMatchObject({ ok: true, options: [{ value: 'db' }] });
    const selectedOption = { text: plain('db'), value: 'db' };
    expect(
      await ask({ kind: 'select', viewId, blockId: 'account', actionId: 'pick', selectedOption }),
    ).toMatchObject({ ok: true });
    expect(
      await ask({
        kind: 'submit',
        viewId,
        values: { reason: { typed: { type: 'plain_text_input', value: 'why' } } },
      }),
    ).toMatchObject({ ok: true, errors: { reason: 'No.' } });
    expect((await screen(tess)).view.errors).toEqual({ reason: 'No.' });
    expect(await ask({ kind: 'close', viewId })).toMatchObject({ ok: true });
    expect(await ask({ kind: 'close', viewId })).toEqual({
      ok: false,
      error: 'That window is no longer open.',
    });
    expect(await ask({ kind: 'dance' })).toMatchObject({ ok: false });
    expect(await ask({ kind: 'message', channel: 'C0SECRET', text: 'x', user: 'U0GONE' })).toMatchObject({
      ok: false,
      error: expect.stringContaining('deactivated'),
    });
  });

  it('hides other people’s ephemerals and direct messages', async () => {
    await fetch(`${slack.apiUrl}chat.postEphemeral`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Bearer ${northwind.botToken}`,
      },
      body: new URLSearchParams({ channel: access, user: tess, text: 'for Tess' }),
    });
    await slack.message(team, lena, slack.dmId(team, lena), 'Lena’s own');
    const words = async (user: string) => JSON.stringify((await screen(user)).channels);
    expect(await words(tess)).toContain('for Tess');
    expect(await words(lena)).not.toContain('for Tess');
    expect(await words(tess)).not.toContain('Lena’s own');
    expect((await screen(lena)).channels.map((one) => one.kind)).toEqual(['channel', 'channel', 'dm']);
  });

  it('streams changes', async () => {
    const response = await fetch(`${slack.url}/play/slack/stream`);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const decoder = new TextDecoder();
    await reader.read();
    await slack.message(team, tess, access, 'hello');
    let said = '';
    while (!said.includes('\n\n')) said += decoder.decode((await reader.read()).value);
    expect(said).toContain(`event: change\ndata: ${JSON.stringify({ team, users: [tess, lena] })}`);
    await reader.cancel();
  });

  it.each([
    ['another name for this address', { host: 'evil.example' }, 403],
    ['another origin', { origin: 'http://evil.example' }, 403],
    ['another port’s origin', { origin: 'http://127.0.0.1:1' }, 403],
    ['a cross-site request', { 'sec-fetch-site': 'cross-site' }, 403],
    ['its own page', { 'sec-fetch-site': 'same-origin' }, 200],
  ])('answers %s', async (_what, headers, status) => {
    const answered = await new Promise((resolve, reject) => {
      const url = `${slack.url}/play/slack/state?team=${team}&user=${tess}`;
      httpRequest(url, { headers }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(answered).toBe(status);
  });

  it('survives a path that is none', async () => {
    const answered = await new Promise((resolve, reject) => {
      const { hostname, port } = new URL(slack.url);
      httpRequest({ hostname, port, path: '//' }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(answered).toBe(500);
  });

  it('takes no form of another site', async () => {
    const response = await fetch(`${slack.url}/play/slack/act`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: '{}',
    });
    expect(response.status).toBe(415);
  });
});
