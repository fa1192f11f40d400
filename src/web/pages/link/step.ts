/** Where the page stands, and what each answer of the server makes of that. Pure: no document, no clock, no network. */

import type {
  AskAnswer,
  ClaimAnswer,
  Confirm,
  LinkAnswers,
  LookAnswer,
  PromptAnswer,
  RefusedAnswer,
  ReportAnswer,
  StatusAnswer,
} from '../../link-answers.js';
import { ends, LOST, passes, type Wrong } from '../common/refusals.js';
import { type CodeNews, type Codes, codesAfterNo, firstCodes, isCodeAct, nextCodes } from './codes.js';

export type Step =
  | { readonly at: 'loading' }
  /** Waits for a human's click. */
  | { readonly at: 'offer'; readonly about: LookAnswer; readonly trouble?: string }
  | Confirming
  /** Confirmed: the password can be shown, or the new one entered. */
  | { readonly at: 'ready'; readonly about: LookAnswer; readonly trouble?: string }
  | { readonly at: 'shown'; readonly about: LookAnswer; readonly claim: ClaimAnswer; readonly codes?: Codes }
  /** The password is hidden again, and there are codes still. */
  | { readonly at: 'codes'; readonly about: LookAnswer; readonly codes: Codes }
  | { readonly at: 'hidden'; readonly about: LookAnswer }
  | Reading
  | { readonly at: 'stored'; readonly about: LookAnswer }
  | { readonly at: 'over'; readonly about?: LookAnswer; readonly title: string; readonly says: string };

/** The report is on the page, until its time is up or the page is put away. */
export interface Reading {
  readonly at: 'report';
  readonly about: LookAnswer;
  readonly report: ReportAnswer;
  /** What the server said to the last days that were asked for. */
  readonly trouble?: string;
}

/** Says how the holder is asked, and waits for their word. */
export interface Confirming {
  readonly at: 'confirm';
  readonly about: LookAnswer;
  readonly confirm: Confirm;
  /** Whether there is another way. */
  readonly another: boolean;
  /** Duo's page, while its address is fresh. */
  readonly duo?: Address;
  /** What the server said to the last code or press; it stays until the next. */
  readonly wrong?: Wrong;
  /** What the next status takes away by itself. */
  readonly trouble?: string;
}

export interface Address {
  readonly url: string;
  /** When it arrived, on the page's own clock. */
  readonly since: number;
}

export type News =
  | { readonly heard: 'look'; readonly answer: LookAnswer }
  | { readonly heard: 'ask'; readonly answer: AskAnswer }
  | { readonly heard: 'another'; readonly answer: AskAnswer }
  | { readonly heard: 'status'; readonly answer: StatusAnswer }
  | { readonly heard: 'code' }
  | { readonly heard: 'prompt'; readonly answer: PromptAnswer; readonly at: number }
  /** The address at Duo is too old to be followed. */
  | { readonly heard: 'stale' }
  | { readonly heard: 'claim'; readonly answer: ClaimAnswer }
  | CodeNews
  | { readonly heard: 'enter' }
  | { readonly heard: 'report'; readonly answer: ReportAnswer }
  /** The CSV is in the browser's hands. */
  | { readonly heard: 'saved' }
  /** A reading has its own time, which is up. */
  | { readonly heard: 'late' }
  /** `late`: by this page's own count the link's time is up. */
  | { readonly heard: 'no'; readonly to: Asked; readonly no: RefusedAnswer; readonly late: boolean }
  | { readonly heard: 'nothing'; readonly to: Asked }
  | { readonly heard: 'hide' };

export type Asked = keyof LinkAnswers | 'csv';

