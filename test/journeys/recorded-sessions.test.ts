import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  beginSession,
  type LiveSession,
  openSessions,
  played,
  recordSession,
  shown,
  type Told,
  visitSessions as visit,
} from '../support/recorded.js';
import { type Browser, everythingStored, leaks, openWorld, type World } from '../support/world.js';

const ALL = { from: null, to: null, client: null, person: null, words: null };
const OVER = { status: 410, body: { refused: 'link-over' } };

describe('recorded sessions', () => {
  let world: World;
  let tess: Told;
  let maya: Told;
  let cedar: Told;
  beforeAll(async () => {
    world = await openWorld('embedded');
    tess = await recordSession(world, 'Tess', 'acme/router', '$ show run\r\nenable secret Zq0O-1lI|7#mK\r\n');
    maya = await recordSession(world, 'Maya', 'acme/router', '$ reload\r\n');
    cedar = await recordSession(world, 'Maya', 'cedar/dispensary', '$ ls /patients\r\n');
  });
  afterAll(() => world.close());

  const listed = async (page: Browser, more: object = {}) => {
    const { status, body } = await page.posts('sessions', { ...ALL, ...more });
    return status === 200 ? body.lines.map((line: { session: string }) => line.session) : body.refused;
  };

  test('a lead sees everybody’s, the newest first, with what there is to know of each', async () => {
    const page = await visit(world, 'Lena');
    expect(await listed(page)).toEqual([cedar.session, maya.session, tess.session]);
    const { body } = await page.posts('sessions', ALL);
    expect(body.lines[2]).toMatchObject({
      ...{ client: 'Acme Dental', colour: 'green', account: 'Office router', who: 'Tess Tran' },
      ...{ from: '203.0.113.7', ended: 'They left', hash: tess.hash, isLive: false, grant: tess.grant },
    });
    expect(body.people.map(({ name }: { name: string }) => name)).toContain('Tess Tran');
  });

  test('and finds them by client, by person and by day', async () => {
    const page = await visit(world, 'Lena');
    expect(await listed(page, { client: 'cedar' })).toEqual([cedar.session]);
    expect(await listed(page, { person: maya.person })).toEqual([cedar.session, maya.session]);
    expect(await listed(page, { client: 'nobody' })).toEqual([]);
    expect(await listed(page, { from: '2026-02-30', to: '2026-03-02' })).toBe('bad-day');
    expect(await listed(page, { from: '2021-01-01', to: '2021-01-02' })).toEqual([]);
    expect(await listed(page, { from: '2021-01-02', to: '2021-01-01' })).toBe('bad-span');
  });

  test('an auditor watches anybody’s; that it matches the audit trail is said, and that it was watched is on record', async () => {
    const page = await visit(world, 'Aude');
    const watched = await played(page, tess.session);
    expect(shown(watched.cast)).toContain('enable secret Zq0O-1lI|7#mK');
    expect(watched).toMatchObject({ verdict: 'matches', says: 'This recording matches the audit trail.' });
    const opened = (await page.posts('open', { session: tess.session })).body;
    expect(opened).toMatchObject({ isLead: false, channels: [{ kind: 'shell', exitCode: 0 }] });
    const said = await world.rows(
      `select chain, data->>'channel' as channel from keyturn.audit_events
       where action = 'recording.watched' and data->>'session' = $1 and subject = $3 and actor = $2 order by seq`,
      [
        tess.session,
        (
          await world.rows<{ id: string }>(`select id from keyturn.people where spec->>'name' = 'Aude Roy'`)
        )[0]?.id,
        tess.grant,
      ],
    );
    expect(said).toEqual([
      { chain: 'acme', channel: '1' },
      { chain: 'acme', channel: '0' },
    ]);
  });

  test('a technician sees their own, and of others’ not so much as that they exist', async () => {
    const page = await visit(world, 'Maya');
    expect(await listed(page)).toEqual([cedar.session, maya.session]);
    expect(await listed(page, { person: tess.person })).toEqual([]);
    expect((await page.posts('sessions', ALL)).body.people).toEqual([]);
    const never = await page.posts('open', { session: 'X-ZZZZZZ' });
    expect(never).toMatchObject({ status: 404, body: { refused: 'unknown-session' } });
    expect(await page.posts('open', { session: tess.session })).toEqual(never);
    expect(JSON.parse((await played(page, tess.session)).text)).toEqual(never.body);
    expect((await page.posts('sessions', { ...ALL, words: 'enable' })).body.hits).toEqual([]);
    expect((await played(page, maya.session)).verdict).toBe('matches');
  });

  test('a lead whom a client doesn’t name among its staff sees none of that client’s', async () => {
    await world.reconfigure((text) =>
      text.replace('staff: [maya@northwind.example, leads]', 'staff: [maya@northwind.example]'),
    );
    const page = await visit(world, 'Lena');
    expect(await listed(page)).toEqual([maya.session, tess.session]);
    expect(
      (await page.posts('sessions', ALL)).body.clients.map(({ id }: { id: string }) => id),
    ).not.toContain('cedar');
    expect((await page.posts('open', { session: cedar.session })).status).toBe(404);
    expect((await page.posts('sessions', { ...ALL, words: 'patients' })).body.hits).toEqual([]);
    const aude = await visit(world, 'Aude');
    expect(await listed(aude)).toEqual([cedar.session, maya.session, tess.session]);
    await world.reconfigure((text) => text);
  });

  test('words are found where they stand, and what was looked for is nowhere', async () => {
    const page = await visit(world, 'Lena');
    const { body } = await page.posts('sessions', { ...ALL, words: 'enable  SECRET' });
    expect(body.hits).toMatchObject([
      { line: { session: tess.session }, channel: 1, match: 'enable secret', after: ' Zq0O-1lI|7#mK' },
    ]);
    expect(body.says).toBe('Found 1 time in 3 sessions.');
    await page.posts('sessions', { ...ALL, words: 'Zq0O-1lI|7#mK' });
    expect(leaks(await everythingStored(world.database), 'Zq0O-1lI|7#mK', 'enable', 'patients')).toEqual([]);
  });

  test('a contact is no reader of recordings', async () => {
    const noor = world.person('Noor');
    expect(await noor.hears('sessions')).toContain('There is no such report for you');
  });

  test('a recording whose piece was moved says so', async () => {
    const forged = await recordSession(world, 'Tess', 'acme/router', '$ who\r\n');
    await world.rows('alter table keyturn.recording_pieces disable trigger append_only');
    await world.rows(
      `update keyturn.recording_pieces set sealed = (select sealed from keyturn.recording_pieces where session = $1 and n = 1) where session = $2 and n = 1`,
      [tess.session, forged.session],
    );
    await world.rows('alter table keyturn.recording_pieces enable always trigger append_only');
    const page = await visit(world, 'Lena');
    expect(await played(page, forged.session)).toMatchObject({ verdict: 'differs', cast: '' });
  });

  test('the database itself keeps what was written as it was, and adds nothing to what is closed', async () => {
    const tried = (text: string) =>
      world.rows(text).then(
        () => 'went through',
        (error) => String(error.message ?? error),
      );
    for (const table of ['recordings', 'recording_channels', 'recording_pieces', 'recording_ends']) {
      expect(await tried(`update keyturn.${table} set session = session`)).toContain('refused');
      expect(await tried(`delete from keyturn.${table}`)).toContain('refused');
      expect(await tried(`truncate keyturn.${table} cascade`)).toContain('refused');
    }
    const more = `insert into keyturn.recording_pieces values ('${tess.session}', 1, 99, 's', now())`;
    expect(await tried(more)).toContain('closed');
  });

  test('its token opens no report, and a report’s opens no recording', async () => {
    const page = await visit(world, 'Lena');
    const asReport = page.at('/me/reports');
    expect(await asReport.posts('report', { from: null, to: null })).toMatchObject(OVER);
    expect(await asReport.posts('csv', { from: null, to: null })).toMatchObject(OVER);
    const lena = world.person('Lena');
    await lena.hears('report client acme');
    const report = await lena.opens('Whole report', 'Client: Acme Dental');
    await lena.letsIn(report);
    const asSessions = report.at('/me/sessions');
    expect(await asSessions.posts('sessions', ALL)).toMatchObject(OVER);
    expect(await asSessions.posts('open', { session: tess.session })).toMatchObject(OVER);
    expect((await played(asSessions, tess.session)).status).toBe(410);
    expect(await asSessions.posts('end', { session: tess.session })).toMatchObject(OVER);
  });

  test('nothing comes before the browser is let in, to another browser, or when the time is up', async () => {
    const lena = world.person('Lena');
    const page = await openSessions(lena);
    await page.ask();
    for (const [act, more] of [
      ['sessions', ALL],
      ['open', { session: tess.session }],
      ['play', { session: tess.session, channel: 1 }],
      ['end', { session: tess.session }],
    ] as const)
      expect((await page.posts(act, more)).body.refused).toBe('not-confirmed');
    await lena.letsIn(page);
    expect((await page.another().posts('sessions', ALL)).body.refused).toBe('other-browser');
    expect((await page.posts('sessions', ALL)).status).toBe(200);
    await world.wait(31 * 60);
    expect(await page.posts('sessions', ALL)).toMatchObject(OVER);
    expect((await played(page, tess.session)).status).toBe(410);
  });

  test('takes no more and no less than its own page sends', async () => {
    const page = await visit(world, 'Lena');
    const malformed = { status: 400, body: { refused: 'malformed' } };
    for (const [act, more] of [
      ['sessions', {}],
      ['sessions', { ...ALL, words: 'x' }],
      ['sessions', { ...ALL, words: 'y'.repeat(201) }],
      ['sessions', { ...ALL, own: null }],
      ['open', {}],
      ['open', { session: `${tess.session}'` }],
      ['play', { session: tess.session }],
      ['play', { session: tess.session, channel: 0 }],
      ['play', { session: tess.session, channel: '1' }],
      ['report', { from: null, to: null }],
    ] as const)
      expect(await page.posts(act, more)).toMatchObject(malformed);
  });
});

