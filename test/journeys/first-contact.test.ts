import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { perform } from '../../src/core/perform.js';
import { type Pressable, payloads, type View } from '../../src/playground/slack/index.js';
import { KINDS } from '../support/house.js';
import { allIsTold, waits } from '../support/told.js';
import { NORTHWIND, openWorld, reads, type World } from '../support/world.js';

const FIRST =
  'I haven’t met this chat account before. Confirm with your second factor that it is yours, as my direct message to you says; then send this once more.';
const ASKED_ALREADY =
  'You are being asked to confirm this already: look at your phone, and at your direct message with Keyturn.';
const LINKING =
  'You are being asked about linking a chat account already. Answer that first, then press again: you are asked about one thing at a time.';
const NOT_LINKED =
  'This chat account isn’t linked yet: your second factor completes it. Type /access link, and confirm it on your phone.';
const ANOTHER =
  'Another account of this workspace is linked to this person already. End that link first: type /access link there.';
/** Three denials within ten minutes would be too many. */
const A_WHILE = 601;

describe.each(KINDS)('a chat account that was never seen before, on the %s database', (kind) => {
  let world: World;
  /** What Tess asks for once she is linked. */
  let request = '';
  beforeAll(async () => {
    world = await openWorld(kind, { phones: {}, linked: false });
  }, 60_000);
  afterAll(() => world.close());

  const requests = () => world.rows('select 1 from keyturn.requests');
  const linked = async () =>
    (
      await world.rows<{ user: string }>(
        'select user_id as user from keyturn.identities where proven_at is not null and ended_at is null order by 1',
      )
    ).map((row) => row.user);

  /** What a search field of this window would be offered for what this user types. */
  async function searches(user: string, view: View): Promise<unknown> {
    const workspace = world.slack.workspace(NORTHWIND);
    const who = workspace.users.get(user);
    if (!who) throw new Error(`there is no ${user}`);
    const field = { actionId: 'client', blockId: 'client', element: {}, label: '' } as unknown as Pressable;
    const payload = payloads.suggestionPayload(workspace, who, view, field, 'a');
    const { body } = await world.slack.deliver(NORTHWIND, 'interaction', payload);
    return (body as { options: unknown }).options;
  }

  test('one with Tess’s address that isn’t hers rings her phone by its own name, and she denies it', async () => {
    const twin = world.person('Twin');
    const tess = world.person('Tess');
    expect(await twin.hears('acme/front-desk 30m printer is down')).toBe(FIRST);
    const push = await tess.phone.rings();
    expect(push.type).toBe('Link a chat account');
    expect(push.facts).toEqual([
      { label: 'Link to Keyturn', value: 'your Slack account U0TWIN' },
      { label: 'Workspace', value: NORTHWIND },
    ]);
    await allIsTold(world);
    await tess.phone.denies('U0TWIN');
    const ended = `select 1 from keyturn.identities where user_id = 'U0TWIN' and ended_at is not null`;
    await expect.poll(() => world.rows(ended), { timeout: 15_000 }).toHaveLength(1);
    expect(await requests()).toEqual([]);
    expect(await linked()).toEqual([]);
    expect(tess.phone.pushes).toBe(1);
  });

  test('the first thing that Tess types asks her phone; denied, it isn’t linked and nothing is done', async () => {
    const tess = world.person('Tess');
    await waits(world, A_WHILE);
    expect(await tess.hears('acme/front-desk 30m printer is down')).toBe(FIRST);
    expect((await tess.phone.rings('U0TESS')).type).toBe('Link a chat account');
    await tess.receives('in Duo Mobile', 'U0TESS');
    expect(await tess.hears('mine')).toBe(ASKED_ALREADY);
    await tess.phone.denies('U0TESS');
    await tess.receives('Denied on your phone', 'U0TESS');
    expect(await requests()).toEqual([]);
    expect(await linked()).toEqual([]);
  });

  test('another account that waits keeps her out of nothing; hers, allowed, is told, and then she acts', async () => {
    const [tess, twin] = [world.person('Tess'), world.person('Twin')];
    await waits(world, A_WHILE);
    expect(await twin.hears('mine')).toBe(FIRST);
    await tess.phone.rings('U0TWIN');
    expect(await tess.hears('mine')).toBe(LINKING);
    await tess.phone.denies('U0TWIN');
    await expect.poll(() => tess.hears('mine'), { timeout: 15_000 }).toBe(FIRST);
    await waits(world, 31);
    await tess.confirmsOnPhone('U0TESS');
    await tess.receives('This chat account is linked to you. Now send what you wanted once more.', 'U0TESS');
    const told = reads(await tess.receives('A chat account was linked to you'));
    expect(told).toContain(
      'The Slack account U0TESS of T0NORTHWIND acts as you from now on, confirmed by your second factor.',
    );
    expect(told).toContain('If you know nothing of this, tell a lead at once.');
    expect(await linked()).toEqual(['U0TESS']);
    // What she had typed before was not kept.
    expect(await requests()).toEqual([]);
    request = await tess.asks('acme/front-desk 30m printer is down');
    await tess.receives('Cancel request', request);
  });

  test('from then on the other one is nobody, and no phone rings for it', async () => {
    const [tess, twin] = [world.person('Tess'), world.person('Twin')];
    await waits(world, 31);
    const before = tess.phone.pushes;
    expect(await twin.hears('mine')).toBe(ANOTHER);
    expect(await twin.clicksAndHears(await world.channel('Approve', request), 'Deny')).toBe(ANOTHER);
    await allIsTold(world);
    expect(tess.phone.pushes).toBe(before);
    expect(world.slack.dm(NORTHWIND, twin.user).map((m) => reads(m).includes(request))).not.toContain(true);
  });

  test('Lena’s card comes although she never wrote, but none of its buttons work before her phone says so', async () => {
    const lena = world.person('Lena');
    await lena.receives('Approve', request);
    const card = await world.channel('Approve', request);
    expect(await lena.clicksAndHears(card, 'Approve')).toBe(FIRST);
    await lena.phone.rings('U0LENA');
    for (const button of ['Approve', 'Deny'])
      expect(await lena.clicksAndHears(card, button)).toBe(ASKED_ALREADY);
    expect(await lena.hears('help')).toBe(ASKED_ALREADY);
    expect(await world.rows('select 1 from keyturn.decisions')).toEqual([]);
    expect(lena.phone.pushes).toBe(1);
    world.duo.expire((await lena.phone.rings('U0LENA')).txid);
    await lena.receives('There was no answer in time', 'U0LENA');
    expect(await linked()).toEqual(['U0TESS']);
  });

  test('meanwhile Home shows one sentence, a search finds nothing, and neither rings a phone', async () => {
    const [tess, lena] = [world.person('Tess'), world.person('Lena')];
    const before = lena.phone.pushes;
    await world.slack.openHome(NORTHWIND, lena.user);
    const home = await world.slack.until(() => world.slack.home(NORTHWIND, lena.user), 15_000);
    expect(reads(home)).toBe(NOT_LINKED);
    await tess.types('');
    const form = await tess.form();
    expect(await searches(tess.user, form)).toContainEqual(expect.objectContaining({ value: 'acme' }));
    expect(await searches(lena.user, form)).toEqual([]);
    await allIsTold(world);
    expect(lena.phone.pushes).toBe(before);
  });

  test('no number of another act is shown there: what is asked at a terminal stays with her phone', async () => {
    const lena = world.person('Lena');
    await waits(world, 31);
    const { ports } = world.app;
    const person = (await ports.facts.facts()).directory.byEmail('lena@northwind.example')?.id ?? '';
    const command = { verb: 'offer-factor', person, factor: ports.fresh.factorId() } as const;
    // Nobody may begin without a factor here: Tess’s has counted already.
    expect(await perform(ports, { person, via: 'cli' }, command)).toHaveProperty('confirm');
    const push = await lena.phone.rings('Lena Falk');
    expect(push.type).toBe('Allow an authenticator');
    const asked = `select code from keyturn.proofs where act = 'offer-factor' and code is not null`;
    await expect.poll(() => world.rows(asked), { timeout: 15_000 }).toHaveLength(1);
    const [{ code } = { code: '' }] = await world.rows<{ code: string }>(asked);
    await allIsTold(world);
    expect(lena.direct().join('\n')).not.toContain('Allow an authenticator');
    expect(lena.direct().join('\n')).not.toContain(`Type ${code}`);
    await lena.phone.denies('Lena Falk');
    const denied = `select 1 from keyturn.proofs where act = 'offer-factor' and state = 'denied'`;
    await expect.poll(() => world.rows(denied), { timeout: 15_000 }).toHaveLength(1);
  });

  test('linked, her press counts, and asks her phone about the request itself', async () => {
    const lena = world.person('Lena');
    await waits(world, 31);
    const card = await world.channel('Approve', request);
    expect(await lena.clicksAndHears(card, 'Approve')).toBe(FIRST);
    await lena.confirmsOnPhone('U0LENA');
    await lena.receives('This chat account is linked to you.', 'U0LENA');
    expect(await world.rows('select 1 from keyturn.decisions')).toEqual([]);
    await waits(world, 31);
    await lena.approves(request);
    await lena.receives('Your approval is recorded.', request);
    expect(await linked()).toEqual(['U0LENA', 'U0TESS']);
  });
});
