import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { payloads, readText } from '../../../src/playground/slack/index.js';
import { CAST } from '../../fixtures/cast.js';
import {
  DELTA,
  fill,
  GENERAL,
  NOOR,
  NORTHWIND,
  openWorld,
  REQUESTS,
  told,
  USERS,
  type World,
} from './world.js';

const { tess, aude } = USERS;
let world: World;

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const type = (text: string, user: string = tess) =>
  world.slack.slash(NORTHWIND, user, REQUESTS, '/access', text);
const form = async (user: string = tess) => world.slack.until(() => world.slack.view(NORTHWIND, user));
/** The form, once it shows these words. */
const formWith = (words: string) =>
  world.slack.until(() => {
    const view = world.slack.view(NORTHWIND, tess);
    return view && readText(view).includes(words) ? view : undefined;
  });
const choose = async (field: string, value: string) =>
  world.slack.select(NORTHWIND, tess, await form(), field, value);
/** The whole cascade down to one account of Acme's. */
const chooseFrontDesk = async () => {
  await type('');
  await choose('client', 'acme');
  await formWith('Account');
  await choose('account', 'acme/front-desk');
  return formWith('Ticket');
};

describe('asking in one line', () => {
  it('Tess asks, and is told so alone', async () => {
    const seen = await type('acme/front-desk 30m printer is down #T-204');
    expect(seen).toMatchObject({ ok: true, status: 200 });
    expect(told(world, tess)).toEqual([
      'Asked: R-TEST01. Acme Dental, Front desk PC (acme/front-desk), 30 minutes. You will hear here when it is decided.',
    ]);
    expect(world.desk.requests.get('R-TEST01')).toMatchObject({
      requester: 'p-tess',
      reason: 'printer is down',
      ticket: 'T-204',
    });
    expect(world.slack.messages(NORTHWIND, REQUESTS)).toEqual([]);
  });

  it('Tess asks twice, and is shown what she has pending', async () => {
    await type('acme/front-desk 30m printer is down');
    await type('acme/front-desk 30m printer is down');
    expect(told(world, tess).at(-1)).toContain('You have asked for this already: R-TEST01');
    expect(world.desk.requests.size).toBe(1);
  });

  it('a command that Slack delivers twice is done once, and answered the same', async () => {
    await type('acme/front-desk 30m printer is down');
    const workspace = world.slack.workspace(NORTHWIND);
    const user = workspace.users.get(tess);
    const channel = workspace.channels.get(REQUESTS);
    if (!user || !channel) throw new Error('no Tess');
    const url = `${world.slack.url}/response/none`;
    const payload = payloads.slashPayload(workspace, user, channel, '/access', 'acme/shared 30m mail', url);
    const first = await world.slack.deliver(NORTHWIND, 'slash', payload);
    const again = await world.slack.deliver(NORTHWIND, 'slash', payload);
    expect(first.body).toMatchObject({ text: expect.stringContaining('Asked: R-TEST02') });
    expect(again.body).toEqual(first.body);
    expect(world.desk.requests.size).toBe(2);
  });

  it('a typed secret is refused with a sentence, and is nowhere', async () => {
    await type('acme/front-desk 30m the password is Hunter2!x');
    expect(told(world, tess).at(-1)).toContain('Nothing was stored');
    expect(world.desk.requests.size).toBe(0);
    expect(world.log()).not.toContain('Hunter2');
  });

  it('& and < in a reason are the characters that were typed', async () => {
    await type('acme/front-desk 30m a &amp; b &lt; c');
    expect(world.desk.requests.get('R-TEST01')?.reason).toBe('a & b < c');
  });

  it('an auditor reads that auditors don’t ask', async () => {
    await type('', aude);
    expect(told(world, aude)).toEqual(['As an auditor you can read everything here, but not ask or decide.']);
  });
});

