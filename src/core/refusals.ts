/** Every expected "no". Refusals are values; `cards/say-refusal` words each of them once. */

import type { Delivery } from './accounts.js';
import type { Grant } from './grant.js';
import type { Unlendable } from './lendable.js';
import type { PersonId } from './people.js';
import type { ProofFailure, ProofState, ProvenAct } from './proof.js';
import type { ProposalState } from './proposal.js';
import type { RequestState } from './request.js';
import type { SweepState } from './sweep.js';

export type Refusal =
  | { readonly code: 'unknown-account'; readonly typed: string }
  | { readonly code: 'unknown-id'; readonly typed: string }
  | { readonly code: 'nobody' }
  | {
      readonly code: 'not-linked';
      readonly why:
        | 'guest'
        | 'bot'
        | 'external'
        | 'deactivated'
        | 'unknown'
        | 'no-email'
        | 'nobody'
        | 'other-identity';
    }
  | { readonly code: 'link-first' }
  | { readonly code: 'auditor' }
  | { readonly code: 'may-not-ask'; readonly account: string }
  | { readonly code: 'not-lendable'; readonly account: string; readonly because: readonly Unlendable[] }
  | { readonly code: 'already-pending'; readonly request: string }
  | {
      readonly code: 'already-holding';
      readonly grant: string;
      readonly until: Date | null;
      readonly delivery: Delivery;
    }
  | { readonly code: 'out'; readonly grant: Grant; readonly holder: PersonId; readonly until: Date | null }
  | { readonly code: 'bad-duration'; readonly shortest: number; readonly longest: number }
  | { readonly code: 'no-reason' }
  | { readonly code: 'too-long'; readonly field: string; readonly most: number; readonly was: number }
  | { readonly code: 'holds-secret'; readonly field: string; readonly looksLike: string }
  | { readonly code: 'ticket-required'; readonly policy: string }
  | { readonly code: 'bad-ticket' }
  | { readonly code: 'client-name'; readonly name: string }
  /** A group is lent to their own login, and they have none on its system. */
  | { readonly code: 'no-login'; readonly system: string; readonly email: string }
  /** Keyturn can't change this account's password by itself. */
  | { readonly code: 'cannot-rotate'; readonly account: string }
  | { readonly code: 'rotating-already'; readonly account: string }
  /** The holder's own login is in a group: there is no password to show. */
  | { readonly code: 'nothing-to-show'; readonly grant: string }
  /** The grant isn't delivered as an SSH session. */
  | { readonly code: 'nothing-to-connect'; readonly grant: string }
  /** This process was started before any account was lent by SSH. */
  | { readonly code: 'bastion-closed' }
  /** To whoever knocks at the bastion; why is for the record alone. `isKnown`: what they showed is somebody's. */
  | { readonly code: 'not-admitted'; readonly why: string; readonly isKnown: boolean }
  | { readonly code: 'session-over'; readonly session: string }
  /** A public key that can't be registered. */
  | { readonly code: 'bad-ssh-key'; readonly why: 'private' | 'unreadable' | 'unknown' | 'weak' | 'taken' }
  | { readonly code: 'ssh-key-known' }
  | { readonly code: 'too-many-ssh-keys'; readonly most: number }
  | { readonly code: 'no-ssh-key' }
  | { readonly code: 'not-offered'; readonly delivery: string }
  | { readonly code: 'step-unmeetable'; readonly from: string; readonly need: number; readonly have: number }
  | { readonly code: 'own-request' }
  | { readonly code: 'not-approver'; readonly request: string }
  | { readonly code: 'already-decided'; readonly verdict: 'approve' | 'deny' }
  | {
      readonly code: 'request-over';
      readonly request: string;
      readonly state: RequestState;
      readonly by: PersonId | null;
    }
  | { readonly code: 'longer-than-asked'; readonly asked: number }
  /** More time: none is left under the policy, less than asked is left, or the access has ended. */
  | { readonly code: 'no-more-time'; readonly grant: string; readonly most: number }
  | { readonly code: 'beyond-total'; readonly left: number; readonly most: number }
  | { readonly code: 'nothing-to-extend'; readonly grant: string }
  | { readonly code: 'requester-lost-right'; readonly account: string }
  | { readonly code: 'may-not-set'; readonly account: string }
  | { readonly code: 'not-requester' }
  | { readonly code: 'not-holder' }
  | { readonly code: 'may-not-revoke' }
  | { readonly code: 'grant-over'; readonly grant: string; readonly outcome: string }
  | { readonly code: 'link-over' }
  | { readonly code: 'link-not-yours' }
  | { readonly code: 'not-confirmed' }
  | { readonly code: 'other-browser' }
  /** One-time codes: the time for them is up, or the asking is over; whom they may come from; how often. */
  | { readonly code: 'codes-over' }
  | { readonly code: 'code-over' }
  | { readonly code: 'code-not-yours'; readonly client: string }
  | { readonly code: 'bad-code' }
  | { readonly code: 'nobody-gives'; readonly client: string }
  | { readonly code: 'asked-enough'; readonly most: number }
  | { readonly code: 'no-codes-kept'; readonly account: string; readonly heldBy: 'contacts' | null }
  | { readonly code: 'no-task'; readonly grant: string }
  | { readonly code: 'task-not-yours'; readonly assignee: PersonId | null }
  | { readonly code: 'task-done'; readonly grant: string }
  | { readonly code: 'same-secret' }
  | { readonly code: 'bad-secret'; readonly most: number }
  | { readonly code: 'paused' }
  | { readonly code: 'requester-paused'; readonly person: PersonId }
  | { readonly code: 'proof-stale' }
  | { readonly code: 'confirm-first'; readonly act: ProvenAct; readonly subject: string }
  | { readonly code: 'confirming-already' }
  | { readonly code: 'confirm-not-yours' }
  | { readonly code: 'cooling-down'; readonly until: Date }
  | { readonly code: 'too-many-codes' }
  | { readonly code: 'wrong-code'; readonly left: number }
  | { readonly code: 'no-other-way' }
  | { readonly code: 'factor-failed'; readonly failure: ProofFailure }
  | { readonly code: 'not-proven' }
  | { readonly code: 'not-confirmed-by'; readonly state: ProofState; readonly said: string | null }
  | { readonly code: 'leads-only' }
  | { readonly code: 'own-incident' }
  | { readonly code: 'settled-already' }
  | { readonly code: 'proposal-waits'; readonly proposal: string }
  | { readonly code: 'own-proposal'; readonly proposal: string }
  | {
      readonly code: 'proposal-over';
      readonly proposal: string;
      readonly state: Exclude<ProposalState, 'waiting'>;
      readonly by: PersonId | null;
    }
  | { readonly code: 'unknown-person'; readonly typed: string }
  | { readonly code: 'no-codes-here' }
  | { readonly code: 'has-factor'; readonly person: PersonId }
  | { readonly code: 'no-factor-yet' }
  | { readonly code: 'enrol-over' }
  | { readonly code: 'identity-ended' }
  | { readonly code: 'no-break-glass'; readonly account: string }
  | { readonly code: 'short-reason'; readonly least: number }
  | { readonly code: 'review-late'; readonly request: string; readonly since: Date }
  | { readonly code: 'no-review'; readonly request: string }
  | { readonly code: 'own-review' }
  | { readonly code: 'not-reviewer' }
  | { readonly code: 'review-not-late'; readonly request: string }
  | {
      readonly code: 'reviewed-already';
      readonly request: string;
      readonly verdict: 'justified' | 'misuse';
      readonly by: PersonId | null;
    }
  | { readonly code: 'may-not-report' }
  | { readonly code: 'unknown-report'; readonly typed: string }
  | { readonly code: 'bad-day'; readonly typed: string }
  | { readonly code: 'bad-span'; readonly from: string; readonly to: string }
  | { readonly code: 'report-typed' }
  | { readonly code: 'unknown-session' }
  | { readonly code: 'session-live' }
  | { readonly code: 'digest-not-yours' }
  | { readonly code: 'several-people'; readonly typed: string }
  | { readonly code: 'own-offboarding' }
  | { readonly code: 'last-lead'; readonly person: PersonId }
  | { readonly code: 'no-second-lead'; readonly person: PersonId }
  | { readonly code: 'swept-already'; readonly person: PersonId }
  | { readonly code: 'sweep-waits'; readonly sweep: string }
  | { readonly code: 'sweep-over'; readonly sweep: string; readonly state: Exclude<SweepState, 'waiting'> }
  | {
      readonly code: 'heir-needed';
      readonly person: PersonId;
      readonly accounts: number;
      readonly tasks: number;
    }
  | { readonly code: 'bad-heir'; readonly heir: PersonId }
  | { readonly code: 'other-heir'; readonly sweep: string; readonly heir: PersonId | null }
  | { readonly code: 'repeated' }
  | { readonly code: 'busy' };
