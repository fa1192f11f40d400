/** Files of the fake Slack: how an app puts one there, and when a block may show it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FakeSlack, Fields, WorkspaceOptions } from '../../src/playground/slack/index.js';
import {
  access,
  call,
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

const PNG = Buffer.from('89504e470d0a1a0a0000000d', 'hex');
let slack: FakeSlack;
let now = Date.now();

async function open(more: Partial<WorkspaceOptions> = {}): Promise<void> {
  await slack?.stop();
  slack = await start({
    workspaces: [{ ...northwind, ...more }, delta],
    clock: () => now,
    rateLimits: false,
  });
}
beforeEach(() => open());
afterEach(() => slack.stop());

const announce = (args: Fields = {}) =>
  call(slack, 'files.getUploadURLExternal', { filename: 'days.png', length: PNG.length, ...args });
const put = (url: unknown, bytes: Buffer, method = 'POST') =>
  fetch(String(url), { method, ...(method === 'POST' ? { body: new Uint8Array(bytes) } : {}) });
const complete = (id: unknown, token?: string) =>
  call(slack, 'files.completeUploadExternal', { files: [{ id, title: 'Days' }] }, token);
const image = (more: Fields = {}) => ({ type: 'image', alt_text: 'Thirty days.', ...more });
const post = (block: Fields, token?: string) =>
  call(slack, 'chat.postMessage', { channel: access, text: 'x', blocks: [section('x'), block] }, token);

async function uploaded(bytes = PNG): Promise<string> {
  const { upload_url, file_id } = await announce({ length: bytes.length });
  await put(upload_url, bytes);
  await complete(file_id);
  return String(file_id);
}

describe('a file', () => {
  it('is announced, put where Slack says, completed once, and then shown by its id', async () => {
    const { ok, upload_url, file_id } = await announce();
    expect([ok, String(upload_url).startsWith(`${slack.url}/upload/v1/`)]).toEqual([true, true]);
    const answered = await put(upload_url, PNG);
    expect([answered.status, await answered.text()]).toEqual([200, `OK - ${PNG.length}`]);
    expect(await complete(file_id)).toMatchObject({ ok: true, files: [{ id: file_id, title: 'Days' }] });
    expect(await complete(file_id)).toMatchObject({ error: 'file_not_found' });
    expect(await post(image({ slack_file: { id: file_id }, title: plain('Days') }))).toMatchObject({
      ok: true,
    });
  });

  it.each<[string, Fields, string]>([
    ['without a name', { filename: '' }, 'missing required field: filename'],
    ['without a length', { length: undefined }, 'missing required field: length'],
    ['of no length', { length: 0 }, 'must provide an integer [json-pointer:/length]'],
    ['of half a byte', { length: 1.5 }, 'must provide an integer [json-pointer:/length]'],
  ])('is not awaited %s', async (_what, args, message) => {
    expect(await announce(args)).toMatchObject({ error: 'invalid_arguments', errors: [message] });
  });

  it('too large for Slack is not awaited', async () => {
    expect(await announce({ length: 4_000_001 })).toMatchObject({ error: 'file_upload_size_restricted' });
  });

  it('of another length than announced is not taken, nor is one at an address that Slack didn’t give', async () => {
    const { upload_url, file_id } = await announce();
    expect((await put(upload_url, PNG.subarray(1))).status).toBe(400);
    expect((await put(`${slack.url}/upload/v1/guess`, PNG)).status).toBe(400);
    expect((await put(upload_url, PNG, 'GET')).status).toBe(400);
    expect(await complete(file_id)).toMatchObject({ error: 'file_not_found' });
  });

  it('is completed by its own team alone', async () => {
    const { upload_url, file_id } = await announce();
    await put(upload_url, PNG);
    expect(await complete(file_id, delta.botToken)).toMatchObject({ error: 'file_not_found' });
    expect(await call(slack, 'files.completeUploadExternal')).toMatchObject({ error: 'invalid_arguments' });
    expect(await call(slack, 'files.completeUploadExternal', { files: [] })).toMatchObject({
      error: 'invalid_arguments',
    });
  });
});

describe('a block shows a file', () => {
  const invalid = 'invalid slack file [json-pointer:/blocks/1/slack_file]';

  it('that is there, complete, and a picture of the same team', async () => {
    const { upload_url, file_id } = await announce();
    const shown = () => post(image({ slack_file: { id: file_id } }));
    expect(await shown()).toMatchObject({ error: 'invalid_blocks', errors: [invalid] });
    await put(upload_url, PNG);
    expect(await shown()).toMatchObject({ error: 'invalid_blocks', errors: [invalid] });
    await complete(file_id);
    expect(await shown()).toMatchObject({ ok: true });
    const theirs = { channel: 'C0DELTA', text: 'x', blocks: [image({ slack_file: { id: file_id } })] };
    expect(await call(slack, 'chat.postMessage', theirs, delta.botToken)).toMatchObject({
      error: 'invalid_blocks',
    });
    const words = await uploaded(Buffer.from('<svg/>'));
    expect(await post(image({ slack_file: { id: words } }))).toMatchObject({ errors: [invalid] });
    expect(await post(image({ slack_file: { id: 'F0NOTHING' } }))).toMatchObject({ errors: [invalid] });
  });

  it('not before Slack has looked through it', async () => {
    await open({ fileDelayMs: 2000 });
    const id = await uploaded();
    now += 1999;
    expect(await post(image({ slack_file: { id } }))).toMatchObject({ errors: [invalid] });
    now += 1;
    expect(await post(image({ slack_file: { id } }))).toMatchObject({ ok: true });
  });

  it('in an update, an attachment, a context and a form by the same rule', async () => {
    const gone = image({ slack_file: { id: 'F0NOTHING' } });
    const { ts } = await post(section('y'));
    const refused = { ok: false, error: 'invalid_blocks' };
    expect(
      await call(slack, 'chat.update', { channel: access, ts, text: 'x', blocks: [gone] }),
    ).toMatchObject(refused);
    expect(await post({ type: 'context', elements: [gone] })).toMatchObject({
      errors: ['invalid slack file [json-pointer:/blocks/1/elements/0/slack_file]'],
    });
    expect(
      await call(slack, 'chat.postMessage', {
        channel: access,
        text: 'x',
        attachments: [{ blocks: [gone] }],
      }),
    ).toMatchObject(refused);
    expect(
      await call(slack, 'views.publish', { user_id: tess, view: { type: 'home', blocks: [gone] } }),
    ).toMatchObject({ errors: ['invalid slack file [json-pointer:/view/blocks/0/slack_file]'] });
    expect(await call(slack, 'views.open', { trigger_id: 'x', view: form })).toMatchObject({
      error: 'invalid_trigger_id',
    });
  });

  it.each<[string, Fields, string]>([
    [
      'no alternative text',
      { alt_text: undefined },
      'missing required field: alt_text [json-pointer:/blocks/1]',
    ],
    ['an empty one', { alt_text: '' }, 'must be more than 0 characters [json-pointer:/blocks/1/alt_text]'],
    [
      'one of 2,001',
      { alt_text: 'x'.repeat(2001) },
      'must be less than 2001 characters [json-pointer:/blocks/1/alt_text]',
    ],
    [
      'a title of 2,001',
      { title: plain('x'.repeat(2001)) },
      'must be less than 2001 characters [json-pointer:/blocks/1/title/text]',
    ],
    [
      'an address as well',
      { image_url: 'https://a.example/x.png' },
      'must provide either image_url or slack_file [json-pointer:/blocks/1]',
    ],
    [
      'neither id nor address',
      { slack_file: {} },
      'must provide either id or url [json-pointer:/blocks/1/slack_file]',
    ],
  ])('with %s it is refused', async (_what, more, message) => {
    const id = await uploaded();
    const { errors } = await post(image({ slack_file: { id }, ...more }));
    expect(errors).toEqual([message]);
  });

  it('and its bytes go to those who see the message', async () => {
    const id = await uploaded();
    const look = async (user: string, headers: Record<string, string> = {}) => {
      const where = new URLSearchParams({ team, user, id });
      return (await fetch(`${slack.url}/play/slack/file?${where}`, { headers })).status;
    };
    expect(await look(tess)).toBe(404);
    await call(slack, 'chat.postMessage', {
      ...{ channel: tess, text: 'x', blocks: [image({ slack_file: { id } })] },
    });
    expect(await look(tess)).toBe(200);
    expect(await look(lena)).toBe(404);
    expect(await look('U0NOBODY')).toBe(404);
    expect(await look(tess, { origin: 'https://evil.example' })).toBe(403);
    const [shown] = slack.screen(team, tess)?.channels.at(-1)?.messages ?? [];
    expect(shown?.blocks[0]?.image_url).toBe(`/play/slack/file?team=${team}&user=${tess}&id=${id}`);
    expect(slack.dm(team, tess)[0]?.blocks[0]).not.toHaveProperty('image_url');
  });
});

describe('a token', () => {
  it('without the scope is refused, and told which', async () => {
    await open({ scopes: ['chat:write'] });
    expect(await announce()).toMatchObject({
      ...{ ok: false, error: 'missing_scope', needed: 'files:write', provided: 'chat:write' },
    });
    expect(await call(slack, 'users.lookupByEmail', { email: 'x' })).toMatchObject({
      needed: 'users:read.email',
    });
    expect(await post(section('y'))).toMatchObject({ ok: true });
    expect((await call(slack, 'auth.test')).headers.get('x-oauth-scopes')).toBe('chat:write');
  });

  it('may do everything where nothing is said of scopes', async () => {
    expect((await call(slack, 'auth.test')).headers.get('x-oauth-scopes')).toBeNull();
    expect(await announce()).toMatchObject({ ok: true });
  });
});
