/** How the steps of a link look: whose account this is, how far one has come, and the screen. */

import type { LookAnswer } from '../../link-answers.js';
import { type Look, stages, whose } from '../common/frame.js';
import { type Hands, screen } from './screens.js';
import type { Step } from './step.js';

const STAGES = {
  loading: 0,
  offer: 0,
  confirm: 1,
  ready: 2,
  shown: 2,
  codes: 2,
  report: 2,
  hidden: 3,
  stored: 3,
  over: -1,
} as const;

/** The whole look, with what a person can do. */
export function linkLook(hands: Hands): Look<Step> {
  return {
    // How the holder is asked may change while they are being asked.
    key: (step) => (step.at === 'confirm' ? JSON.stringify(step.confirm) : step.at),
    wide: (step) => step.at === 'report',
    screen: (step) => screen(step, hands),
    head: (step) => {
      const about = 'about' in step ? step.about : undefined;
      if (!about) return [];
      const stage = STAGES[step.at];
      return [
        whose(about.client, about.account, about.person),
        stage < 0 ? null : stages(names(about), stage),
      ];
    },
    colour: (step) => ('about' in step ? step.about?.colour : undefined) ?? 'none',
    title: (step) => (step.at === 'ready' ? 'Confirmed · Keyturn' : 'Keyturn'),
    trouble,
  };
}

function names({ purpose }: LookAnswer): string[] {
  const last = { reveal: 'See it', 'new-secret': 'Enter it', report: 'Read it', sessions: 'Watch' };
  return ['Open', 'Confirm', last[purpose]];
}

/** What is wrong with a code stands at its field. */
function trouble(step: Step): string {
  const trouble = 'trouble' in step ? (step.trouble ?? '') : '';
  if (trouble !== '' || step.at !== 'confirm' || step.confirm.by === 'code') return trouble;
  return step.wrong?.says ?? '';
}
