import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALERT_TRANSITIONS } from '../../src/core/alert.js';
import { CODE_ASK_TRANSITIONS } from '../../src/core/code-window.js';
import { FACTOR_TRANSITIONS } from '../../src/core/factor.js';
import { GRANT_TRANSITIONS, REVOCATION_TRANSITIONS } from '../../src/core/grant.js';
import { LINK_TRANSITIONS } from '../../src/core/link.js';
import { PROOF_TRANSITIONS } from '../../src/core/proof.js';
import { PROPOSAL_TRANSITIONS } from '../../src/core/proposal.js';
import { REQUEST_TRANSITIONS } from '../../src/core/request.js';
import { REVIEW_TRANSITIONS } from '../../src/core/review.js';
import { ROTATION_TRANSITIONS } from '../../src/core/rotation.js';
import { SESSION_TRANSITIONS } from '../../src/core/session.js';
import { SSH_KEY_TRANSITIONS } from '../../src/core/ssh-key.js';
import { SWEEP_TRANSITIONS } from '../../src/core/sweep.js';
import { TICKET_TRANSITIONS } from '../../src/core/ticket.js';
import { VISIT_TRANSITIONS } from '../../src/core/visit.js';
import { verifyChains } from '../../src/store/audit.js';
import { codeOf } from '../../src/store/driver.js';
import { type House, KINDS, openHouse } from '../support/house.js';

