import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NORTHWIND, newest, openWorld, told, USERS, type World } from './world.js';

const { tess, lena, aude } = USERS;
let world: World;

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const type = (words: string, user: string = tess) => world.teams.says(NORTHWIND, user, words);
/** The card that this person sees last, with what an answer has put in its place. */
const seen = (user: string = tess) => newest(world, user);
const press = (button: string, inputs: Record<string, string> = {}, user: string = tess) =>
  world.teams.presses(NORTHWIND, user, seen(user), button, { inputs });
const values = (user: string = tess) =>
  Object.fromEntries(world.teams.inputs(seen(user)).map(({ id, value }) => [id, value]));
const reads = (user: string = tess) => world.teams.reads(seen(user));
/** Down to one account of Acme's. */
async function chooseFrontDesk(): Promise<void> {
  await type('/access');
  await press('Show choices', { client: 'acme' });
  await press('Show choices', { account: 'acme/front-desk' });
}

describe('the request form', () => {
  it('leads from client to account to the rest, all in one place, and ends in a request', async () => {
    await chooseFrontDesk();
    expect(Object.keys(values())).toEqual(['client', 'account', 'long', 'why', 'ticket']);
    await press('Ask', { why: 'printer is *down* <now>', ticket: 'T-9' });
    expect(world.desk.requests.get('R-TEST01')).toMatchObject({
      ...{ account: 'front-desk', seconds: 1800, reason: 'printer is *down* <now>', ticket: 'T-9' },
    });
    expect(told(world, tess)).toHaveLength(1);
    expect(reads()).toContain('Done. The cards say the rest.');
    expect(world.teams.inputs(seen())).toEqual([]);
  });

  it('keeps what was typed when another client is chosen, and takes back the account', async () => {
    await chooseFrontDesk();
    await press('Show choices', { client: 'delta', why: 'because' });
    expect(values()).toMatchObject({ client: 'delta', why: 'because' });
    expect(values().account).not.toBe('acme/front-desk');
  });

  it('an account left over from another client is not asked for: the form is drawn anew', async () => {
    await chooseFrontDesk();
    await press('Ask', { client: 'delta', why: 'because' });
    expect(world.desk.requests.size).toBe(0);
    expect(values()).toMatchObject({ client: 'delta', why: 'because' });
  });

  it('says what is wrong above its field, with everything that was typed still there', async () => {
    await chooseFrontDesk();
    const typed = { long: '3600', why: 'printer', ticket: 'not a ticket' };
    await press('Ask', typed);
    expect(values()).toEqual({ client: 'acme', account: 'acme/front-desk', ...typed });
    const lines = reads().split('\n');
    const fault = lines.findIndex((line) => line.startsWith('A ticket is one word'));
    expect(lines[fault + 1]).toMatch(/^Ticket/);
    expect(world.desk.requests.size).toBe(0);
    await press('Ask', { ticket: 'T-9' });
    expect([...world.desk.requests.values()]).toEqual([
      expect.objectContaining({ seconds: 3600, ticket: 'T-9' }),
    ]);
  });

  it('sent before anything is chosen, says what to choose', async () => {
    await type('/access');
    await press('Ask');
    expect(reads()).toContain('Choose a client, and then an account.');
  });

  it('what is wrong on both tries is said on both, and what is a secret is stored nowhere', async () => {
    await chooseFrontDesk();
    await press('Ask', { why: '' });
    expect(reads()).toContain('Say why');
    await press('Ask', { why: 'the password is Hunter2!x' });
    expect(reads()).toContain('Nothing was stored');
    await press('Show choices', { why: 'the password is Hunter2!x', ticket: 'T-9' });
    expect(values()).toMatchObject({ why: '', ticket: 'T-9' });
    expect(world.desk.requests.size).toBe(0);
    expect(world.log()).not.toContain('Hunter2');
  });

  it('sent twice by Teams is one request, and one answer', async () => {
    await chooseFrontDesk();
    const { delivered } = await press('Ask', { why: 'printer is down' });
    if (!delivered) throw new Error('nothing was sent');
    const again = await world.teams.replay(delivered);
    expect([again.status, again.body]).toEqual([200, delivered.body]);
    expect(world.desk.requests.size).toBe(1);
  });

  it('an auditor gets no form', async () => {
    await type('/access', aude);
    expect(told(world, aude)).toEqual(['As an auditor you can read everything here, but not ask or decide.']);
  });

  it('somebody else’s field or a field that there isn’t makes it unreadable', async () => {
    await chooseFrontDesk();
    const { message } = await world.teams.presses(NORTHWIND, tess, seen(), 'Ask', {
      inputs: { why: 'printer is down' },
      data: { id: '', form: 'ask', requester: 'p-lena' },
    });
    expect(message).toContain('can’t read');
    expect(world.desk.requests.size).toBe(0);
    expect(world.unverified).toEqual(['malformed']);
  });
});

