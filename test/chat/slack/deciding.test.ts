import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readText } from '../../../src/playground/slack/index.js';
import {
  DELTA,
  fill,
  GENERAL,
  LENAS_DOUBLE,
  NORTHWIND,
  openWorld,
  REQUESTS,
  told,
  USERS,
  type World,
} from './world.js';

const { tess, lena, omar, guest, stranger, nobody, noMail, aude } = USERS;
let world: World;

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const ask = async (line = 'acme/front-desk 30m printer is down') => {
  await world.slack.slash(NORTHWIND, tess, REQUESTS, '/access', line);
  await world.show('R-TEST01');
};
const card = async () => world.slack.until(() => world.slack.messages(NORTHWIND, REQUESTS).at(0));
const state = () => world.desk.requests.get('R-TEST01')?.state;
const hears = (user: string, team?: string) => world.slack.until(() => told(world, user, team).at(-1));

describe('deciding', () => {
  it('Lena approves with a click, and every copy says so', async () => {
    await ask();
    const seen = await world.slack.click(NORTHWIND, lena, await card(), 'Approve');
    expect(seen).toMatchObject({ ok: true, status: 200 });
    expect(state()).toBe('approved');
    await world.show('R-TEST01');
    expect(readText(await card())).toContain('✓ Lena Falk');
    const [hers] = world.slack.dm(NORTHWIND, lena);
    expect(hers && readText(hers)).toContain('Access granted');
    expect(told(world, lena)).toEqual([]);
  });

  it('Lena approves for less with the menu', async () => {
    await ask();
    await world.slack.select(NORTHWIND, lena, await card(), 'approve-for', '900');
    expect(world.desk.grants.get('G-TEST01')?.seconds).toBe(900);
  });

  it('a time that isn’t on the menu is checked like anything typed', async () => {
    await ask();
    await world.slack.select(NORTHWIND, lena, await card(), 'approve-for', '999999');
    expect(await hears(lena)).toContain('not lengthen it');
    expect(state()).toBe('pending');
  });

  it('Deny asks why, and the reason ends the request', async () => {
    await ask();
    await world.slack.click(NORTHWIND, lena, await card(), 'Deny');
    const view = await world.slack.until(() => world.slack.view(NORTHWIND, lena));
    expect(readText(view)).toContain('Acme Dental: Front desk PC, Tess Tran');
    const seen = await world.slack.submit(view.id, fill(view, { why: 'Call me *first*' }));
    expect(seen.ok).toBe(true);
    expect(world.slack.view(NORTHWIND, lena)).toBeUndefined();
    expect(state()).toBe('denied');
    await world.show('R-TEST01');
    expect(readText(await card())).toContain('✗ Lena Falk: Call me *first*');
  });

  it('a denial that comes too late says so under its field', async () => {
    await ask();
    await world.slack.click(NORTHWIND, lena, await card(), 'Deny');
    const view = await world.slack.until(() => world.slack.view(NORTHWIND, lena));
    await world.slack.click(NORTHWIND, omar, await card(), 'Approve');
    const seen = await world.slack.submit(view.id, fill(view, { why: 'No.' }));
    expect(seen.errors).toEqual({ why: 'Too late: R-TEST01 is approved already.' });
  });

  it('Tess sees her own request refused when she presses Approve', async () => {
    await ask();
    await world.slack.click(NORTHWIND, tess, await card(), 'Approve');
    await world.slack.until(() => told(world, tess).length === 2);
    expect(await hears(tess)).toBe(
      'It is your own request: somebody else has to decide it. You can cancel it.',
    );
    expect(state()).toBe('pending');
  });

  it('a refusal is shown to the one who pressed alone, and the card stays as it was', async () => {
    await ask();
    const before = readText(await card());
    await world.slack.click(NORTHWIND, aude, await card(), 'Approve');
    expect(await hears(aude)).toContain('As an auditor');
    expect(readText(await card())).toBe(before);
    expect(world.slack.messages(NORTHWIND, REQUESTS)).toHaveLength(1);
    expect(told(world, lena)).toEqual([]);
  });

  it.each([
    ['a guest', guest, 'Guests of this workspace can’t use Keyturn. Ask from a full account.'],
    [
      'somebody of another workspace',
      stranger,
      'Your account belongs to another workspace, and this one can’t vouch for it. Ask from your own.',
    ],
    [
      'somebody who is nobody here',
      nobody,
      'I don’t know you as one of the people of this Keyturn. If you should be, ask a lead to add you to its configuration.',
    ],
    [
      'somebody with an unconfirmed address',
      noMail,
      'Your chat account has no confirmed e-mail address, so I can’t tell who you are. Confirm it and try again.',
    ],
  ])('%s presses Approve and is refused', async (_who, user, sentence) => {
    await ask();
    await world.slack.click(NORTHWIND, user, await card(), 'Approve');
    expect(await hears(user)).toBe(sentence);
    expect(state()).toBe('pending');
  });

  it('a member of Delta’s workspace whose address is Lena’s is nobody', async () => {
    await ask();
    await world.slack.slash(DELTA, LENAS_DOUBLE, GENERAL, '/access', 'approve R-TEST01');
    expect(await hears(LENAS_DOUBLE, DELTA)).toContain('I don’t know you');
    expect(state()).toBe('pending');
  });

  it('when Slack can’t say who somebody is, nothing is done', async () => {
    await ask();
    world.slack.failNext('users.info', { error: 'internal_error' });
    await world.slack.click(NORTHWIND, lena, await card(), 'Approve');
    expect(await hears(lena)).toContain('The chat could not say who you are.');
    expect(state()).toBe('pending');
  });
});

