/** The page behind a link, in the browser: takes the token out of the address and walks through the steps. */

import type { LinkAnswers } from '../link-answers.js';
import {
  askServer,
  type Days,
  type Heard,
  isToken,
  type More,
  NO_TOKEN,
  takeToken,
} from './common/ask-server.js';
import { busy, byId, h } from './common/dom.js';
import { makeFrame } from './common/frame.js';
import { codePoll } from './link/code-poll.js';
import { tickCode } from './link/codes-box.js';
import { linkLook } from './link/look.js';
import { promptAddress } from './link/prompt-address.js';
import { type Asked, type News, next, type Step } from './link/step.js';

const POLL_MS = 1_000;
/** Confirmed, and only watching whether the access is taken away meanwhile. */
const WATCH_MS = 3_000;
/** These change nothing, and may overlap with what does. */
const LOOKING: readonly Asked[] = ['look', 'status', 'prompt'];

// Before anything else.
const token = takeToken();
const server = askServer<LinkAnswers>(token);
let step: Step = { at: 'loading' };
// Wall-clock times: they go on while the machine sleeps.
let expiresAt: number | null = null;
let hidesAt: number | null = null;
/** When there are no more codes here. */
let codesUntil: number | null = null;
let polling: ReturnType<typeof setTimeout> | undefined;
/** How many acts are under way, and how many there have been. */
let acting = 0;
let acts = 0;

const look = linkLook({
  ask: (pressed) => void send('ask', pressed),
  another: (pressed) => void send('another', pressed),
  code: (code, pressed) => void send('code', pressed, { code }),
  claim: (pressed) => void send('claim', pressed),
  askContacts: (pressed) => void send('ask-contacts', pressed),
  enter: (password, pressed) => void send('enter', pressed, { password }),
  report: (days, pressed) => void send('report', pressed, { ...days }),
  csv: (days, pressed) => void save(days, pressed),
  hide: () => hear({ heard: 'hide' }),
  complain: (why) => frame.complain(why),
});
const frame = makeFrame(byId('page'), byId('heard'), look);
const codes = codePoll((act) => send(act));
const duo = promptAddress(
  () => send('prompt'),
  () => hear({ heard: 'stale' }),
);

frame.draw(step);
setInterval(tick, 250);
document.addEventListener('visibilitychange', () => {
  tick();
  if (!document.hidden) poll();
});
// A page that is put away must not come back with the password on it, or with a code.
addEventListener('pagehide', () => {
  hear({ heard: 'hide' });
  if (step.at === 'codes') hear({ heard: 'hide' });
});

if (isToken(token)) void send('look');
else hear({ heard: 'no', to: 'look', late: false, no: NO_TOKEN });

/** The whole as a file, named by the server. A link that a script presses saves it: nothing is opened. */
async function save(days: Days, pressed: HTMLButtonElement): Promise<void> {
  busy(pressed, true);
  const taken = await server.file('csv', days);
  busy(pressed, false);
  if (!('ok' in taken))
    return hear(
      'no' in taken
        ? { heard: 'no', to: 'csv', no: taken.no, late: late() }
        : { heard: 'nothing', to: 'csv' },
    );
  const href = URL.createObjectURL(taken.ok.blob);
  h('a', { href, download: taken.ok.name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
  hear({ heard: 'saved' });
}

/** Asks the server, the pressed button showing that it is under way. Says whether it was done and heard. */
async function send(act: keyof LinkAnswers, pressed?: HTMLButtonElement, more?: More): Promise<boolean> {
  if (pressed?.disabled) return false;
  const before = acts;
  const changes = !LOOKING.includes(act);
  if (changes) {
    acting++;
    acts++;
  }
  busy(pressed, true);
  const heard = await server(act, more);
  busy(pressed, false);
  if (changes) acting--;
  // A look at the state that overlaps an act may see what was before it, or see the link spent by it, and would
  // hide what the act brings.
  if (!changes && acts !== before) return false;
  hear(news(act, heard));
  return 'ok' in heard;
}

function news(act: keyof LinkAnswers, heard: Heard<LinkAnswers[keyof LinkAnswers]>): News {
  if ('lost' in heard) return { heard: 'nothing', to: act };
  if ('no' in heard) return { heard: 'no', to: act, no: heard.no, late: late() };
  return { heard: act, answer: heard.ok, at: Date.now() } as News;
}

function hear(what: News): void {
  if (what.heard === 'look' || what.heard === 'status' || what.heard === 'report')
    expiresAt = Date.now() + what.answer.expiresInSeconds * 1000;
  step = next(step, what);
  if (what.heard === 'claim' && what.answer.codes) codesUntil = inSeconds(what.answer.codes.endsInSeconds);
  if (what.heard === 'live-code' || what.heard === 'contact-code' || what.heard === 'ask-contacts')
    codesUntil = inSeconds(what.answer.endsInSeconds);
  if (step.at === 'shown') hidesAt ??= inSeconds(step.claim.secondsShown);
  else hidesAt = step.at === 'codes' ? codesUntil : null;
  frame.draw(step);
  tick();
  plan();
}

function inSeconds(seconds: number): number {
  return Date.now() + seconds * 1000;
}

/** The next look at whether they have confirmed. */
function plan(): void {
  clearTimeout(polling);
  if (step.at === 'confirm') polling = setTimeout(poll, POLL_MS);
  if (step.at !== 'ready') return;
  if (step.about.purpose !== 'report') polling = setTimeout(poll, WATCH_MS);
  // Nobody presses once more; what goes wrong has a button.
  else if (acting === 0 && !step.trouble && !document.hidden)
    void send('report', undefined, { from: null, to: null });
}

function poll(): void {
  if ((step.at === 'confirm' || step.at === 'ready') && acting === 0) void send('status');
}

function tick(): void {
  const now = Date.now();
  const lives = ['offer', 'confirm', 'ready', 'report'].includes(step.at) && expiresAt !== null;
  if (hidesAt !== null && now >= hidesAt) hear({ heard: 'hide' });
  else if (lives && step.at === 'offer' && late()) lookAgain();
  else if (lives && step.at === 'report' && late()) hear({ heard: 'late' });
  if (step.at === 'confirm' && step.confirm.by === 'prompt') duo.keep(now, step.duo?.since ?? null);
  const held = step.at === 'shown' || step.at === 'codes' ? (step.codes ?? null) : null;
  codes.keep(now, held);
  tickCode(held?.live ? (held.live.until - now) / 1000 : null);
  frame.tick(
    lives ? ((expiresAt as number) - now) / 1000 : null,
    hidesAt === null ? null : (hidesAt - now) / 1000,
    step.at === 'report' ? 'This report stands open' : undefined,
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
