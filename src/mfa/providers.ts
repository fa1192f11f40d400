/** From `mfa` in keyturn.yaml to the factors that can be asked. Only those that are configured are loaded. */

import type { MfaSettings } from '../config/config.js';
import type { TestEndpoints } from '../config/test-endpoints.js';
import type { Method } from '../core/proof.js';
import type { DuoPush, DuoPushSettings } from './duo-push.js';
import type { DuoUniversal, DuoUniversalSettings } from './duo-universal.js';

/** Where a played Duo is, and the authority of its certificate. Empty: Duo itself. */
export type DuoEndpoints = Pick<TestEndpoints, 'duoApiUrl' | 'duoCa' | 'duoBrowserUrl'>;

export interface Providers {
  /** The first in which a person is enrolled is asked. Empty where no factor is configured. */
  readonly order: readonly Method[];
  readonly push: DuoPush | null;
  readonly universal: DuoUniversal | null;
  /** Ends idle connections. */
  close(): void;
}

/**
 * Opens what is configured. Calls nobody.
 * @throws with the setting's name where it can't be right.
 */
export async function openProviders(
  mfa: MfaSettings | null,
  publicUrl: string,
  endpoints: DuoEndpoints,
): Promise<Providers> {
  const push = mfa?.duoPush ? await openPush(mfa.duoPush, endpoints) : null;
  const universal = mfa?.duoUniversal ? await openUniversal(mfa.duoUniversal, publicUrl, endpoints) : null;
  return {
    order: mfa?.order ?? [],
    push,
    universal,
    close() {
      push?.close();
      universal?.close();
    },
  };
}

/** The two calls that send a push are done within the fifteen seconds for which one replica has it. */
const CALL_MS = 5_000;

/** Push alone. The caller closes it. */
export async function openPush(settings: DuoPushSettings, endpoints: DuoEndpoints): Promise<DuoPush> {
  const { DuoPush } = await import('./duo-push.js');
  const host = duoHost(settings.host, endpoints);
  return new DuoPush({ ...settings, host }, { ...trusting(endpoints), timeouts: { callMs: CALL_MS } });
}

/**
 * The Universal Prompt alone, whose browsers return to `/mfa/duo/callback`. The caller closes it.
 * @throws with the setting's name where it can't be right.
 */
export async function openUniversal(
  settings: DuoUniversalSettings,
  publicUrl: string,
  endpoints: DuoEndpoints,
): Promise<DuoUniversal> {
  const { DuoUniversal } = await import('./duo-universal.js');
  const { DuoException } = await import('@duosecurity/duo_universal');
  const played = { ...settings, host: duoHost(settings.host, endpoints) };
  try {
    const { duoBrowserUrl } = endpoints;
    return new DuoUniversal(played, `${publicUrl}/mfa/duo/callback`, {
      ...trusting(endpoints),
      ...(duoBrowserUrl === undefined ? {} : { browserUrl: duoBrowserUrl }),
    });
  } catch (error) {
    throw error instanceof DuoException ? new Error(unusable(error.message)) : error;
  }
}

/** Duo's library knows how long its keys are, and says which of them is wrong without quoting it. */
function unusable(why: string): string {
  return `mfa.duo_universal can't be used (${why}): copy client_id and client_secret anew from the Web SDK application in Duo's admin panel`;
}

/** The host, port included, that an entry with this `host` speaks to. */
export function duoHost(host: string, { duoApiUrl }: DuoEndpoints): string {
  return duoApiUrl === undefined ? host : new URL(duoApiUrl).host;
}

function trusting({ duoCa }: DuoEndpoints): { readonly ca?: string } {
  return duoCa === undefined ? {} : { ca: duoCa };
}
