/** What people do in the fake Teams, and what is sent for it. */
import { describe, expect, it } from 'vitest';
import { ACTIVITY_TAMPERINGS, somethingWrong, unreachable } from '../../src/playground/teams/index.js';
import {
  access,
  answers,
  attached,
  botSays,
  card,
  delta,
  execute,
  form,
  gil,
  gus,
  inChannel,
  inChat,
  ivy,
  lena,
  listen,
  newcomer,
  noor,
  northwind,
  northwindTenant,
  shown,
  simpleBot,
  startTeams,
} from './teams-support.js';

describe('what a person says', () => {
  it('arrives as Teams writes it', async () => {
    const teams = await startTeams();
    const heard = await simpleBot(teams);
    const { said } = await teams.says(northwind, ivy, 'db1 1h <b> & "why"');
    expect(heard[0]).toMatchObject({
      type: 'message',
      id: said?.id,
      channelId: 'msteams',
      serviceUrl: teams.serviceUrl(northwind),
      text: 'db1 1h &lt;b&gt; &amp; "why"',
      from: { id: expect.stringMatching(/^29:/), name: 'Ivy Chen', aadObjectId: ivy },
      recipient: { id: `28:${northwindTenant.bot.appId}` },
      conversation: {
        conversationType: 'personal',
        tenantId: northwind,
        id: teams.chatId(northwind, ivy),
      },
      channelData: { tenant: { id: northwind } },
    });
    expect(teams.chat(northwind, ivy)[0]?.text).toBe('db1 1h <b> & "why"');
  });

  it('arrives from a channel with its thread and the mention', async () => {
    const teams = await startTeams();
    const heard = await simpleBot(teams);
    const { said } = await teams.says(northwind, ivy, 'mine', { conversation: access, mention: true });
    expect(heard[0]).toMatchObject({
      text: '<at>Keyturn</at> mine',
      entities: expect.arrayContaining([
        {
          type: 'mention',
          text: '<at>Keyturn</at>',
          mentioned: expect.objectContaining({ name: 'Keyturn' }),
        },
      ]),
      conversation: { conversationType: 'channel', id: `${access};messageid=${said?.id}` },
      channelData: { team: { id: '19:team@thread.tacv2' }, channel: { id: access } },
    });
    await teams.says(northwind, lena, 'me too', {
      conversation: access,
      mention: true,
      thread: said?.id as string,
    });
    expect(heard[1]).toMatchObject({ conversation: { id: `${access};messageid=${said?.id}` } });
  });

  it.each([
    ['a bot that refuses', 401, somethingWrong, 'HTTP 401'],
    ['a bot that breaks', 500, somethingWrong, 'HTTP 500'],
  ])('fails at %s', async (_what, status, error, fault) => {
    const teams = await startTeams();
    await simpleBot(teams, 'no', status);
    expect(await teams.says(northwind, ivy, 'hello')).toMatchObject({ ok: false, status, error, fault });
  });

  it('fails where nobody listens', async () => {
    const teams = await startTeams();
    teams.setEndpoint(northwind, 'http://127.0.0.1:1/');
    const seen = await teams.says(northwind, ivy, 'hello');
    expect(seen).toMatchObject({ ok: false, status: 0, error: unreachable, fault: 'unreachable' });
  });

  it('fails where nobody answers in time', async () => {
    const teams = await startTeams({ answerTimeoutMs: 30 });
    teams.setEndpoint(northwind, await listen(() => undefined));
    const seen = await teams.says(northwind, ivy, 'hello');
    expect(seen).toMatchObject({ ok: false, status: 0, error: unreachable, fault: 'timeout' });
  });

  it.each([
    ['somebody unknown', northwind, 'nobody', {}, 'There is no nobody in Northwind.'],
    ['somebody of another tenant', northwind, noor, {}, `There is no ${noor} in Northwind.`],
    ['somebody deactivated', northwind, gil, {}, "Gone Gil's account is deactivated."],
    ['somebody without the app', northwind, newcomer, {}, 'Nina New has not installed the app.'],
    ['somebody who isn’t in the channel', northwind, gus, { conversation: access }, 'is not in Access'],
    ['anybody, in another tenant’s channel', delta, noor, { conversation: access }, 'no conversation'],
  ])('can’t be said by %s', async (_who, tenant, user, how, sentence) => {
    const teams = await startTeams();
    await expect(teams.says(tenant, user, 'hello', how)).rejects.toThrow(sentence);
    expect(teams.deliveries).toEqual([]);
  });

  it('can be sent with one thing wrong, under a right token', async () => {
    const teams = await startTeams();
    const heard = await simpleBot(teams);
    for (const tamper of ACTIVITY_TAMPERINGS) await teams.says(northwind, ivy, 'hello', { tamper });
    const wrong = Object.fromEntries(ACTIVITY_TAMPERINGS.map((name, n) => [name, heard[n]]));
    expect(wrong['no serviceUrl']).not.toHaveProperty('serviceUrl');
    expect(wrong['other channelId']).toHaveProperty('channelId', 'directline');
    expect(wrong['blank tenant']).toMatchObject({ conversation: { tenantId: '' } });
    expect(wrong['no tenant']).not.toHaveProperty('channelData.tenant');
    expect(wrong['no sender']).not.toHaveProperty('from');
    expect(wrong['no aadObjectId']).toHaveProperty('from.name');
    expect(wrong['no aadObjectId']).not.toHaveProperty('from.aadObjectId');
    expect(wrong['no timestamp']).not.toHaveProperty('timestamp');
    expect(wrong['old timestamp']).toHaveProperty('timestamp', '2020-01-01T00:00:00.000Z');
    const bodies = new Set(
      heard.map((one) =>
        JSON.stringify({ ...one, id: 0, localTimestamp: 0, timestamp: `${one.timestamp}`.slice(0, 4) }),
      ),
    );
    expect(bodies.size).toBe(ACTIVITY_TAMPERINGS.length);
    await teams.says(northwind, ivy, 'hello', { tamper: 'blank text' });
    expect(heard.at(-1)).toHaveProperty('text', '');
    await teams.says(northwind, ivy, 'hello', { tamper: (one) => ({ ...one, text: 'something else' }) });
    expect(heard.at(-1)).toMatchObject({ text: 'something else' });
  });

  it('can be replayed byte by byte', async () => {
    const teams = await startTeams();
    const heard = await simpleBot(teams);
    const { delivered } = await teams.says(northwind, ivy, 'hello');
    if (!delivered) throw new Error('nothing was delivered');
    const again = await teams.replay(delivered);
    expect(again.request).toEqual(delivered.request);
    expect(heard[1]).toEqual(heard[0]);
    expect(teams.deliveries).toHaveLength(2);
  });
});

