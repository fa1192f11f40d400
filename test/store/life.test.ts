import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sayRefusal } from '../../src/core/cards/say-refusal.js';
import type { Change } from '../../src/core/change.js';
import type { Command } from '../../src/core/command.js';
import { perform, performInBrowser } from '../../src/core/perform.js';
import { trailOf, verifyChains } from '../../src/store/audit.js';
import { shiftClock } from '../../src/store/deployment.js';
import { type House, KINDS, openHouse } from '../support/house.js';

const ask = (account: string, more: Partial<Command & { verb: 'ask' }> = {}): Command => {
  const [client = '', id = ''] = account.split('/');
  return {
    verb: 'ask',
    client,
    account: id,
    seconds: 3600,
    reason: 'printer is down',
    ticket: null,
    ...more,
  };
};

describe.each(KINDS)('a grant’s life on the %s database', (kind) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse(kind);
  });
  afterAll(() => house.close());

  const done = async (name: string, command: Command): Promise<string> => {
    const outcome = await house.act(name, command);
    if (!('done' in outcome)) throw new Error(JSON.stringify(outcome));
    return outcome.done;
  };
  const refusal = async (name: string, command: Command): Promise<string> => {
    const outcome = await house.act(name, command);
    if (!('refused' in outcome)) throw new Error('was not refused');
    return sayRefusal(outcome.refused, (await house.ports.facts.facts()).directory);
  };

  test('one lead approves, the password is shown once, and returning it makes a task of it', async () => {
    const id = await done('Tess', ask('acme/front-desk'));
    expect(await refusal('Tess', { verb: 'approve', id })).toBe(
      'It is your own request: somebody else has to decide it. You can cancel it.',
    );
    expect(await refusal('Sana', { verb: 'approve', id })).toMatch(/not one of those who decide/);
    await done('Lena', { verb: 'approve', id, seconds: 1800 });
    const grant = `G${id.slice(1)}`;
    const link = { id: 'L-TEST00000001', tokenHash: `token ${kind}` };
    expect(await refusal('Luis', { verb: 'press-reveal', id: grant, link })).toBe(
      'Only the holder of a grant can do that.',
    );
    await done('Tess', { verb: 'press-reveal', id: grant, link });
    const browser = { browserHash: 'mine', number: '47' };
    await performInBrowser(house.ports, link.tokenHash, { verb: 'ask-browser', ...browser });
    expect(
      await performInBrowser(house.ports, link.tokenHash, { verb: 'claim', browserHash: 'mine' }),
    ).toMatchObject({
      refused: { code: 'not-confirmed' },
    });
    await done('Tess', { verb: 'confirm-browser', link: link.id, itIsMe: true });
    const claims = await Promise.all(
      Array.from({ length: 20 }, () =>
        performInBrowser(house.ports, link.tokenHash, { verb: 'claim', browserHash: 'mine' }),
      ),
    );
    expect(claims.filter((c) => 'done' in c)).toHaveLength(1);
    await done('Tess', { verb: 'return', id: grant });
    const facts = await house.ports.store.requestFacts(id);
    expect(facts?.grant).toMatchObject({ state: 'ended', outcome: 'returned', seconds: 1800 });
    expect(facts?.revocation).toMatchObject({ state: 'due', kind: 'manual' });
    expect(facts?.directory.nameOf(facts.revocation?.assignee ?? null)).toBe('Lena Falk');
    const sealed = {
      client: 'acme',
      account: 'front-desk',
      version: 2,
      sealed: 'x',
      by: null,
      at: new Date(),
    };
    await done('Lena', { verb: 'set-secret', sealed });
    expect((await house.ports.store.requestFacts(id))?.revocation).toMatchObject({ state: 'done' });
    const trail = (await trailOf(house.database, id)).map((row) => row.action);
    expect(trail).toEqual([
      'request.asked',
      'act.refused',
      'act.refused',
      'decision.approve',
      'request.approved',
      'grant.active',
      'act.refused',
      'link.made',
      'link.asked',
      'link.confirmed',
      'secret.shown',
      'grant.returned',
      'revocation.due',
      'revocation.done',
    ]);
  });

  test('an expired grant serves nothing, before any worker says so', async () => {
    const id = await done('Tess', ask('acme/free'));
    await shiftClock(house.database, 3601);
    const link = { id: 'L-TEST00000002', tokenHash: 'late' };
    expect(await refusal('Tess', { verb: 'press-reveal', id, link })).toMatch(/is over \(expired\)/);
  });

  test('a password shown while its return was being judged still has to be changed', async () => {
    const id = await done('Theo', ask('acme/shared'));
    await done('Lena', { verb: 'approve', id });
    const link = { id: `L-LATE0000${kind.length}`, tokenHash: `shown in between ${kind}` };
    const { store } = house.ports;
    let showings = 0;
    const slow = async (change: Change) => {
      if (showings++ > 0) return store.commit(change);
      await done('Theo', { verb: 'press-reveal', id, link });
      await performInBrowser(house.ports, link.tokenHash, {
        verb: 'ask-browser',
        browserHash: 'b',
        number: '47',
      });
      await done('Theo', { verb: 'confirm-browser', link: link.id, itIsMe: true });
      const shown = await performInBrowser(house.ports, link.tokenHash, { verb: 'claim', browserHash: 'b' });
      expect(shown).toHaveProperty('done');
      return store.commit(change);
    };
    const stalled = { ...house.ports, store: { ...store, commit: slow } };
    expect(await perform(stalled, await house.as('Theo'), { verb: 'return', id })).toHaveProperty('done');
    const facts = await store.requestFacts(id);
    expect(facts?.exposures).toHaveLength(1);
    expect(facts?.revocation).toMatchObject({ kind: 'manual', state: 'due' });
  });

  test('the same delivery asks once, even after what it asked for was cancelled', async () => {
    const actor = { ...(await house.as('Maya')), delivery: 'T0 command U0MAYA 1337.42' };
    const first = await perform(house.ports, actor, ask('acme/router'));
    await done('Maya', { verb: 'cancel', id: 'done' in first ? first.done : '' });
    const second = await perform(house.ports, actor, ask('acme/router'));
    expect(
      'refused' in second && sayRefusal(second.refused, (await house.ports.facts.facts()).directory),
    ).toBe('This arrived before and was acted on then. Nothing was done twice.');
    await done('Maya', ask('acme/router'));
  });

  test('every chain is whole', async () => {
    const reports = await verifyChains(house.database);
    expect(reports.map((r) => r.brokenAt)).toEqual(reports.map(() => null));
    expect(reports.length).toBeGreaterThan(1);
  });
});
