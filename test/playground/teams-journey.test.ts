/** A bot made with the real SDK, before the fake Teams: what a person does, and what everybody sees. */
import { Application } from '@microsoft/teams-ai';
import {
  ActivityTypes,
  CardFactory,
  type ConversationReference,
  MemoryStorage,
  TeamsInfo,
  TurnContext,
} from 'botbuilder';
import { describe, expect, it } from 'vitest';
import type { FakeTeams, Message } from '../../src/playground/teams/index.js';
import { TOKEN_TAMPERINGS } from '../../src/playground/teams/index.js';
import {
  type Adapter,
  access,
  adapterFor,
  answers,
  card,
  delta,
  deltaTenant,
  execute,
  ivy,
  lena,
  noor,
  northwind,
  northwindTenant,
  sdkBot,
  startTeams,
} from './teams-support.js';

const asked = (who: string) =>
  card(`${who} asks for db1`, execute('Approve', { id: 'R-1' }), execute('Deny'));

const answerInvoke = (context: TurnContext, body: unknown) =>
  context.sendActivity({ type: ActivityTypes.InvokeResponse, value: { status: 200, body } });

/** A small bot that does what ours does: a card for the one who asks, another in the channel, decided there. */
async function smallBot(teams: FakeTeams, which: Adapter) {
  const adapter = adapterFor(teams, which);
  const { appId } = northwindTenant.bot;
  let approved: string | undefined;
  await sdkBot(teams, adapter, async (context) => {
    const { activity } = context;
    if (activity.type === 'message') {
      const member = await TeamsInfo.getMember(context, activity.from.id);
      await context.sendActivity({ attachments: [CardFactory.adaptiveCard(asked(String(member.name)))] });
      return;
    }
    if (activity.name !== 'adaptiveCard/action') return;
    if (activity.value.action.verb !== 'approve') {
      await answerInvoke(context, answers.message('Say why.'));
      return;
    }
    approved = activity.from.aadObjectId;
    await context.updateActivity({
      ...TurnContext.applyConversationReference({ type: 'message' }, reference(activity)),
      id: String(activity.replyToId),
      attachments: [CardFactory.adaptiveCard(card('Approved'))],
    });
    await answerInvoke(context, answers.card(card('You approved')));
  });
  return { adapter, appId, approved: () => approved };
}

const reference = (activity: TurnContext['activity']): Partial<ConversationReference> =>
  TurnContext.getConversationReference(activity);

describe.each<Adapter>(['CloudAdapter', 'TeamsAdapter'])('a bot on %s', (which) => {
  it('hears, answers with a card, is pressed, and updates the card', async () => {
    const teams = await startTeams();
    const bot = await smallBot(teams, which);
    const seen = await teams.says(northwind, ivy, 'db1 1h because');
    expect(seen).toMatchObject({ ok: true, status: 200 });

    const [typed, shown] = teams.chat(northwind, ivy) as [Message, Message];
    expect(teams.reads(typed)).toBe('db1 1h because');
    expect(teams.reads(shown)).toBe('Ivy Chen asks for db1');
    expect(teams.buttons(shown)).toEqual(['Approve', 'Deny']);
    expect(teams.chat(northwind, lena)).toEqual([]);

    const denied = await teams.presses(northwind, ivy, shown, 'Deny');
    expect(denied).toMatchObject({ ok: true, message: 'Say why.' });
    const [, noted] = teams.chat(northwind, ivy) as [Message, Message];
    expect(teams.reads(noted)).toBe('Ivy Chen asks for db1\nSay why.');

    const approved = await teams.presses(northwind, ivy, shown, 'Approve');
    expect(approved).toMatchObject({ ok: true, card: card('You approved') });
    expect(bot.approved()).toBe(ivy);
    const [, after] = teams.chat(northwind, ivy) as [Message, Message];
    expect(teams.reads(after)).toBe('You approved');
    await expect(teams.presses(northwind, ivy, shown, 'Approve')).rejects.toThrow('Nothing called "Approve"');
  });

  it('is heard in a channel when it is mentioned, in the thread of that message', async () => {
    const teams = await startTeams();
    await smallBot(teams, which);
    expect(await teams.says(northwind, ivy, 'just chatting', { conversation: access })).toMatchObject({
      status: 0,
    });
    await teams.says(northwind, ivy, 'db1', { conversation: access, mention: true });
    const [, asking, answer] = teams.channel(northwind, access) as [Message, Message, Message];
    expect(asking.text).toBe('@Keyturn db1');
    expect(answer.thread).toBe(asking.id);

    await teams.presses(northwind, lena, answer, 'Approve');
    const view = (user?: string) => teams.channel(northwind, access, user).map((one) => teams.reads(one))[2];
    expect(view()).toBe('Approved');
    expect(view(ivy)).toBe('Approved');
    expect(view(lena)).toBe('You approved');
  });

  it('opens a chat by itself, and speaks in it again later', async () => {
    const teams = await startTeams();
    const { adapter, appId } = await smallBot(teams, which);
    let kept = {} as Partial<ConversationReference>;
    const parameters = { members: [{ id: lena }], tenantId: northwind, isGroup: false };
    const serviceUrl = teams.serviceUrl(northwind);
    await adapter.createConversationAsync(
      appId,
      'msteams',
      serviceUrl,
      'https://api.botframework.com',
      parameters as never,
      async (context) => {
        kept = JSON.parse(JSON.stringify(reference(context.activity)));
        await context.sendActivity('Good morning');
      },
    );
    await adapter.continueConversationAsync(appId, kept, async (context) => {
      await context.sendActivity('And again');
    });
    expect(teams.chat(northwind, lena).map((one) => teams.reads(one))).toEqual(['Good morning', 'And again']);
  });

  it.each(TOKEN_TAMPERINGS)('refuses a request with: %s', async (tamper) => {
    const teams = await startTeams();
    await smallBot(teams, which);
    const seen = await teams.says(northwind, ivy, 'db1', { tamper });
    expect(seen.ok).toBe(false);
    expect([401, 500]).toContain(seen.status);
    expect(teams.chat(northwind, ivy)).toHaveLength(1);
  });
});