describe('what a person presses', () => {
  it('arrives as an invoke with data and inputs', async () => {
    const teams = await startTeams();
    const heard = await simpleBot(teams, answers.message('Thank you.'));
    const inputs = [
      { type: 'Input.Text', id: 'why', value: 'because' },
      { type: 'Input.Text', id: 'ticket' },
      { type: 'Input.Toggle', id: 'sure', title: 'Sure?' },
    ];
    const message = await shown(teams, { ...form(...inputs), actions: [execute('Send', { id: 'R-1' })] });
    await teams.presses(northwind, ivy, message, 'Send', { inputs: { why: 'the disk is full' } });
    expect(heard[0]).toMatchObject({
      type: 'invoke',
      name: 'adaptiveCard/action',
      replyToId: message.id,
      from: { aadObjectId: ivy },
      value: {
        action: {
          type: 'Action.Execute',
          title: 'Send',
          verb: 'send',
          data: { id: 'R-1', why: 'the disk is full', sure: 'false' },
        },
        trigger: 'manual',
      },
    });
    expect(heard[0]).not.toHaveProperty('value.action.data.ticket');
  });

  it('stays on the screen where an input is missing or wrong', async () => {
    const teams = await startTeams();
    const heard = await simpleBot(teams, answers.message('Thank you.'));
    const choices = [{ title: 'One hour', value: '1h' }];
    const message = await shown(
      teams,
      form(
        { type: 'Input.Text', id: 'why', isRequired: true, errorMessage: 'Say why.' },
        { type: 'Input.Text', id: 'ticket', maxLength: 3 },
        { type: 'Input.ChoiceSet', id: 'long', choices },
        { type: 'Input.Number', id: 'n', max: 5 },
      ),
    );
    const inputs = { ticket: '#1234', long: '9h', n: '6' };
    expect(await teams.presses(northwind, ivy, message, 'Send', { inputs })).toMatchObject({
      ok: false,
      status: 0,
      errors: {
        why: 'Say why.',
        ticket: 'Too long',
        long: 'Choose one of the options',
        n: 'Invalid value',
      },
    });
    expect(heard).toEqual([]);
    await expect(teams.presses(northwind, ivy, message, 'Send', { inputs: { no: '1' } })).rejects.toThrow(
      'There is no input no; there is: why, ticket, long, n.',
    );
  });

  it('leaves inputs where they are that the button doesn’t take', async () => {
    const teams = await startTeams();
    const heard = await simpleBot(teams, answers.message('Thank you.'));
    const alone = { ...execute('Alone', { id: 'R-1' }), associatedInputs: 'none' };
    const message = await shown(teams, { ...form({ type: 'Input.Text', id: 'why' }), actions: [alone] });
    await teams.presses(northwind, ivy, message, 'Alone', { inputs: { why: 'because' } });
    expect(heard[0]).toMatchObject({ value: { action: { data: { id: 'R-1' } } } });
  });

  it('is what is on the card now, unless a client lags behind', async () => {
    const teams = await startTeams();
    const heard = await simpleBot(teams, answers.card(card('Done')));
    const message = await shown(teams, card('Decide', execute('Approve')));
    await teams.presses(northwind, ivy, message, 'Approve');
    await expect(teams.presses(northwind, ivy, message, 'Approve')).rejects.toThrow('there is: nothing');
    await teams.presses(northwind, ivy, message, 'Approve', { stale: true });
    expect(heard).toHaveLength(2);
    const elsewhere = { conversation: access, id: message.id };
    await expect(teams.presses(northwind, ivy, elsewhere, 'Approve')).rejects.toThrow(
      'That message is gone.',
    );
    await expect(teams.presses(northwind, lena, message, 'Approve')).rejects.toThrow('Lena Ortiz is not in');
  });

  it('can be sent with other data than the button’s', async () => {
    const teams = await startTeams();
    const heard = await simpleBot(teams, answers.message('No.'));
    const message = await shown(teams, card('Decide', execute('Approve', { id: 'R-1' })));
    await teams.presses(northwind, ivy, message, { data: { id: 'R-1' } }, { data: { id: 'R-2' } });
    expect(heard[0]).toMatchObject({ value: { action: { data: { id: 'R-2' } } } });
  });

  it('leads to a page, or sends a message without words', async () => {
    const teams = await startTeams();
    const heard = await simpleBot(teams);
    const message = await shown(
      teams,
      card(
        'x',
        { type: 'Action.OpenUrl', title: 'Open', url: 'https://keyturn.example/' },
        { type: 'Action.Submit', title: 'Submit', data: { id: '1' } },
      ),
    );
    expect(await teams.presses(northwind, ivy, message, 'Open')).toMatchObject({
      ok: true,
      url: 'https://keyturn.example/',
    });
    await teams.presses(northwind, ivy, message, 'Submit');
    expect(heard).toMatchObject([{ type: 'message', value: { id: '1' }, replyToId: message.id }]);
    expect(heard[0]).not.toHaveProperty('text');
  });

  it('is seen by the others only when the bot changes the message', async () => {
    const teams = await startTeams();
    await simpleBot(teams, answers.card(card('For Ivy')));
    const id = await botSays(teams, inChannel(), attached(card('For all', execute('Press'))));
    await teams.presses(northwind, ivy, { conversation: access, id }, 'Press');
    const read = (user?: string) => teams.channel(northwind, access, user).map((one) => teams.reads(one));
    expect([read(ivy), read(lena), read()]).toEqual([['For Ivy'], ['For all'], ['For all']]);
  });
});

describe('waiting', () => {
  it('ends with what was looked for, as soon as it is there', async () => {
    const teams = await startTeams();
    const seen = teams.until(() => teams.chat(northwind, ivy).find((one) => one.bot));
    await botSays(teams, inChat(teams, ivy), { text: 'Good morning' });
    expect(await seen).toMatchObject({ text: 'Good morning' });
  });

  it('gives up, naming what was not seen', async () => {
    const teams = await startTeams();
    const looked = () => teams.chat(northwind, ivy)[0];
    await expect(teams.until(looked, 5)).rejects.toThrow(/^not seen within 5 ms: .*chat/);
    const fails = () => teams.tenant('nowhere');
    await expect(teams.until(fails)).rejects.toThrow('there is no tenant nowhere');
  });

  it('can be done by hearing of every change', async () => {
    const teams = await startTeams();
    const heard: unknown[] = [];
    const stop = teams.onChange((change) => heard.push(change));
    await botSays(teams, inChat(teams, ivy), { text: 'one' });
    stop();
    await botSays(teams, inChat(teams, ivy), { text: 'two' });
    expect(heard).toEqual([{ tenant: northwind, users: [ivy] }]);
  });
});
