/** What an offboarding ended, item by item, in the cells of a table. */

import type { Directory } from './directory.js';
import type { ReportCell } from './report-data.js';
import { sayClock } from './report-instant.js';
import type { SweepItem, SweepItemKind } from './sweep.js';

const WHAT: Readonly<Record<SweepItemKind, string>> = {
  grant: 'Access',
  link: 'Link',
  request: 'Request',
  vote: 'Vote that counts no more',
  identity: 'Chat account',
  factor: 'Authenticator',
  'ssh-key': 'SSH key',
  session: 'Live session',
  proof: 'Question to their factor',
  role: 'Role',
  account: 'Account they owned',
  task: 'Password they had to change',
  exposure: 'Password they were shown',
  review: 'Break-glass to be reviewed',
  proposal: 'Proposed configuration',
};

export function sayItem(
  { kind, subject, client, state, data, at, doneAt }: SweepItem,
  directory: Directory,
): ReportCell[] {
  const where = client === null ? [] : [directory.client(client)?.name ?? client];
  const account = typeof data.account === 'string' ? [data.account] : [];
  const heir = typeof data.heir === 'string' ? [`now with ${directory.nameOf(data.heir)}`] : [];
  const done = state === 'done' ? `Done, ${sayClock(doneAt ?? at, directory)}` : 'Left to do by hand';
  return [[WHAT[kind]], [subject, ...account, ...where, ...heir], [done]];
}