describe('asking with the form', () => {
  it('leads from client to account to the rest, and ends in a request', async () => {
    const view = await chooseFrontDesk();
    expect(readText(view)).toContain('Needs a lead');
    const seen = await world.slack.submit(
      view.id,
      fill(view, { why: 'printer is *down* <now>', ticket: 'T-9' }),
    );
    expect(seen.ok).toBe(true);
    expect(world.slack.view(NORTHWIND, tess)).toBeUndefined();
    expect(world.desk.requests.get('R-TEST01')).toMatchObject({
      account: 'front-desk',
      seconds: 1800,
      reason: 'printer is *down* <now>',
    });
  });

  it('another client chosen afterwards takes back the account, and keeps the reason', async () => {
    await chooseFrontDesk();
    await choose('why', 'because');
    await choose('client', 'delta');
    const view = await formWith('Domain registrar');
    const values = Object.values(view.state.values);
    expect(values).toContainEqual({
      account: expect.objectContaining({
        selected_option: expect.objectContaining({ value: 'delta/registrar' }),
      }),
    });
    expect(values).toContainEqual({ why: expect.objectContaining({ value: 'because' }) });
  });

  it('a refusal stands under the field that it is about', async () => {
    const view = await chooseFrontDesk();
    await world.slack.submit(view.id, fill(view, { why: 'printer', ticket: 'not a ticket' }));
    expect(world.slack.viewErrors(NORTHWIND, tess)).toEqual({
      ticket: expect.stringContaining('A ticket is one word'),
    });
    expect(world.desk.requests.size).toBe(0);
  });

  it('submitting before an account is chosen says what to choose', async () => {
    await type('');
    const view = await form();
    const seen = await world.slack.submit(view.id, fill(view, { client: 'acme' }));
    expect(seen.errors).toEqual({ client: 'Choose a client, and then an account.' });
  });

  it('the shortcut opens the same form', async () => {
    await world.slack.shortcut(NORTHWIND, tess, 'request_access');
    expect(readText(await form())).toContain('Request access');
  });

  it('words in the bot’s direct message work like words after /access', async () => {
    await world.slack.message(
      NORTHWIND,
      tess,
      world.slack.dmId(NORTHWIND, tess),
      'acme/front-desk 30m see http://a.example',
    );
    const said = await world.slack.until(() => world.slack.dm(NORTHWIND, tess).at(1));
    expect(readText(said)).toContain('Asked: R-TEST01');
    await world.slack.message(NORTHWIND, tess, world.slack.dmId(NORTHWIND, tess), 'request');
    const ask = await world.slack.until(() => world.slack.dm(NORTHWIND, tess).at(3));
    await world.slack.click(NORTHWIND, tess, ask, 'Request access');
    expect(readText(await form())).toContain('Client');
  });

  it('who is refused learns it from the shortcut too', async () => {
    await world.slack.shortcut(NORTHWIND, aude, 'request_access');
    const said = await world.slack.until(() => world.slack.dm(NORTHWIND, aude).at(0));
    expect(readText(said)).toBe('As an auditor you can read everything here, but not ask or decide.');
  });

  it('Noor in Delta’s workspace is offered Delta’s accounts alone', async () => {
    await world.slack.slash(DELTA, NOOR, GENERAL, '/access', 'acme/front-desk 30m let me in');
    expect(told(world, NOOR, DELTA)).toEqual([
      expect.stringContaining('There is no account "acme/front-desk"'),
    ]);
  });
});

describe('asking among many', () => {
  const many = {
    ...CAST,
    clients: [
      ...CAST.clients,
      ...Array.from({ length: 150 }, (_, n) => ({
        ...(CAST.clients[0] as (typeof CAST.clients)[0]),
        id: `client-${n}`,
        name: `Client number ${n}`,
      })),
    ],
    accounts: [
      ...CAST.accounts,
      ...Array.from({ length: 150 }, (_, n) => ({
        ...(CAST.accounts[0] as (typeof CAST.accounts)[0]),
        client: `client-${n}`,
      })),
      ...Array.from({ length: 120 }, (_, n) => ({
        ...(CAST.accounts[0] as (typeof CAST.accounts)[0]),
        id: `server-${n}`,
        name: `Server ${n}`,
      })),
    ],
  };

  it('more than a hundred clients and accounts are searched, and the search offers no more than one may ask for', async () => {
    await world.close();
    world = await openWorld({ directory: many });
    await type('');
    const { options } = await world.slack.options(NORTHWIND, tess, await form(), 'client', '');
    expect(options).toHaveLength(100);
    const found = await world.slack.options(NORTHWIND, tess, await form(), 'client', 'number 149');
    expect(found.options.map((o) => o.value)).toEqual(['client-149']);
    await choose('client', 'acme');
    await formWith('Account');
    const servers = await world.slack.options(NORTHWIND, tess, await form(), 'account', 'server 119');
    expect(servers.options.map((o) => o.value)).toEqual(['acme/server-119']);
    const others = await world.slack.options(NORTHWIND, tess, await form(), 'account', 'registrar');
    expect(others.options).toEqual([]);
    await choose('account', 'acme/server-119');
    const view = await formWith('Ticket');
    expect((await world.slack.submit(view.id, fill(view, { why: 'disk full' }))).ok).toBe(true);
    expect(world.desk.requests.get('R-TEST01')?.account).toBe('server-119');
  });
});
