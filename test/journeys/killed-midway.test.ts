import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Deployment, openDeployment, type Replica } from '../support/deployment.js';
import { NORTHWIND, passwordOf, reads } from '../support/world.js';

/** Longer than any lease and any pause of the outbox. */
const A_WHILE = 400;

describe('a process killed at a bad moment', () => {
  let keyturn: Deployment;
  let replica: Replica;
  beforeAll(async () => {
    keyturn = await openDeployment();
    replica = await keyturn.start();
    for (const account of ['front-desk', 'till'])
      await keyturn.keyturn(['secret', 'set', `acme/${account}`, '--as', 'lena@northwind.example'], {
        input: passwordOf('acme', account),
      });
    for (const name of ['Tess', 'Lena', 'Omar']) await keyturn.person(name).hears('help');
  }, 90_000);
  afterAll(() => keyturn.close());

  /** A process ends with the test that started it, so each begins with one that found things as they were left. */
  beforeEach(async () => {
    if (replica.running.child.exitCode ?? replica.running.child.signalCode) replica = await keyturn.start();
  }, 60_000);

  /** Slack is away for the app; what is done now is committed and can't be told. Then the process is gone. */
  async function cutOff(act: () => Promise<unknown>, committed: string): Promise<void> {
    keyturn.slack.down = 'unavailable';
    const seen = act().catch(() => undefined);
    await untilRow(committed);
    await replica.running.kill('SIGKILL');
    await seen;
    await keyturn.wait(A_WHILE);
    keyturn.slack.down = false;
  }

  async function untilRow(sql: string): Promise<void> {
    const from = Date.now();
    while ((await keyturn.rows(sql)).length === 0)
      if (Date.now() - from > 15_000) throw new Error(`never committed: ${sql}`);
  }

  const copiesOf = (place: string, words: string) =>
    keyturn.slack.messages(NORTHWIND, place).filter((m) => reads(m).includes(words));

  test('between the commit and the chat: the card arrives all the same, once in each place', async () => {
    await cutOff(
      () => keyturn.person('Tess').types('acme/front-desk 4h printer is down'),
      `select 1 from keyturn.requests where state = 'pending'`,
    );
    expect(copiesOf('C0ACCESS', 'printer is down')).toEqual([]);
    replica = await keyturn.start();
    for (const name of ['Lena', 'Omar']) await keyturn.person(name).receives('Approve', 'printer is down');
    await keyturn.person('Tess').receives('Cancel request', 'printer is down');
    await keyturn.person('Lena').presses('Approve', 'printer is down');
    await keyturn.person('Tess').receives('Yours until');
    const { slack } = keyturn;
    const places = [
      'C0ACCESS',
      ...['Lena', 'Omar'].map((n) => slack.dmId(NORTHWIND, keyturn.person(n).user)),
    ];
    for (const place of places) expect(copiesOf(place, 'printer is down')).toHaveLength(1);
    expect(copiesOf(slack.dmId(NORTHWIND, 'U0TESS'), 'Yours until')).toHaveLength(1);
  });

  test('after an approval that nobody was told of: the grant is there, and its cards come', async () => {
    const request = await keyturn.person('Tess').asks('acme/till 4h drawer is stuck');
    const card = await keyturn.person('Omar').receives('Approve', request);
    await cutOff(
      () => keyturn.person('Omar').clicks(card, 'Approve'),
      `select 1 from keyturn.grants where request = '${request}'`,
    );
    replica = await keyturn.start();
    await keyturn.person('Tess').receives('Yours until', request.replace('R', 'G'));
    expect(await keyturn.person('Lena').hears(`approve ${request}`)).toBe(
      `Too late: ${request} is approved already.`,
    );
    expect(await keyturn.rows('select 1 from keyturn.grants where request = $1', [request])).toHaveLength(1);
  });

  test('with a revocation due: it is still due, and the task reaches who has to do it', async () => {
    const tess = keyturn.person('Tess');
    const [{ id } = { id: '' }] = await keyturn.rows<{ id: string }>(
      `select id from keyturn.grants where account = 'till'`,
    );
    expect(await tess.reveals(id)).toBe(passwordOf('acme', 'till'));
    const card = await tess.receives('Return early', id);
    await cutOff(
      () => tess.clicks(card, 'Return early'),
      `select 1 from keyturn.revocations where "grant" = '${id}' and state = 'due'`,
    );
    replica = await keyturn.start();
    await keyturn.person('Lena').receives('Change this password', 'Till');
    await tess.receives('still works until Lena Falk changes it', id);
    expect(
      await keyturn.rows('select state, kind from keyturn.revocations where "grant" = $1', [id]),
    ).toEqual([{ state: 'due', kind: 'manual' }]);
  });

  test('while time ran out and nobody was awake: it is over, and the cards come with the next start', async () => {
    const tess = keyturn.person('Tess');
    const card = await tess.receives('Yours until', 'Front desk PC');
    const page = await tess.opens('Reveal', 'Front desk PC');
    await tess.letsIn(page);
    await replica.running.kill('SIGKILL');
    await keyturn.wait(4 * 3600);
    replica = await keyturn.start();
    expect((await page.claim()).status).toBe(410);
    expect(await tess.clicksAndHears(card, 'Reveal')).toContain('is over (expired)');
    await tess.receives('Your access has ended', 'Time was up ');
  });

  test('every chain is whole after all that', async () => {
    const verified = await keyturn.keyturn(['audit', 'verify']);
    expect(verified).toMatchObject({ code: 0 });
    expect(verified.stdout).toMatch(/All \d chains are whole\./);
  });
});
