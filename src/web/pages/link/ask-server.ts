/** Speaking to the server: POST only, to the page's own address. */

import type { LinkAnswers, RefusedAnswer } from '../../link-answers.js';

/** `lost`: no answer arrived, and what was asked may have been done or not. */
export type Heard<T> = { readonly ok: T } | { readonly no: RefusedAnswer } | { readonly lost: true };

export type Ask = <Act extends keyof LinkAnswers>(
  act: Act,
  more?: { password: string },
) => Promise<Heard<LinkAnswers[Act]>>;

const PATIENCE_MS = 20_000;

/** Asks in the name of this link and this browser; both live in this closure and nowhere else. */
export function askServer(token: string): Ask {
  const browser = nonce();
  return async <Act extends keyof LinkAnswers>(act: Act, more?: { password: string }) => {
    try {
      // The mode stays "cors": with any other, a page without referrer sends "Origin: null".
      const answer = await fetch(location.pathname, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-keyturn': '1' },
        body: JSON.stringify({ act, token, browser, ...more }),
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const said: unknown = await answer.json();
      return answer.ok ? { ok: said as LinkAnswers[Act] } : { no: said as RefusedAnswer };
    } catch {
      return { lost: true };
    }
  };
}

/** 256 random bits as base64url. */
function nonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
