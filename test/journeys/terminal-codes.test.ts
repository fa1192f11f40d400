import { generateSync } from 'otplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTerminal, type Terminal } from '../support/terminal.js';
import { Browser, leaks, passwordOf, reads } from '../support/world.js';

const LENA = ['--as', 'lena@northwind.example'];
const OMAR = ['--as', 'omar@northwind.example'];
const SET = ['secret', 'set', 'acme/printer'];
const input = passwordOf('acme', 'printer');

describe('a lead at a terminal, of an operator with authenticators alone', () => {
  let at: Terminal;
  let secret: string;
  beforeAll(async () => {
    at = await openTerminal({ order: ['totp'] });
    await at.start();
  }, 60_000);
  afterAll(() => at.close());

  /** What an authenticator with this secret shows, half a minute after the code before. */
  async function nextCode(): Promise<string> {
    await at.keyturn.wait(31);
    const [row] = await at.keyturn.rows<{ s: number }>(
      'select extract(epoch from keyturn.now())::float8 as s',
    );
    return generateSync({ secret, epoch: Math.floor(row?.s ?? 0) });
  }

  const stored = async () =>
    (await at.keyturn.rows<{ n: number }>('select count(*)::int as n from keyturn.secrets'))[0]?.n;

  test('only a lead begins, and whoever the first one is enrols on a page that their own terminal names', async () => {
    expect(await at.runs(['enrol', '--as', 'tess@northwind.example'])).toMatchObject({
      code: 1,
      stderr: 'Tess Tran is not a lead, and only leads can do that.',
    });
    const { code, stdout } = await at.runs(['enrol', ...LENA]);
    expect(code).toBe(0);
    const address = stdout.split('\n').find((line) => line.includes('/me/enrol#')) ?? '';
    expect(stdout).toContain('Keyturn has to be running there (keyturn start).');
    const browser = new Browser(address);
    secret = (await browser.posts('begin')).body.secret;
    const tried = await browser.posts('try', { code: await nextCode() });
    expect(tried).toMatchObject({ status: 200, body: { enrolled: true } });
    expect(leaks(at.keyturn.printed.join('\n'), secret)).toEqual([]);
  });

  test('the second lead is not the first: without a factor of their own they let nobody enrol', async () => {
    expect(await at.runs(['enrol', ...OMAR])).toMatchObject({
      code: 1,
      stderr:
        'You have no second factor that Keyturn can ask. Nothing was done. Enrol your phone in Duo, or ask a lead to type “/access enrol” with your e-mail address; the leads have been told.',
    });
    expect(
      await at.keyturn.rows(
        `select 1 from keyturn.factors f join keyturn.people p on p.id = f.person where p.email like 'omar%'`,
      ),
    ).toEqual([]);
  });

  test('the code that the authenticator shows puts a password into custody', async () => {
    const { code, stdout, stderr } = await at.runs([...SET, ...LENA, '--code', await nextCode()], { input });
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'acme/printer is in custody, version 1.',
      stderr: '',
    });
  });

  test('the same code a second time is none', async () => {
    const code = await nextCode();
    expect(await at.runs([...SET, ...LENA, '--code', code], { input })).toMatchObject({ code: 0 });
    const before = await stored();
    expect(await at.runs([...SET, ...LENA, '--code', code], { input })).toMatchObject({
      code: 1,
      stderr:
        'That code isn’t right. Type the six digits that your authenticator shows now; each code counts once. 4 more tries are left.',
    });
    expect(await stored()).toBe(before);
  });

  test('a wrong code, and something that is no code, do nothing', async () => {
    const before = await stored();
    const right = await nextCode();
    const wrong = String((Number(right) + 1) % 1_000_000).padStart(6, '0');
    for (const code of [wrong, 'half past']) {
      expect(await at.runs([...SET, ...LENA, '--code', code], { input })).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^That code isn’t right\./),
      });
    }
    expect(await stored()).toBe(before);
  });

  test('where there is no terminal to type in, the command says how to give the code', async () => {
    expect(await at.runs([...SET, ...LENA], { input })).toMatchObject({
      code: 1,
      stderr:
        'Your authenticator has to confirm it, and there is no terminal to type in. Run it again with --code and the six digits that it shows. Nothing was done.',
    });
    expect(await at.runs([...SET, ...LENA, '--by', 'duo_push'], { input })).toMatchObject({
      code: 1,
      stderr: 'The applied version doesn’t ask for duo_push: mfa.order has totp.',
    });
  });

  test('a lead lets another enrol, whose page is a button in their own chat and in no terminal', async () => {
    const allowed = await at.runs(['enrol', 'omar@northwind.example', ...LENA, '--code', await nextCode()]);
    expect(allowed).toMatchObject({
      code: 0,
      stdout:
        'Omar Haddad may enrol an authenticator within a day: the button is in their direct message from Keyturn.',
    });
    expect(reads(await at.person('Omar').receives('Enrol', 'Lena Falk lets you enrol'))).toContain('Enrol');
  });
});
