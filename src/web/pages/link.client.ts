/** The page behind a link, in the browser: takes the token out of the address and walks through the steps. */

import type { LinkAnswers } from '../link-answers.js';
import { askServer, type Heard } from './link/ask-server.js';
import { makeFrame } from './link/frame.js';
import { type Asked, type News, next, type Step } from './link/step.js';

const POLL_MS = 1_000;
/** Confirmed, and only watching whether the access is taken away meanwhile. */
const WATCH_MS = 3_000;

// Before anything else: the address bar, the history and whoever looks at them never keep the token.
const token = location.hash.slice(1);
history.replaceState(null, '', location.pathname);
// A newer link opened in this very tab changes the fragment only, which loads nothing by itself.
addEventListener('hashchange', () => location.reload());

const server = askServer(token);
let step: Step = { at: 'loading' };
// Wall-clock times: they go on while the machine sleeps.
let expiresAt: number | null = null;
let hidesAt: number | null = null;
let polling: ReturnType<typeof setTimeout> | undefined;
/** A claim or an entry is under way. */
let acting = false;

const frame = makeFrame(byId('page'), byId('heard'), {
  ask: (pressed) => void send('ask', pressed),
  claim: (pressed) => void send('claim', pressed),
  enter: (password, pressed) => void send('enter', pressed, { password }),
  hide: () => hear({ heard: 'hide' }),
  complain: (why) => frame.complain(why),
});

frame.draw(step);
setInterval(tick, 250);
document.addEventListener('visibilitychange', () => {
  tick();
  if (!document.hidden) poll();
});
// A page that is put away must not come back with the password on it.
addEventListener('pagehide', () => hear({ heard: 'hide' }));

if (/^[\w-]{43}$/.test(token)) void send('look');
else
  hear({
    heard: 'no',
    to: 'look',
    late: false,
    no: {
      refused: 'link-over',
      says: 'The address has no whole link in it. Press the button on the card in your chat, and open the link from there.',
    },
  });

/** Asks the server, the pressed button showing that it is under way. */
async function send(act: Asked, pressed?: HTMLButtonElement, more?: { password: string }): Promise<void> {
  if (pressed?.disabled) return;
  const acts = act === 'claim' || act === 'enter';
  if (acts) acting = true;
  busy(pressed, true);
  const heard = await server(act, more);
  busy(pressed, false);
  if (acts) acting = false;
  // A look at the state that overlaps the act sees the link spent by it, and would hide what the act brings.
  if (act !== 'status' || !acting) hear(news(act, heard));
}

function news(act: Asked, heard: Heard<LinkAnswers[Asked]>): News {
  if ('lost' in heard) return { heard: 'nothing', to: act };
  if ('no' in heard) return { heard: 'no', to: act, no: heard.no, late: late() };
  return { heard: act, answer: heard.ok } as News;
}

function hear(what: News): void {
  if (what.heard === 'look' || what.heard === 'status')
    expiresAt = Date.now() + what.answer.expiresInSeconds * 1000;
  step = next(step, what);
  if (step.at === 'shown') hidesAt ??= Date.now() + step.claim.secondsShown * 1000;
  else hidesAt = null;
  frame.draw(step);
  tick();
  plan();
}

/** The next look at whether the chat has spoken. */
function plan(): void {
  clearTimeout(polling);
  if (step.at === 'number') polling = setTimeout(poll, POLL_MS);
  if (step.at === 'ready') polling = setTimeout(poll, WATCH_MS);
}

function poll(): void {
  if ((step.at === 'number' || step.at === 'ready') && !acting) void send('status');
}

function tick(): void {
  const now = Date.now();
  const lives = ['offer', 'number', 'ready'].includes(step.at) && expiresAt !== null;
  if (hidesAt !== null && now >= hidesAt) hear({ heard: 'hide' });
  else if (lives && step.at === 'offer' && late()) lookAgain();
  frame.tick(
    lives ? ((expiresAt as number) - now) / 1000 : null,
    hidesAt === null ? null : (hidesAt - now) / 1000,
  );
}

/** The time is up by this page's count: the server says whether it is. */
function lookAgain(): void {
  expiresAt = null;
  void server('look').then((heard) =>
    hear('no' in heard ? { heard: 'no', to: 'look', no: heard.no, late: true } : news('look', heard)),
  );
}

/** A second of slack: this page counts from when an answer arrived, the server from when it was given. */
function late(): boolean {
  return expiresAt === null || Date.now() > expiresAt - 1_000;
}

function busy(button: HTMLButtonElement | undefined, is: boolean): void {
  if (!button) return;
  button.disabled = is;
  button.setAttribute('aria-busy', String(is));
}

function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}
