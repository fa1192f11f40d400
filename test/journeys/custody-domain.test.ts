/** A client's Active Directory domain, a real one: passwords changed, groups and logins lent and taken back, whoever is killed meanwhile. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Corp, OWN_PASSWORD, openCorp } from '../connectors/active-directory/world.js';
import { type Deployment, openDeployment, type Replica } from '../support/deployment.js';
import { CONFIG, idIn } from '../support/world.js';

const LENA = ['--as', 'lena@northwind.example'];
const FIRST = 'The-first-4-password';

describe('a client’s domain', () => {
  let keyturn: Deployment;
  let corp: Corp;
  let replica: Replica;
  let folder: string;
  let env: Record<string, string>;
  let group: string;
  beforeAll(async () => {
    [keyturn, corp] = await Promise.all([openDeployment(), openCorp()]);
    const { directory, domain, line } = corp;
    await directory.makeUser('ops.adm', FIRST);
    await directory.makeUser('tess.adm', 'Tess-keeps-3-this');
    const resting = await directory.makeUser('rest.adm', FIRST);
    await directory.set(resting, 'userAccountControl', '514');
    await directory.makeUser('svc.web', FIRST, { servicePrincipalName: 'HTTP/web1.corp.test' });
    group = await directory.makeGroup('Helpdesk Resets');
    folder = await mkdtemp(join(tmpdir(), 'keyturn-domain-'));
    env = { KEYTURN_CONFIG: join(folder, 'keyturn.yaml') };
    const lent = 'may_request: [L1, L2, L3], policy: helpdesk';
    const account = (id: string, username: string, more = '') =>
      `      - { id: ${id}, name: "${username}", kind: ad-account, system: acme-ad, username: ${username}, deliver: [reveal], ${lent}${more} }\n`;
    const lends = (id: string, as: string) =>
      `      - { id: ${id}, name: "Resets, ${as}", kind: ad-group, system: acme-ad, group: "${group}", elevate: { as: ${as} }, deliver: [elevate], ${lent} }\n`;
    const accounts = [
      account('ops', 'ops.adm'),
      account('rest', 'rest.adm', ', at_rest: disabled'),
      account('web', 'svc.web'),
      lends('resets', 'own'),
      lends('visitor', 'jit'),
    ].join('');
    const own = `CN=keyturn,${directory.usersDn}`;
    const system = `{ id: acme-ad, type: active-directory, url: "ldaps://${line.host}:${line.port}", base_dn: "${domain.baseDn}", bind_dn: "${own}", bind_password: vault, ca: ${JSON.stringify(domain.ca)} }`;
    const text = (await readFile(CONFIG, 'utf8'))
      .replace(/(colour: green\n)/, `$1    systems:\n      - ${system}\n`)
      .replace(/( {6}- \{ id: front-desk)/, `${accounts}$1`)
      .replace('name: Tess Tran,   tier: L2', 'name: Tess Tran,   tier: L2, logins: { acme-ad: tess.adm }');
    await writeFile(env.KEYTURN_CONFIG as string, text);
    replica = await keyturn.start({ env });
    const put = { 'acme/acme-ad': OWN_PASSWORD, 'acme/ops': FIRST, 'acme/rest': FIRST, 'acme/web': FIRST };
    for (const [name, input] of Object.entries(put))
      expect(await keyturn.keyturn(['secret', 'set', name, ...LENA], { env, input })).toMatchObject({
        code: 0,
      });
  }, 180_000);
  afterAll(async () => {
    await keyturn.close();
    await corp.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    if (replica.running.child.exitCode ?? replica.running.child.signalCode)
      replica = await keyturn.start({ env });
  }, 60_000);

  const readBackOf = async (grant: string) =>
    (
      await keyturn.rows<{ data: Record<string, unknown> }>(
        `select data from keyturn.audit_events where subject = $1 and action = 'revocation.done'`,
        [grant],
      )
    )[0]?.data;

  test('the password that was shown is refused from its return on, the new one signs in, and both were read there', async () => {
    const tess = keyturn.person('Tess');
    const grant = idIn(await tess.hears('acme/ops 1h replication'), 'G');
    expect(await tess.reveals(grant)).toBe(FIRST);
    expect(await corp.directory.signIn('ops.adm', FIRST)).toBe('works');
    await tess.types(`return ${grant}`);
    await tess.receives('Taken back, checked at the target', grant);
    expect(await corp.directory.signIn('ops.adm', FIRST)).toBe('52e');
    expect(await readBackOf(grant)).toMatchObject({ newWorks: true, oldRefused: true, secretVersion: 2 });
    const next = idIn(await tess.hears('acme/ops 1h replication again'), 'G');
    expect(await corp.directory.signIn('ops.adm', await tess.reveals(next))).toBe('works');
  }, 120_000);

  test('a membership is there during the grant only, although Keyturn is killed in the middle of it', async () => {
    const tess = keyturn.person('Tess');
    expect(await corp.directory.memberOf('tess.adm', group)).toBe(false);
    const grant = idIn(await tess.hears('acme/resets 30m locked out users'), 'G');
    await tess.receives('is in the group now', grant);
    expect(await corp.directory.memberOf('tess.adm', group)).toBe(true);
    await replica.running.kill('SIGKILL');
    await keyturn.wait(31 * 60);
    replica = await keyturn.start({ env });
    await tess.receives('Taken back, checked at the target', grant);
    expect(await corp.directory.memberOf('tess.adm', group)).toBe(false);
    expect(await readBackOf(grant)).toMatchObject({ readBack: 'the login is not in the group any more' });
  }, 120_000);

  test('whoever is in the group by another group stays in it, and neither card nor trail says that they left', async () => {
    const tess = keyturn.person('Tess');
    const { directory } = corp;
    const inner = await directory.makeGroup('Night Shift');
    await directory.addMember(inner, (await directory.entry('tess.adm'))?.dn ?? '');
    await directory.addMember(group, inner);
    const grant = idIn(await tess.hears('acme/resets 30m locked out again'), 'G');
    await tess.receives('is in the group now', grant);
    await tess.types(`return ${grant}`);
    const left = 'the login was taken out of the group, and is in it still by another group';
    await tess.receives(left, grant);
    expect(await directory.memberOf('tess.adm', group)).toBe(false);
    expect(await readBackOf(grant)).toMatchObject({ readBack: left });
  }, 120_000);

  test('a login that was made for the grant signs in and is in the group, and is gone with the grant', async () => {
    const luis = keyturn.person('Luis');
    const grant = idIn(await luis.hears('acme/visitor 30m locked out users'), 'G');
    const login = `kt-${grant.slice(2).toLowerCase()}`;
    await luis.receives(`The login ${login} was made for you`, grant);
    expect(await corp.directory.memberOf(login, group)).toBe(true);
    expect(await corp.directory.signIn(login, await luis.reveals(grant))).toBe('works');
    await keyturn.person('Lena').types(`revoke ${grant} done with it`);
    await luis.receives('the login is gone', grant);
    expect(await corp.directory.entry(login)).toBeNull();
  }, 120_000);

  test('a login that is switched off at rest is on during the grant only, and its password is another afterwards', async () => {
    const tess = keyturn.person('Tess');
    expect(await corp.directory.signIn('rest.adm', FIRST)).toBe('533');
    const grant = idIn(await tess.hears('acme/rest 30m schema work'), 'G');
    await tess.receives('Yours until', grant);
    expect(await corp.directory.signIn('rest.adm', await tess.reveals(grant))).toBe('works');
    await tess.types(`return ${grant}`);
    await tess.receives('the login is switched off', grant);
    expect(await corp.directory.signIn('rest.adm', FIRST)).not.toBe('works');
    expect(await readBackOf(grant)).toMatchObject({ secretVersion: 2 });
  }, 120_000);

  test('what hangs on a password is named before it is changed: Keyturn alone doesn’t change it, and a lead who has read it does', async () => {
    const lena = keyturn.person('Lena');
    expect(await lena.hears('rotate acme/web')).toContain('Keyturn changes the password of acme/web now');
    await lena.receives('On this password hang HTTP/web1.corp.test', 'acme-ad');
    expect(await corp.directory.signIn('svc.web', FIRST)).toBe('works');
    const asked = await keyturn.keyturn(['rotate', 'acme/web', '--yes', ...LENA], { env });
    expect(asked).toMatchObject({ code: 0 });
    expect(asked.stdout).toContain('HTTP/web1.corp.test');
    await lena.receives('The password of acme/web is a new one since');
    expect(await corp.directory.signIn('svc.web', FIRST)).toBe('52e');
  }, 120_000);
});
