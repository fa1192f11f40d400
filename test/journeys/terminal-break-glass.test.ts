import { generateSync } from 'otplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTerminal, type Terminal } from '../support/terminal.js';
import { Browser, leaks, passwordOf } from '../support/world.js';

const LENA = ['--as', 'lena@northwind.example'];
const GLASS = ['break-glass', 'acme/front-desk', '30m', 'chat is down and so is the practice'];
const PASSWORD = passwordOf('acme', 'front-desk');

describe('breaking the glass at a terminal, with the database and an authenticator alone', () => {
  let at: Terminal;
  let secret: string;
  beforeAll(async () => {
    at = await openTerminal({ order: ['totp'] });
    const server = await at.start();
    const { stdout } = await at.runs(['enrol', ...LENA]);
    const address = stdout.split('\n').find((line) => line.includes('/me/enrol#')) ?? '';
    const browser = new Browser(address);
    secret = (await browser.posts('begin')).body.secret;
    await browser.posts('try', { code: await nextCode() });
    const set = ['secret', 'set', 'acme/front-desk', ...LENA, '--code', await nextCode()];
    expect(await at.runs(set, { input: PASSWORD })).toMatchObject({ code: 0 });
    // From here on nothing but the database is there: no server, and no chat that anybody could read.
    await server.running.stop();
  }, 90_000);
  afterAll(() => at.close());

  async function nextCode(): Promise<string> {
    await at.keyturn.wait(31);
    const [row] = await at.keyturn.rows<{ s: number }>(
      'select extract(epoch from keyturn.now())::float8 as s',
    );
    return generateSync({ secret, epoch: Math.floor(row?.s ?? 0) });
  }

  test('a wrong code takes nothing', async () => {
    const wrong = String((Number(await nextCode()) + 1) % 1_000_000).padStart(6, '0');
    expect(await at.runs([...GLASS, ...LENA, '--code', wrong])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^That code isn’t right\./),
    });
    expect(await at.keyturn.rows('select 1 from keyturn.grants')).toEqual([]);
  });

  test('somebody without a factor takes nothing, whoever they say they are', async () => {
    expect(await at.runs([...GLASS, '--as', 'omar@northwind.example'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^You have no second factor that Keyturn can ask\./),
    });
  });

  test('a line that is none says how to write it', async () => {
    expect(await at.runs(['break-glass', 'acme/front-desk', ...LENA])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Write it like: keyturn break-glass acme/front-desk 30m'),
    });
  });

  test('Lena’s code shows the password once, on record, with a review that somebody else owes', async () => {
    const { code, stdout, stderr } = await at.runs([...GLASS, ...LENA, '--code', await nextCode()]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^G-[0-9A-Z]{6} is yours until .*: acme\/front-desk\.$/);
    expect(lines[1]).toContain('everybody concerned is told as soon as a chat answers');
    expect(lines.at(-1)).toBe(PASSWORD);
    expect(
      await at.keyturn.rows(
        `select r.kind, v.state, count(e.id)::int as shown, bool_and(e.proof = r.proof) as covered from keyturn.requests r
         join keyturn.reviews v on v.request = r.id join keyturn.grants g on g.request = r.id
         left join keyturn.exposures e on e."grant" = g.id group by r.kind, v.state`,
      ),
    ).toEqual([{ kind: 'break-glass', state: 'owed', shown: 1, covered: true }]);
    expect(await at.runs([...GLASS, ...LENA, '--code', await nextCode()])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^You hold this already/),
    });
  });

  test('when a server is back, everybody who has to know is told, and the password stands nowhere', async () => {
    const server = await at.start();
    await at.person('Omar').receives('Break-glass', 'Front desk PC');
    await at.person('Sana').receives('To be reviewed by', 'chat is down and so is the practice');
    const kept = await at.keyturn.rows<{ all: string }>(
      `select string_agg(to_jsonb(a)::text, ' ') as all from keyturn.audit_events a`,
    );
    expect(leaks(JSON.stringify(kept), PASSWORD)).toEqual([]);
    await server.running.stop();
  });
});
