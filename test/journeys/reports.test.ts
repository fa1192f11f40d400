import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unguarded } from '../../src/core/report-csv.js';
import { readCsv } from '../support/csv.js';
import { KINDS } from '../support/house.js';
import { openWorld, type World } from '../support/world.js';

const NO_REPORT =
  'There is no such report for you. Leads and auditors read every report, everybody else on the staff their own (report person and your own e-mail address), and those who approve for a client that client’s.';

describe.each(KINDS)('reports in Slack, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind);
    const [tess, lena] = [world.person('Tess'), world.person('Lena')];
    const id = await tess.asks('acme/front-desk 30m =HYPERLINK the scanner #T-204');
    await lena.presses('Approve', id);
    await tess.reveals('Front desk PC');
    await tess.presses('Return early', 'Front desk PC');
    const denied = await tess.asks('acme/scanner 1h for a test');
    await lena.types(`deny ${denied} not today`);
    await world.channel('Request denied');
    await tess.asks('delta/shop-admin 30m canary-of-delta');
  });
  afterAll(() => world.close());

  test('Lena reads the short of an account in chat, and the whole in her browser', async () => {
    const lena = world.person('Lena');
    const card = await lena.hears('report account acme/front-desk');
    expect(card).toContain('Acme Dental');
    expect(card).toContain('Account: Front desk PC (acme/front-desk)');
    expect(card).toContain('1 request: 1 granted, 0 denied, 0 break-glass.');
    expect(card).toContain('Now: 1 password still to be changed.');
    expect(card).toContain('=HYPERLINK the scanner');
    const page = await lena.opens('Whole report', 'Front desk PC (acme/front-desk)');
    expect((await page.look()).body).toMatchObject({
      ...{ client: 'Acme Dental', colour: 'green', purpose: 'report', person: 'Lena Falk' },
      account: 'Account: Front desk PC (acme/front-desk)',
    });
    const unread = await page.posts('report', { from: null, to: null });
    expect([unread.status, unread.body.refused]).toEqual([409, 'not-confirmed']);
    await lena.letsIn(page);
    const read = await page.posts('report', { from: null, to: null });
    expect(read.status).toBe(200);
    const [requests] = read.body.sections;
    expect(requests.title).toBe('Requests');
    expect(requests.says).toBe('1 in all.');
    const story = requests.rows[0].flat().join('\n');
    for (const said of [
      'Tess Tran',
      '=HYPERLINK the scanner',
      '#T-204',
      'Approved by Lena Falk',
      'Policy one-lead, version 1',
    ])
      expect(story).toContain(said);
    expect(story).toContain('Returned early');
    expect(story).toMatch(/Version 1, \d{4}-\d\d-\d\d \d\d:\d\d/);
    expect(story).toContain('Still works until');
    expect(JSON.stringify(read.body)).not.toContain('delta');
    expect(read.body.expiresInSeconds).toBeGreaterThan(1_700);
  });

  test('the CSV holds every request, says who and when, and nothing in it is a formula', async () => {
    const lena = world.person('Lena');
    await lena.hears('report client acme');
    const page = await lena.opens('Whole report', 'Client: Acme Dental');
    await lena.letsIn(page);
    const { status, text } = await page.file('csv', { from: null, to: null });
    expect(status).toBe(200);
    expect(text.startsWith('\ufeff"record","id",')).toBe(true);
    const [head = [], ...rows] = readCsv(text);
    const requests = rows
      .map((row) => Object.fromEntries(head.map((name, n) => [name, row[n]])))
      .filter(({ record }) => record === 'request');
    expect(requests.map(({ account, state }) => [account, state])).toEqual([
      ['scanner', 'denied'],
      ['front-desk', 'approved'],
    ]);
    expect(requests[1]?.reason).toBe("'=HYPERLINK the scanner");
    expect(unguarded(requests[1]?.reason ?? '')).toBe('=HYPERLINK the scanner');
    expect(requests[1]).toMatchObject({
      person: 'Tess Tran',
      email: 'tess@northwind.example',
      minutes: '30',
      ticket: 'T-204',
    });
    expect(requests[1]?.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
    expect(rows.flat().filter((cell) => /^[\s"']*[=+\-@]/.test(cell) && !cell.startsWith("'"))).toEqual([]);
    expect(text).not.toContain('canary-of-delta');
  });

  test('every reading is on record in the chain of the client that it concerns', async () => {
    const rows = await world.rows<{ chain: string; how: string; report: string }>(
      `select chain, data->>'how' as how, data->>'report' as report from keyturn.audit_events where action = 'report.read' order by at`,
    );
    expect(rows).toContainEqual({ chain: 'acme', how: 'card', report: 'account' });
    expect(rows).toContainEqual({ chain: 'acme', how: 'page', report: 'account' });
    expect(rows).toContainEqual({ chain: 'acme', how: 'csv', report: 'client' });
    expect(new Set(rows.map(({ chain }) => chain))).toEqual(new Set(['acme']));
  });

  test('staff read their own record and nobody else’s; what isn’t theirs sounds like what doesn’t exist', async () => {
    const tess = world.person('Tess');
    expect(await tess.hears('report person tess@northwind.example')).toContain('Person: Tess Tran');
    for (const words of [
      ...[
        'report person lena@northwind.example',
        'report person nobody@nowhere.example',
        'report client acme',
      ],
      ...['report account acme/front-desk', 'report account acme/nothing', 'report client nothing'],
    ])
      expect(await tess.hears(words)).toBe(NO_REPORT);
    expect(await world.person('Aude').hears('report person tess@northwind.example')).toContain(
      'Person: Tess Tran',
    );
  });

  test('Noor, who approves for Delta, reads Delta and nothing of Acme', async () => {
    const noor = world.person('Noor');
    expect(await noor.hears('report client delta')).toContain('canary-of-delta');
    expect(await noor.hears('report account delta/shop-admin')).toContain('canary-of-delta');
    for (const words of [
      'report client acme',
      'report account acme/front-desk',
      'report person tess@northwind.example',
    ])
      expect(await noor.hears(words)).toBe(NO_REPORT);
    const page = await noor.opens('Whole report', 'Client: Delta Resale');
    await noor.letsIn(page);
    const read = await page.posts('report', { from: null, to: null });
    expect(JSON.stringify(read.body)).toContain('canary-of-delta');
    expect(JSON.stringify(read.body)).not.toMatch(/acme|front-desk|HYPERLINK/i);
    expect((await page.file('csv', { from: null, to: null })).text).not.toMatch(/acme|front-desk|HYPERLINK/i);
  });

  test('days are said, asked for, and refused by name where they are none', async () => {
    const lena = world.person('Lena');
    expect(await lena.hears('report client acme 2020-01-01 2020-01-31')).toContain('0 requests: 0 granted');
    expect(await lena.hears('report client acme 2020-02-30')).toBe(
      '“2020-02-30” is no day. Write a day like 2026-11-23.',
    );
    expect(await lena.hears('report client acme 2020-02-02 2020-02-01')).toBe(
      '2020-02-02 is after 2020-02-01. The first day comes first, and both are in the report.',
    );
    expect(await lena.hears('report acme')).toContain('Write it like: report account acme/front-desk');
  });
});

describe('reports in Teams, beside another client’s', () => {
  let world: World;
  const CANARIES = /canary-of-delta|delta|shop-admin|registrar|Noor|Acme|front-desk/i;
  beforeAll(async () => {
    world = await openWorld('embedded', { teams: true });
    await world.person('Tess').asks('delta/shop-admin 30m canary-of-delta');
    await world.person('Tess').asks('acme/front-desk 30m the scanner');
    await world.inTeams('Ivy').asks('beacon/dms 30m canary-of-beacon');
  });
  afterAll(() => world.close());

  async function letIn(name: string, label: string, on: string) {
    const player = world.inTeams(name);
    const page = await player.opens(label, on);
    const { number } = (await page.ask()).body.confirm;
    const card = await player.receives(`Open it in this browser, ${number}`);
    await player.clicks(card, `Open it in this browser, ${number}`);
    return page;
  }

  test('Ivy, who approves for Beacon, reads Beacon on card, page and CSV, and nothing of anybody else', async () => {
    const ivy = world.inTeams('Ivy');
    await ivy.types('report client beacon');
    const card = ivy.reads(await ivy.receives('Whole report', 'Client: Beacon Law'));
    expect(card).toContain('canary-of-beacon');
    expect(card).not.toMatch(CANARIES);
    const page = await letIn('Ivy', 'Whole report', 'Client: Beacon Law');
    const read = await page.posts('report', { from: null, to: null });
    expect(read.status).toBe(200);
    const { text } = await page.file('csv', { from: null, to: null });
    for (const said of [JSON.stringify(read.body), text, JSON.stringify((await page.look()).body)]) {
      expect(said).not.toMatch(CANARIES);
      expect(said).toMatch(/Beacon|canary-of-beacon/);
    }
  });

  test('what isn’t hers sounds like what doesn’t exist, in words that name nobody', async () => {
    const ivy = world.inTeams('Ivy');
    const others = ['client delta', 'client nothing', 'account delta/shop-admin', 'account beacon/nothing'];
    for (const other of [
      ...others,
      'person noor@delta.example',
      'person ivy@beacon.example',
      'person x@y.example',
    ])
      expect(await ivy.hears(`report ${other}`)).toBe(NO_REPORT);
    const refused = await world.rows<{ chain: string; subject: string }>(
      `select chain, subject from keyturn.audit_events where action = 'act.refused' and data->>'verb' = 'read-report'`,
    );
    expect(new Set(refused.map(({ chain, subject }) => `${chain} ${subject}`))).toEqual(
      new Set(['operator a report']),
    );
  });

  test('Lena reads all of them, each in a report of its own', async () => {
    const lena = world.inTeams('Lena');
    await lena.types('report account delta/shop-admin');
    await lena.receives('Whole report', 'canary-of-delta');
    const page = await letIn('Lena', 'Whole report', 'Account: Shop admin (delta/shop-admin)');
    const { body } = await page.posts('report', { from: null, to: null });
    expect(JSON.stringify(body)).toContain('canary-of-delta');
    expect(JSON.stringify(body)).not.toMatch(/beacon|acme/i);
  });
});