describe('receiving', () => {
  it('Reveal answers with the link to its holder alone', async () => {
    await ask('acme/free 30m toner');
    const mine = await world.slack.until(() =>
      world.slack.dm(NORTHWIND, tess).find((m) => readText(m).includes('Reveal')),
    );
    await world.slack.click(NORTHWIND, tess, mine, 'reveal');
    const [answer] = await world.slack.until(() => {
      const found = world.slack.ephemerals(NORTHWIND, tess).filter((m) => readText(m).includes('link'));
      return found.length > 0 ? found : undefined;
    });
    expect(JSON.stringify(answer?.blocks)).toContain('https://keys.example/reveal#token-of-L-');
    expect((await world.slack.click(NORTHWIND, tess, answer as never, 'way')).ok).toBe(true);
    expect(JSON.stringify(world.slack.dm(NORTHWIND, tess))).not.toContain('token-of');
    expect(world.log()).not.toContain('token-of');
  });

  it('Home shows what is mine and what waits for me', async () => {
    await ask();
    await world.slack.openHome(NORTHWIND, lena);
    const home = await world.slack.until(() => world.slack.home(NORTHWIND, lena));
    expect(readText(home)).toContain('1 request waits for your word.');
    expect(readText(home)).toContain('R-TEST01');
    await world.slack.click(NORTHWIND, lena, home, 'Approve');
    await world.slack.until(() => {
      const after = world.slack.home(NORTHWIND, lena);
      return after && readText(after).includes('Nothing waits for you.');
    });
    expect(world.desk.grants.size).toBe(1);
  });
});

describe('when something goes wrong', () => {
  it('a fault is one safe sentence with a reference that stands in the log', async () => {
    await ask();
    world.desk.broken = new Error('the disk is on fire at 10.0.0.7');
    await world.slack.click(NORTHWIND, lena, await card(), 'Approve');
    const sentence = await hears(lena);
    const reference = /Reference ([0-9a-f]{8})\.$/.exec(sentence)?.[1] ?? 'none';
    expect(sentence).toMatch(
      /^Something went wrong on our side, and nothing was changed unless a card says so\./,
    );
    expect(sentence).not.toContain('fire');
    expect(world.log()).toContain(reference);
    expect(world.log()).toContain('the disk is on fire');
  });

  it('what takes long is acknowledged in time and answered later', async () => {
    world.desk.slow = 2900;
    const seen = await world.slack.slash(
      NORTHWIND,
      tess,
      REQUESTS,
      '/access',
      'acme/front-desk 30m slow day',
    );
    expect(seen.ok).toBe(true);
    expect(seen.ms).toBeLessThan(3000);
    expect(told(world, tess)).toEqual([]);
    expect(await hears(tess)).toContain('Asked: R-TEST01');
  });

  it('a form that takes long to save says so, and then how it went', async () => {
    await ask();
    await world.slack.click(NORTHWIND, lena, await card(), 'Deny');
    const view = await world.slack.until(() => world.slack.view(NORTHWIND, lena));
    world.desk.slow = 2900;
    const seen = await world.slack.submit(view.id, fill(view, { why: 'No.' }));
    expect(seen.ok).toBe(true);
    expect(readText(world.slack.view(NORTHWIND, lena) as never)).toContain('Still working on it');
    await world.slack.until(() => readText(world.slack.view(NORTHWIND, lena) as never).includes('Done.'));
    expect(state()).toBe('denied');
  });

  it('a form that Slack won’t open any more is said in words', async () => {
    await ask();
    world.slack.failNext('views.open', { error: 'expired_trigger_id' });
    await world.slack.click(NORTHWIND, lena, await card(), 'Deny');
    expect(await hears(lena)).toBe('The form couldn’t be opened in time. Try again.');
  });

  it('nothing that was typed, no token and no response_url is ever in the log', async () => {
    await ask('acme/front-desk 30m a very particular reason');
    world.slack.failNext('views.open', { error: 'expired_trigger_id' });
    await world.slack.click(NORTHWIND, lena, await card(), 'Deny');
    await hears(lena);
    const log = world.log();
    for (const secret of ['particular', 'xoxb-', 'signing-secret', '/response/'])
      expect(log).not.toContain(secret);
  });

  it('somebody who is deactivated is reported, and again where that could not be done', async () => {
    await world.close();
    let tries = 0;
    world = await openWorld({
      onDeactivated: async () => {
        tries += 1;
        if (tries < 3) throw new Error('the database is away');
      },
    });
    const seen = await world.slack.deactivate(NORTHWIND, tess);
    await seen.settled;
    expect(tries).toBe(3);
    expect(world.deactivated).toEqual([
      { identity: { platform: 'slack', workspace: NORTHWIND, userId: tess }, standing: 'deactivated' },
    ]);
  });
});
