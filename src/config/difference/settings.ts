/** `operator`, `mfa` and `chat`, told apart as written: who is told of the day, who answers for whom, and whether anybody has to. */

import { aspect, type Described, label, listAspect, settings } from './aspects.js';

/** The top of a configuration, as stored: it passed every check, and names its secrets by variable. */
export interface Settings {
  readonly operator?: {
    readonly name: string;
    readonly timezone: string;
    readonly digest?: { readonly at?: string; readonly to?: readonly string[] };
  };
  readonly mfa?: {
    readonly order: readonly string[];
    readonly duo_push?: Readonly<Record<string, string>>;
    readonly duo_universal?: Readonly<Record<string, string>>;
  } | null;
  readonly chat?: {
    readonly slack?: readonly Readonly<Record<string, string>>[];
    readonly teams?: readonly Readonly<Record<string, string>>[];
  } | null;
}

/** Whoever isn't sent the digest any more doesn't see what happens, nor the heads of the audit trail. */
export function describeOperator({ name, timezone, digest }: NonNullable<Settings['operator']>): Described {
  const { at = '08:00', to = ['leads'] } = digest ?? {};
  return {
    summary: name,
    opensWhenAdded: false,
    aspects: [
      label('name', name),
      label('timezone', timezone),
      label('digest at', at),
      listAspect('digest to', to, 'less'),
    ],
  };
}

export function describeMfa(mfa: NonNullable<Settings['mfa']>): Described {
  const { verified: pushes = 'required', ...push } = mfa.duo_push ?? {};
  return {
    summary: mfa.order.join(', '),
    opensWhenAdded: false,
    opensWhenGone: true,
    aspects: [
      // Each further factor is one more way to prove who one is.
      listAspect('order', mfa.order, 'more'),
      // Whoever answers there answers for everybody.
      settings('duo_push', mfa.duo_push && push, true),
      settings('duo_universal', mfa.duo_universal, true),
      aspect('verified pushes', pushes, pushes, (before) => STRICT.indexOf(pushes) < STRICT.indexOf(before)),
    ],
  };
}

const STRICT = ['never', 'when-offered', 'required'];

/** A workspace or tenant: it vouches for the people in it. */
export function describeChat(entry: Readonly<Record<string, string>>): Described {
  const { requests_channel: requests, alerts_channel: alerts, ...who } = entry;
  return {
    summary: `of ${entry.of}`,
    opensWhenAdded: true,
    aspects: [
      settings('is reached by', who, true),
      settings('requests_channel', requests),
      aspect('alerts_channel', alerts, alerts ?? 'none', () => alerts === undefined),
    ],
  };
}
