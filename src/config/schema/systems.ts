/** `systems` of a client, one shape a type. Secrets are named `vault` and never written here. */

import { z } from 'zod';
import { anyText, duration, exactly, shaped } from './shapes.js';

const id = shaped('id').describe('Unlike that of any other system of any client.');
const vault = z.literal('vault').describe('Always `vault`: keyturn secret set puts it there.');
const text = anyText().min(1).max(1000);
const ca = shaped('certificates')
  .max(100_000)
  .optional()
  .describe('Whose certificates are trusted, in PEM. Default: those that the machine trusts.');

/** What Keyturn changes by itself it may be late with. */
const connected = {
  id,
  alarm_after: duration()
    .default(15 * 60)
    .describe('Leads are told when access couldn’t be taken back for this long. At most 1d. Default: 15m.'),
};

export const system = z.discriminatedUnion('type', [
  exactly({
    ...connected,
    type: z.literal('active-directory'),
    url: shaped('ldapUrl').describe('ldaps://, or ldap:// with start_tls: true.'),
    start_tls: z.boolean().optional().describe('Encrypt an ldap:// connection before anything is said.'),
    base_dn: text,
    bind_dn: text,
    bind_password: vault,
    ca,
    jit_ou: text.optional().describe('Where logins made for a grant are put, as a distinguished name.'),
  }),
  exactly({
    ...connected,
    type: z.literal('ssh'),
    host: shaped('host'),
    host_key: shaped('hostKey'),
    user: shaped('unixName').optional().describe('Whom Keyturn signs in as to change things.'),
    secret: vault.optional().describe('The password or private key of user. Always `vault`.'),
    sudo: z.boolean().optional().describe('Whether user needs sudo to change things.'),
  }),
  exactly({
    ...connected,
    type: z.literal('postgres'),
    url: shaped('postgresUrl').describe('As keyturn where it names nobody. TLS is always verified.'),
    password: vault,
    ca,
  }),
  exactly({
    ...connected,
    type: z.literal('webhook'),
    url: shaped('webhookUrl').describe('https://, or http:// on this machine.'),
    secret: vault,
  }),
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

interface Kind {
  /** Types of system that it can live on; null: any, or none. */
  readonly systems: readonly string[] | null;
  readonly deliver: readonly string[];
}

/** What each kind of account lives on and can be delivered by. */
export const kinds: Readonly<Record<string, Kind>> = {
  password: { systems: null, deliver: ['reveal', 'rdp'] },
  'ad-account': { systems: ['active-directory'], deliver: ['reveal', 'rdp'] },
  'ad-group': { systems: ['active-directory'], deliver: ['elevate'] },
  'ssh-account': { systems: ['ssh'], deliver: ['ssh', 'reveal'] },
  'ssh-group': { systems: ['ssh', 'webhook'], deliver: ['elevate'] },
  'postgres-role': { systems: ['postgres'], deliver: ['sql'] },
  'postgres-group': { systems: ['postgres'], deliver: ['elevate'] },
  'aws-root': { systems: ['aws'], deliver: ['reveal'] },
  'aws-role': { systems: ['aws'], deliver: ['aws-console'] },
};
