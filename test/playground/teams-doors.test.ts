/** What the browser page asks and does: `/play/teams/state`, `/stream` and `/act`, on this machine alone. */
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { TeamsState } from '../../src/playground/page/teams-contract.js';
import type { FakeTeams, Fields } from '../../src/playground/teams/index.js';
import {
  access,
  answers,
  attached,
  botSays,
  card,
  execute,
  inChannel,
  inChat,
  ivy,
  northwind,
  simpleBot,
  startTeams,
} from './teams-support.js';

const json = { 'content-type': 'application/json' };

/** As a browser sends it; `Host` can be forged here, which fetch doesn't allow. */
function ask(
  teams: FakeTeams,
  [method, path]: readonly [string, string],
  { headers = {}, body }: { headers?: Record<string, string>; body?: Fields } = {},
): Promise<{ status: number; body: Fields }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${teams.url}${path}`, { method, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    });
    sent.on('error', reject).end(body ? JSON.stringify(body) : undefined);
  });
}

const act = async (teams: FakeTeams, given: Fields, headers = json) =>
  ask(teams, ['POST', '/play/teams/act'], { headers, body: { tenant: northwind, user: ivy, ...given } });

async function stateOf(teams: FakeTeams, user = ivy): Promise<TeamsState> {
  const { body } = await ask(teams, ['GET', `/play/teams/state?tenant=${northwind}&user=${user}`]);
  return body as unknown as TeamsState;
}

describe('the page', () => {
  it('shows one person’s Teams, the chat with the bot first', async () => {
    const teams = await startTeams();
    await simpleBot(teams);
    await teams.says(northwind, ivy, 'hello');
    const id = await botSays(teams, inChat(teams, ivy), attached(card('Yes?', execute('Press'))));
    const state = await stateOf(teams);
    expect(state).toMatchObject({
      tenant: { id: northwind, name: 'Northwind' },
      me: { id: ivy, name: 'Ivy Chen' },
      conversations: [
        { id: teams.chatId(northwind, ivy), name: 'Keyturn', kind: 'personal' },
        { id: access, name: 'Access', kind: 'channel', messages: [] },
      ],
      dialog: null,
      toasts: [],
    });
    expect(state.conversations[0]?.messages).toEqual([
      expect.objectContaining({
        from: { id: ivy, name: 'Ivy Chen', isBot: false },
        text: 'hello',
        card: null,
      }),
      {
        id,
        from: { id: expect.stringMatching(/^28:/), name: 'Keyturn', isBot: true },
        text: '',
        card: card('Yes?', execute('Press')),
        note: null,
        edited: false,
        at: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
  });

  it('says something in the chat, and in a channel with a mention', async () => {
    const teams = await startTeams();
    const heard = await simpleBot(teams);
    const conversation = teams.chatId(northwind, ivy);
    expect((await act(teams, { kind: 'message', conversation, text: 'mine' })).body).toEqual({ ok: true });
    await act(teams, { kind: 'message', conversation: access, text: 'not for the bot' });
    await act(teams, { kind: 'message', conversation: access, text: '@Keyturn mine' });
    expect(heard.map((one) => one.text)).toEqual(['mine', '<at>Keyturn</at> mine']);
    expect((await stateOf(teams)).conversations[1]?.messages.map((one) => one.text)).toEqual([
      'not for the bot',
      '@Keyturn mine',
    ]);
  });

  it('presses the very button, with what stands in the inputs', async () => {
    const teams = await startTeams();
    const heard = await simpleBot(teams, answers.message('Thank you.'));
    const buttons = [execute('Press', { id: '1', form: 'x' }), execute('Press', { id: '1' })];
    const content = { ...card('x', ...buttons), body: [{ type: 'Input.Text', id: 'why', isRequired: true }] };
    const message = await botSays(teams, inChannel(), attached(content));
    const press = { kind: 'execute', conversation: access, message, verb: 'press', data: { id: '1' } };
    expect((await act(teams, { ...press, inputs: {} })).body).toEqual({
      ok: false,
      errors: { why: 'Required field' },
    });
    expect((await act(teams, { ...press, inputs: { why: 'because' } })).body).toEqual({ ok: true });
    expect(heard[0]).toMatchObject({ value: { action: { data: { id: '1', why: 'because' } } } });
    expect(heard[0]).not.toHaveProperty('value.action.data.form');
    const [shown] = (await stateOf(teams)).conversations[1]?.messages ?? [];
    expect(shown?.note).toEqual({ kind: 'message', text: 'Thank you.' });
    const other = await act(teams, { ...press, data: { id: '2' }, inputs: {} });
    expect(other.body).toMatchObject({ ok: false, error: expect.stringContaining('there is: Press') });
  });

  it('opens, searches in, sends and closes a dialog', async () => {
    const teams = await startTeams();
    const query = { type: 'Data.Query', dataset: 'accounts' };
    const content = {
      ...card('x', { type: 'Action.Submit', title: 'Send', data: { id: '1' } }),
      body: [{ type: 'Input.ChoiceSet', id: 'account', choices: [], 'choices.data': query }],
    };
    const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', content };
    await simpleBot(teams, {
      ...answers.found([{ title: 'db1', value: 'delta/db1' }]),
      task: { type: 'continue', value: { title: 'Ask', card: attachment } },
    });
    const opens = { type: 'Action.Submit', title: 'Open', data: { msteams: { type: 'task/fetch' } } };
    const id = await botSays(teams, inChat(teams, ivy), attached(card('x', opens)));
    await teams.presses(northwind, ivy, { conversation: teams.chatId(northwind, ivy), id }, 'Open');
    expect((await stateOf(teams)).dialog).toEqual({ title: 'Ask', card: content });
    const dialog = { dialog: true, inputs: {} };
    const found = await act(teams, { kind: 'search', dataset: 'accounts', query: 'db', ...dialog });
    expect(found.body).toEqual({ ok: true, choices: [{ title: 'db1', value: 'delta/db1' }] });
    const sent = await act(teams, { kind: 'execute', verb: '', data: { id: '1' }, ...dialog });
    expect(sent.body).toEqual({ ok: true });
    expect((await act(teams, { kind: 'close' })).body).toEqual({ ok: true });
    expect((await stateOf(teams)).dialog).toBeNull();
  });

  it.each([
    [{ kind: 'message', conversation: 'nowhere', text: 'x' }, 'There is no conversation nowhere'],
    [{ kind: 'message', text: 'x' }, 'There is no conversation'],
    [{ kind: 'message', conversation: access, text: ' ' }, 'Nothing is typed.'],
    [{ kind: 'fly' }, 'Nobody can “fly” here.'],
    [{ kind: 'constructor' }, 'Nobody can “constructor” here.'],
    [{}, 'Nobody can “” here.'],
    [{ tenant: 'nowhere', kind: 'close' }, 'There is no such tenant.'],
    [{ user: 'nobody', kind: 'close' }, 'There is no nobody in Northwind.'],
    [{ kind: 'execute', conversation: access, message: '1' }, 'That message is gone.'],
  ])('says what can’t be done: %j', async (given, sentence) => {
    const teams = await startTeams();
    expect((await act(teams, given)).body).toEqual({ ok: false, error: expect.stringContaining(sentence) });
  });

  it('shows nobody who isn’t there', async () => {
    const teams = await startTeams();
    for (const query of [`tenant=${northwind}&user=nobody`, `tenant=nowhere&user=${ivy}`, ''])
      expect((await ask(teams, ['GET', `/play/teams/state?${query}`])).status).toBe(404);
  });

  it('hears at once whose screen has changed', async () => {
    const teams = await startTeams();
    const heard = new Promise<string>((resolve, reject) => {
      const sent = httpRequest(`${teams.url}/play/teams/stream`, { agent: false }, (response) => {
        response.setEncoding('utf8');
        response.once('data', () => {
          response.on('data', resolve);
          void botSays(teams, inChat(teams, ivy), { text: 'hello' }).catch(reject);
        });
      });
      sent.on('error', reject).end();
    });
    expect(await heard).toBe(
      `event: change\ndata: ${JSON.stringify({ tenant: northwind, users: [ivy] })}\n\n`,
    );
  });
});

describe('the doors', () => {
  it.each([
    ['another origin', { ...json, origin: 'https://elsewhere.example' }],
    ['another name for this machine', { ...json, host: 'elsewhere.example' }],
    ['another site', { ...json, 'sec-fetch-site': 'cross-site' }],
  ])('are shut to %s', async (_what, headers) => {
    const teams = await startTeams();
    expect((await act(teams, { kind: 'close' }, headers)).status).toBe(403);
    expect((await ask(teams, ['GET', '/play/teams/state'], { headers })).status).toBe(403);
  });

  it('are shut to a form', async () => {
    const teams = await startTeams();
    const headers = { 'content-type': 'text/plain' };
    expect((await act(teams, { kind: 'close' }, headers)).status).toBe(415);
  });

  it('can stand behind the page’s own server, which gets what is not theirs', async () => {
    const teams = await startTeams();
    const server = createServer(async (request, response) => {
      if (!(await teams.serveHumans(request, response))) response.writeHead(418).end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void server.close());
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const shown = await fetch(`${origin}/play/teams/state?tenant=${northwind}&user=${ivy}`);
    expect(await shown.json()).toMatchObject({ me: { name: 'Ivy Chen' } });
    expect((await fetch(`${origin}/v1/.well-known/keys`)).status).toBe(418);
  });

  it('pass on what is nobody’s', async () => {
    const teams = await startTeams({ fallback: (_request, response) => void response.end('the page') });
    expect(await (await fetch(`${teams.url}/`)).text()).toBe('the page');
  });
});