/** The step that follows. News that doesn't belong to the step is ignored: a late answer changes nothing. */
export function next(step: Step, news: News): Step {
  switch (news.heard) {
    case 'look':
      return step.at === 'loading' ? { at: 'offer', about: news.answer } : step;
    case 'claim':
      return step.at === 'ready' ? shown(step.about, news.answer) : step;
    case 'live-code':
    case 'ask-contacts':
    case 'contact-code':
      return withCodes(step) ? { ...step, codes: nextCodes(step.codes, news) } : step;
    case 'enter':
      return step.at === 'ready' ? { at: 'stored', about: step.about } : step;
    case 'report':
      if (step.at !== 'ready' && step.at !== 'report') return step;
      return { at: 'report', about: step.about, report: news.answer };
    case 'saved':
      return step.at === 'report' ? { at: 'report', about: step.about, report: step.report } : step;
    case 'late':
      return step.at === 'report' ? { at: 'over', about: step.about, ...READ } : step;
    case 'hide':
      // A page that comes back reads it anew, as far as its reader may still.
      if (step.at === 'report') return { at: 'ready', about: step.about };
      return hidden(step);
    case 'ask':
      if (step.at !== 'offer' && step.at !== 'confirm') return step;
      return { at: 'confirm', about: step.about, ...asked(news.answer) };
    case 'no':
      return refused(step, news);
    case 'nothing':
      return unanswered(step, news.to);
    default:
      return step.at === 'confirm' ? confirming(step, news) : step;
  }
}

function shown(about: LookAnswer, claim: ClaimAnswer): Step {
  return { at: 'shown', about, claim, ...(claim.codes ? { codes: firstCodes(claim.codes) } : {}) };
}

type WithCodes = Extract<Step, { at: 'shown' | 'codes' }> & { readonly codes: Codes };

function withCodes(step: Step): step is WithCodes {
  return (step.at === 'shown' || step.at === 'codes') && step.codes !== undefined;
}

/** First the password, and then the codes. */
function hidden(step: Step): Step {
  if (step.at !== 'shown' && step.at !== 'codes') return step;
  const { about } = step;
  return step.at === 'shown' && step.codes
    ? { at: 'codes', about, codes: step.codes }
    : { at: 'hidden', about };
}

/** No more codes: their time is up, or the access is, and then nothing stays on the page. */
function codesRefused(step: WithCodes, no: RefusedAnswer): Step {
  const { about } = step;
  if (no.refused === 'codes-over' || no.refused === 'link-over')
    return step.at === 'shown' ? { at: 'shown', about, claim: step.claim } : { at: 'hidden', about };
  if (ends(no)) return { at: 'over', about, title: TITLES[no.refused] ?? 'This can’t go on', says: no.says };
  return { ...step, codes: codesAfterNo(step.codes, no) };
}

type WhileConfirming = News & { readonly heard: 'another' | 'status' | 'code' | 'prompt' | 'stale' };

function confirming(step: Confirming, news: WhileConfirming): Step {
  const { about } = step;
  switch (news.heard) {
    case 'another':
      return { at: 'confirm', about, ...asked(news.answer) };
    case 'status':
      return news.answer.state === 'confirmed' ? { at: 'ready', about } : still(step, news.answer);
    case 'code':
      return { at: 'ready', about };
    case 'prompt':
      if (step.confirm.by !== 'prompt') return step;
      return { ...without(step), duo: { url: news.answer.url, since: news.at } };
    case 'stale': {
      const { duo: _, ...rest } = step;
      return rest;
    }
  }
}

/** Waiting still: what was fetched or said stays with the same question, and goes with it. */
function still(step: Confirming, answer: StatusAnswer): Confirming {
  const now: Confirming = { at: 'confirm', about: step.about, ...asked(answer) };
  if (JSON.stringify(now.confirm) !== JSON.stringify(step.confirm)) return now;
  const { trouble: _, ...rest } = step;
  return { ...rest, another: answer.another };
}

function asked({ confirm, another }: AskAnswer): AskAnswer {
  return { confirm, another };
}

function without({ trouble: _t, wrong: _w, ...rest }: Confirming): Confirming {
  return rest;
}

