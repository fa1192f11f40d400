/** What went wrong between us and the Universal Prompt, as a value without keys or tokens. */

import { constants, DuoException } from '@duosecurity/duo_universal';
import { networkFailure } from './duo-http.js';
import { type Failed, oneLine } from './provider.js';

/** An error of Duo's library, of axios within it, or of anything that choked on an answer. */
export function universalFailure(error: unknown): Failed {
  const inner = error instanceof DuoException ? error.inner : undefined;
  const status = answeredStatus(inner);
  if (status === 429) return { failed: 'rate-limited', detail: 'Duo asks for patience (429)' };
  if (status !== null && status >= 500) return { failed: 'unreachable', detail: `Duo answers ${status}` };
  if (status !== null && status >= 400) return { failed: 'refused', detail: `Duo answers ${status}` };
  if (status !== null) return { failed: 'garbage', detail: `an unexpected answer with status ${status}` };
  if (error instanceof DuoException) return named(error);
  return { failed: 'garbage', detail: `an answer that can’t be read (${errorName(error)})` };
}

function named({ message, inner }: DuoException): Failed {
  if (message === constants.USERNAME_ERROR)
    return { failed: 'other-person', detail: 'the token is of another person, or of nobody' };
  if (message === constants.JWT_DECODE_ERROR)
    return { failed: 'garbage', detail: 'the token is not signed by Duo for us, or is too old' };
  const code = (inner as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ECONNABORTED' || code === 'ERR_CANCELED' || code === 'ETIMEDOUT')
    return { failed: 'too-slow', detail: 'no answer in time' };
  // axios: too long, or no HTTP.
  if (code === 'ERR_BAD_RESPONSE' || code === 'ERR_FR_TOO_MANY_REDIRECTS' || code?.startsWith('HPE_'))
    return { failed: 'garbage', detail: 'an answer that can’t be read' };
  if (code) return networkFailure(inner);
  // What the library says by itself: stat FAIL, or an answer without what it needs.
  const failed = message === constants.MALFORMED_RESPONSE ? 'garbage' : 'refused';
  return { failed, detail: oneLine(message, 200) };
}

/** The status that came with an error of axios, null where none came. */
function answeredStatus(inner: Error | undefined): number | null {
  const status = (inner as { response?: { status?: unknown } } | undefined)?.response?.status;
  return typeof status === 'number' ? status : null;
}

function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
