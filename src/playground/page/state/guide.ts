/** The guide: what to try next, and what counts as having tried it. */

import { buttonLabels } from '../blocks/labels.js';
import type { Cast, GuideStep, Milestone } from '../contract.js';
import { chatOf } from './chats.js';
import type { Model } from './model.js';

/** The steps that this cast can play. */
export function stepsFor(cast: Cast): readonly GuideStep[] {
  const here = new Set(cast.people.map((person) => person.key));
  return cast.tryNext.filter((step) => here.has(step.as));
}

/** Something the newcomer did: as whom, and what. */
export interface Feat {
  readonly by: string;
  readonly what: Milestone;
}

/**
 * The step to show after a feat: the one after the first open step it fulfils. Who runs ahead of
 * the guide takes it along; who wanders off finds it waiting.
 */
export function advance(steps: readonly GuideStep[], at: number, { by, what }: Feat): number {
  const fulfilled = steps.findIndex(
    (step, index) => index >= at && same(step.until, what) && ('opened' in what || step.as === by),
  );
  return fulfilled < 0 ? at : fulfilled + 1;
}

/** The step to show now that this is in people's chats: passes the steps whose button has appeared, or gone. */
export function arrived(
  steps: readonly GuideStep[],
  at: number,
  chats: Pick<Model, 'slack' | 'teams'>,
): number {
  const until = steps[at]?.until;
  return until && isSeen(until, chats) ? arrived(steps, at + 1, chats) : at;
}

function isSeen(until: Milestone, chats: Pick<Model, 'slack' | 'teams'>): boolean {
  if ('appears' in until) return buttonLabels(chats, until.to).has(until.appears);
  // Of a chat that isn't there yet nothing has gone.
  if ('goes' in until)
    return chatOf(chats, until.from) !== undefined && !buttonLabels(chats, until.from).has(until.goes);
  return false;
}

function same(a: Milestone, b: Milestone): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
