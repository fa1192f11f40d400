import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BELOW, IN_OUR_CHAT, NO_CHAT, UNREADABLE } from '../../../src/chat/teams/words.js';
import { caught, NORTHWIND, newest, openWorld, REQUESTS, send, told, USERS, type World } from './world.js';

const { tess, lena, omar, theo } = USERS;
const ASK = 'acme/front-desk 30m printer is down #T-204';
const ASKED =
  'Asked: R-TEST01. Acme Dental, Front desk PC (acme/front-desk), 30 minutes. You will hear here when it is decided.';
let world: World;

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const type = (words: string, user: string = tess) => world.teams.says(NORTHWIND, user, words);
const mention = (words: string, user: string = tess) =>
  world.teams.says(NORTHWIND, user, words, { conversation: REQUESTS, mention: true });
const inChannel = () => world.teams.channel(NORTHWIND, REQUESTS);
const press = (button: string, user: string = lena) =>
  world.teams.presses(NORTHWIND, user, newest(world, user), button);
describe('what is typed to Keyturn alone', () => {
  it('asks, and is answered in the chat', async () => {
    expect(await type(ASK)).toMatchObject({ ok: true, status: 200 });
    expect(told(world, tess)).toEqual([ASKED]);
    expect(world.desk.requests.get('R-TEST01')).toMatchObject({
      ...{ requester: 'p-tess', account: 'front-desk', reason: 'printer is down', ticket: 'T-204' },
    });
    expect(inChannel()).toEqual([]);
  });

  it.each(['/access ', '/ACCESS  ', ' /access\n'])('“%s” before it means nothing more', async (prefix) => {
    await type(`${prefix}${ASK}`);
    expect(told(world, tess)).toEqual([ASKED]);
  });

  it('a reason has the characters that were typed, and not Teams’ writing of them', async () => {
    await type('acme/front-desk 30m a & b < c > d "e" &amp; &lt;at&gt; &#65;');
    expect(world.desk.requests.get('R-TEST01')?.reason).toBe('a & b < c > d "e" &amp; &lt;at&gt; &#65;');
  });

  it('/access alone opens the form, and words that mean nothing bring the help', async () => {
    await type('/access');
    expect(world.teams.inputs(newest(world, tess)).map((input) => input.id)).toEqual(['client']);
    await type('abracadabra');
    expect(told(world, tess).at(-1)).toContain('abracadabra');
  });

  it('a message without words does nothing', async () => {
    await world.teams.says(NORTHWIND, tess, 'x', { tamper: 'blank text' });
    await world.teams.says(NORTHWIND, tess, 'x', { tamper: ({ text: _, ...picture }) => picture });
    expect(told(world, tess)).toEqual([]);
    expect(world.desk.requests.size).toBe(0);
  });

  it('a typed secret is refused with a sentence, and is nowhere', async () => {
    await type('acme/front-desk 30m the password is Hunter2!x');
    expect(told(world, tess).at(-1)).toContain('Nothing was stored');
    expect(world.desk.requests.size).toBe(0);
    expect(world.log()).not.toContain('Hunter2');
  });
});

describe('what is typed in a channel', () => {
  it('is answered in the person’s own chat; the channel learns only that there is an answer', async () => {
    await mention(ASK);
    expect(told(world, tess)).toEqual([ASKED]);
    const [said, answered] = inChannel();
    expect(answered).toMatchObject({ bot: true, text: IN_OUR_CHAT, thread: said?.id });
    expect(inChannel()).toHaveLength(2);
    expect(world.desk.requests.get('R-TEST01')?.reason).toBe('printer is down');
  });

  it('a refusal is nobody else’s either', async () => {
    await mention('approve R-NOSUCH');
    expect(told(world, tess).at(-1)).toContain('I don\'t know "R-NOSUCH"');
    expect(inChannel().at(-1)?.text).toBe(IN_OUR_CHAT);
  });

  it('a mention alone shows the channel nothing of what somebody may ask for', async () => {
    await world.teams.says(NORTHWIND, tess, 'x', {
      ...{ conversation: REQUESTS, mention: true },
      tamper: (activity) => ({ ...activity, text: '<at>Keyturn</at> ' }),
    });
    const [, answered, ...others] = inChannel();
    expect(others).toEqual([]);
    expect(JSON.stringify(answered)).not.toMatch(/acme|delta/i);
  });

  it('whoever hasn’t added the app is told how, and their act is done all the same', async () => {
    await mention('acme/front-desk 30m printer is down', theo);
    expect(inChannel().at(-1)?.text).toBe(NO_CHAT);
    expect(world.desk.requests.get('R-TEST01')?.requester).toBe('p-theo');
  });

  it('what the cards say already is not said again', async () => {
    await type(ASK);
    await mention('approve R-TEST01', lena);
    expect(world.desk.decisions).toHaveLength(1);
    expect(told(world, lena)).toEqual([]);
    expect(inChannel().at(-1)?.text).toBe('Done. The cards say the rest.');
  });
});

