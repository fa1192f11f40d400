/** The page that sets up an authenticator, in the browser: takes the token out of the address and walks through the steps. */

import type { EnrolAnswers } from '../enrol-answers.js';
import { askServer, type Heard, isToken, type More, NO_TOKEN, takeToken } from './common/ask-server.js';
import { busy, byId } from './common/dom.js';
import { makeFrame } from './common/frame.js';
import { enrolLook } from './enrol/screens.js';
import { type Asked, type News, next, type Step } from './enrol/step.js';

// Before anything else.
const token = takeToken();
const server = askServer<EnrolAnswers>(token);
let step: Step = { at: 'loading' };
/** A wall-clock time: it goes on while the machine sleeps. */
let expiresAt: number | null = null;

const look = enrolLook({
  begin: (pressed) => void send('begin', pressed),
  try: (code, pressed) => void send('try', pressed, { code }),
});
const frame = makeFrame(byId('page'), byId('heard'), look);

frame.draw(step);
setInterval(tick, 250);
document.addEventListener('visibilitychange', tick);
addEventListener('pagehide', () => hear({ heard: 'left' }));

if (isToken(token)) void send('look');
else hear({ heard: 'no', to: 'look', late: false, no: NO_TOKEN });

/** Asks the server, the pressed button showing that it is under way. */
async function send(act: Asked, pressed?: HTMLButtonElement, more?: More): Promise<void> {
  if (pressed?.disabled) return;
  busy(pressed, true);
  const heard = await server(act, more);
  busy(pressed, false);
  hear(news(act, heard));
}

function news(act: Asked, heard: Heard<EnrolAnswers[Asked]>): News {
  if ('lost' in heard) return { heard: 'nothing', to: act };
  if ('no' in heard) return { heard: 'no', to: act, no: heard.no, late: late() };
  return { heard: act, answer: heard.ok } as News;
}

function hear(what: News): void {
  if (what.heard === 'look') expiresAt = Date.now() + what.answer.expiresInSeconds * 1000;
  step = next(step, what);
  frame.draw(step);
  tick();
}

function tick(): void {
  const now = Date.now();
  const lives = (step.at === 'offer' || step.at === 'scan') && expiresAt !== null;
  if (lives && late()) lookAgain();
  frame.tick(lives ? ((expiresAt as number) - now) / 1000 : null, null);
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
