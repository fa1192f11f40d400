import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import {
  everythingSaid,
  everythingStored,
  idIn,
  leaks,
  openWorld,
  reads,
  type World,
} from '../support/world.js';

const CANARY = 'Canary-7Qx!9zK';

describe.each(KINDS)('what can be asked, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind);
  });
  afterAll(() => world.close());

  const requests = async () => (await world.rows('select id from keyturn.requests')).length;

  /** Tess is answered this, and nothing came of it. */
  async function refused(words: string, says: string | RegExp, name = 'Tess') {
    const before = await requests();
    const heard = await world.person(name).hears(words);
    if (typeof says === 'string') expect(heard).toBe(says);
    else expect(heard).toMatch(says);
    expect(await requests()).toBe(before);
  }

  test('what already waits is shown instead of asked twice', async () => {
    const tess = world.person('Tess');
    const request = await tess.asks('acme/front-desk 1h printer is down');
    const heard = await tess.hears('acme/front-desk 30m printer is down still');
    expect(heard).toContain(
      `You have asked for this already: ${request} waits for a decision. Cancel it first if you want something else.`,
    );
    expect(heard).toContain('printer is down');
    expect(heard).toContain('Cancel request');
    await tess.types(`cancel ${request}`);
    await world.channel('Request cancelled', request);
  });

  test('what Tess holds already is shown to her, and to Maya, who has it', async () => {
    const tess = world.person('Tess');
    const grant = idIn(await tess.hears('acme/printer 30m toner'), 'G');
    const heard = await tess.hears('acme/printer 1h toner again');
    expect(heard).toMatch(
      new RegExp(`You hold this already: ${grant}, until \\d\\d:\\d\\d\\. Press Reveal on its card.`),
    );
    expect(heard).toContain('Printer panel');
    await refused(
      'acme/printer 30m toner too',
      new RegExp(
        `^Tess Tran has it until \\d\\d:\\d\\d \\(${grant}\\), and it is lent to one person at a time. Ask again then, or ask Tess Tran to return it early.$`,
      ),
      'Maya',
    );
    await tess.receives('Return early', grant);
    await tess.types(`return ${grant}`);
    await tess.receives('Your access has ended', grant);
    expect(idIn(await world.person('Maya').hears('acme/printer 30m toner too'), 'G')).not.toBe(grant);
  });

  test('a time that doesn’t fit is refused with the times that do', async () => {
    const says = 'The time has to be between 5 minutes and 4 hours, written like 30m, 1h or 1h30m.';
    for (const time of ['4m', '4h1m', '0m', '99999h', '-1h', '', '1e3', 'tomorrow'])
      await refused(`acme/front-desk ${time} printer is down`, says);
  });

  test('a reason is asked for', async () => {
    await refused(
      'acme/front-desk 1h',
      'Say why, in a few words: the approvers decide by it, and it stays on record.',
    );
  });

  test('2,001 characters are refused, 2,000 are taken and shown whole', async () => {
    const tess = world.person('Tess');
    await refused(
      `acme/front-desk 1h ${'x'.repeat(2001)}`,
      'The reason is too long: 2001 characters, and at most 2000 fit. Shorten it and send it again.',
    );
    const request = await tess.asks(`acme/front-desk 1h ${'y'.repeat(2000)}`);
    expect(reads(await world.channel('Approve', request))).toContain('y'.repeat(2000));
    await tess.types(`cancel ${request}`);
  });

  test('what isn’t there and what isn’t theirs sound the same', async () => {
    const says = (typed: string) =>
      `There is no account "${typed}" that you may ask for. Type /access to see what there is.`;
    for (const account of ['acme/nonsense', 'cedar/dispensary', 'cedar/nonsense', 'nowhere/at-all'])
      await refused(`${account} 1h let me in`, says(account));
    const trail = await world.rows<{ subject: string; chain: string }>(
      `select subject, chain from keyturn.audit_events where action = 'act.refused' and data->>'because' = 'unknown-account'`,
    );
    expect(trail).toHaveLength(4);
    expect(trail.every((row) => row.chain === 'operator' && row.subject === 'an account')).toBe(true);
    expect(idIn(await world.person('Maya').hears('cedar/dispensary 1h inventory'), 'R')).toBeTruthy();
  });

  test('a ticket is required where the policy says so', async () => {
    await refused(
      'acme/router 1h firmware',
      'This account needs a ticket: add it as #12345 to what you type, or fill in the field.',
    );
    await refused(
      'acme/router 1h firmware #..',
      'A ticket is one word of up to 40 letters, digits, dots and dashes, like #T-20455.',
    );
  });

  test('the auditor reads, and neither asks nor decides', async () => {
    const says = 'As an auditor you can read everything here, but not ask or decide.';
    const request = await world.person('Tess').asks('acme/till 30m drawer is stuck');
    await refused('acme/front-desk 1h curious', says, 'Aude');
    await refused('', says, 'Aude');
    const card = await world.channel('Approve', request);
    for (const button of ['Approve', 'Deny'])
      expect(await world.person('Aude').clicksAndHears(card, button)).toBe(says);
    expect(await world.person('Aude').hears(`cancel ${request}`)).toBe(says);
    expect(await world.person('Aude').hears(`show ${request}`)).toContain('drawer is stuck');
    await world.person('Tess').types(`cancel ${request}`);
  });

  test('L1 may not ask for the router, and isn’t offered it', async () => {
    const luis = world.person('Luis');
    await refused(
      'acme/router 1h firmware #T-1',
      "acme/router isn't yours to ask for. A lead can tell you who may.",
      'Luis',
    );
    await luis.types('');
    const form = reads(await luis.form());
    expect(form).toContain('Front desk PC');
    expect(form).not.toContain('Office router');
  });

  test('a request that can’t be met without the one who asks is refused at once, naming the step', async () => {
    await refused(
      'acme/root-safe 1h audit',
      'Nobody could approve this: it needs 2 leads, and without you there is only one. Somebody else has to ask, or a lead has to change the policy.',
      'Lena',
    );
  });

  test('a secret is refused at every entrance, and is nowhere afterwards', async () => {
    const tess = world.person('Tess');
    const says =
      'The reason seems to hold a password. Nothing was stored. Take it out and ask again; if it is real, change it, because this chat has seen it.';
    await refused(`acme/front-desk 1h the password is ${CANARY}`, says);
    await refused(
      `acme/front-desk 1h firmware #xoxb-4471-northwind-${CANARY.slice(0, 6)}`,
      /The ticket seems to hold a Slack token/,
    );
    await tess.types('');
    await tess.chooses('client', 'acme');
    await tess.chooses('account', 'acme/front-desk');
    expect(await tess.sends({ long: '1800', why: `pw=${CANARY}` })).toEqual({ why: says });
    expect(await tess.sends({ long: '1800', why: 'printer is down' })).toEqual({});
    const card = await tess.receives('Cancel request', 'printer is down');
    const request = idIn(reads(card), 'R');
    expect(await world.person('Lena').hears(`deny ${request} password: ${CANARY}`)).toBe(says);
    await world.person('Lena').types(`approve ${request}`);
    await tess.receives('Yours until', request.replace('R', 'G'));
    expect(await world.person('Lena').hears(`revoke ${request.replace('R', 'G')} passwd=${CANARY}`)).toBe(
      says,
    );
    // Words that are no command are quoted back, but not these.
    expect(await tess.hears(`please use password ${CANARY}, password=${CANARY}`)).toContain(
      'I didn’t understand that',
    );
    expect(leaks(await everythingStored(world.database), '7Qx!9zK')).toEqual([]);
    expect(leaks(everythingSaid(world.slack), '7Qx!9zK')).toEqual([]);
  });

  test('every refusal is on record, in a whole chain', async () => {
    const [{ codes } = { codes: [] }] = await world.rows<{ codes: string[] }>(
      `select array_agg(distinct data->>'because') as codes from keyturn.audit_events where action = 'act.refused'`,
    );
    for (const code of [
      'already-pending',
      'already-holding',
      'out',
      'bad-duration',
      'no-reason',
      'too-long',
      'holds-secret',
      'ticket-required',
      'auditor',
      'may-not-ask',
      'step-unmeetable',
    ])
      expect.soft(codes).toContain(code);
    const { verifyChains } = await import('../../src/store/audit.js');
    expect((await verifyChains(world.database)).filter((chain) => chain.brokenAt !== null)).toEqual([]);
  });
});
