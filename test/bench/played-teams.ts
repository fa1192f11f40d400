/** A fake Teams as a process of its own: its people do what they are told, and every update of a message is told. */

import { FakeTeams, type TenantOptions } from '../../src/playground/teams/index.js';
import { obey, tell } from './played.js';

const tenants = JSON.parse(process.argv[2] ?? '[]') as TenantOptions[];
const teams = await FakeTeams.start({ rateLimits: false, tenants });

teams.on('call', ({ operation, tenant = '', conversation = '', activityId = '', body, status }) => {
  if (operation !== 'updateActivity' || status !== 200) return;
  tell({
    updated: { workspace: tenant, channel: conversation, message: activityId, body: JSON.stringify(body) },
  });
});
obey({
  presses: (...given: Parameters<FakeTeams['presses']>) => teams.presses(...given),
  says: (...given: Parameters<FakeTeams['says']>) => teams.says(...given),
});
process.send?.({ url: teams.url, metadataUrl: teams.metadataUrl, serviceUrl: teams.globalServiceUrl });
