/** The connector for the operator’s own automations keeps what every connector keeps, over real HTTP. */

import { connectorContract, type TargetWorld } from '../../contracts/connectors.js';
import { cuttable } from '../../support/cuttable.js';
import { startAutomation } from './automation.js';
import { KEY, urlOf, wayTo } from './support.js';

async function openWorld(): Promise<TargetWorld> {
  const automation = await startAutomation(KEY);
  const { people, groups } = automation;
  const line = await cuttable(automation);
  groups.set('resets', new Set());
  return {
    connector: wayTo({ url: urlOf(line) }),
    stranger: wayTo({ url: urlOf(line), key: `${KEY}x` }),
    limitMs: 2_000,
    line,
    group: 'resets',
    secrets: [KEY],
    make: async (login, password) => void people.set(login, password),
    signsIn: async (login, password) => people.get(login) === password,
    exists: async (login) => people.has(login),
    memberOf: async (login, group) => groups.get(group)?.has(login) ?? false,
    async close() {
      await line.close();
      await automation.close();
    },
  };
}

connectorContract('webhook', openWorld, ['elevate', 'withdraw']);
