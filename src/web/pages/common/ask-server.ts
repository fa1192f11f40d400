/** Speaking to the server: POST only, to the page's own address. */

import type { RefusedAnswer } from '../../link-answers.js';

/** `lost`: no answer arrived, and what was asked may have been done or not. */
export type Heard<T> = { readonly ok: T } | { readonly no: RefusedAnswer } | { readonly lost: true };

/** What goes with some acts. */
export type More =
  | { readonly password: string }
  | { readonly code: string }
  | { readonly session: string; readonly channel?: number }
  | Days;

/** The first and the last day of a report; null for its own. */
export interface Days {
  readonly from: string | null;
  readonly to: string | null;
}

export interface Ask<Answers> {
  <Act extends keyof Answers & string>(act: Act, more?: More): Promise<Heard<Answers[Act]>>;
  /** The same for what comes as a file. */
  file(act: string, more?: More): Promise<Heard<{ readonly name: string; readonly blob: Blob }>>;
  /** The same for what comes in parts for a while: its body, unread. */
  parts(act: string, more?: More): Promise<Heard<ReadableStream<Uint8Array>>>;
}

const PATIENCE_MS = 20_000;
/** A file of millions of rows takes as long as the line does. */
const PATIENCE_FOR_FILES_MS = 30 * 60_000;

/** Asks in the name of this link and this browser; both live in this closure and nowhere else. */
export function askServer<Answers>(token: string): Ask<Answers> {
  const browser = nonce();
  const post = (act: string, more: More | undefined, patience: number) =>
    // The mode stays "cors": with any other, a page without referrer sends "Origin: null".
    fetch(location.pathname, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-keyturn': '1' },
      body: JSON.stringify({ act, token, browser, ...more }),
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      signal: AbortSignal.timeout(patience),
    });
  const ask = <Act extends keyof Answers & string>(act: Act, more?: More) =>
    heard(post(act, more, PATIENCE_MS), async (answer) => (await answer.json()) as Answers[Act]);
  const file = (act: string, more?: More) =>
    heard(post(act, more, PATIENCE_FOR_FILES_MS), async (answer) => ({
      name: nameOf(answer),
      blob: await answer.blob(),
    }));
  const parts = (act: string, more?: More) =>
    heard(post(act, more, PATIENCE_FOR_FILES_MS), async ({ body }) => {
      if (!body) throw new Error('an answer without a body');
      return body;
    });
  return Object.assign(ask, { file, parts });
}

async function heard<T>(sent: Promise<Response>, read: (answer: Response) => Promise<T>): Promise<Heard<T>> {
  try {
    const answer = await sent;
    return answer.ok ? { ok: await read(answer) } : { no: (await answer.json()) as RefusedAnswer };
  } catch {
    return { lost: true };
  }
}

/** As the server names the file. */
function nameOf(answer: Response): string {
  const said = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get('content-disposition') ?? '');
  return decodeURIComponent(said?.[1] ?? 'report.csv');
}

/** 256 random bits as base64url. */
function nonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** Takes the token out of the address: the bar, the history and whoever looks at them never keep it. */
export function takeToken(): string {
  const token = location.hash.slice(1);
  history.replaceState(null, '', location.pathname);
  // A newer link opened in this very tab changes the fragment only, which loads nothing by itself.
  addEventListener('hashchange', () => location.reload());
  return token;
}

/** Whether this can be a token. */
export function isToken(token: string): boolean {
  return /^[\w-]{43}$/.test(token);
}

/** Said where the address has no whole token. */
export const NO_TOKEN: RefusedAnswer = {
  refused: 'link-over',
  says: 'The address has no whole link in it. Press the button on the card in your chat, and open the link from there.',
};