describe('a search field', () => {
  const search = (typed: string, more: Record<string, unknown> = {}, user: string = tess) =>
    world.teams.searches(NORTHWIND, user, seen(user), {
      ...{ input: 'client', typed },
      tamper: (activity) => ({
        ...activity,
        value: { queryText: typed, queryOptions: { skip: 0, top: 15 }, dataset: 'client', ...more },
      }),
    });
  /** A form that searches stands in Tess's chat, as it does where lists are long. */
  beforeEach(async () => {
    const content = {
      ...{ type: 'AdaptiveCard', version: '1.5' },
      body: [
        {
          ...{ type: 'Input.ChoiceSet', id: 'client', label: 'Client', style: 'filtered', choices: [] },
          'choices.data': { type: 'Data.Query', dataset: 'client', associatedInputs: 'auto' },
        },
      ],
    };
    for (const user of [tess, aude, USERS.guest, USERS.nobody]) {
      const tenant = world.teams.tenant(NORTHWIND);
      const attachments = [{ contentType: 'application/vnd.microsoft.card.adaptive', content }];
      tenant.post(tenant.chatOf(user), { from: '28:bot', bot: true, text: '', attachments });
    }
  });

  it('offers the clients for whom somebody may ask, those first that begin like it', async () => {
    expect((await search('')).choices.map((one) => one.title)).toEqual(['Acme Dental', 'Delta Resale']);
    expect((await search('DEL')).choices).toEqual([{ title: 'Delta Resale', value: 'delta' }]);
    expect((await search('zzz')).choices).toEqual([]);
  });

  it('offers the accounts of the client that is chosen', async () => {
    const accounts = await search('front', { dataset: 'account', data: { client: 'acme' } });
    expect(accounts.choices).toEqual([{ title: 'Front desk PC', value: 'acme/front-desk' }]);
    expect((await search('front', { dataset: 'account', data: { client: 'delta' } })).choices).toEqual([]);
  });

  it.each([
    ['another data set', { dataset: 'people' }],
    ['no data set', { dataset: undefined }],
    ['a query that is a list', { queryText: ['a'] }],
    ['a query far too long', { queryText: 'a'.repeat(301) }],
  ])('%s finds nothing', async (_what, more) => {
    expect(await search('a', more)).toMatchObject({ ok: true, choices: [] });
  });

  it.each([
    ['a guest', USERS.guest],
    ['somebody unknown', USERS.nobody],
  ])('%s is offered nothing', async (_who, user) => {
    expect(await search('', {}, user)).toMatchObject({ ok: true, choices: [] });
  });

  it('finds nothing where the desk fails, and the log has why', async () => {
    const { facts } = world.desk;
    world.desk.facts = () => Promise.reject(new Error('the database is away'));
    expect(await search('')).toMatchObject({ ok: true, choices: [] });
    expect(world.log()).toContain('a search in Teams failed');
    world.desk.facts = facts;
  });
});

describe('a form in a card’s place', () => {
  beforeEach(async () => {
    await type('acme/front-desk 30m printer is down');
    await world.show('R-TEST01');
  });

  it('Deny asks for a reason, for the one who pressed alone', async () => {
    await press('Deny', {}, lena);
    expect(Object.keys(values(lena))).toEqual(['why']);
    expect(world.teams.buttons(seen(USERS.omar))).toContain('Approve');
    await press('Deny', { why: 'not today' }, lena);
    expect(world.desk.decisions[0]).toMatchObject({ verdict: 'deny', reason: 'not today' });
    expect(reads(lena)).toContain('Done.');
    expect(world.teams.buttons(seen(lena))).toEqual(['Show R-TEST01']);
  });

  it('Back brings the card again where the form was, and sends nothing', async () => {
    await press('Deny', {}, lena);
    const messages = told(world, lena).length;
    expect((await press('Back', {}, lena)).card).toBeDefined();
    expect(reads(lena)).toContain('Front desk PC');
    expect(world.teams.inputs(seen(lena)).map((one) => one.id)).not.toContain('why');
    expect(told(world, lena)).toHaveLength(messages);
    expect(world.desk.decisions).toEqual([]);
  });

  it('a reason that can’t stand is said at its field, and a secret is not shown again', async () => {
    await press('Deny', {}, lena);
    await press('Deny', { why: 'the password is Hunter2!x' }, lena);
    expect(reads(lena)).toContain('Nothing was stored');
    expect(values(lena)).toEqual({ why: '' });
    expect(JSON.stringify(seen(lena))).not.toContain('Hunter2');
    expect(world.teams.buttons(seen(lena))).toContain('Back');
    expect(world.desk.decisions).toEqual([]);
  });

  it('a form that is overtaken says so in its place, with the way to the card', async () => {
    await press('Deny', {}, lena);
    await type('cancel R-TEST01');
    await press('Deny', { why: 'not today' }, lena);
    expect(reads(lena)).toContain('Too late: R-TEST01');
    expect(world.desk.decisions).toEqual([]);
  });
});
