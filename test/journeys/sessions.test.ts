/** Brokered sessions: who is let in, who isn't, and how soon it is over. The gate is asked as the bastion asks it. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import {
  ADDRESS,
  anotherGate,
  connects,
  enters,
  gateOf,
  HOST_KEY,
  leaves,
  openSessions,
  returns,
  stays,
  takes,
  ticketIn,
  trailOf,
  withSessions,
} from '../support/sessions.js';
import { fillVault, openWorld, passwordOf, reads, type World } from '../support/world.js';

describe.each(KINDS)('a session, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openSessions(kind, { teams: true });
    for (const name of ['Tess', 'Maya', 'Lena', 'Omar']) await world.person(name).hears('help');
    await world.inTeams('Tess').hears('help');
  }, 120_000);
  afterAll(() => world.close());

  const wayTo = async (name: string, account = 'acme/web1-root') => {
    const player = world.person(name);
    const grant = await takes(player, account);
    return { player, grant, ticket: ticketIn(await connects(player, grant)) };
  };
  const over = (grant: string) => returns(world.person('Tess'), grant);

  test('begins with Connect: one line, a ticket and the fingerprint, for the holder alone; nothing of it is kept', async () => {
    const tess = world.person('Tess');
    const grant = await takes(tess, 'acme/web1-root');
    const card = reads(await tess.receives('Connect', grant));
    expect(card).not.toContain('Reveal');
    const answer = await connects(tess, grant);
    const port = world.app.broker?.port;
    expect(answer).toContain(`ssh -p ${port} ${grant}@127.0.0.1`);
    expect(answer).toContain(world.app.broker?.fingerprint);
    const ticket = ticketIn(answer);
    for (const name of ['Lena', 'Maya', 'Omar'])
      expect(
        world
          .person(name)
          .messages()
          .map((m) => reads(m))
          .join('\n'),
      ).not.toContain(ticket);
    const kept = await world.rows<{ all: string }>(
      `select string_agg(x, ' ') as all from (select to_jsonb(t)::text as x from keyturn.tickets t
        union all select to_jsonb(e)::text from keyturn.audit_events e union all select to_jsonb(j)::text from keyturn.jobs j
        union all select to_jsonb(p)::text from keyturn.postings p) all_of_it`,
    );
    expect(kept[0]?.all).not.toContain(ticket);
    expect(kept[0]?.all).not.toContain(ticket.replaceAll('-', ''));
    await over(grant);
  });

  test('leads to the account’s own target, once for each ticket, and stands on record from its beginning to its end', async () => {
    const { player, grant, ticket } = await wayTo('Tess');
    const gate = gateOf(world);
    const passage = await enters(gate, grant.toLowerCase(), ` ${ticket.toLowerCase()} `);
    if (!passage) throw new Error('Tess was not let in');
    expect({ ...passage, secret: passage.secret.reveal(), recorder: null }).toEqual({
      ...{ session: passage.session, grant, host: 'web1.acme.example', port: 2022, username: 'root' },
      ...{ secret: passwordOf('acme', 'web1-root'), hostKey: HOST_KEY, portForwarding: false },
      ...{ idleSeconds: 900, recorder: null },
    });
    expect(passage.session).toMatch(/^X-[0-9A-HJKMNP-TV-Z]{6}$/);
    expect(await enters(gate, grant, ticket)).toBeNull();
    expect(await player.hears('mine')).toMatch(
      new RegExp(`${grant}.*1 session open since .*, from ${ADDRESS}`),
    );
    expect(await player.hears(`show ${grant}`)).toContain(`${passage.session}: open since`);
    await leaves(gate, passage);
    await gate.ended(passage.session, 'idle');
    const [opened, refused, ended, ...more] = await trailOf(world, grant);
    expect(more).toEqual([]);
    expect(opened).toMatchObject({
      action: 'session.opened',
      session: passage.session,
      address: ADDRESS,
      version: 1,
    });
    expect(refused).toMatchObject({ action: 'session.refused', why: 'ticket-spent', address: ADDRESS });
    expect(ended).toMatchObject({ action: 'session.ended', session: passage.session, why: 'left' });
    expect(ended?.recording).toMatch(/^[0-9a-f]{64}$/);
    await over(grant);
    const end = reads(await player.receives('Your access has ended', grant));
    expect(end).toContain('The password was never shown, so there is nothing to change.');
  });

  test('is refused alike for whatever is wrong: a late ticket, somebody else’s, a flipped one, one that a new press has ended', async () => {
    const [tess, maya] = [await wayTo('Tess'), await wayTo('Maya')];
    const gate = gateOf(world);
    expect(await enters(gate, maya.grant, tess.ticket)).toBeNull();
    expect(await enters(gate, tess.grant, maya.ticket)).toBeNull();
    const flipped = `${tess.ticket.slice(0, -1)}${tess.ticket.endsWith('0') ? '1' : '0'}`;
    expect(await enters(gate, tess.grant, flipped)).toBeNull();
    for (const junk of ['', 'x', 'password', `${tess.ticket}0`, "' or true --", '0'.repeat(1000)])
      expect(await enters(gate, tess.grant, junk)).toBeNull();
    for (const name of ['G-000000', 'R-000000', '', 'root', `${tess.grant} `])
      expect(await enters(gate, name, tess.ticket)).toBeNull();
    const again = ticketIn(await connects(tess.player, tess.grant));
    expect(await enters(gate, tess.grant, tess.ticket)).toBeNull();
    const passage = await enters(gate, tess.grant, again);
    if (!passage) throw new Error('the newer ticket was refused');
    await leaves(gate, passage);
    await world.wait(601);
    expect(await enters(gate, maya.grant, maya.ticket)).toBeNull();
    // In the chain of the grant that each ticket was made for, and never of what nobody knows.
    const whys = (rows: Record<string, unknown>[]) =>
      rows.filter(({ action }) => action === 'session.refused').map(({ why }) => why);
    expect(whys(await trailOf(world, maya.grant))).toEqual(['ticket-of-another', 'ticket-late']);
    expect(whys(await trailOf(world, tess.grant))).toEqual(['ticket-of-another', 'ticket-dead']);
    for (const one of [tess, maya]) await returns(one.player, one.grant);
  });

  test('a ticket that is tried again and again grows no chain', async () => {
    const { grant, ticket } = await wayTo('Tess');
    const gate = gateOf(world);
    const passage = await enters(gate, grant, ticket);
    if (!passage) throw new Error('Tess was not let in');
    for (let n = 0; n < 12; n++) expect(await enters(gate, grant, ticket)).toBeNull();
    await leaves(gate, passage);
    expect(await trailOf(world, grant)).toHaveLength(1 + 5 + 1);
    await over(grant);
  });

  test('of two connections that bring one ticket at the same instant one is let in', async () => {
    const { grant, ticket } = await wayTo('Tess');
    const gates = [gateOf(world), anotherGate(world)] as const;
    const let_in = await Promise.all(
      [0, 1, 0, 1].map(async (n) => ({
        gate: gates[n as 0],
        passage: await enters(gates[n as 0], grant, ticket),
      })),
    );
    const inside = let_in.flatMap(({ gate, passage }) => (passage ? [{ gate, passage }] : []));
    expect(inside).toHaveLength(1);
    for (const { gate, passage } of inside) await leaves(gate, passage);
    await gates[1].stop();
    await over(grant);
  });

  test('ends within two seconds of the lead’s Revoke, also on another replica, and the card says that it was cut', async () => {
    const { player, grant, ticket } = await wayTo('Tess');
    const other = anotherGate(world);
    await other.start();
    const passage = await enters(other, grant, ticket);
    if (!passage) throw new Error('Tess was not let in');
    const cut = stays(other, passage);
    const before = performance.now();
    await world.person('Lena').types(`revoke ${grant} wrong server`);
    expect((await cut).why).toBe('grant-over');
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(await enters(other, grant, ticket)).toBeNull();
    await other.stop();
    expect(reads(await player.receives('1 open session was cut.', grant))).toContain('Revoked by Lena Falk');
    expect((await trailOf(world, grant)).find(({ action }) => action === 'session.ended')).toMatchObject({
      why: 'grant-over',
    });
  });

  test('ends with the grant’s time, and with its return', async () => {
    const gate = gateOf(world);
    const late = await wayTo('Tess');
    const first = await enters(gate, late.grant, late.ticket);
    if (!first) throw new Error('Tess was not let in');
    const expired = stays(gate, first);
    await world.wait(3601);
    expect((await expired).why).toBe('grant-over');
    const back = await wayTo('Maya');
    const second = await enters(gate, back.grant, back.ticket);
    if (!second) throw new Error('Maya was not let in');
    const returned = stays(gate, second);
    await back.player.types(`return ${back.grant}`);
    expect((await returned).why).toBe('grant-over');
  });

  test('a lead ends one session; the grant goes on, and coming back takes a new press of Connect', async () => {
    const { player, grant, ticket } = await wayTo('Tess');
    const gate = gateOf(world);
    const passage = await enters(gate, grant, ticket);
    if (!passage) throw new Error('Tess was not let in');
    const cut = stays(gate, passage);
    expect(await player.hears(`show ${grant}`)).not.toContain('End session');
    const lena = world.person('Lena');
    expect(await lena.hears(`show ${grant}`)).toContain(passage.session);
    await lena.presses('End session', passage.session);
    expect((await cut).why).toBe('ended-by-lead');
    expect(await world.person('Omar').hears(`show ${grant}`)).not.toContain('End session');
    const again = ticketIn(await connects(player, grant));
    const next = await enters(gate, grant, again);
    if (!next) throw new Error('Tess was not let in again');
    await leaves(gate, next);
    expect((await trailOf(world, grant)).map(({ action }) => action)).toEqual([
      ...['session.opened', 'session.cut', 'session.ended', 'session.opened', 'session.ended'],
    ]);
    await over(grant);
  });

  test('nobody but a lead ends one, and nobody but the holder connects', async () => {
    const { grant, ticket } = await wayTo('Tess');
    const gate = gateOf(world);
    const passage = await enters(gate, grant, ticket);
    if (!passage) throw new Error('Tess was not let in');
    const { perform } = await import('../../src/core/perform.js');
    const { directory } = await world.app.ports.facts.facts();
    const actor = (name: string) => ({
      person: directory.people.find((p) => p.name.startsWith(name))?.id ?? '',
      via: 'slack' as const,
    });
    for (const name of ['Tess', 'Maya', 'Sana']) {
      const outcome = await perform(world.app.ports, actor(name), {
        verb: 'end-session',
        id: passage.session,
      });
      expect(outcome).toMatchObject({ refused: { code: 'leads-only' } });
    }
    for (const name of ['Maya', 'Lena', 'Noor']) {
      const ticketOf = { id: `T-${name}`, tokenHash: `hash of ${name}` };
      const outcome = await perform(world.app.ports, actor(name), {
        ...{ verb: 'press-connect', id: grant, ticket: ticketOf },
      });
      expect(outcome).toMatchObject({ refused: { code: name === 'Noor' ? 'unknown-id' : 'not-holder' } });
    }
    await leaves(gate, passage);
    await over(grant);
  });

  test('in Teams the same press shows the same to the same person alone', async () => {
    const tess = world.inTeams('Tess');
    await tess.types('acme/web1-root 1h from the other chat');
    const card = await tess.receives('Connect', 'root on web1');
    const grant = /G-[0-9A-Z]{6}/.exec(tess.reads(card))?.[0] ?? '';
    await tess.clicks(card, 'Connect');
    const answer = tess.reads(await tess.receives('Paste this into a terminal', grant));
    expect(answer).toContain(`ssh -p ${world.app.broker?.port} ${grant}@127.0.0.1`);
    const gate = gateOf(world);
    const passage = await enters(gate, grant, ticketIn(answer));
    if (!passage) throw new Error('Tess was not let in');
    const cut = stays(gate, passage);
    await tess.types(`return ${grant}`);
    expect((await cut).why).toBe('grant-over');
  });

  test('a password that a session used is changed at the end, where the account says so', async () => {
    const { grant, ticket } = await wayTo('Tess', 'acme/web1-deploy');
    const gate = gateOf(world);
    const passage = await enters(gate, grant, ticket);
    if (!passage) throw new Error('Tess was not let in');
    expect(passage.idleSeconds).toBe(300);
    await leaves(gate, passage);
    await over(grant);
    const [row] = await world.rows('select kind, undo from keyturn.revocations where "grant" = $1', [grant]);
    expect(row).toEqual({ kind: 'target', undo: { rotate: { version: 1 } } });
    const { grant: unused } = await wayTo('Maya', 'acme/web1-deploy');
    await returns(world.person('Maya'), unused);
    const [none] = await world.rows('select kind from keyturn.revocations where "grant" = $1', [unused]);
    expect(none).toEqual({ kind: 'nothing' });
  });

  test('what a killed replica had open is put on record as ended by whoever comes after it', async () => {
    const { grant, ticket } = await wayTo('Tess');
    const killed = anotherGate(world);
    const passage = await enters(killed, grant, ticket);
    if (!passage) throw new Error('Tess was not let in');
    // It says nothing any more, and nobody ends anything for it.
    await killed.stop();
    await world.wait(21);
    const next = anotherGate(world);
    await next.start();
    const [row] = await world.rows('select state, why from keyturn.sessions where id = $1', [
      passage.session,
    ]);
    expect(row).toEqual({ state: 'ended', why: 'bastion-stopped' });
    await next.stop();
    expect((await trailOf(world, grant)).filter(({ action }) => action === 'session.ended')).toHaveLength(1);
    await over(grant);
  });

  test('a target with another host key ends it, and the leads hear of it once', async () => {
    const gate = gateOf(world);
    const { player, grant, ticket } = await wayTo('Tess');
    const passage = await enters(gate, grant, ticket);
    if (!passage) throw new Error('Tess was not let in');
    const shown = `SHA256:${'B'.repeat(43)}`;
    await gate.wrongHostKey(passage.session, [shown]);
    await gate.wrongHostKey(passage.session, ['<b>not a key</b>']);
    await leaves(gate, passage, 'wrong-host-key');
    const card = reads(await world.person('Lena').receives('Stop: a target isn’t the one', 'acme-web1'));
    expect(card).toContain(shown);
    expect(card).toContain(HOST_KEY);
    const told = await world.rows(`select 1 from keyturn.alerts where kind = 'target-untrusted'`);
    expect(told).toHaveLength(1);
    await returns(player, grant);
  });

  test('a report of the account names its sessions, from when to when and where from', async () => {
    const { player, grant, ticket } = await wayTo('Sana');
    const gate = gateOf(world);
    const passage = await enters(gate, grant, ticket);
    if (!passage) throw new Error('Sana was not let in');
    await leaves(gate, passage);
    await returns(player, grant);
    const { readReportData } = await import('../../src/store/reports.js');
    const { storyCells } = await import('../../src/core/report-story.js');
    const page = { report: 'account', subject: 'acme/web1-root', from: null, to: null } as const;
    const { directory } = await world.app.ports.facts.facts();
    const lena = directory.people.find(({ name }) => name.startsWith('Lena'))?.id ?? '';
    const facts = await world.app.ports.store.reportFacts(page, lena);
    const { stories } = await readReportData(world.database, facts);
    const told = stories.rows
      .flatMap((story) => storyCells(story, facts.directory))
      .flat()
      .join('\n');
    expect(told).toMatch(new RegExp(`${passage.session}, .* to .*, from ${ADDRESS} \\(left\\)`));
  });

  test('a port that another program has is named at the start', async () => {
    const { openBroker } = await import('../../src/broker/open.js');
    const { createLog } = await import('../../src/config/logging.js');
    const port = world.app.broker?.port ?? 0;
    const desk = { database: world.database, ports: world.app.ports, custody: world.app.custody };
    const opening = openBroker({
      ...{ ...desk, port, host: '127.0.0.1', onUnverified: () => undefined, log: createLog('silent') },
    });
    await expect(opening).rejects.toThrow(`SSH_PORT ${port} is taken by another program.`);
  });

  test('offboarding cuts what the leaver has open, and lists it', async () => {
    const { grant, ticket } = await wayTo('Maya');
    const other = anotherGate(world);
    await other.start();
    const passage = await enters(other, grant, ticket);
    if (!passage) throw new Error('Maya was not let in');
    const cut = stays(other, passage);
    const lena = world.person('Lena');
    await lena.types('offboard maya@northwind.example');
    const form = reads(await lena.form());
    expect(form).toContain('1 live session');
    const before = performance.now();
    await lena.sends({});
    expect((await cut).why).toBe('grant-over');
    expect(performance.now() - before).toBeLessThan(3_000);
    await other.stop();
    const items = await world.rows(
      `select kind, subject, state, data from keyturn.sweep_items where kind = 'session'`,
    );
    expect(items).toEqual([
      {
        ...{ kind: 'session', subject: passage.session, state: 'done' },
        data: { account: 'web1-root', address: ADDRESS },
      },
    ]);
    expect(await enters(gateOf(world), grant, ticket)).toBeNull();
  });
});

test('a deployment that lends nothing by SSH opens no port for it, and opens it once an apply has begun to', async () => {
  const world = await openWorld('embedded');
  try {
    expect(world.app.broker).toBeNull();
    await world.reconfigure(withSessions);
    await fillVault(world.app, [{ client: 'acme', id: 'web1-root' }]);
    await expect.poll(() => world.app.broker?.fingerprint, { timeout: 10_000 }).toMatch(/^SHA256:/);
    const tess = world.person('Tess');
    const grant = await takes(tess, 'acme/web1-root');
    expect(await connects(tess, grant)).toContain(`ssh -p ${world.app.broker?.port} ${grant}@127.0.0.1`);
  } finally {
    await world.close();
  }
});
