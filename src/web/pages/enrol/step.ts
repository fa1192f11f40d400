/** Where the page stands, and what each answer of the server makes of that. Pure: no document, no clock, no network. */

import type { EnrolAnswers, EnrolBeginAnswer, EnrolLookAnswer } from '../../enrol-answers.js';
import type { RefusedAnswer } from '../../link-answers.js';
import { ends, LOST, passes, type Wrong } from '../common/refusals.js';

export type Step =
  | { readonly at: 'loading' }
  /** Waits for a human's click. */
  | { readonly at: 'offer'; readonly about: EnrolLookAnswer; readonly trouble?: string }
  /** Shows the key, and waits for a first code of it. */
  | {
      readonly at: 'scan';
      readonly about: EnrolLookAnswer;
      readonly key: EnrolBeginAnswer;
      readonly wrong?: Wrong;
    }
  | { readonly at: 'done'; readonly about: EnrolLookAnswer }
  | { readonly at: 'over'; readonly about?: EnrolLookAnswer; readonly title: string; readonly says: string };

export type Asked = keyof EnrolAnswers;

export type News =
  | { readonly heard: 'look'; readonly answer: EnrolLookAnswer }
  | { readonly heard: 'begin'; readonly answer: EnrolBeginAnswer }
  | { readonly heard: 'try' }
  | { readonly heard: 'no'; readonly to: Asked; readonly no: RefusedAnswer; readonly late: boolean }
  | { readonly heard: 'nothing'; readonly to: Asked }
  /** The page was put away: it must not come back with the key on it. */
  | { readonly heard: 'left' };

/** The step that follows. News that doesn't belong to the step is ignored: a late answer changes nothing. */
export function next(step: Step, news: News): Step {
  switch (news.heard) {
    case 'look':
      return step.at === 'loading' ? { at: 'offer', about: news.answer } : step;
    case 'begin':
      return step.at === 'offer' ? { at: 'scan', about: step.about, key: news.answer } : step;
    case 'try':
      return step.at === 'scan' ? { at: 'done', about: step.about } : step;
    case 'left':
      return step.at === 'scan' ? { at: 'offer', about: step.about } : step;
    case 'no':
      return refused(step, news);
    case 'nothing':
      return unanswered(step, news.to);
  }
}

function refused(step: Step, { to, no, late }: News & { heard: 'no' }): Step {
  if (step.at === 'done' || step.at === 'over') return step;
  if (step.at === 'scan' && to === 'try' && !ends(no)) return { ...step, wrong: { says: no.says } };
  if (step.at === 'offer' && passes(no)) return { ...step, trouble: no.says };
  const about = 'about' in step ? { about: step.about } : {};
  return { ...about, at: 'over', title: title(step, no, late), says: no.says };
}

function title(step: Step, no: RefusedAnswer, late: boolean): string {
  if (no.refused === 'other-browser') return 'Another browser has this link';
  if (no.refused === 'paused') return 'You are paused';
  if (no.refused !== 'link-over' && no.refused !== 'enrol-over') return 'This can’t go on';
  if (step.at === 'loading') return 'This link opens nothing any more';
  return late ? 'The link has run out' : 'This link was ended';
}

function unanswered(step: Step, to: Asked): Step {
  switch (step.at) {
    case 'loading':
      return { at: 'over', title: 'The server didn’t answer', says: `${LOST} Open the link from your chat.` };
    case 'offer':
      return { ...step, trouble: LOST };
    case 'scan':
      return to === 'try' ? { ...step, wrong: { says: LOST_TRY } } : step;
    default:
      return step;
  }
}

/** The code may have arrived. Then the link is spent, and a message in the chat says so. */
const LOST_TRY =
  'The server didn’t answer. Look into your chat: if nothing there says that your authenticator counts, type the next code.';
