/** What must hold of an activity besides its token, which vouches for Teams and for the server it answers at, and for nothing else. */

import { z } from 'zod';

/** Why an activity was not believed, for the count of such tries. */
export type Unverified = 'token' | 'timestamp' | 'malformed' | 'elsewhere';

/** Messages may wait a while on their way; a copy that somebody kept for later is turned away. */
const MOST_SKEW_MS = 10 * 60_000;

const named = z.string().trim().min(1).max(1000);
const envelope = z.object({
  type: named,
  id: named,
  name: z.string().max(200).optional(),
  timestamp: z.string().max(40),
  channelId: z.literal('msteams'),
  serviceUrl: z.url().max(500),
  from: z.object({ id: named, aadObjectId: z.guid().optional() }),
  recipient: z.object({ id: named }),
  conversation: z.object({
    id: named,
    conversationType: z.enum(['personal', 'channel', 'groupChat']),
    tenantId: z.string().optional(),
  }),
  channelData: z.object({
    tenant: z.object({ id: named }),
    team: z.object({ id: named }).optional(),
  }),
  value: z.unknown().optional(),
  action: z.string().optional(),
  membersAdded: z.array(z.object({ id: named, aadObjectId: z.string().optional() })).optional(),
  membersRemoved: z.array(z.object({ id: named, aadObjectId: z.string().optional() })).optional(),
});

/** An activity whose every field that we go by is there. */
export type Envelope = z.infer<typeof envelope>;

export interface Expected {
  readonly tenant: string;
  readonly appId: string;
  /** A test server; without it only Microsoft's own servers. */
  readonly serviceUrl: string | undefined;
}

/**
 * Reads an activity for one tenant. Never throws.
 * @returns the envelope, or why it is refused: blank and missing fields are refusals, never skipped checks.
 */
export function readEnvelope(
  activity: unknown,
  { tenant, appId, serviceUrl }: Expected,
): { readonly envelope: Envelope } | { readonly refused: Unverified } {
  const read = envelope.safeParse(activity);
  if (!read.success) return { refused: 'malformed' };
  const { channelData, conversation, recipient, ...rest } = read.data;
  if (isAct(rest.type) && rest.from.aadObjectId === undefined) return { refused: 'malformed' };
  const tenants = [channelData.tenant.id, conversation.tenantId ?? tenant];
  if (tenants.some((id) => id.toLowerCase() !== tenant)) return { refused: 'elsewhere' };
  if (recipient.id.toLowerCase() !== `28:${appId.toLowerCase()}`) return { refused: 'elsewhere' };
  if (!isTeams(rest.serviceUrl, serviceUrl)) return { refused: 'elsewhere' };
  const skew = Date.parse(rest.timestamp) - Date.now();
  // Not a number where it is no time at all.
  if (!(Math.abs(skew) <= MOST_SKEW_MS)) return { refused: 'timestamp' };
  return { envelope: read.data };
}

/** Something that somebody does, and not only news of them. */
export function isAct(type: string): boolean {
  return type === 'message' || type === 'invoke';
}

/** Our tokens go there, so only Teams' own servers are written to: the public cloud's and the government's beside it. */
function isTeams(given: string, allowed: string | undefined): boolean {
  const { protocol, hostname, origin, username } = new URL(given);
  if (allowed !== undefined) return origin === new URL(allowed).origin;
  const isOwn = hostname === 'smba.trafficmanager.net' || hostname === 'smba.infra.gcc.teams.microsoft.com';
  return protocol === 'https:' && isOwn && username === '';
}
