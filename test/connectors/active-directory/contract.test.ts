/** Active Directory keeps what every connector keeps: over a real domain, by LDAPS. */

import { connectorContract } from '../../contracts/connectors.js';
import { HASTY_MS, OWN_PASSWORD, openCorp } from './world.js';

connectorContract('active-directory', async () => {
  const corp = await openCorp();
  const { directory } = corp;
  return {
    connector: corp.open(),
    stranger: corp.open({}, 'Not-the-password-1'),
    limitMs: HASTY_MS,
    hasty: corp.open({}, OWN_PASSWORD, HASTY_MS),
    line: corp.line,
    group: await directory.makeGroup('Helpdesk Resets'),
    secrets: [OWN_PASSWORD, 'Not-the-password-1'],
    make: async (login, password) => {
      await directory.makeUser(login, password);
    },
    signsIn: async (login, password) => (await directory.signIn(login, password)) === 'works',
    exists: async (login) => (await directory.entry(login)) !== null,
    memberOf: directory.memberOf,
    close: corp.close,
  };
}, ['elevate', 'withdraw', 'enable', 'disable', 'dependencies', 'jitLogins', 'newPassword']);
