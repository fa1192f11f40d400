/** Sessions where the policy asks for the phone: the ticket opens nothing before it, and keys are registered by it. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import {
  ADDRESS,
  connects,
  enters,
  entersByKey,
  gateOf,
  leaves,
  openSessions,
  returns,
  stays,
  takes,
  ticketIn,
  trailOf,
} from '../support/sessions.js';
import { reads, type World } from '../support/world.js';

/** `ssh-keygen -t ed25519 -C tess@laptop`, and what `ssh-keygen -lf` says of it. */
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKgg6Jxv6FoKDVBsKbOuDtOpfwtSWydAFHDTBXhpLc3p tess@laptop';
const ELSEWHERE = '198.51.100.20';

describe.each(KINDS)('a session and its holder’s phone, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openSessions(kind, { phones: {}, teams: true });
  }, 120_000);
  afterAll(() => world.close());

  /** At least so long lies between two questions to one phone. */
  const rests = () => world.wait(31);

  /** Presses Connect and confirms it; returns the ticket. */
  async function opens(grant: string): Promise<string> {
    const tess = world.person('Tess');
    await rests();
    const ticket = ticketIn(await connects(tess, grant));
    await tess.confirmsOnPhone(grant);
    const made = () =>
      world.rows(`select 1 from keyturn.tickets where "grant" = $1 and state = 'open'`, [grant]);
    await expect.poll(made, { timeout: 10_000 }).toHaveLength(1);
    return ticket;
  }

  const fingerprint = async () =>
    (
      await world.rows<{ fingerprint: string }>(
        `select fingerprint from keyturn.ssh_keys where state = 'active'`,
      )
    )[0]?.fingerprint ?? '';

  test('the ticket opens nothing until the phone has said yes, and never where it says no', async () => {
    const tess = world.person('Tess');
    const gate = gateOf(world);
    const grant = await takes(tess, 'acme/web1-root');
    const denied = await connects(tess, grant);
    expect(denied).toContain('It works once you have confirmed it with your second factor');
    expect(await enters(gate, grant, ticketIn(denied))).toBeNull();
    const push = await tess.phone.rings(grant);
    expect(push.type).toBe('Connect by SSH');
    expect(push.facts.map(({ value }) => value)).toEqual(['Acme Dental', 'root on web1', `by SSH, ${grant}`]);
    await tess.phone.denies(grant);
    await tess.receives('Nothing was done', 'root on web1');
    expect(await enters(gate, grant, ticketIn(denied))).toBeNull();
    expect(await world.rows('select 1 from keyturn.tickets')).toEqual([]);
    const allowed = await opens(grant);
    await tess.receives('The way is open for ten minutes', 'root on web1');
    const passage = await enters(gate, grant, allowed);
    if (!passage) throw new Error('Tess was not let in');
    await leaves(gate, passage);
    const [ticket] = await world.rows(
      `select p.act, p.state from keyturn.tickets t join keyturn.proofs p on p.id = t.proof`,
    );
    expect(ticket).toEqual({ act: 'connect', state: 'spent' });
    await returns(tess, grant);
  });

  test('a break-glass is asked for once: its own proof opens the first window, and the next press asks again', async () => {
    const tess = world.person('Tess');
    const gate = gateOf(world);
    await rests();
    await tess.types('break-glass acme/web1-glass 30m the disk of the server is full');
    await tess.confirmsOnPhone('emergency on web1');
    const card = reads(await tess.receives('Connect', 'emergency on web1'));
    const grant = /G-[0-9A-Z]{6}/.exec(card)?.[0] ?? '';
    const first = await connects(tess, grant);
    expect(first).not.toContain('It works once you have confirmed');
    const passage = await enters(gate, grant, ticketIn(first));
    if (!passage) throw new Error('Tess was not let in');
    await leaves(gate, passage);
    await rests();
    expect(await connects(tess, grant)).toContain('It works once you have confirmed');
    await tess.confirmsOnPhone(grant);
    const made = () => world.rows(`select 1 from keyturn.tickets where "grant" = $1`, [grant]);
    await expect.poll(made, { timeout: 10_000 }).toHaveLength(2);
    await returns(tess, grant);
  });

  test('a key is registered by its person’s phone, and they hear of it in both chats', async () => {
    const tess = world.person('Tess');
    expect(await tess.hears('ssh-key')).toContain('None are registered for you.');
    expect(await tess.hears('ssh-key -----BEGIN OPENSSH PRIVATE KEY----- b3BlbnNzaC1r')).toContain(
      'private key',
    );
    expect(await tess.hears('ssh-key ssh-ed25519 AAAA')).toContain('I can’t read this');
    await rests();
    await tess.types(`ssh-key ${KEY}`);
    expect(await world.rows('select 1 from keyturn.ssh_keys')).toEqual([]);
    const push = await tess.phone.rings('SHA256:');
    expect(push.type).toBe('Register an SSH key');
    await tess.confirmsOnPhone('SHA256:');
    await tess.receives('An SSH key was registered for you');
    expect(await tess.hears('ssh-key')).toContain(`${await fingerprint()} (tess@laptop)`);
    expect(await tess.hears('link')).toContain(await fingerprint());
    expect(await tess.hears(`ssh-key ${KEY}`)).toContain('registered for you already');
    expect(await world.person('Maya').hears(`ssh-key ${KEY}`)).toContain('can’t be registered for you');
  });

  test('a key opens while the way is open, then only beside what it has open from the same place', async () => {
    const tess = world.person('Tess');
    const gate = gateOf(world);
    const key = await fingerprint();
    const grant = await takes(tess, 'acme/web1-root');
    expect(await gate.knowsKey(grant, key)).toBe(true);
    expect(await gate.knowsKey(grant, `SHA256:${'A'.repeat(43)}`)).toBe(false);
    expect(await gate.knowsKey('G-000000', key)).toBe(false);
    // No press yet: the key alone is nothing.
    expect(await entersByKey(gate, grant, key)).toBeNull();
    await opens(grant);
    const first = await entersByKey(gate, grant, key);
    const second = await entersByKey(gate, grant, key, ELSEWHERE);
    if (!first || !second) throw new Error('the key was refused in its window');
    await leaves(gate, second);
    await world.wait(601);
    // The first is open still: another from there needs no new proof; from elsewhere it does once that was left too long.
    const third = await entersByKey(gate, grant, key);
    if (!third) throw new Error('the key was refused beside its own session');
    await leaves(gate, third);
    await world.wait(301);
    expect(await entersByKey(gate, grant, key, ELSEWHERE)).toBeNull();
    expect(await entersByKey(gate, grant, key, '192.0.2.1')).toBeNull();
    await leaves(gate, first);
    const fourth = await entersByKey(gate, grant, key);
    if (!fourth) throw new Error('the key was refused within the idle limit');
    await leaves(gate, fourth);
    await world.wait(901);
    expect(await entersByKey(gate, grant, key)).toBeNull();
    const whys = (await trailOf(world, grant)).filter(({ action }) => action === 'session.refused');
    expect(whys.map(({ why }) => why)).toEqual(Array.from({ length: 4 }, () => 'window-closed'));
    expect(whys.every((row) => row.key === key)).toBe(true);
    await returns(tess, grant);
  });

  test('what a lead has ended opens nothing for the key that was in it', async () => {
    const tess = world.person('Tess');
    const gate = gateOf(world);
    const key = await fingerprint();
    const grant = await takes(tess, 'acme/web1-root');
    await opens(grant);
    await expect.poll(() => entersByKey(gate, grant, key).then((p) => p?.session)).toMatch(/^X-/);
    const [row] = await world.rows<{ id: string }>(`select id from keyturn.sessions where state = 'open'`);
    const lena = world.person('Lena');
    await lena.hears(`show ${grant}`);
    await lena.presses('End session', row?.id);
    await expect
      .poll(() => world.rows(`select 1 from keyturn.sessions where end_asked_at is not null`))
      .toHaveLength(1);
    expect(await entersByKey(gate, grant, key)).toBeNull();
    await gate.ended(row?.id ?? '', 'ended-by-lead');
    expect(await entersByKey(gate, grant, key)).toBeNull();
    await returns(tess, grant);
  });

  test('a key that its person ends is cut where it is, and opens nothing more', async () => {
    const tess = world.person('Tess');
    const gate = gateOf(world);
    const key = await fingerprint();
    const grant = await takes(tess, 'acme/web1-root');
    await opens(grant);
    const passage = await entersByKey(gate, grant, key);
    if (!passage) throw new Error('the key was refused');
    const cut = stays(gate, passage);
    await rests();
    await tess.hears('ssh-key');
    await tess.presses('End tess@laptop');
    await tess.confirmsOnPhone('SHA256:');
    expect((await cut).why).toBe('grant-over');
    const [row] = await world.rows('select why from keyturn.sessions where id = $1', [passage.session]);
    expect(row).toEqual({ why: 'key-ended' });
    expect(await entersByKey(gate, grant, key)).toBeNull();
    await tess.receives('An SSH key of yours has ended');
    await returns(tess, grant);
  });

  test('“I didn’t ask for this” on the phone cuts what is open: whoever is paused is in nowhere', async () => {
    const tess = world.person('Tess');
    const gate = gateOf(world);
    const grant = await takes(tess, 'acme/web1-root');
    const ticket = await opens(grant);
    const passage = await enters(gate, grant, ticket);
    if (!passage) throw new Error('Tess was not let in');
    const cut = stays(gate, passage);
    await rests();
    await connects(tess, grant);
    world.duo.fraud((await tess.phone.rings(grant)).txid);
    expect((await cut).why).toBe('grant-over');
    const [row] = await world.rows('select why, address from keyturn.sessions where id = $1', [
      passage.session,
    ]);
    expect(row).toEqual({ why: 'holder-paused', address: ADDRESS });
    expect(await enters(gate, grant, ticket)).toBeNull();
  });
});
