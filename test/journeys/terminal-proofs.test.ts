import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NUMBER, openTerminal, type Terminal } from '../support/terminal.js';
import { leaks, passwordOf } from '../support/world.js';

const LENA = ['--as', 'lena@northwind.example'];
const OMAR = ['--as', 'omar@northwind.example'];
const SET = ['secret', 'set', 'acme/printer'];
const input = passwordOf('acme', 'printer');

describe('a lead at a terminal, of an operator with Duo', () => {
  let at: Terminal;
  beforeAll(async () => {
    at = await openTerminal({ users: [{ username: 'omar@northwind.example', verifiedPush: 'off' }] });
  }, 60_000);
  afterAll(() => at.close());

  const stored = async () =>
    (await at.keyturn.rows<{ n: number }>('select count(*)::int as n from keyturn.secrets'))[0]?.n;
  const proofs = () =>
    at.keyturn.rows('select act, state, via, command from keyturn.proofs order by asked_at desc limit 1');

  // First, while the clocks of Duo and of this database still agree.
  test('who asks for Duo’s own page gets its address, and the running server takes the answer', async () => {
    const server = await at.start();
    const running = at.begins([...SET, ...LENA, '--by', 'duo_universal'], { input });
    const [url] = await running.waitForLine(/^https:\/\/localhost:\d+\/oauth\/v1\/authorize\?.+$/);
    await running.waitForLine(/so Keyturn has to be running there \(keyturn start\)\.$/);
    const back = await fetch(await at.duo.prompt(url, 'allow'));
    expect(back.status).toBe(200);
    expect(await running.exited).toMatchObject({ code: 0 });
    expect(running.stdout).toBe('acme/printer is in custody, version 1.');
    await server.running.stop();
  });

  test('puts a password into custody after typing on the phone the number that the terminal told', async () => {
    const running = at.begins([...SET, ...LENA], { input });
    const push = await at.phone('Lena').rings('acme/printer');
    expect(push.type).toBe('Store a password');
    const [, number] = await running.waitForLine(NUMBER);
    await running.waitForLine(/^ {2}Store a new password of: acme\/printer$/);
    expect(await stored()).toBe(1);
    at.phone('Lena').allows(push, number);
    expect(await running.exited).toMatchObject({ code: 0 });
    expect(running.stdout).toBe('acme/printer is in custody, version 2.');
    expect(await proofs()).toEqual([{ act: 'set-secret', state: 'spent', via: 'cli', command: null }]);
    expect(leaks(at.keyturn.printed.join('\n'), input)).toEqual([]);
  });

  test('who denies it on the phone reads that nothing was done, and nothing was', async () => {
    await at.keyturn.wait(31);
    const running = at.begins([...SET, ...LENA], { input });
    await at.phone('Lena').denies('acme/printer');
    expect(await running.exited).toMatchObject({ code: 1 });
    expect(running.stderr.split('\n').at(-1)).toBe(
      'It was denied on your phone, so nothing was done. You are not asked again by itself.',
    );
    expect(await stored()).toBe(2);
  });

  test('who has no number to type is told to confirm, and what', async () => {
    const { code, stderr } = await at.confirms('Omar', [...SET, ...OMAR], { input });
    expect(code).toBe(0);
    expect(stderr).toBe(
      'Confirm on your phone.\nDo so only if you want exactly this:\n  Store a new password of: acme/printer',
    );
  });

  test('the data keys are wrapped anew only after the lead has confirmed it, and the proof is on record with it', async () => {
    const { stdout } = await at.confirms('Omar', ['key', 'rotate', ...OMAR]);
    expect(stdout).toMatch(/^0 data keys were wrapped anew, 1 had the present master key already\./);
    const [record] = await at.keyturn.rows(
      `select e.data->>'factor' as factor, p.state, p.act from keyturn.audit_events e
       join keyturn.proofs p on p.id = e.data->>'proof' where e.action = 'keys.rotated'`,
    );
    expect(record).toEqual({ factor: 'duo_push', state: 'spent', act: 'rotate-keys' });
  });

  test('who stops the command while the phone rings has done nothing, and a later yes counts for nothing', async () => {
    await at.keyturn.wait(31);
    const running = at.begins([...SET, ...LENA], { input });
    const push = await at.phone('Lena').rings('acme/printer');
    const [, number] = await running.waitForLine(NUMBER);
    const before = await stored();
    expect(await running.kill('SIGINT')).toMatchObject({ code: 130 });
    expect(running.stderr.split('\n').at(-1)).toBe('Stopped. Nothing was done.');
    at.phone('Lena').allows(push, number);
    expect(await stored()).toBe(before);
    expect(await proofs()).toEqual([{ act: 'set-secret', state: 'void', via: 'cli', command: null }]);
  });

  test('who is no lead is refused, and no phone rings', async () => {
    const refused = await at.runs([...SET, '--as', 'tess@northwind.example'], { input });
    expect(refused).toMatchObject({
      code: 1,
      stderr: 'Tess Tran is not a lead, and only leads can do that.',
    });
    expect(at.phone('Tess').pushes).toBe(0);
  });

  test('where Duo is out of reach nothing is believed instead', async () => {
    await at.keyturn.wait(31);
    const before = await stored();
    const refused = await at.runs([...SET, ...LENA], { input, env: { DUO_API_URL: 'https://localhost:1' } });
    expect(refused).toMatchObject({
      code: 1,
      stderr:
        'Duo can’t be reached now, and without it nothing is confirmed. Nothing was done. Try again in a minute; the leads have been told.',
    });
    expect(await stored()).toBe(before);
  });

  test('a way to confirm that this deployment or person doesn’t have is refused before a phone rings', async () => {
    const rung = at.phone('Lena').pushes;
    expect(await at.runs([...SET, ...LENA, '--by', 'pigeon'], { input })).toMatchObject({
      code: 2,
      stderr: '--by is one of duo_push, duo_universal, totp.',
    });
    expect(await at.runs([...SET, ...LENA, '--code', '123456'], { input })).toMatchObject({
      code: 1,
      stderr: 'Lena Falk has no authenticator, so there is no code to give. Leave --code out.',
    });
    expect(await at.runs([...SET, ...LENA, '--code', '123456', '--by', 'duo_push'], { input })).toMatchObject(
      {
        code: 2,
        stderr: '--code doesn’t go with Duo push: leave one of them out.',
      },
    );
    expect(at.phone('Lena').pushes).toBe(rung);
  });

  test('beside a running server one phone rings once, and the one who asked does it', async () => {
    await at.start();
    const rung = at.phone('Omar').pushes;
    expect(await at.confirms('Omar', [...SET, ...OMAR], { input })).toMatchObject({ code: 0 });
    expect(at.phone('Omar').pushes).toBe(rung + 1);
  });
});