it('keeps two tenants apart', async () => {
  const teams = await startTeams();
  await smallBot(teams, 'CloudAdapter');
  const adapter = adapterFor(teams, 'CloudAdapter', deltaTenant);
  await sdkBot(teams, adapter, (context) => context.sendActivity('Delta here'), delta);
  await Promise.all([teams.says(northwind, ivy, 'hello'), teams.says(delta, noor, 'hello')]);
  expect(teams.chat(delta, noor).map((one) => teams.reads(one))).toEqual(['hello', 'Delta here']);
  expect(teams.chat(northwind, ivy)).toHaveLength(2);
});

it('routes dialogs and searches through teams-ai', async () => {
  const teams = await startTeams();
  const adapter = adapterFor(teams, 'TeamsAdapter');
  const app = new Application({ adapter: adapter as never, storage: new MemoryStorage() });
  const opens = {
    type: 'Action.Submit',
    title: 'Open',
    data: { msteams: { type: 'task/fetch' }, verb: 'ask' },
  };
  app.message('form', async (context) => {
    await context.sendActivity({ attachments: [CardFactory.adaptiveCard(card('A form', opens))] });
  });
  const form = {
    ...card('Which?', { type: 'Action.Submit', title: 'Send', data: { verb: 'asked' } }),
    body: [
      {
        type: 'Input.ChoiceSet',
        id: 'account',
        style: 'filtered',
        choices: [],
        'choices.data': { type: 'Data.Query', dataset: 'account' },
      },
    ],
  };
  app.taskModules.fetch('ask', async () => ({ title: 'Ask', card: CardFactory.adaptiveCard(form) }));
  app.taskModules.submit(
    'asked',
    async (_context, _state, data) => `Asked for ${(data as Record<string, string>).account}`,
  );
  app.adaptiveCards.search('account', async (_context, _state, { parameters }) => [
    { title: `Found ${parameters.queryText}`, value: 'delta/db1' },
  ]);
  await sdkBot(teams, adapter, (context) => app.run(context));

  await teams.says(northwind, ivy, 'form');
  const message = teams.chat(northwind, ivy)[1] as Message;
  expect((await teams.presses(northwind, ivy, message, 'Open')).dialog).toMatchObject({ title: 'Ask' });
  const found = await teams.searches(northwind, ivy, 'dialog', { input: 'account', typed: 'db' });
  expect(found).toMatchObject({ ok: true, choices: [{ title: 'Found db', value: 'delta/db1' }] });
  const sent = await teams.submitsDialog(northwind, ivy, 'Send', { inputs: { account: 'delta/db1' } });
  expect(sent.dialog).toMatchObject({ message: 'Asked for delta/db1' });
  await teams.closesDialog(northwind, ivy);
  expect(teams.dialog(northwind, ivy)).toBeUndefined();
});
