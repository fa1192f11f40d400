/** The prompt in a browser: who logs in, and two buttons. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../slack/http.js';
import { Impossible } from './pushes.js';
import { NoPrompt, type Prompt, type UniversalPrompt } from './universal.js';

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  // No form-action: the answer redirects to another origin, which browsers count as its target.
  'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
};

/** Serves `/oauth/v1/authorize` and the form of its page. False: the path is somebody else's. */
export async function servePrompt(
  prompts: UniversalPrompt,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'https://duo.invalid');
  try {
    if (pathname === '/oauth/v1/authorize' && request.method === 'GET') {
      const prompt = await prompts.open(searchParams);
      // Duo asks a bypass user for nothing.
      if (prompt.bypass) redirect(response, prompts.answer(prompt.id, 'allow'));
      else response.writeHead(200, headers).end(page(prompt));
      return true;
    }
    if (pathname === '/oauth/v1/authorize/answer' && request.method === 'POST') {
      const form = new URLSearchParams(await readBody(request));
      const answer = form.get('answer') === 'allow' ? 'allow' : 'deny';
      redirect(response, prompts.answer(form.get('prompt') ?? '', answer));
      return true;
    }
  } catch (error) {
    if (!(error instanceof NoPrompt || error instanceof Impossible)) throw error;
    response.writeHead(400, headers).end(`<!doctype html><title>Duo</title><p>${escaped(error.message)}</p>`);
    return true;
  }
  return false;
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).end();
}

function page(prompt: Prompt): string {
  const id = `<input type="hidden" name="prompt" value="${escaped(prompt.id)}">`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Duo (played)</title>
</head>
<body>
<main>
<h1>Is it you?</h1>
<p>${escaped(prompt.username)} logs in to Keyturn.</p>
<form method="post" action="/oauth/v1/authorize/answer">${id}
<button name="answer" value="allow">Yes, it’s me</button>
<button name="answer" value="deny">No</button>
</form>
</main>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
