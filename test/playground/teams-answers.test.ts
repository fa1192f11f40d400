/** How strictly the fake Teams reads what a bot answers: to a press, a search, a dialog. */
import { describe, expect, it } from 'vitest';
import { type Fields, type Message, somethingWrong, unreachable } from '../../src/playground/teams/index.js';
import {
  answers,
  card,
  execute,
  form,
  ivy,
  listen,
  northwind,
  shown,
  simpleBot,
  startTeams,
  type Teams,
} from './teams-support.js';

describe('the answer to a press', () => {
  const unknown = { statusCode: 200, type: 'application/vnd.microsoft.card.hero', value: {} };
  const failure = { statusCode: 400, type: 'application/vnd.microsoft.error' };
  it.each<[string, unknown, number, Fields]>([
    ['a card', answers.card(card('Done')), 200, { ok: true, card: card('Done') }],
    ['a message', answers.message('Done.'), 200, { ok: true, message: 'Done.' }],
    [
      'an error',
      { ...failure, value: { code: 'no', message: 'Not you.' } },
      200,
      { ok: false, error: 'Not you.' },
    ],
    ['an error without words', failure, 200, { error: somethingWrong }],
    ['a card that can’t be shown', answers.card({ type: 'AdaptiveCard' }), 200, { error: somethingWrong }],
    ['an empty message', answers.message(''), 200, { error: somethingWrong }],
    ['a message that is a card', answers.message(card('x')), 200, { error: somethingWrong }],
    ['a card with status 500 in it', { ...answers.card(card('x')), statusCode: 500 }, 200, { ok: false }],
    ['an unknown type', unknown, 200, { error: somethingWrong, fault: expect.stringContaining('hero') }],
    ['nothing', '', 200, { error: somethingWrong, fault: 'the answer is not a JSON object' }],
    ['words', 'Done.', 200, { error: somethingWrong }],
    ['a list', [], 200, { error: somethingWrong }],
    ['a good card under a bad status', answers.card(card('x')), 500, { fault: 'HTTP 500' }],
    ['not implemented', '', 501, { ok: false, fault: 'HTTP 501' }],
  ])('is read strictly: %s', async (_what, answer, status, expected) => {
    const teams = await startTeams();
    await simpleBot(teams, answer, status);
    const message = await shown(teams, card('Before', execute('Press')));
    const seen = await teams.presses(northwind, ivy, message, 'Press');
    expect(seen).toMatchObject({ status, ...expected });
    const [now] = teams.chat(northwind, ivy) as [Message];
    const note = seen.message ?? seen.error;
    expect(teams.reads(now)).toBe(seen.card ? 'Done' : `Before\n${note}`);
  });

  it('must come in time', async () => {
    const teams = await startTeams({ answerTimeoutMs: 30 });
    teams.setEndpoint(northwind, await listen(() => undefined));
    const message = await shown(teams, card('Before', execute('Press')));
    expect(await teams.presses(northwind, ivy, message, 'Press')).toMatchObject({
      ok: false,
      error: unreachable,
    });
    expect(teams.chat(northwind, ivy)[0]?.note).toEqual({ kind: 'error', text: unreachable });
  });
});

describe('a search', () => {
  const client = { type: 'Input.Text', id: 'client', value: 'delta' };
  const account = (associatedInputs: string): Fields => ({
    type: 'Input.ChoiceSet',
    id: 'account',
    style: 'filtered',
    choices: [],
    'choices.data': { type: 'Data.Query', dataset: 'accounts', associatedInputs },
  });
  const results = Array.from({ length: 20 }, (_, n) => ({ title: `db${n}`, value: `delta/db${n}` }));

  it('takes the other inputs along, and shows fifteen choices', async () => {
    const teams = await startTeams();
    const heard = await simpleBot(teams, answers.found(results));
    const message = await shown(teams, form(client, account('auto')));
    const found = await teams.searches(northwind, ivy, message, { input: 'account', typed: 'db' });
    expect(found.choices).toEqual(results.slice(0, 15));
    expect(heard[0]).toMatchObject({ type: 'invoke', name: 'application/search', replyToId: message.id });
    expect(heard[0]?.value).toEqual({
      queryText: 'db',
      queryOptions: { skip: 0, top: 15 },
      dataset: 'accounts',
      data: { client: 'delta' },
    });
  });

  it('leaves them where the card says so', async () => {
    const teams = await startTeams();
    const heard = await simpleBot(teams, answers.found([]));
    const message = await shown(teams, form(client, account('none')));
    await teams.searches(northwind, ivy, message, { input: 'accounts', typed: '', inputs: { client: 'x' } });
    expect(heard[0]?.value).not.toHaveProperty('data');
    await expect(teams.searches(northwind, ivy, message, { input: 'client', typed: '' })).rejects.toThrow(
      'No input called client searches here.',
    );
  });

  it.each([
    ['another type', answers.message('x')],
    ['no list', answers.found(undefined)],
    ['a choice without a value', answers.found([{ title: 'x' }])],
  ])('finds nothing in an answer with %s', async (_what, answer) => {
    const teams = await startTeams();
    await simpleBot(teams, answer);
    const message = await shown(teams, form(account('auto')));
    const found = await teams.searches(northwind, ivy, message, { input: 'account', typed: 'db' });
    expect(found).toMatchObject({ ok: false, error: somethingWrong, choices: [] });
  });
});

