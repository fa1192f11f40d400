/** The daily digest, as leads read it in both chats, and as nobody else does. */

import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { introductions } from '../../src/chat/introduce.js';
import { writeDueDigest } from '../../src/jobs/digest.js';
import { type Deployment, openDeployment } from '../support/deployment.js';
import { KINDS } from '../support/house.js';
import { everythingSaid, leaks, NORTHWIND, openWorld, reads, type World } from '../support/world.js';

const REFUSED =
  'The digest is for leads, and for those to whom the configuration sends it. Type /access pending to see what waits for you.';

/** Moves the clock to the next time like this, by UTC, as the configuration of the journeys has it. */
async function clockTo(world: Pick<World, 'rows' | 'wait'>, hour: number, minute = 0): Promise<void> {
  const [row] = await world.rows<{ now: Date }>('select keyturn.now() as now');
  const now = row?.now as Date;
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), hour, minute);
  const next = today > now.getTime() ? today : today + 24 * 3600_000;
  await world.wait((next - now.getTime()) / 1000);
}

/** Another replica looks, while the one of this world looks by itself. */
async function anotherLooks({ app, database }: World): Promise<void> {
  const introduced = introductions(database, app.ports, () => app.chats);
  await writeDueDigest({
    ...{ database, ports: app.ports, introductions: introduced },
    log: pino({ level: 'silent' }),
  });
}

async function morning(world: World): Promise<string> {
  await clockTo(world, 8, 0);
  await Promise.all([anotherLooks(world), anotherLooks(world)]);
  const [row] = await world.rows<{ day: string }>('select max(day) as day from keyturn.digests');
  await settled(world);
  return row?.day ?? '';
}

/** Nothing is left to be posted. */
async function settled(world: Pick<World, 'rows'>): Promise<void> {
  const left = () => world.rows(`select key, last_error from keyturn.jobs where kind = 'digest'`);
  await vi.waitFor(async () => expect(await left()).toEqual([]), { timeout: 15_000 });
}

const sayDay = (day: string) =>
  new Date(day).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

const digestsOf = (world: Pick<World, 'slack'>, user: string, team = NORTHWIND) =>
  world.slack.dm(team, user).filter((m) => reads(m).startsWith('Digest, '));

