/** Who is nobody in Teams, and what is not Teams at all: refused, and nothing is done. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACTIVITY_TAMPERINGS, TOKEN_TAMPERINGS } from '../../src/playground/teams/index.js';
import { KINDS } from '../support/house.js';
import { ACCESS_CHANNEL, BEACON_TENANT, NORTHWIND_TENANT, objectIdOf } from '../support/teams.js';
import { openWorld, type World } from '../support/world.js';

const GUEST = 'Guests of this workspace can’t use Keyturn. Ask from a full account.';
const NOBODY =
  'I don’t know you as one of the people of this Keyturn. If you should be, ask a lead to add you to its configuration.';

describe.each(KINDS)('strangers and forgers in Teams, on the %s database', (kind) => {
  let world: World;
  let id: string;
  beforeAll(async () => {
    world = await openWorld(kind, { teams: true });
    for (const name of ['Tess', 'Lena']) await world.inTeams(name).hears('help');
    id = await world.inTeams('Tess').asks('acme/front-desk 30m printer is down');
    // Whoever is asked to decide has been found by now.
    await world.inTeams('Omar').receives('Approve', id);
  }, 60_000);
  afterAll(() => world.close());

  const decided = () => world.rows('select person from keyturn.decisions');
  const identities = () =>
    world.rows(
      `select user_id from keyturn.identities where platform = 'teams' and ended_at is null order by 1`,
    );

  test('a guest with a lead’s address, and somebody whom nobody knows, are refused by button and by word', async () => {
    const before = await identities();
    for (const [name, says] of [
      ['Gus', GUEST],
      ['Nobody', NOBODY],
    ] as const) {
      const someone = world.inTeams(name);
      expect(await someone.hears(`approve ${id}`)).toBe(says);
      expect(await someone.hears('mine')).toBe(says);
      expect(await someone.hears('request')).toBe(says);
    }
    expect(await identities()).toEqual(before);
    expect(await decided()).toEqual([]);
  });

  test('a client’s tenant vouches for nobody of the operator’s, whatever address it gives them', async () => {
    const imposter = world.inTeams('Imposter');
    expect(imposter.tenant).toBe(BEACON_TENANT);
    expect(await imposter.hears(`approve ${id}`)).toBe(NOBODY);
    expect(await imposter.hears(`show ${id}`)).toBe(NOBODY);
    expect(await decided()).toEqual([]);
  });

  test('somebody who becomes a guest, or whose account is deactivated, has no say any more', async () => {
    const sana = world.inTeams('Sana');
    await world.teams.changes(NORTHWIND_TENANT, sana.user, { guest: true });
    expect(await sana.hears('mine')).toBe(GUEST);
    await world.teams.changes(NORTHWIND_TENANT, sana.user, { guest: false });
    expect(await sana.hears('mine')).toContain('My requests and grants');
  });

  test.each([...TOKEN_TAMPERINGS, ...ACTIVITY_TAMPERINGS])(
    'an approval with %s is refused',
    async (tamper) => {
      const lena = world.inTeams('Lena');
      const card = await lena.receives('Approve', id);
      const seen = await world.teams.presses(NORTHWIND_TENANT, lena.user, card, 'Approve', { tamper });
      expect([401, 403]).toContain(seen.status);
      expect(await decided()).toEqual([]);
    },
  );

  test.each([
    ['another request’s id beside its own', { id: 'R-000000', other: 'x' }],
    ['no id', {}],
    ['a blank id', { id: ' ' }],
    ['a person to act as', { id: 'R-000000', person: 'omar' }],
  ])('data with %s does nothing', async (_what, data) => {
    const lena = world.inTeams('Lena');
    const card = await lena.receives('Approve', id);
    const seen = await world.teams.presses(NORTHWIND_TENANT, lena.user, card, 'Approve', { data });
    expect(seen.message).toBe('Teams sent something that I can’t read, and nothing was changed. Try again.');
    expect(await decided()).toEqual([]);
  });

  test('the bot of one tenant can’t be spoken to with the activities of another', async () => {
    const lena = world.inTeams('Lena');
    world.teams.setEndpoint(NORTHWIND_TENANT, `${world.publicUrl}/api/messages/${BEACON_TENANT}`);
    const seen = await world.teams.says(NORTHWIND_TENANT, lena.user, `approve ${id}`);
    world.teams.setEndpoint(NORTHWIND_TENANT, `${world.publicUrl}/api/messages/${NORTHWIND_TENANT}`);
    expect([401, 403]).toContain(seen.status);
    expect(await decided()).toEqual([]);
  });

  test('no tenant, no method and no body that isn’t ours gets more than a refusal', async () => {
    const at = (tenant: string, init: RequestInit = { method: 'POST', body: '{}' }) =>
      fetch(`${world.publicUrl}/api/messages/${tenant}`, init).then(({ status }) => status);
    expect(await at(NORTHWIND_TENANT)).toBe(401);
    expect(await at(NORTHWIND_TENANT, { method: 'POST', body: 'garbage' })).toBe(401);
    expect(await at(NORTHWIND_TENANT, { method: 'GET' })).toBe(405);
    expect(await at('5f1c2a30-0000-4000-8000-00000000dead')).toBe(404);
  });

  test('an approval that is sent once more is done once and answered the same', async () => {
    const lena = world.inTeams('Lena');
    const first = await lena.presses('Approve', id);
    await world.inTeams('Tess').receives('Yours until', 'Front desk PC');
    const delivered = first.delivered;
    if (!delivered) throw new Error('nothing was delivered');
    const again = await world.teams.replay(delivered);
    expect(again).toMatchObject({ status: delivered.status, body: delivered.body });
    expect(await decided()).toHaveLength(1);
  });

  test('a button that somebody keeps from the channel is judged as it stands now', async () => {
    const tess = world.inTeams('Tess');
    const other = await tess.asks('acme/till 30m drawer is stuck');
    const card = await world.teams.until(() =>
      world.teams
        .channel(NORTHWIND_TENANT, ACCESS_CHANNEL, objectIdOf('Lena'))
        .findLast((m) => world.teams.reads(m).includes(other)),
    );
    await tess.presses('Cancel request', other);
    await world.inTeams('Lena').receives('Request cancelled', other);
    const seen = await world.teams.presses(NORTHWIND_TENANT, objectIdOf('Lena'), card, 'Approve', {
      stale: true,
    });
    expect(seen.message).toContain('cancelled');
  });
});
