/** The connector for Unix systems keeps what every connector keeps, over a real sshd. */

import { connectorContract, type TargetWorld } from '../../contracts/connectors.js';
import { cuttable } from '../../support/cuttable.js';
import { signsIn } from '../../support/ssh-client.js';
import { startSshd } from '../../support/sshd.js';
import { aPassword, wayTo } from './support.js';

const GROUP = 'resets';
const LIMIT_MS = 8_000;
/** For a target that never answers, which is waited for twice. */
const HASTY_MS = 2_500;

async function openWorld(): Promise<TargetWorld> {
  const sshd = await startSshd();
  const line = await cuttable(sshd);
  const root = aPassword();
  await sshd.run(['chpasswd'], `root:${root.reveal()}\n`);
  await sshd.run(['groupadd', GROUP]);
  const way = { host: line.host, port: line.port, user: 'root', limitMs: LIMIT_MS };
  const has = (command: string[]) =>
    sshd.run(command).then(
      () => true,
      () => false,
    );
  return {
    connector: wayTo(sshd, { ...way, secret: root }),
    stranger: wayTo(sshd, { ...way, secret: aPassword() }),
    hasty: wayTo(sshd, { ...way, secret: root, limitMs: HASTY_MS }),
    limitMs: HASTY_MS,
    line,
    group: GROUP,
    secrets: [root.reveal()],
    make: (login, password) => sshd.addUser(login, password),
    signsIn: (login, password) => signsIn(sshd, login, { password }),
    exists: (login) => has(['getent', 'passwd', login]),
    memberOf: async (login, group) =>
      (await has(['id', login])) && (await sshd.run(['id', '-nG', login])).trim().split(' ').includes(group),
    async close() {
      await line.close();
      await sshd.close();
    },
  };
}

connectorContract('ssh', openWorld, ['elevate', 'withdraw', 'endSessions', 'jitLogins', 'newPassword']);
