import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FakeDuo } from '../../src/playground/duo/index.js';
import { type Deployment, openDeployment, type Replica } from '../support/deployment.js';
import { DUO_SECRETS, linkEverybody, startDuo } from '../support/phones.js';
import { allIsTold, waits } from '../support/told.js';
import { Player, reads } from '../support/world.js';

const CONFIG = fileURLToPath(new URL('../fixtures/phones.yaml', import.meta.url));
const AUTH = '/auth/v2/auth';
const INTERRUPTED = 'Keyturn was interrupted twice while it asked your phone. Nothing was done. Try again.';
/** What a killed process was at is taken up by another one so soon: a question, and a card. */
const QUESTION_SECONDS = 16;
const CARD_SECONDS = 61;

describe('a process killed while a phone is being asked', () => {
  let keyturn: Deployment;
  let duo: FakeDuo;
  let replica: Replica;
  const start = () =>
    keyturn.start({
      env: { ...DUO_SECRETS, KEYTURN_CONFIG: CONFIG, DUO_API_URL: duo.url, DUO_CA: duo.ca },
    });
  beforeAll(async () => {
    [keyturn, duo] = await Promise.all([openDeployment(), startDuo({})]);
    replica = await start();
    await linkEverybody(keyturn.database);
    await keyturn.fillVault();
  }, 90_000);
  afterAll(async () => {
    await keyturn.close();
    await duo.stop();
  });

  /** A process ends with the test that started it, so each begins with one that finds things as they were left. */
  beforeEach(async () => {
    if (isOver(replica)) replica = await start();
    await keyturn.wait(CARD_SECONDS);
    await allIsTold(keyturn);
  }, 60_000);

  const isOver = ({ running: { child } }: Replica) => (child.exitCode ?? child.signalCode) !== null;
  const person = (name: string) => new Player(keyturn.slack, name, duo);
  /** How often Duo was asked to send one, whether it has heard it or not. */
  const sends = () => duo.calls.filter((call) => call.path === AUTH).length;

  /** Lena is asked about a request of Tess’s, has read which number to type, and hasn’t answered yet. */
  async function lenaIsAsked(words: string): Promise<string> {
    const id = await person('Tess').asks(words);
    const lena = person('Lena');
    await lena.presses('Approve', id);
    await lena.phone.rings(id);
    await lena.receives('in Duo Mobile', id);
    await allIsTold(keyturn);
    return id;
  }

  /** Lena presses, and Keyturn is killed before Duo has answered that it sends a push. */
  async function killedWhileSending(act: () => Promise<unknown>): Promise<void> {
    const before = sends();
    duo.failNext(AUTH, 'hang');
    const seen = act().catch(() => undefined);
    await duo.until(() => sends() > before, 40_000);
    await replica.running.kill('SIGKILL');
    await seen;
  }

  /** One approval, by one proof, and one grant out of it. */
  async function isApprovedOnce(id: string): Promise<void> {
    await person('Lena').receives('Your approval is recorded.', id);
    await person('Tess').receives('Yours until', id.replace('R', 'G'));
    expect(
      await keyturn.rows(
        `select p.state, p.method from keyturn.decisions d join keyturn.proofs p on p.id = d.proof where d.request = $1`,
        [id],
      ),
    ).toEqual([{ state: 'spent', method: 'duo_push' }]);
    const said = `select action from keyturn.audit_events where subject = $1 and action like 'decision.%'`;
    expect(await keyturn.rows(said, [id])).toEqual([{ action: 'decision.approve' }]);
    expect(await keyturn.rows('select 1 from keyturn.grants where request = $1', [id])).toHaveLength(1);
  }

  test('the other replica goes on: Lena’s yes is taken, once, and her phone rang once', async () => {
    const before = person('Lena').phone.pushes;
    const id = await lenaIsAsked('acme/front-desk 30m printer is down');
    const other = await start();
    await replica.running.kill('SIGKILL');
    replica = other;
    await keyturn.wait(QUESTION_SECONDS);
    await person('Lena').confirmsOnPhone(id);
    await isApprovedOnce(id);
    expect(person('Lena').phone.pushes).toBe(before + 1);
  }, 90_000);

  test('allowed while everything was down: it is taken at the start, and her phone doesn’t ring again', async () => {
    const before = person('Lena').phone.pushes;
    const id = await lenaIsAsked('acme/scanner 30m labels');
    await replica.running.kill('SIGKILL');
    await person('Lena').confirmsOnPhone(id);
    expect(await keyturn.rows('select 1 from keyturn.decisions where request = $1', [id])).toEqual([]);
    replica = await start();
    await keyturn.wait(QUESTION_SECONDS);
    await isApprovedOnce(id);
    expect(person('Lena').phone.pushes).toBe(before + 1);
  }, 90_000);

  test('answered too late, when everything was down for longer than a push lives: nothing is recorded', async () => {
    const id = await lenaIsAsked('acme/lead-safe 30m yearly audit');
    await replica.running.kill('SIGKILL');
    await keyturn.wait(66);
    await person('Lena').confirmsOnPhone(id);
    replica = await start();
    await person('Lena').receives('There was no answer in time, so nothing was done.', id);
    expect(await keyturn.rows('select 1 from keyturn.decisions where request = $1', [id])).toEqual([]);
    const ended = () =>
      keyturn.rows('select state, evidence from keyturn.proofs where subject_id = $1', [id]);
    await expect.poll(ended, { timeout: 30_000 }).toEqual([{ state: 'timeout', evidence: null }]);
  }, 90_000);

  test('killed while Duo was being told to ring: it is told once more, and no third time', async () => {
    const lena = person('Lena');
    const before = lena.phone.pushes;
    const asked = sends();
    const id = await person('Tess').asks('acme/till 30m drawer is stuck');
    const card = await lena.receives('Approve', id);
    await killedWhileSending(() => lena.clicks(card, 'Approve'));
    replica = await start();
    // Her phone may have rung, so the second time comes no sooner than any other question.
    await keyturn.wait(CARD_SECONDS);
    await lena.confirmsOnPhone(id);
    await isApprovedOnce(id);
    expect(sends()).toBe(asked + 2);
    expect(lena.phone.pushes).toBe(before + 1);
  }, 90_000);

  test('killed twice like that: Omar reads that it was interrupted, and nothing rings by itself', async () => {
    const omar = person('Omar');
    const asked = sends();
    const id = await person('Maya').asks('cedar/dispensary 30m shelf is locked');
    const card = await omar.receives('Approve', id);
    await killedWhileSending(() => omar.clicks(card, 'Approve'));
    await killedWhileSending(async () => {
      replica = await start();
      await keyturn.wait(CARD_SECONDS);
    });
    replica = await start();
    await keyturn.wait(CARD_SECONDS);
    const says = reads(await omar.receives(INTERRUPTED, 'Dispensary'));
    expect(says).toContain('Not confirmed');
    expect(sends()).toBe(asked + 2);
    await person('Lena').receives('Keyturn was interrupted twice while it asked Omar Haddad’s phone.');
    expect(await keyturn.rows('select 1 from keyturn.decisions where request = $1', [id])).toEqual([]);

    await waits(keyturn, 31);
    await omar.approves(id);
    await omar.receives('Your approval is recorded.', id);
  }, 120_000);

  test('every chain is whole after all that', async () => {
    const env = { ...DUO_SECRETS, KEYTURN_CONFIG: CONFIG, DUO_API_URL: duo.url, DUO_CA: duo.ca };
    expect(await keyturn.keyturn(['audit', 'verify'], { env })).toMatchObject({ code: 0 });
  });
});
