import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Delivered, payloads } from '../../src/playground/slack/index.js';
import { KINDS } from '../support/house.js';
import { DELTA, NORTHWIND, openWorld, reads, SECRETS, type World } from '../support/world.js';

const EXTERNAL =
  'Your account belongs to another workspace, and this one can’t vouch for it. Ask from your own.';

describe.each(KINDS)('two workspaces, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind);
  });
  afterAll(() => world.close());

  /** A slash command as Slack would send it for this person of this workspace. */
  function command(team: string, user: string, words: string) {
    const workspace = world.slack.workspace(team);
    const who = workspace.users.get(user);
    const channel = workspace.channels.get(team === DELTA ? 'C0GENERAL' : 'C0ACCESS');
    if (!who || !channel) throw new Error(`${user} is not in ${team}`);
    return payloads.slashPayload(
      workspace,
      who,
      channel,
      '/access',
      words,
      `${world.slack.url}/response/none`,
    );
  }
  const at = (team: string) => `${world.publicUrl}/slack/events/${team}`;
  const says = (answer: Delivered) => (answer.body as { text?: string }).text;
  const requests = () => world.rows('select 1 from keyturn.requests');

  test('one’s signing secret doesn’t open the other’s address', async () => {
    const payload = command(NORTHWIND, 'U0LENA', 'acme/lead-safe 1h audit');
    for (const bend of [
      { url: at(DELTA) },
      { secret: SECRETS.DELTA_SLACK_SIGNING_SECRET },
      { signature: 'missing' } as const,
      { signature: 'wrong' } as const,
      { timestampSkew: -600 },
      { timestampSkew: 600 },
    ])
      expect(await world.slack.deliver(NORTHWIND, 'slash', payload, bend)).toMatchObject({
        status: 401,
        text: '',
      });
    expect(await requests()).toEqual([]);
  });

  test('what Delta signs about Northwind is refused', async () => {
    const bend = { url: at(DELTA), secret: SECRETS.DELTA_SLACK_SIGNING_SECRET };
    const asLena = command(NORTHWIND, 'U0LENA', 'acme/lead-safe 1h audit');
    expect(says(await world.slack.deliver(NORTHWIND, 'slash', asLena, bend))).toBe(EXTERNAL);
    const noTeam = { ...asLena, team_id: '' };
    expect((await world.slack.deliver(NORTHWIND, 'slash', noTeam, bend)).text).toContain('I can’t read');
    const inDelta = { ...asLena, team_id: DELTA };
    expect(says(await world.slack.deliver(NORTHWIND, 'slash', inDelta, bend))).not.toContain('Asked');
    expect(await requests()).toEqual([]);
    const linked = await world.rows(
      `select 1 from keyturn.identities where user_id = 'U0LENA' and workspace = $1`,
      [DELTA],
    );
    expect(linked).toEqual([]);
  });

  test('a press that Delta signs for Lena decides nothing', async () => {
    const request = await world.person('Tess').asks('acme/front-desk 1h printer is down');
    const card = await world.channel('Approve', request);
    const workspace = world.slack.workspace(NORTHWIND);
    const lena = workspace.users.get('U0LENA');
    const { pressables } = await import('../../src/playground/slack/index.js');
    const approve = pressables(card).find((one) => one.label === 'Approve');
    if (!lena || !approve) throw new Error('nothing to press');
    const press = payloads.actionsPayload(workspace, lena, card, approve, {}, {}, undefined);
    const signed = { url: at(DELTA), secret: SECRETS.DELTA_SLACK_SIGNING_SECRET };
    await world.slack.deliver(NORTHWIND, 'interaction', press, signed);
    const claims = { ...press, team: { id: DELTA, domain: 'delta' } };
    await world.slack.deliver(NORTHWIND, 'interaction', claims, signed);
    const mixed = { ...claims, user: { ...(press.user as object), team_id: DELTA } };
    await world.slack.deliver(NORTHWIND, 'interaction', mixed, signed);
    expect(await world.rows('select 1 from keyturn.decisions')).toEqual([]);
    expect(reads(await world.channel('Still needed', request))).not.toContain('✓');
    await world.person('Tess').types(`cancel ${request}`);
  });

  test('what was recorded and sent again does nothing twice', async () => {
    const before = (await requests()).length;
    const first = await world.slack.deliver(
      NORTHWIND,
      'slash',
      command(NORTHWIND, 'U0TESS', 'acme/scanner 30m labels'),
    );
    const again = await Promise.all(Array.from({ length: 5 }, () => world.slack.replay(first)));
    for (const answer of again) expect(says(answer)).toBe(says(first));
    expect(await requests()).toHaveLength(before + 1);
    const id = /R-\w{6}/.exec(says(first) ?? '')?.[0];
    await world.person('Tess').types(`cancel ${id}`);
    await world.slack.replay(first);
    expect(await world.rows(`select 1 from keyturn.requests where state = 'pending'`)).toEqual([]);
  });

  test('an outage of one workspace’s chat holds nothing up for long: what was due arrives afterwards', async () => {
    await world.person('Tess').types('mine');
    world.slack.down = 'unavailable';
    await world.person('Tess').types('acme/till 1h drawer is stuck');
    await world.slack.until(() => world.slack.ephemerals(NORTHWIND, 'U0TESS').length > 0);
    world.slack.down = false;
    await world.wait(300);
    await world.person('Lena').receives('Approve', 'drawer is stuck');
  });
});