describe('a dialog', () => {
  const opens = { type: 'Action.Submit', title: 'Open', data: { msteams: { type: 'task/fetch' }, id: '1' } };
  const task = (content: Fields) => ({
    task: {
      type: 'continue',
      value: {
        title: 'Ask',
        card: { contentType: 'application/vnd.microsoft.card.adaptive', content },
      },
    },
  });
  const asks = form({ type: 'Input.Text', id: 'why', isRequired: true });

  /** A bot that answers the fetch with a form, and the submission with what is given. */
  async function dialogBot(teams: Teams, answer: unknown) {
    const heard: Fields[] = [];
    const url = await listen((_request, body, response) => {
      heard.push(body);
      response.setHeader('content-type', 'application/json');
      const reply = body.name === 'task/fetch' ? task(asks) : answer;
      response.end(reply === undefined ? '' : JSON.stringify(reply));
    });
    teams.setEndpoint(northwind, url);
    return heard;
  }

  it('is fetched, filled in and sent', async () => {
    const teams = await startTeams();
    const heard = await dialogBot(teams, { task: { type: 'message', value: 'Asked.' } });
    const message = await shown(teams, card('x', opens));
    expect((await teams.presses(northwind, ivy, message, 'Open')).dialog).toMatchObject({ title: 'Ask' });
    expect(heard[0]).toMatchObject({ name: 'task/fetch', value: { data: { id: '1' } } });
    expect(await teams.submitsDialog(northwind, ivy, 'Send')).toMatchObject({
      ok: false,
      errors: { why: 'Required field' },
    });
    const sent = await teams.submitsDialog(northwind, ivy, 'Send', { inputs: { why: 'because' } });
    expect(heard[1]).toMatchObject({
      name: 'task/submit',
      value: { data: { why: 'because' }, context: { theme: 'default' } },
      conversation: { id: teams.chatId(northwind, ivy) },
    });
    expect(sent.dialog).toMatchObject({ message: 'Asked.' });
    await teams.closesDialog(northwind, ivy);
    await expect(teams.closesDialog(northwind, ivy)).rejects.toThrow('No dialog is open.');
  });

  it.each([
    ['an empty answer closes it', undefined, true, false],
    ['an answer without a task closes it', {}, true, false],
    ['another card takes its place', task(card('Next')), true, true],
    ['an unknown answer leaves it, with a complaint', { task: { type: 'x' } }, false, true],
  ])('%s', async (_what, answer, ok, isOpen) => {
    const teams = await startTeams();
    await dialogBot(teams, answer);
    const message = await shown(teams, card('x', opens));
    await teams.presses(northwind, ivy, message, 'Open');
    const seen = await teams.submitsDialog(northwind, ivy, 'Send', { inputs: { why: 'because' } });
    expect(seen.ok).toBe(ok);
    const dialog = teams.dialog(northwind, ivy);
    expect(dialog !== undefined).toBe(isOpen);
    expect(dialog?.error).toBe(ok ? undefined : somethingWrong);
  });

  it('that can’t be fetched is a passing warning', async () => {
    const teams = await startTeams();
    await simpleBot(teams);
    const message = await shown(teams, card('x', opens));
    expect(await teams.presses(northwind, ivy, message, 'Open')).toMatchObject({ ok: false });
    expect(teams.toasts(northwind, ivy)).toMatchObject([{ text: somethingWrong }]);
    expect(teams.dialog(northwind, ivy)).toBeUndefined();
  });
});
