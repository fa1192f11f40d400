/** `systems` of a client, one shape a type. Secrets are named `vault` and never written here. */

import { z } from 'zod';
import { anyText, exactly, shaped } from './shapes.js';

const id = shaped('id').describe('Unlike that of any other system of any client.');
const vault = z.literal('vault').describe('Always `vault`: keyturn secret set puts it there.');
const text = anyText().min(1).max(1000);

export const system = z.discriminatedUnion('type', [
  exactly({
    id,
    type: z.literal('active-directory'),
    url: shaped('ldapUrl'),
    base_dn: text,
    bind_dn: text,
    bind_password: vault,
  }),
  exactly({ id, type: z.literal('ssh'), host: shaped('host'), host_key: shaped('hostKey') }),
  exactly({ id, type: z.literal('postgres'), url: shaped('postgresUrl'), password: vault }),
  exactly({
    id,
    type: z.literal('aws'),
    account: shaped('awsAccount'),
    region: shaped('awsRegion'),
    credentials: vault,
    external_id: text.optional(),
  }),
  exactly({ id, type: z.literal('manual').describe('Somebody changes passwords here by hand.') }),
]);

/** What each kind of account lives on and can be delivered by. `system: null` means any, or none. */
export const kinds = {
  password: { system: null, deliver: ['reveal', 'rdp'] },
  'ad-account': { system: 'active-directory', deliver: ['reveal', 'rdp'] },
  'ad-group': { system: 'active-directory', deliver: ['elevate'] },
  'ssh-account': { system: 'ssh', deliver: ['ssh', 'reveal'] },
  'postgres-role': { system: 'postgres', deliver: ['sql'] },
  'aws-root': { system: 'aws', deliver: ['reveal'] },
  'aws-role': { system: 'aws', deliver: ['aws-console'] },
} as const;