describe.each(KINDS)('the %s database refuses illegal history', (kind) => {
  let house: House;
  let request: string;
  beforeAll(async () => {
    house = await openHouse(kind);
    const asked = {
      verb: 'ask',
      client: 'acme',
      account: 'front-desk',
      seconds: 600,
      reason: 'why',
      ticket: null,
    } as const;
    const outcome = await house.act('Tess', asked);
    request = 'done' in outcome ? outcome.done : '';
  });
  afterAll(() => house.close());

  const run = (text: string, values: unknown[] = []) =>
    house.database.run<Record<string, unknown>>({ name: '', text }, values);
  const refused = (text: string, values: unknown[] = []) =>
    run(text, values).then(
      () => 'went through',
      (error) => codeOf(error),
    );

  test('its legal transitions are the core’s', async () => {
    const stored = await run('select noun, "from", "to" from keyturn.transitions');
    const core = [
      ...REQUEST_TRANSITIONS.map(([from, to]) => ({ noun: 'request', from: from ?? '', to })),
      ...GRANT_TRANSITIONS.map(([from, to]) => ({ noun: 'grant', from: from ?? '', to })),
      ...REVOCATION_TRANSITIONS.map(([from, to]) => ({ noun: 'revocation', from: from ?? '', to })),
      ...LINK_TRANSITIONS.map(([from, to]) => ({ noun: 'link', from: from ?? '', to })),
      ...PROOF_TRANSITIONS.map(([from, to]) => ({ noun: 'proof', from: from ?? '', to })),
      ...FACTOR_TRANSITIONS.map(([from, to]) => ({ noun: 'factor', from: from ?? '', to })),
      ...ALERT_TRANSITIONS.map(([from, to]) => ({ noun: 'alert', from: from ?? '', to })),
      ...PROPOSAL_TRANSITIONS.map(([from, to]) => ({ noun: 'proposal', from: from ?? '', to })),
      ...REVIEW_TRANSITIONS.map(([from, to]) => ({ noun: 'review', from: from ?? '', to })),
      ...SWEEP_TRANSITIONS.map(([from, to]) => ({ noun: 'sweep', from: from ?? '', to })),
      ...ROTATION_TRANSITIONS.map(([from, to]) => ({ noun: 'rotation', from: from ?? '', to })),
      ...CODE_ASK_TRANSITIONS.map(([from, to]) => ({ noun: 'code-ask', from: from ?? '', to })),
      ...TICKET_TRANSITIONS.map(([from, to]) => ({ noun: 'ticket', from: from ?? '', to })),
      ...SESSION_TRANSITIONS.map(([from, to]) => ({ noun: 'session', from: from ?? '', to })),
      ...SSH_KEY_TRANSITIONS.map(([from, to]) => ({ noun: 'ssh-key', from: from ?? '', to })),
      ...VISIT_TRANSITIONS.map(([from, to]) => ({ noun: 'visit', from: from ?? '', to })),
    ];
    const sorted = (rows: object[]) => rows.map((r) => JSON.stringify(r)).sort();
    expect(sorted(stored)).toEqual(sorted(core));
  });

  test('a denied request stays denied', async () => {
    const ask = {
      verb: 'ask',
      client: 'acme',
      account: 'router',
      seconds: 600,
      reason: 'why',
      ticket: null,
    } as const;
    const outcome = await house.act('Tess', ask);
    const id = 'done' in outcome ? outcome.done : '';
    await house.act('Lena', { verb: 'deny', id, reason: 'no' });
    expect(await refused(`update keyturn.requests set state = 'pending' where id = $1`, [id])).toBe('KT002');
  });

  test('a request is never edited', async () => {
    expect(await refused(`update keyturn.requests set seconds = 99999 where id = $1`, [request])).toBe(
      'KT003',
    );
    expect(
      await refused(
        `update keyturn.requests set requester = (select id from keyturn.people limit 1 offset 3) where id = $1`,
        [request],
      ),
    ).toBe('KT003');
    expect(await refused(`delete from keyturn.requests where id = $1`, [request])).toBe('KT003');
  });

  test('the one who asks is never the one who approves', async () => {
    const tess = (await house.as('Tess')).person;
    const vote = `insert into keyturn.decisions values ($1, $2, 'approve', null, null, now())`;
    expect(await refused(vote, [request, tess])).toBe('KT004');
  });

  test('a person decides once', async () => {
    const omar = (await house.as('Omar')).person;
    const vote = `insert into keyturn.decisions values ($1, $2, 'approve', null, null, now())`;
    await run(vote, [request, omar]);
    expect(await refused(vote, [request, omar])).toBe('23505');
    expect(await refused('delete from keyturn.decisions')).toBe('KT003');
  });

  test('a grant needs its approved request', async () => {
    const tess = (await house.as('Tess')).person;
    const grant = `insert into keyturn.grants values ('G-' || substr($1, 3), $1, 'acme', 'front-desk', $2, 'reveal', 600, true, 'active', null, 1, now(), now() + interval '10 minutes', null, null, null)`;
    expect(await refused(grant, [request, tess])).toBe('KT004');
  });

  test.each([
    "update keyturn.audit_events set data = '{}'",
    'delete from keyturn.audit_events',
    'truncate keyturn.audit_events',
  ])('“%s” is refused', async (text) => {
    expect(await refused(text)).toBe('KT003');
  });

  const EVENT = `insert into keyturn.audit_events (chain, seq, prev, hash, at, actor, via, action, subject, data)`;
  const whole = async () => (await verifyChains(house.database)).every((c) => c.brokenAt === null);

  test('an event’s place, its time and its hash are the database’s own, whatever is said of them', async () => {
    const chains = `(values ('acme'), ('operator'), ('new'), ('acme'), ('new'), ('operator')) c (name)`;
    const [{ n }] = (await run('select count(*)::int as n from keyturn.audit_events')) as [{ n: number }];
    await run(
      `${EVENT} select name, 77, 'x', 'x', 'epoch', null, 'system', 'test', 'forged', '{}' from ${chains}`,
    );
    const forged = await run(
      `select count(*)::int as n, bool_and(at > keyturn.now() - interval '1 minute') as new
       from keyturn.audit_events where subject = 'forged'`,
    );
    expect(forged).toEqual([{ n: 6, new: true }]);
    expect(await run('select count(*)::int as n from keyturn.audit_events')).toEqual([{ n: n + 6 }]);
    expect(await whole()).toBe(true);
  });

  test.each([
    ['another event than the last', `lpad((max(seq))::text, 20)`],
    ['an event that isn’t there', `lpad((max(seq) + 5)::text, 20)`],
    ['no event', `lpad((min(seq) - 2)::text, 20)`],
  ])('an event that claims to follow %s is refused', async (_what, claimed) => {
    const claim = `select set_config('keyturn.chain_end', repeat('ab', 32) || ${claimed} || 'acme', true) as it
      from keyturn.audit_events where chain = 'acme'`;
    const forged = `with claim as materialized (${claim}) ${EVENT}
      select 'acme', 0, '', '', 'epoch', null, 'system', 'test', 'claimed', '{}' from claim where it <> ''`;
    expect(await refused(forged)).toBe('KT003');
    expect(await whole()).toBe(true);
  });

  test('what was taken back leaves no gap, and nothing follows from it', async () => {
    const one = `${EVENT} values ('acme', 0, '', '', 'epoch', null, 'system', 'test', 'kept', '{}')`;
    await run(`do $$ begin
      ${one};
      begin ${one}; ${one}; raise exception 'no'; exception when raise_exception then null; end;
      ${one};
    end $$`);
    expect(await run(`select count(*)::int as n from keyturn.audit_events where subject = 'kept'`)).toEqual([
      { n: 2 },
    ]);
    expect(await whole()).toBe(true);
  });

  test('an edit behind its back is found, with the event’s number', async () => {
    expect((await verifyChains(house.database)).every((c) => c.brokenAt === null)).toBe(true);
    await run('alter table keyturn.audit_events disable trigger append_only');
    await run(
      `update keyturn.audit_events set data = data || '{"minutes": 1}' where chain = 'acme' and seq = 1`,
    );
    await run('alter table keyturn.audit_events enable always trigger append_only');
    const acme = (await verifyChains(house.database)).find((c) => c.chain === 'acme');
    expect(acme).toMatchObject({ brokenAt: 1, why: 'its content was changed' });
  });
});
