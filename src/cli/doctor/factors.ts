/** `doctor` on second factors: is Duo within reach, does it accept the keys, do its clock and ours agree? */

import type { MfaSettings } from '../../config/config.js';
import type { Environment } from '../../config/environment.js';
import type { Failed } from '../../mfa/provider.js';
import { type DuoEndpoints, duoHost, openPush, openUniversal } from '../../mfa/providers.js';
import { type Application, sayDuoFailure } from './duo-failure.js';
import { bad, type Finding, good } from './finding.js';

/** Duo refuses calls that are five minutes off: said long before, while there is time to act. */
const WORTH_SAYING_SECONDS = 60;
/** Duo's "timestamp too far from Duo service time", which it says before it looks at the keys. */
const BAD_TIMESTAMP = 40105;

/**
 * What there is to say of the configured factors. Asks Duo, and never throws for what Duo answers.
 * One-time codes need no server, and their clock is the database's.
 */
export async function onFactors(
  mfa: MfaSettings | null,
  { publicUrl, testEndpoints }: Pick<Environment, 'publicUrl' | 'testEndpoints'>,
): Promise<Finding[]> {
  if (mfa === null)
    return [
      // A file whose policies ask for one is refused long before: this is somebody's choice.
      good(
        'no second factor is configured, as no policy asks for one: approvals rest on chat alone. For better, add mfa: { order: [totp] } at the top of keyturn.yaml and take mfa: false out of its policies',
      ),
    ];
  const { duoPush, duoUniversal } = mfa;
  const findings = await Promise.all([
    duoPush ? onPush(duoPush, testEndpoints) : [],
    duoUniversal ? onUniversal(duoUniversal, publicUrl, testEndpoints) : [],
  ]);
  return findings.flat();
}

async function onPush(
  settings: NonNullable<MfaSettings['duoPush']>,
  endpoints: DuoEndpoints,
): Promise<Finding[]> {
  const at = { application: 'duo_push', host: duoHost(settings.host, endpoints) } as const;
  const push = await openPush(settings, endpoints);
  try {
    const time = await push.time();
    if (typeof time !== 'number') return [bad(sayDuoFailure(time, at))];
    const ahead = Math.round(Date.now() / 1000 - time);
    return [good(`Duo answers at ${at.host}`), ...onKeys(await push.check(), ahead, at)];
  } finally {
    push.close();
  }
}

function onKeys(checked: number | Failed, ahead: number, at: Application): Finding[] {
  const found = typeof checked === 'number' ? null : checked;
  // Nothing is known of keys that Duo didn't look at, and the clock is all there is to do.
  if (found && 'code' in found && found.code === BAD_TIMESTAMP)
    return [bad(`${apart(ahead)}, so Duo refuses every call, whatever its keys: have it follow NTP`)];
  return [onClock(ahead), found ? bad(sayDuoFailure(found, at)) : accepted(at)];
}

function onClock(ahead: number): Finding {
  return Math.abs(ahead) < WORTH_SAYING_SECONDS
    ? good("this machine's clock agrees with Duo's")
    : bad(`${apart(ahead)}, and from five minutes on Duo refuses every call: have it follow NTP`);
}

function apart(ahead: number): string {
  return `this machine's clock is ${Math.abs(ahead)} seconds ${ahead < 0 ? 'behind' : 'ahead of'} Duo's`;
}

async function onUniversal(
  settings: NonNullable<MfaSettings['duoUniversal']>,
  publicUrl: string,
  endpoints: DuoEndpoints,
): Promise<Finding[]> {
  const at = { application: 'duo_universal', host: duoHost(settings.host, endpoints) } as const;
  const opened = await openUniversal(settings, publicUrl, endpoints).catch((error: Error) => error);
  if (opened instanceof Error) return [bad(opened.message)];
  try {
    const checked = await opened.check();
    return [checked === 'ok' ? accepted(at) : bad(sayDuoFailure(checked, at))];
  } finally {
    opened.close();
  }
}

function accepted({ application }: Application): Finding {
  return good(`Duo accepts the keys of mfa.${application}`);
}
