/** `people`, `groups`, and the contacts of a client. */

import { z } from 'zod';
import { anyText, exactly, shaped, some } from './shapes.js';

const duoUsername = anyText()
  .min(1)
  .max(255)
  .optional()
  .describe('Where it differs from the e-mail address.');

export const person = exactly({
  email: shaped('email'),
  name: shaped('name'),
  tier: z.enum(['L1', 'L2', 'L3', 'lead']).optional().describe('Either a tier or a role.'),
  role: z.enum(['auditor']).optional().describe('An auditor reads, and never asks or decides.'),
  duo_username: duoUsername,
  logins: z
    .record(anyText(), anyText().min(1).max(255))
    .optional()
    .describe('The person’s own logins, by system id.'),
});

export const contact = exactly({
  email: shaped('email').describe('In one of the client’s domains.'),
  name: shaped('name'),
  title: shaped('name').optional(),
  approves: z.boolean().default(false).describe('May decide for this client.'),
  requests: z.boolean().default(false).describe('May ask for this client’s accounts.'),
  duo_username: duoUsername,
});

export const groups = z
  .record(shaped('id'), some(shaped('reference')))
  .describe('Names for several people: e-mail addresses, tiers, leads, or other groups.');
