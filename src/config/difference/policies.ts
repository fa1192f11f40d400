/** Policies, told apart. */

import type { DeclaredDirectory } from '../../core/directory.js';
import type { ApprovalStep } from '../../core/policy.js';
import { printDuration } from '../duration.js';
import { type Aspect, aspect, type Described, flag, length, listAspect, wait } from './aspects.js';

type Declared = DeclaredDirectory['policies'][number];

export function describePolicy(policy: Declared): Described {
  const { approvals, durations, mfa } = policy;
  return {
    summary: `approvals ${printSteps(approvals)}; ${durations.map(printDuration).join(', ')}`,
    opensWhenAdded: false,
    aspects: [
      aspect('approvals', approvals, printSteps(approvals), (before) => !isMetBy(before, approvals)),
      aspect('durations', durations, durations.map(printDuration).join(', '), (before) => {
        return Math.max(...durations) > Math.max(...before);
      }),
      length('longest with extensions', policy.maxTotal),
      wait('time to decide', policy.decideWithin),
      flag('ticket required', policy.ticket === 'required', false),
      flag('client’s name typed', policy.confirmClientName, false),
      length('reveal links live', policy.linkSeconds),
      flag('MFA to approve', mfa.approve, false),
      flag('MFA to reveal', mfa.reveal, false),
      flag('MFA for break-glass', mfa.break_glass, false),
      ...escalation(policy.escalate),
      ...breakGlass(policy.breakGlass),
    ],
  };
}

function printSteps(steps: readonly ApprovalStep[]): string {
  if (steps.length === 0) return 'none';
  return `need ${steps.map((step) => `${step.need} of ${step.from}`).join(' and ')}`;
}

/** Whether whatever satisfies the `after` steps satisfies the `before` ones too. */
function isMetBy(before: readonly ApprovalStep[], after: readonly ApprovalStep[]): boolean {
  const needs = (steps: readonly ApprovalStep[], from: string) =>
    steps.reduce((sum, step) => sum + (step.from === from ? step.need : 0), 0);
  return before.every((step) => needs(after, step.from) >= needs(before, step.from));
}

function escalation(escalate: Declared['escalate']): Aspect[] {
  const told = escalate && `${escalate.to} after ${printDuration(escalate.after)}`;
  const may = escalate?.mayDecide ? escalate.to : undefined;
  return [
    aspect('escalation', told, told ?? 'none', () => false),
    aspect('empowered by escalation', may, may ?? 'nobody', () => may !== undefined),
  ];
}

function breakGlass(glass: Declared['breakGlass']): Aspect[] {
  const has = glass !== undefined;
  return [
    flag('break-glass', has, true),
    listAspect('break-glass for', glass?.may ?? [], 'more'),
    aspect(
      'break-glass lasts',
      glass?.maxDuration,
      glass ? printDuration(glass.maxDuration) : 'none',
      (before) => {
        return (glass?.maxDuration ?? 0) > (before ?? 0);
      },
    ),
    aspect(
      'review within',
      glass?.reviewWithin,
      glass ? printDuration(glass.reviewWithin) : 'none',
      (before) => {
        return before !== undefined && glass !== undefined && glass.reviewWithin > before;
      },
    ),
    aspect('break-glass tells', glass?.notify ?? [], glass?.notify.join(', ') ?? 'nobody', (before) => {
      return has && before.some((name) => !glass.notify.includes(name));
    }),
  ];
}
