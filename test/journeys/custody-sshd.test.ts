/** A client's server behind a real sshd: a root password that is changed, and groups of the system that are lent. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signsIn } from '../support/ssh-client.js';
import { type Sshd, startSshd } from '../support/sshd.js';
import { idIn, openWorld, replaceSecret, type World } from '../support/world.js';

const FIRST = 'the-first-password-of-web1';

describe('a client’s server', () => {
  let sshd: Sshd;
  let world: World;
  beforeAll(async () => {
    sshd = await startSshd();
    await sshd.addUser('deploy', FIRST);
    await sshd.addUser('tess', 'her-own-password');
    await sshd.run(['groupadd', 'operators']);
    const root = 'root-password-of-web1';
    await sshd.run(['chpasswd'], `root:${root}\n`);
    const system = `{ id: acme-web1, type: ssh, host: "${sshd.host}:${sshd.port}", host_key: "${sshd.hostKey}", user: root, secret: vault }`;
    const lent = 'may_request: [L1, L2, L3], policy: helpdesk';
    const accounts = `      - { id: deploy, name: "deploy on web1", kind: ssh-account, system: acme-web1, username: deploy, deliver: [reveal], ${lent} }
      - { id: ops, name: "operators on web1", kind: ssh-group, system: acme-web1, group: operators, elevate: { as: own }, deliver: [elevate], ${lent} }
      - { id: visitor, name: "A login on web1", kind: ssh-group, system: acme-web1, group: operators, elevate: { as: jit }, deliver: [elevate], ${lent} }
`;
    world = await openWorld('server', {
      config: (text) =>
        text
          .replace(/(colour: green\n)/, `$1    systems:\n      - ${system}\n`)
          .replace(/( {6}- \{ id: front-desk)/, `${accounts}$1`)
          .replace('name: Tess Tran,   tier: L2', 'name: Tess Tran,   tier: L2, logins: { acme-web1: tess }'),
    });
    await sets('system:acme-web1', root);
    await sets('deploy', FIRST);
  }, 60_000);
  afterAll(async () => {
    await world.close();
    await sshd.close();
  });

  const sets = (account: string, secret: string) => replaceSecret(world.app, 'acme', account, secret);

  const groupsOf = async (login: string) => (await sshd.run(['id', '-nG', login])).trim().split(' ');

  test('the password that was shown is refused from its return on, and the new one signs in', async () => {
    const tess = world.person('Tess');
    const grant = idIn(await tess.hears('acme/deploy 30m restart the shop'), 'G');
    await tess.receives(`${sshd.host}:${sshd.port}`, grant);
    expect(await tess.reveals(grant)).toBe(FIRST);
    expect(await signsIn(sshd, 'deploy', { password: FIRST })).toBe(true);
    await tess.types(`return ${grant}`);
    await tess.receives('Taken back, checked at the target', grant);
    expect(await signsIn(sshd, 'deploy', { password: FIRST })).toBe(false);
    const next = idIn(await tess.hears('acme/deploy 30m restart it again'), 'G');
    expect(await signsIn(sshd, 'deploy', { password: await tess.reveals(next) })).toBe(true);
  });

  test('one’s own login is in the group during the grant only', async () => {
    const tess = world.person('Tess');
    expect(await groupsOf('tess')).not.toContain('operators');
    const grant = idIn(await tess.hears('acme/ops 30m logs'), 'G');
    await tess.receives('is in the group now', grant);
    expect(await groupsOf('tess')).toContain('operators');
    await tess.types(`return ${grant}`);
    await tess.receives('Taken back, checked at the target', grant);
    expect(await groupsOf('tess')).not.toContain('operators');
  });

  test('a login that was made for the grant signs in, and is gone with it', async () => {
    const luis = world.person('Luis');
    const grant = idIn(await luis.hears('acme/visitor 30m logs'), 'G');
    const login = `kt-${grant.slice(2).toLowerCase()}`;
    await luis.receives(`The login ${login} was made for you`, grant);
    expect(await signsIn(sshd, login, { password: await luis.reveals(grant) })).toBe(true);
    expect(await groupsOf(login)).toContain('operators');
    await luis.types(`return ${grant}`);
    await luis.receives('the login is gone', grant);
    await expect(sshd.run(['getent', 'passwd', login])).rejects.toThrow();
  });

  test('a server with another host key is told nothing, and the leads are told to stop', async () => {
    const tess = world.person('Tess');
    const other = await startSshd();
    try {
      await world.reconfigure((text) =>
        text
          .replace(
            /(colour: green\n)/,
            `$1    systems:\n      - { id: acme-web1, type: ssh, host: "${other.host}:${other.port}", host_key: "${sshd.hostKey}", user: root, secret: vault }\n`,
          )
          .replace(
            /( {6}- \{ id: front-desk)/,
            `      - { id: ops, name: "operators on web1", kind: ssh-group, system: acme-web1, group: operators, elevate: { as: own }, deliver: [elevate], may_request: [L1, L2, L3], policy: helpdesk }\n$1`,
          )
          .replace('name: Tess Tran,   tier: L2', 'name: Tess Tran,   tier: L2, logins: { acme-web1: tess }'),
      );
      const grant = idIn(await tess.hears('acme/ops 30m logs once more'), 'G');
      await tess.receives('shows the host key', grant);
      await world.person('Lena').receives('Stop: a target isn’t the one that it should be', 'acme-web1');
      expect(await other.log()).not.toContain('Accepted');
    } finally {
      await other.close();
    }
  });
});
