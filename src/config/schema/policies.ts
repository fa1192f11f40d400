/** `policies`: who must approve, how long, whether break-glass is allowed. */

import { z } from 'zod';
import { duration, exactly, shaped, some } from './shapes.js';

const step = exactly({
  from: shaped('reference').describe('A group, a tier, leads, contacts, or an e-mail address.'),
  need: z.number().int().min(1).max(10).describe('How many distinct people.'),
});

const mfaFlags = exactly({
  approve: z.boolean().default(true),
  reveal: z.boolean().default(true),
  break_glass: z.boolean().default(true),
});

export const policy = exactly({
  approvals: z
    .union([z.literal('none'), some(step)])
    .describe('`none`, or the steps, all of which must be met by distinct people.'),
  durations: some(duration()).describe('Offered in the form. From 5m to the longest may be typed.'),
  max_total: duration().optional().describe('The longest a grant may become with extensions.'),
  decide_within: duration()
    .default(8 * 3600)
    .describe('A request lapses after this. Default: 8h.'),
  ticket: z.enum(['required', 'optional']).default('optional'),
  confirm_client_name: z.boolean().default(false).describe('The requester types the client’s name.'),
  link_lives: duration().default(600).describe('How long a reveal link lives, at most 10m. Default: 10m.'),
  mfa: z
    .union([z.boolean(), mfaFlags])
    .default(true)
    .describe('false, or one flag an act. Every flag is true unless said otherwise.'),
  escalate: exactly({
    after: duration(),
    to: shaped('reference'),
    may_decide: z.boolean().default(false).describe('They may decide too. Default: they are only told.'),
  })
    .optional()
    .describe('Whom to tell when nobody decides.'),
  break_glass: exactly({
    may: some(shaped('reference')).describe('Who may take access at once.'),
    max_duration: duration(),
    review_within: duration(),
    notify: some(shaped('reference')).describe('Who is told at once.'),
  })
    .optional()
    .describe('Absent: no break-glass.'),
});