function refused(step: Step, { to, no, late }: News & { heard: 'no' }): Step {
  if (withCodes(step) && isCodeAct(to)) return codesRefused(step, no);
  if (isEnd(step)) return step;
  if (to === 'status' && passes(no)) return step;
  if (step.at === 'report' && !ends(no)) return { ...step, trouble: no.says };
  if (isConfirming(to) && step.at === 'ready') return step;
  if (step.at === 'confirm' && to !== 'status' && !ends(no)) return { ...step, wrong: { says: no.says } };
  if (passes(no) && step.at !== 'loading') return { ...step, trouble: no.says };
  return { ...about(step), at: 'over', ...whyOver(step, no, late) };
}

/** An act of the step that asks for confirmation: its answer may come when the phone has spoken already. */
function isConfirming(act: Asked): boolean {
  return ['ask', 'code', 'prompt', 'another'].includes(act);
}

function whyOver(step: Step, no: RefusedAnswer, late: boolean): { title: string; says: string } {
  if (step.at === 'report' && no.refused === 'link-over') return READ;
  if (no.refused !== 'link-over') return { title: TITLES[no.refused] ?? 'This can’t go on', says: no.says };
  if (step.at === 'loading') return { title: 'This link opens nothing any more', says: no.says };
  if (late) {
    const title = step.at === 'confirm' ? 'Not confirmed in time' : 'The link has run out';
    return { title, says: no.says };
  }
  return {
    title: 'This link was ended',
    says: 'The access is over, a newer link took its place, too many tries failed, or somebody answered “It isn’t me”. The card in your chat says which.',
  };
}

const READ = {
  title: 'The time for reading is up',
  says: 'A report stands open for half an hour. Press “Whole report” in your chat for a new link.',
};

const TITLES: Readonly<Record<string, string>> = {
  'other-browser': 'Another browser has this link',
  'not-confirmed': 'Not confirmed',
  'not-proven': 'Not confirmed',
  paused: 'You are paused',
  'may-not-report': 'This is not for you any more',
  'grant-over': 'The access is over',
  'not-lendable': 'It can’t be shown now',
  'may-not-ask': 'This is not yours any more',
  'task-done': 'Nothing left to do',
  fault: 'Something went wrong',
  'too-often': 'Too many tries',
  busy: 'Try again in a moment',
};

function unanswered(step: Step, to: Asked): Step {
  if (withCodes(step) && isCodeAct(to)) return { ...step, codes: { ...step.codes, trouble: LOST_CODE } };
  if (isEnd(step)) return step;
  if (to === 'claim' || to === 'enter')
    return { ...about(step), at: 'over', title: 'The answer didn’t arrive', says: NO_ANSWER[to] };
  if (to === 'status' || to === 'prompt')
    return step.at === 'confirm' ? { ...step, trouble: 'No connection. Still trying …' } : step;
  if (step.at === 'loading')
    return { at: 'over', title: 'The server didn’t answer', says: `${LOST} Open the link from your chat.` };
  if (to === 'csv') return { ...step, trouble: LOST_CSV } as Step;
  if (step.at === 'confirm') return { ...step, wrong: { says: LOST } };
  // The phone has spoken meanwhile.
  return isConfirming(to) && step.at === 'ready' ? step : { ...step, trouble: LOST };
}

const LOST_CODE = 'No connection. Still trying …';

const LOST_CSV = 'The CSV didn’t arrive whole, so nothing was saved. Try again.';

const NO_ANSWER = {
  claim:
    'The answer got lost on its way, and a password is sent only once. Press Reveal in your chat for a new link.',
  enter:
    'The answer got lost on its way. The card in your chat says whether the new password is in custody; if the task still stands there, enter it again from there.',
} as const;

function about(step: Step): { about?: LookAnswer } {
  return 'about' in step && step.about ? { about: step.about } : {};
}

type End = Extract<Step, { at: 'shown' | 'codes' | 'hidden' | 'stored' | 'over' }>;

function isEnd(step: Step): step is End {
  return ['shown', 'codes', 'hidden', 'stored', 'over'].includes(step.at);
}
