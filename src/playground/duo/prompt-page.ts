/** The prompt in a browser: who signs in, and two buttons. */

import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../http.js';
import { Impossible } from './pushes.js';
import { NoPrompt, type Prompt, type UniversalPrompt } from './universal.js';

const STYLE = `
:root { color-scheme: light dark; --ground: #efede6; --paper: #fffefb; --ink: #1b2430; --soft: #566070;
  --line: #8b8d88; --ok: #0c6a4b; --on-ok: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #14181d; --paper: #222830; --ink: #e8eaed; --soft: #a7b0bb; --line: #77818d; --ok: #3fb98b;
    --on-ok: #08251a; }
}
* { box-sizing: border-box; }
body { display: grid; min-height: 100vh; min-height: 100dvh; margin: 0; padding: 16px; background: var(--ground);
  color: var(--ink); font: 16px/1.5 Inter, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { width: 100%; max-width: 400px; margin: auto; padding: 24px; border-radius: 20px; background: var(--paper);
  box-shadow: 0 8px 28px rgb(20 30 40 / 12%); }
h1 { margin: 4px 0 8px; font-size: 24px; line-height: 1.25; }
p { margin: 0; overflow-wrap: anywhere; }
.what, .more { color: var(--soft); font-size: 14px; }
.more { margin-top: 20px; }
form { display: grid; gap: 12px; margin-top: 24px; }
button { min-height: 52px; border: 1px solid var(--line); border-radius: 12px; background: none; color: inherit;
  font: inherit; font-weight: 650; cursor: pointer; }
.allow { border-color: var(--ok); background: var(--ok); color: var(--on-ok); }
:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
`;

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // No form-action: the answer redirects to another origin, which browsers count as its target.
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    'img-src data:',
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
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
    response
      .writeHead(400, headers)
      .end(document('This can’t be answered', `<p>${escaped(error.message)}</p>`));
    return true;
  }
  return false;
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).end();
}

function page(prompt: Prompt): string {
  return document(
    'Is it you?',
    `<p><strong>${escaped(prompt.username)}</strong> signs in to Keyturn.</p>
<form method="post" action="/oauth/v1/authorize/answer">
<input type="hidden" name="prompt" value="${escaped(prompt.id)}">
<button class="allow" name="answer" value="allow">Allow</button>
<button name="answer" value="deny">Deny</button>
</form>
<p class="more">The real Duo would ask for this person’s phone or security key here.</p>`,
  );
}

function document(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Duo, played on this machine</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="what">Duo, played on this machine</p>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
