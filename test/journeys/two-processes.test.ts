import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Deployment, openDeployment, type Replica } from '../support/deployment.js';
import { everythingSaid, everythingStored, leaks, NORTHWIND, reads } from '../support/world.js';

const PASSWORD = 'Canary-of-the-router-81Kx';
const NEXT = 'Canary-of-the-router-82Ly';

describe('two processes on one database', () => {
  let keyturn: Deployment;
  let one: Replica;
  let two: Replica;
  let address = '';
  beforeAll(async () => {
    keyturn = await openDeployment();
    [one, two] = await Promise.all([keyturn.start(), keyturn.start()]);
  }, 90_000);
  afterAll(() => keyturn.close());

  test('both came up on an empty database at the same moment, and applied one first version', async () => {
    for (const { url } of [one, two]) expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(await keyturn.rows('select version from keyturn.configurations')).toEqual([{ version: 1 }]);
  });

  test('an account without a password in custody isn’t lent, and its refusal says what to do', async () => {
    expect(await keyturn.person('Tess').hears('acme/router 1h firmware #T-1')).toBe(
      "acme/router can't be lent now: its password isn't in custody yet (a lead puts it there with: keyturn secret set acme/router).",
    );
  });

  test('a lead puts it there on standard input; nobody else can', async () => {
    const set = (as: string, input = `${PASSWORD}\n`) =>
      keyturn.keyturn(['secret', 'set', 'acme/router', ...(as ? ['--as', as] : [])], { input });
    expect(await set('')).toMatchObject({
      code: 2,
      stderr: 'Say who you are: --as you@your-company.example',
    });
    expect(await set('tess@northwind.example')).toMatchObject({
      code: 1,
      stderr: 'Tess Tran is not a lead, and only leads can do that.',
    });
    expect(await set('nobody@northwind.example')).toMatchObject({ code: 1 });
    expect(await set('lena@northwind.example', '')).toMatchObject({
      code: 1,
      stderr: 'A password has between 1 and 1024 characters and no line breaks. Nothing was stored.',
    });
    expect(await keyturn.rows('select 1 from keyturn.secrets')).toEqual([]);
    expect(await set('lena@northwind.example')).toMatchObject({
      code: 0,
      stdout: 'acme/router is in custody, version 1.',
    });
  });

  test('200 presses of Approve over both processes make one grant', async () => {
    const { slack } = keyturn;
    const people = ['Lena', 'Omar', 'Sana', 'Theo', 'Tess', 'Luis', 'Maya', 'Nobody'];
    const request = await keyturn.person('Tess').asks('acme/router 1h firmware #T-1');
    const card = await keyturn.person('Lena').sees('Approve', request);
    const presses = Array.from({ length: 200 }, (_, n) => {
      keyturn.deliverTo(n % 2 === 0 ? one : two);
      return slack.click(
        NORTHWIND,
        keyturn.person(people[n % people.length] as string).user,
        card,
        'Approve',
      );
    });
    const seen = await Promise.all(presses);
    expect(seen.filter((s) => !s.ok).map((s) => s.error)).toEqual([]);

    await keyturn.person('Tess').receives('Yours until', request.replace('R', 'G'));
    expect(await keyturn.rows('select request, state from keyturn.grants')).toEqual([
      { request, state: 'active' },
    ]);
    const decisions = await keyturn.rows<{ name: string; n: number }>(
      `select p.email as name, count(*)::int as n from keyturn.decisions d join keyturn.people p on p.id = d.person
       group by 1 order by 1`,
    );
    expect(decisions.every((d) => d.n === 1)).toBe(true);
    const names = decisions.map((d) => d.name);
    expect(names.some((name) => ['lena@northwind.example', 'omar@northwind.example'].includes(name))).toBe(
      true,
    );
    expect(names.some((name) => ['sana@northwind.example', 'theo@northwind.example'].includes(name))).toBe(
      true,
    );
    for (const name of ['tess@northwind.example', 'luis@northwind.example', 'maya@northwind.example'])
      expect(names).not.toContain(name);
    const events = await keyturn.rows<{ action: string; n: number }>(
      `select action, count(*)::int as n from keyturn.audit_events
       where action in ('grant.active', 'request.approved', 'decision.approve') group by 1 order by 1`,
    );
    expect(events).toEqual([
      { action: 'decision.approve', n: decisions.length },
      { action: 'grant.active', n: 1 },
      { action: 'request.approved', n: 1 },
    ]);
    expect(await keyturn.keyturn(['audit', 'verify'])).toMatchObject({ code: 0 });
    const copies = slack.messages(NORTHWIND, 'C0ACCESS').filter((m) => reads(m).includes(request));
    expect(copies).toHaveLength(1);
    const told = (name: string) =>
      slack.ephemerals(NORTHWIND, keyturn.person(name).user).map((m) => reads(m));
    await slack.until(
      () => told('Tess').length >= 25 && told('Luis').length >= 25 && told('Lena').length >= 24,
    );
    const late = `Too late: ${request} is approved already.`;
    const twice = 'You have approved this already. An approval can’t be withdrawn; revoke the grant instead.';
    const heard = ['Lena', 'Omar', 'Sana', 'Theo'].flatMap(told);
    expect(heard.filter((says) => says !== late && says !== twice)).toEqual([]);
  });

  test('a page that one process made is confirmed through the other, and 200 claims over both show one password', async () => {
    const tess = keyturn.person('Tess');
    keyturn.deliverTo(one);
    const page = await tess.opens('Reveal');
    address = page.address;
    keyturn.deliverTo(two);
    await tess.letsIn(page);
    const claims = Array.from({ length: 200 }, (_, n) => page.claim(n % 2 === 0 ? one.url : two.url));
    const answers = await Promise.all(claims);
    const shown = answers.filter((answer) => answer.status === 200);
    expect(shown.map((answer) => answer.body.password)).toEqual([PASSWORD]);
    expect(await keyturn.rows('select 1 from keyturn.exposures')).toHaveLength(1);
  });

  test('what was revoked through one process is over in the other at once', async () => {
    const tess = keyturn.person('Tess');
    const card = await tess.receives('Yours until');
    keyturn.deliverTo(one);
    const id = reads(card).match(/G-\w{6}/)?.[0] as string;
    await keyturn.person('Lena').types(`revoke ${id} maintenance is over`);
    keyturn.deliverTo(two);
    expect(await tess.clicksAndHears(card, 'Reveal')).toBe(
      `${id} is over (revoked): nothing more is served from it. Ask again if you still need it.`,
    );
  });

  test('a new password from the command line settles the task, and the cards say so', async () => {
    await keyturn.person('Lena').receives('Change this password');
    const set = ['secret', 'set', 'acme/router', '--as', 'omar@northwind.example'];
    expect(await keyturn.keyturn(set, { input: NEXT })).toMatchObject({ code: 0 });
    await keyturn.person('Tess').receives('Taken back: Omar Haddad changed the password');
    await keyturn.person('Lena').receives('This password was changed');
  });

  test('a request that was recorded does nothing the second time', async () => {
    const { slack } = keyturn;
    keyturn.deliverTo(one);
    const workspace = slack.workspace(NORTHWIND);
    const { payloads } = await import('../../src/playground/slack/index.js');
    const tess = workspace.users.get('U0TESS');
    const channel = workspace.channels.get('C0ACCESS');
    if (!tess || !channel) throw new Error('no Tess');
    const words = 'acme/router 30m firmware #T-2';
    const payload = payloads.slashPayload(
      workspace,
      tess,
      channel,
      '/access',
      words,
      `${slack.url}/response/x`,
    );
    const first = await slack.deliver(NORTHWIND, 'slash', payload);
    expect(first.status).toBe(200);
    const [{ id } = { id: '' }] = await keyturn.rows<{ id: string }>(
      `select id from keyturn.requests where state = 'pending'`,
    );
    await slack.replay(first);
    await keyturn.person('Tess').types(`cancel ${id}`);
    await slack.replay(first);
    expect(await keyturn.rows(`select 1 from keyturn.requests where state = 'pending'`)).toEqual([]);
  });

  test('doctor finds everything within reach once everybody is linked and every password is in custody', async () => {
    expect((await keyturn.keyturn(['doctor'])).code).toBe(1);
    await keyturn.fillVault();
    const everybody = ['Tess', 'Luis', 'Maya', 'Lena', 'Omar', 'Sana', 'Theo', 'Aude', 'Noor'];
    for (const name of everybody) await keyturn.person(name).hears('help');
    const { code, stdout } = await keyturn.keyturn(['doctor']);
    expect(stdout).not.toContain('DO  ');
    expect(stdout).toContain('Everything is within reach.');
    expect(code).toBe(0);
  });

  test('no secret was ever printed, stored or said, however much was logged', async () => {
    await one.running.stop();
    await two.running.stop();
    const logs = keyturn.printed.join('\n');
    expect(logs.length).toBeGreaterThan(1000);
    const token = address.split('#')[1] as string;
    const secrets = [PASSWORD, NEXT, token];
    expect(leaks(logs, ...secrets, 'xoxb-', '8f742231b10e4c55a9d3f0c27be61a94')).toEqual([]);
    expect(leaks(await everythingStored(keyturn.database), ...secrets, 'xoxb-')).toEqual([]);
    expect(leaks(everythingSaid(keyturn.slack), PASSWORD, NEXT)).toEqual([]);
  });
});
