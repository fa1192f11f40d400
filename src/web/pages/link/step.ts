/** Where the page stands, and what each answer of the server makes of that. Pure: no document, no clock, no network. */

import type { AskAnswer, ClaimAnswer, LookAnswer, RefusedAnswer, StatusAnswer } from '../../link-answers.js';

export type Step =
  | { readonly at: 'loading' }
  /** Waits for a human's click. */
  | { readonly at: 'offer'; readonly about: LookAnswer; readonly trouble?: string }
  /** Shows the number and waits for the word in the chat. */
  | { readonly at: 'number'; readonly about: LookAnswer; readonly number: string; readonly trouble?: string }
  /** Confirmed: the password can be shown, or the new one entered. */
  | { readonly at: 'ready'; readonly about: LookAnswer; readonly trouble?: string }
  | { readonly at: 'shown'; readonly about: LookAnswer; readonly claim: ClaimAnswer }
  | { readonly at: 'hidden'; readonly about: LookAnswer }
  | { readonly at: 'stored'; readonly about: LookAnswer }
  | { readonly at: 'over'; readonly about?: LookAnswer; readonly title: string; readonly says: string };

export type News =
  | { readonly heard: 'look'; readonly answer: LookAnswer }
  | { readonly heard: 'ask'; readonly answer: AskAnswer }
  | { readonly heard: 'status'; readonly answer: StatusAnswer }
  | { readonly heard: 'claim'; readonly answer: ClaimAnswer }
  | { readonly heard: 'enter' }
  /** `late`: by this page's own count the link's time is up. */
  | { readonly heard: 'no'; readonly to: Asked; readonly no: RefusedAnswer; readonly late: boolean }
  | { readonly heard: 'nothing'; readonly to: Asked }
  | { readonly heard: 'hide' };

export type Asked = 'look' | 'ask' | 'status' | 'claim' | 'enter';

const LOST = 'The server didn’t answer. Check your connection and try again.';
/** After these the same step can be tried again. */
const PASSING = ['busy', 'too-often', 'fault', 'bad-secret', 'same-secret'];

/** The step that follows. News that doesn't belong to the step is ignored: a late answer changes nothing. */
export function next(step: Step, news: News): Step {
  switch (news.heard) {
    case 'look':
      return step.at === 'loading' ? { at: 'offer', about: news.answer } : step;
    case 'ask':
      return step.at === 'offer' ? { at: 'number', about: step.about, number: news.answer.number } : step;
    case 'status':
      if (step.at !== 'number') return step;
      if (news.answer.state === 'confirmed') return { at: 'ready', about: step.about };
      return { at: 'number', about: step.about, number: step.number };
    case 'claim':
      return step.at === 'ready' ? { at: 'shown', about: step.about, claim: news.answer } : step;
    case 'enter':
      return step.at === 'ready' ? { at: 'stored', about: step.about } : step;
    case 'hide':
      return step.at === 'shown' ? { at: 'hidden', about: step.about } : step;
    case 'no':
      return refused(step, news);
    case 'nothing':
      return unanswered(step, news.to);
  }
}

function refused(step: Step, { to, no, late }: News & { heard: 'no' }): Step {
  if (isEnd(step)) return step;
  if (to === 'status' && PASSING.includes(no.refused)) return step;
  if (PASSING.includes(no.refused) && step.at !== 'loading') return { ...step, trouble: no.says };
  return { ...about(step), at: 'over', ...whyOver(step, no, late) };
}

function whyOver(step: Step, no: RefusedAnswer, late: boolean): { title: string; says: string } {
  if (no.refused !== 'link-over') return { title: TITLES[no.refused] ?? 'This can’t go on', says: no.says };
  if (step.at === 'loading') return { title: 'This link opens nothing any more', says: no.says };
  if (late) {
    const title = step.at === 'number' ? 'Not confirmed in time' : 'The link has run out';
    return { title, says: no.says };
  }
  return {
    title: 'This link was ended',
    says: 'The access is over, a newer link took its place, or somebody answered “It isn’t me”. The card in your chat says which.',
  };
}

const TITLES: Readonly<Record<string, string>> = {
  'other-browser': 'Another browser has this link',
  'not-confirmed': 'Not confirmed',
  'grant-over': 'The access is over',
  'not-lendable': 'It can’t be shown now',
  'may-not-ask': 'This is not yours any more',
  'task-done': 'Nothing left to do',
  fault: 'Something went wrong',
  'too-often': 'Too many tries',
  busy: 'Try again in a moment',
};

function unanswered(step: Step, to: Asked): Step {
  if (isEnd(step)) return step;
  if (to === 'claim') {
    const says =
      'The answer got lost on its way, and a password is sent only once. Press Reveal in your chat for a new link.';
    return { ...about(step), at: 'over', title: 'The answer didn’t arrive', says };
  }
  if (to === 'enter') {
    const says =
      'The answer got lost on its way. The card in your chat says whether the new password is in custody; if the task still stands there, enter it again from there.';
    return { ...about(step), at: 'over', title: 'The answer didn’t arrive', says };
  }
  if (to === 'status')
    return step.at === 'number' ? { ...step, trouble: 'No connection. Still trying …' } : step;
  if (step.at === 'loading')
    return { at: 'over', title: 'The server didn’t answer', says: `${LOST} Open the link from your chat.` };
  return { ...step, trouble: LOST };
}

function about(step: Step): { about?: LookAnswer } {
  return 'about' in step && step.about ? { about: step.about } : {};
}

type End = Extract<Step, { at: 'shown' | 'hidden' | 'stored' | 'over' }>;

function isEnd(step: Step): step is End {
  return ['shown', 'hidden', 'stored', 'over'].includes(step.at);
}