describe('buttons', () => {
  beforeEach(async () => {
    await type(ASK);
    await world.show('R-TEST01');
  });

  it('Lena approves in her own chat, and Omar is told on his that it is over', async () => {
    expect(await press('Approve')).toMatchObject({ ok: true, message: 'Done. The cards say the rest.' });
    expect(world.desk.decisions).toEqual([expect.objectContaining({ person: 'p-lena', verdict: 'approve' })]);
    expect((await press('Approve', omar)).message).toContain('Too late: R-TEST01');
    await world.show('R-TEST01');
    expect(world.teams.buttons(newest(world, lena))).not.toContain('Approve');
  });

  it('in the channel they act for whoever presses, and answer only them', async () => {
    const card = inChannel().find((message) => message.card);
    if (!card) throw new Error('no card in the channel');
    const own = await world.teams.presses(NORTHWIND, tess, card, 'Approve');
    expect(own.message).toContain('It is your own request');
    const seen = await world.teams.presses(NORTHWIND, lena, card, 'Approve');
    expect(seen.message).toBe('Done. The cards say the rest.');
    expect(inChannel()).toHaveLength(1);
    expect(world.desk.decisions.map((one) => one.person)).toEqual(['p-lena']);
  });

  it('a card that somebody without the app asks for can’t come, and they are told how it can', async () => {
    const card = inChannel().find((message) => message.card);
    if (!card) throw new Error('no card in the channel');
    const { message } = await world.teams.presses(NORTHWIND, theo, card, 'Approve', {
      tamper: (a) => ({ ...a, value: show('R-TEST01') }),
    });
    expect(message).toBe(NO_CHAT);
    expect(inChannel()).toHaveLength(1);
  });

  const show = (id: string) => ({
    ...{ action: { type: 'Action.Execute', verb: 'show', data: { id } }, trigger: 'manual' },
  });

  it('a card that was asked for comes as a message of its own, once, however often the press is delivered', async () => {
    const seen = await world.teams.presses(NORTHWIND, lena, newest(world, lena), 'Approve', {
      tamper: (a) => ({ ...a, value: show('R-TEST01') }),
    });
    expect(seen.message).toBe(BELOW);
    expect(told(world, lena)).toHaveLength(2);
    if (!seen.delivered) throw new Error('nothing was sent');
    const again = await world.teams.replay(seen.delivered);
    expect([again.status, again.body]).toEqual([200, seen.delivered.body]);
    expect(told(world, lena)).toHaveLength(2);
  });

  it('the menu approves for as long as was chosen', async () => {
    const message = newest(world, lena);
    const [menu] = world.teams.inputs(message);
    if (!menu) throw new Error('no menu');
    const other = world.teams.buttons(message).find((title) => /for/i.test(title)) ?? '';
    expect((await press(other)).errors).toEqual({ [menu.id]: 'Choose one first.' });
    const [shorter] = menu.choices;
    await world.teams.presses(NORTHWIND, lena, message, other, { inputs: { [menu.id]: shorter?.value } });
    expect(world.desk.decisions[0]).toMatchObject({ seconds: Number(shorter?.value) });
  });

  it.each([
    ['a button that there isn’t', { type: 'Action.Execute', verb: 'own', data: { id: 'R-TEST01' } }],
    [
      'a button with more than an id',
      { type: 'Action.Execute', verb: 'approve', data: { id: 'R-TEST01', as: 'p-omar' } },
    ],
    ['a button without an id', { type: 'Action.Execute', verb: 'approve', data: {} }],
    ['a button with a list of ids', { type: 'Action.Execute', verb: 'approve', data: { id: ['R-TEST01'] } }],
  ])('%s is read by nobody, and is counted', async (_what, action) => {
    const { message } = await world.teams.presses(NORTHWIND, lena, newest(world, lena), 'Approve', {
      tamper: (a) => ({ ...a, value: { action, trigger: 'manual' } }),
    });
    expect(message).toBe(UNREADABLE);
    expect(world.desk.decisions).toEqual([]);
    expect(world.unverified).toEqual(['malformed']);
  });

  it('a client that refreshes a card by itself presses nothing', async () => {
    await world.teams.presses(NORTHWIND, lena, newest(world, lena), 'Approve', {
      tamper: (a) => ({ ...a, value: { ...(a.value as object), trigger: 'automatic' } }),
    });
    expect(world.desk.decisions).toEqual([]);
  });

  it('the same press delivered twice at once is done once, and both are answered the same', async () => {
    const { activity, authorization } = await caught(world, () => press('Approve'));
    const commit = vi.spyOn(world.desk, 'commit');
    const deliver = () => send(world.url(NORTHWIND), activity, { authorization });
    const [one, other] = await Promise.all([deliver(), deliver()]);
    expect(one).toEqual({ status: 200, text: expect.stringContaining('Done. The cards say the rest.') });
    expect(other).toEqual(one);
    expect(commit).toHaveBeenCalledTimes(1);
    expect(world.desk.decisions).toHaveLength(1);
  });
});
