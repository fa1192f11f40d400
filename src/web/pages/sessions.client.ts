/** The page of recorded sessions, in the browser: the door's steps first, and then the sessions. */

import type { LinkAnswers } from '../link-answers.js';
import type { SessionsAnswers, SessionsAsked } from '../sessions-answers.js';
import { askServer, type Heard, isToken, type More, NO_TOKEN, takeToken } from './common/ask-server.js';
import { busy, byId } from './common/dom.js';
import { type Look, makeFrame } from './common/frame.js';
import { ends } from './common/refusals.js';
import { linkLook } from './link/look.js';
import { promptAddress } from './link/prompt-address.js';
import { type Step as DoorStep, type News, next } from './link/step.js';
import { type ListHands, type Listing, listScreen } from './sessions/list-screen.js';
import { playParts } from './sessions/parts.js';

type Answers = Pick<LinkAnswers, 'look' | 'ask' | 'status' | 'code' | 'prompt' | 'another'> & SessionsAnswers;
type DoorAct = 'look' | 'ask' | 'status' | 'code' | 'prompt' | 'another';
type Step = DoorStep | Listing;

const POLL_MS = 1_000;
const EVERYTHING: SessionsAsked = { from: null, to: null, client: null, person: null, words: null };

// Before anything else.
const token = takeToken();
const server = askServer<Answers>(token);
let step: Step = { at: 'loading' };
/** A wall-clock time: it goes on while the machine sleeps. */
let expiresAt: number | null = null;
let polling: ReturnType<typeof setTimeout> | undefined;
let acting = 0;

const hands: ListHands = {
  find: (asked, pressed) => void list(asked, pressed),
  open: (session) => tell(server('open', { session })),
  play: async (session, channel) => {
    const body = await tell(server.parts('play', { session, channel }));
    return body && playParts(body);
  },
  end: async (session, pressed) => {
    busy(pressed, true);
    const done = await tell(server('end', { session }));
    busy(pressed, false);
    return done !== null;
  },
  complain: (why) => frame.complain(why),
};
const nothing = () => {};
const door = linkLook({
  ask: (pressed) => void send('ask', pressed),
  another: (pressed) => void send('another', pressed),
  code: (code, pressed) => void send('code', pressed, { code }),
  // Where the first list could not be had.
  report: (_days, pressed) => void list(EVERYTHING, pressed),
  complain: (why) => frame.complain(why),
  ...{ claim: nothing, askContacts: nothing, enter: nothing, csv: nothing, hide: nothing },
});
const look: Look<Step> = {
  key: (now) => (now.at === 'sessions' ? 'sessions' : door.key(now)),
  wide: (now) => now.at === 'sessions',
  screen: (now) => (now.at === 'sessions' ? listScreen(now.answer, hands) : door.screen(now)),
  head: (now) => (now.at === 'sessions' ? [] : door.head(now)),
  colour: (now) => (now.at === 'sessions' ? 'own' : door.colour(now)),
  title: (now) => (now.at === 'sessions' ? 'Sessions · Keyturn' : door.title(now)),
  trouble: (now) => (now.at === 'sessions' ? (now.trouble ?? '') : door.trouble(now)),
};
const frame = makeFrame(byId('page'), byId('heard'), look);
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
// A page that is put away must not come back with a session on it.
addEventListener('pagehide', over);

if (isToken(token)) void send('look');
else hear({ heard: 'no', to: 'look', late: false, no: NO_TOKEN });

/** One of the door's acts. */
async function send(act: DoorAct, pressed?: HTMLButtonElement, more?: More): Promise<boolean> {
  if (pressed?.disabled || step.at === 'sessions') return false;
  const changes = act === 'ask' || act === 'another' || act === 'code';
  if (changes) acting++;
  busy(pressed, true);
  const heard = await server(act, more);
  busy(pressed, false);
  if (changes) acting--;
  if ('lost' in heard) hear({ heard: 'nothing', to: act });
  else if ('no' in heard) hear({ heard: 'no', to: act, no: heard.no, late: late() });
  else hear({ heard: act, answer: heard.ok, at: Date.now() } as News);
  return 'ok' in heard;
}

/** What there is to be seen. Drawn in place where something is there already. */
async function list(asked: SessionsAsked, pressed?: HTMLButtonElement): Promise<void> {
  if (pressed?.disabled) return;
  acting++;
  busy(pressed, true);
  const answer = await tell(server('sessions', asked));
  busy(pressed, false);
  acting--;
  if (!answer || (step.at !== 'ready' && step.at !== 'sessions')) return;
  expiresAt = Date.now() + answer.expiresInSeconds * 1000;
  step = { at: 'sessions', answer };
  draw();
}

/** What was answered; null where it was a "no" or got lost, and that is said. */
async function tell<T>(asked: Promise<Heard<T>>): Promise<T | null> {
  const heard = await asked;
  if ('ok' in heard) return heard.ok;
  const no = 'no' in heard ? heard.no : null;
  const says = no?.says ?? 'No answer came. Try again.';
  if (no && ends(no)) {
    const title = no.refused === 'link-over' ? 'The time for watching is up' : 'This can’t go on';
    step = { at: 'over', title, says };
  } else if (step.at === 'ready' || step.at === 'sessions') step = { ...step, trouble: says };
  draw();
  return null;
}

function hear(what: News): void {
  if (step.at === 'sessions') return;
  if (what.heard === 'look' || what.heard === 'status')
    expiresAt = Date.now() + what.answer.expiresInSeconds * 1000;
  step = next(step, what);
  draw();
}

function draw(): void {
  frame.draw(step);
  tick();
  clearTimeout(polling);
  if (step.at === 'confirm') polling = setTimeout(poll, POLL_MS);
  // Nobody presses once more; what goes wrong has a button.
  if (step.at === 'ready' && acting === 0 && !step.trouble) void list(EVERYTHING);
}

function poll(): void {
  if (step.at === 'confirm' && acting === 0) void send('status');
}

function tick(): void {
  const now = Date.now();
  const lives = ['offer', 'confirm', 'ready', 'sessions'].includes(step.at) && expiresAt !== null;
  if (lives && late() && step.at === 'sessions') over();
  if (step.at === 'confirm' && step.confirm.by === 'prompt') duo.keep(now, step.duo?.since ?? null);
  const left = lives && expiresAt !== null ? (expiresAt - now) / 1000 : null;
  frame.tick(left, null, step.at === 'sessions' ? 'These sessions stand open' : undefined);
}

/** Nothing of a session stays in the document. */
function over(): void {
  if (step.at !== 'sessions') return;
  const says =
    'Recorded sessions stand open for half an hour. Type /access sessions in your chat for a new link.';
  step = { at: 'over', title: 'The time for watching is up', says };
  frame.draw(step);
}

/** A second of slack: this page counts from when an answer arrived, the server from when it was given. */
function late(): boolean {
  return expiresAt === null || Date.now() > expiresAt - 1_000;
}