describe('a session that goes on', () => {
  let world: World;
  let live: LiveSession;
  beforeAll(async () => {
    world = await openWorld('embedded');
    live = await beginSession(world, 'Tess', 'acme/router');
    live.shows('$ ');
  });
  afterAll(() => world.close());

  test('is followed by a lead as it happens, to its end, and then it matches the trail', async () => {
    const page = await visit(world, 'Lena');
    const { body } = await page.posts('sessions', ALL);
    expect(body.lines).toMatchObject([
      { session: live.session, isLive: true, ended: 'Goes on now', hash: null },
    ]);
    const parts = page.follows('play', { session: live.session, channel: 1 });
    await parts.until((text) => text.includes('"$ '.slice(1)));
    const typed = performance.now();
    live.shows('whoami\r\n');
    await parts.until((text) => text.includes('whoami'));
    expect(performance.now() - typed).toBeLessThan(1_500);
    await live.ends();
    await parts.until((text) => text.includes('"verdict":"matches"'));
    expect((await page.posts('sessions', ALL)).body.lines).toMatchObject([
      { isLive: false, ended: 'They left' },
    ]);
  });

  test('is nobody else’s to see: not an auditor’s, not its own technician’s; and nobody but a lead ends it', async () => {
    const another = await beginSession(world, 'Tess', 'acme/router');
    another.shows('$ id\r\n');
    for (const name of ['Aude', 'Tess']) {
      const page = await visit(world, name);
      expect((await played(page, another.session)).status).toBe(409);
      for (const act of ['open', 'end'])
        expect((await page.posts(act, { session: another.session })).body.refused).toBe('session-live');
    }
    const luis = await visit(world, 'Luis');
    expect((await luis.posts('end', { session: another.session })).body.refused).toBe('unknown-session');
    await another.ends();
  });

  test('is cut off from a lead who may read no more', async () => {
    const another = await beginSession(world, 'Maya', 'acme/router');
    const page = await visit(world, 'Lena');
    const parts = page.follows('play', { session: another.session, channel: 1 });
    await parts.until((text) => text.includes('"text"'));
    await world.rows(
      `with p as (update keyturn.people set spec = jsonb_set(spec, '{tier}', '"L3"') where email = 'lena@northwind.example')
       update keyturn.deployment set directory_version = directory_version + 1`,
    );
    await expect(parts.until((text) => text.includes('never'))).rejects.toThrow();
    await another.ends();
  });

  test('that broke off is played as far as it goes, and the page says that it broke off', async () => {
    const broken = await beginSession(world, 'Maya', 'acme/router');
    broken.shows('$ half a sess');
    await broken.breaksOff();
    const page = await visit(world, 'Aude');
    const watched = await played(page, broken.session);
    expect(shown(watched.cast)).toBe('$ half a sess');
    expect(watched.verdict).toBe('broken-off');
    expect(watched.says).toContain('broke off');
  });
});
