/** `clients`, with their contacts, systems and accounts. */

import { z } from 'zod';
import { contact } from './people.js';
import { anyText, duration, exactly, shaped, some } from './shapes.js';
import { system } from './systems.js';

const every = {
  id: shaped('id').describe('Unlike that of any other account of this client.'),
  name: shaped('name').describe('As people read it on cards.'),
  may_request: some(shaped('reference')).describe('Tiers, groups, leads, contacts, or e-mail addresses.'),
  deliver: some(z.enum(['reveal', 'ssh', 'sql', 'aws-console', 'elevate', 'rdp'])).describe(
    'How it arrives.',
  ),
  policy: anyText().describe('The id of a policy.'),
  exclusive: z
    .boolean()
    .optional()
    .describe('Lent to one holder at a time. Default: true where the password can be revealed.'),
};

const username = shaped('name');
const system_ = anyText().describe('The id of a system of the same client.');

const rotate = exactly({
  after_use: z
    .boolean()
    .optional()
    .describe('Change a password that was shown when its grant ends. false: a person does. Default: true.'),
  every: duration().optional().describe('Change it this often even when unused.'),
}).describe('Absent: changed after use wherever the type of its system can.');

const withPassword = {
  ...every,
  owner: shaped('email').optional().describe('Who changes the password by hand. Default: a lead.'),
  totp: z.boolean().default(false).describe('Keyturn holds the seed of its one-time codes.'),
  totp_held_by: z.enum(['contacts']).optional().describe('The client’s contacts hold its one-time codes.'),
  rotate: rotate.optional(),
};

const elevate = exactly({
  as: z.enum(['own', 'jit']).describe('own: the person’s own login. jit: a login made for the grant.'),
});

export const account = z.discriminatedUnion('kind', [
  exactly({
    ...withPassword,
    kind: z.literal('password'),
    system: system_.optional(),
    username: username.optional(),
  }),
  exactly({
    ...withPassword,
    kind: z.literal('ad-account'),
    system: system_,
    username,
    at_rest: z
      .enum(['disabled'])
      .optional()
      .describe('Switched off while nobody has it. Absent: left alone.'),
  }),
  exactly({
    ...withPassword,
    kind: z.literal('ssh-account'),
    system: system_,
    username,
    port_forwarding: z.boolean().optional().describe('Sessions may forward ports. Default: false.'),
    idle_limit: duration().optional().describe('A session without a byte for so long ends. Default: 15m.'),
  }),
  exactly({ ...withPassword, kind: z.literal('aws-root'), system: system_, username }),
  exactly({
    ...every,
    kind: z.literal('ad-group'),
    system: system_,
    group: anyText().min(1).max(1000).describe('Distinguished name of the group.'),
    elevate,
  }),
  exactly({
    ...every,
    kind: z.literal('ssh-group'),
    system: system_,
    group: shaped('name').describe('Name of the group on a system of type ssh or webhook.'),
    elevate,
  }),
  exactly({
    ...every,
    kind: z.literal('postgres-role'),
    system: system_,
    role_template: shaped('name').describe('The role that each login made for a grant is granted.'),
  }),
  exactly({
    ...every,
    kind: z.literal('postgres-group'),
    system: system_,
    group: shaped('name').describe('The role that logins are granted.'),
    elevate,
  }),
  exactly({
    ...every,
    kind: z.literal('aws-role'),
    system: system_,
    role_arn: shaped('roleArn'),
    boundary: shaped('policyArn').optional(),
  }),
]);

export const client = exactly({
  id: shaped('id').describe('The part before the slash in what people type: acme/front-desk.'),
  name: shaped('name'),
  engagement: z.enum(['managed', 'co-managed']),
  colour: z
    .enum(['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'brown'])
    .describe('Marks every card.'),
  staff: z.array(shaped('reference')).default([]).describe('Whose work this client is. Empty: all staff.'),
  domains: z.array(shaped('domain')).default([]).describe('E-mail domains of the client’s own people.'),
  contacts: z.array(contact).default([]).describe('The client’s own people.'),
  systems: z.array(system).default([]),
  accounts: z.array(account).default([]),
});