describe.each(KINDS)('a morning with something to say, on the %s database', (kind) => {
  let world: World;
  let day = '';
  let waits = '';
  let glass = '';
  beforeAll(async () => {
    world = await openWorld(kind, { teams: true });
    for (const name of ['Lena', 'Ivy', 'Tess']) await world.inTeams(name).hears('help');
    await clockTo(world, 7, 30);
    const tess = world.person('Tess');
    await tess.types('acme/printer 30m paper is stuck');
    await tess.receives('Yours until', 'Printer panel');
    expect(await tess.reveals('Printer panel')).toContain('secret of');
    await tess.presses('Return early', 'Printer panel');
    await world
      .person('Lena')
      .types(`deny ${await tess.asks('acme/till 30m drawer is stuck')} call the shop`);
    await tess.receives('call the shop');
    glass = /R-[0-9A-Z]{6}|G-[0-9A-Z]{6}/
      .exec(await tess.hears('break-glass acme/scanner 30m every label in the warehouse is blank'))?.[0]
      ?.replace('G', 'R') as string;
    waits = await tess.asks('delta/shop-admin 30m move the price list');
    day = await morning(world);
  }, 90_000);
  afterAll(() => world.close());

  const lenas = () => world.person('Lena').receives('Digest, ');

  test('what waits for Lena comes first, with the client’s name, and a button to each', async () => {
    const lines = reads(await lenas()).split('\n');
    const at = (words: string) => lines.findIndex((line) => line.includes(words));
    expect(lines[0]).toMatch(/^Digest, \d+ \w+$/);
    expect(lines[at(waits)]).toContain('Delta Resale, Shop admin: Tess Tran, 30 minutes, by ');
    expect(lines[at(glass)]).toContain('Acme Dental, Label scanner: Tess Tran’s break-glass, by ');
    expect(at('Printer panel: Tess Tran was shown it')).toBeGreaterThan(0);
    expect(Math.max(at(waits), at(glass), at('Printer panel'))).toBeLessThan(at('Acme Dental: '));
    expect(lines.join('\n')).toContain(`Show ${waits}`);
    expect(await world.person('Lena').pressesAndHears(`Show ${waits}`, 'Digest, ')).toContain(
      'move the price list',
    );
  });

  test('then a line a client: what happened, what is open, and the head of its chain', async () => {
    const lines = reads(await lenas()).split('\n');
    const line = (client: string) => lines.find((one) => one.startsWith(`${client}: `)) ?? '';
    expect(line('Acme Dental')).toMatch(
      /^Acme Dental: 1 review owed, 1 shown password unchanged \(oldest \d+ minutes?\), 1 break-glass, 1 granted, 1 denied · #\d+ [0-9a-f]{12}$/,
    );
    expect(line('Delta Resale')).toMatch(
      /^Delta Resale: 1 pending \(oldest \d+ minutes?\) · #\d+ [0-9a-f]{12}$/,
    );
    expect(line('Beacon Law')).toContain('no chat reaches Bram Vos');
    expect(lines.find((one) => one.startsWith('Quiet: '))).toBe('Quiet: Cedar Clinic.');
  });

  test('the small print is the head that holds all others: the digest’s own event', async () => {
    const [row] = await world.rows<{ seq: number; hash: string }>(
      `select seq::int as seq, encode(hash, 'hex') as hash from keyturn.audit_events
       where chain = 'operator' and action = 'digest.sent' and subject = $1`,
      [day],
    );
    expect(reads(await lenas())).toContain(
      `operator #${row?.seq} ${row?.hash.slice(0, 12)}, which holds every head · keyturn audit verify`,
    );
  });

  test('thirty days stand below it, drawn or in a sentence', async () => {
    expect(JSON.stringify(await lenas())).toMatch(
      /30 days to \d+ \w+: 1 granted, 1 denied, 1 taken by break-glass\./,
    );
  });

  test('in Teams it is the same, and both leads have it once in each of their chats', async () => {
    const lena = world.inTeams('Lena');
    const inTeams = lena.reads(await lena.receives('Digest, '));
    for (const words of [`Show ${waits}`, 'Acme Dental: 1 review owed', 'which holds every head'])
      expect(inTeams).toContain(words);
    expect(lena.messages().filter((m) => lena.reads(m).startsWith('Digest, '))).toHaveLength(1);
    for (const user of ['U0LENA', 'U0OMAR']) expect(digestsOf(world, user)).toHaveLength(1);
  });

  test('a re-run posts and changes nothing', async () => {
    const said = () =>
      world.slack.calls.filter(
        (call) => call.method.startsWith('chat.') && JSON.stringify(call).includes('Digest, '),
      );
    const before = said().length;
    expect(before).toBe(2);
    await world.rows(`select keyturn.notice('digest', $1)`, [day]);
    await settled(world);
    expect(said()).toHaveLength(before);
    for (const user of ['U0LENA', 'U0OMAR']) expect(digestsOf(world, user)).toHaveLength(1);
  });

  test('nobody else is sent it: neither staff nor a client’s contact, who read no other client’s name', async () => {
    for (const name of ['Tess', 'Sana', 'Noor']) {
      const { user, team } = world.person(name);
      expect(digestsOf(world, user, team)).toEqual([]);
    }
    const ivy = world.inTeams('Ivy');
    const told = ivy.messages().map((m) => ivy.reads(m));
    expect(told.filter((words) => words.includes('Digest, '))).toEqual([]);
    expect(leaks(told.join('\n'), 'Acme Dental', 'Delta Resale', 'Cedar Clinic')).toEqual([]);
    const inDelta = everythingSaid(world.slack, ['T0DELTA']);
    expect(leaks(inDelta, 'Acme Dental', 'Cedar Clinic', 'Beacon Law', 'Digest, ')).toEqual([]);
  });

  test('“digest” shows a lead how it is now, and sends nothing; others are told whom it is for', async () => {
    const rows = 'select count(*)::int as n from keyturn.digests';
    const before = await world.rows(rows);
    const lena = world.person('Lena');
    const now = await lena.hears('digest');
    expect(now).toContain(`Delta Resale, Shop admin: Tess Tran`);
    expect(now).toMatch(/Acme Dental: 1 review owed, 1 shown password unchanged \([^)]*\) · #/);
    const inTeams = await world.inTeams('Lena').hears('digest', (says) => says.startsWith('Digest, '));
    expect(inTeams).toContain(waits);
    for (const name of ['Tess', 'Sana', 'Aude', 'Noor'])
      expect.soft(await world.person(name).hears('digest')).toBe(REFUSED);
    expect(await world.inTeams('Ivy').hears('digest')).toBe(REFUSED.replace('/access ', ''));
    expect(await world.rows(rows)).toEqual(before);
  });

  test('the next morning tells only of what is new, and of what is open still', async () => {
    const first = digestsOf(world, 'U0LENA').length;
    expect(await morning(world)).not.toBe(day);
    const digests = digestsOf(world, 'U0LENA');
    expect(digests).toHaveLength(first + 1);
    const words = reads(digests.at(-1) as never);
    expect(words).toMatch(
      /Acme Dental: 1 review owed( \(1 late\))?, 1 shown password unchanged \(oldest \d+ hours?\) ·/,
    );
    expect(words).toContain('Quiet: Cedar Clinic and Delta Resale.');
    expect(words).not.toContain(waits);
  });
});

describe.each(KINDS)('a quiet morning, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind);
  }, 60_000);
  afterAll(() => world.close());

  test('is one line, with the head in small print and nothing to press', async () => {
    await morning(world);
    await morning(world);
    const digest = reads(digestsOf(world, 'U0LENA').at(-1) as never);
    expect(digest).toMatch(
      /^Digest, \d+ \w+\nQuiet since yesterday 08:0\d: nothing was lent, nothing waits\.\nSince yesterday 08:0\d · audit: operator #\d+ [0-9a-f]{12}, which holds every head · keyturn audit verify$/,
    );
  });
});

describe('a digest that was missed', () => {
  let keyturn: Deployment;
  beforeAll(async () => {
    keyturn = await openDeployment();
  }, 60_000);
  afterAll(() => keyturn.close());

  test('is sent at start, once by two replicas, and says since when it tells', async () => {
    const replica = await keyturn.start();
    await clockTo(keyturn, 8, 0);
    await keyturn.person('Lena').receives('Digest, ');
    await settled(keyturn);
    await replica.running.kill();
    await keyturn.wait(3 * 24 * 3600);
    await Promise.all([keyturn.start(), keyturn.start()]);
    const [first] = await keyturn.rows<{ day: string }>('select min(day) as day from keyturn.digests');
    await keyturn.person('Lena').receives(`Quiet since ${sayDay(first?.day ?? '')} 08:0`);
    await settled(keyturn);
    expect(await keyturn.rows('select day from keyturn.digests')).toHaveLength(2);
    for (const user of ['U0LENA', 'U0OMAR']) expect(digestsOf(keyturn, user)).toHaveLength(2);
    const verified = await keyturn.keyturn(['audit', 'verify']);
    expect(verified.stdout).toContain('chains are whole');
  }, 120_000);
});
