/** Alerts: to the leads what they have to look into, to a person what has changed about their own ways in. */

import { pauses } from '../alert.js';
import type { AlertFacts } from '../facts.js';
import type { PersonId } from '../people.js';
import type { PhoneFact, ProofFailure } from '../proof.js';
import { type Action, type Card, type Row, said, typed } from './card.js';
import {
  differencesIn,
  proposalActions,
  sayApplied,
  sayProposed,
  titleOfProposal,
} from './configuration-card.js';
import { sayFailureToLeads, sayProven } from './say-proof.js';
import { sayTime } from './words.js';

/** @param viewer whose own copy it is; null for a channel's, which nobody in particular reads. */
export function alertCard(facts: AlertFacts, viewer: PersonId | null): Card {
  const { alert } = facts;
  return {
    client: null,
    title: alert.kind === 'proposed' ? titleOfProposal(facts) : TITLES[alert.kind],
    rows: rows(facts),
    lines: [...sentences(facts).map((text) => said(text)), ...differencesIn(alert).map(typed)],
    actions: actions(facts, viewer),
    note: facts.proposal?.id ?? alert.id,
  };
}

const TITLES: Record<Exclude<AlertFacts['alert']['kind'], 'proposed'>, string> = {
  fraud: 'Incident: a push nobody asked for',
  misuse: 'Incident: a break-glass that was misuse',
  'cool-down': 'Three denials in ten minutes',
  'target-stuck': 'Not taken back: a target doesn’t do what it has to',
  rotated: 'The password was changed',
  'target-untrusted': 'Stop: a target isn’t the one that it should be',
  'review-owed': 'A break-glass waits for its review',
  'review-late': 'Nobody has reviewed a break-glass',
  'glass-allowed': 'You may break the glass once more',
  'factor-failed': 'A second factor failed',
  'identity-linked': 'A chat account was linked to you',
  'identity-ended': 'A chat account of yours was unlinked',
  'factor-offered': 'Enrol an authenticator',
  'factor-added': 'A new authenticator counts for you',
  'factor-ended': 'An authenticator of yours has ended',
  'ssh-key-added': 'An SSH key was registered for you',
  'ssh-key-ended': 'An SSH key of yours has ended',
  applied: 'The configuration has changed',
};

function rows({ alert, directory }: AlertFacts): Row[] {
  const { data } = alert;
  if (alert.kind !== 'fraud' && alert.kind !== 'cool-down') return [];
  const about = (data.facts as readonly PhoneFact[]).map(([, value]) => value).join(' · ');
  const asked = `${sayProven(data.act)}: ${about}`;
  const account = data.userId ? `${data.via} account ${data.userId} of ${data.workspace}` : String(data.via);
  return [
    { label: 'Person', text: said(directory.nameOf(alert.person)) },
    { label: 'Asked for', text: typed(asked) },
    { label: 'By', text: typed(account) },
  ];
}

function sentences(facts: AlertFacts): string[] {
  const { alert, directory, now } = facts;
  const { data } = alert;
  const who = directory.nameOf(alert.person);
  const by = typeof data.by === 'string' ? directory.nameOf(data.by) : 'somebody';
  switch (alert.kind) {
    case 'fraud':
      return alert.state === 'open'
        ? [
            `${who} reported on their phone that they hadn’t asked for this. They are paused: nothing of theirs is asked, approved or shown.`,
            `Speak to ${who} by voice. If somebody else is in their chat account, have it locked there. Then let them act again.`,
          ]
        : [
            `Settled by ${directory.nameOf(alert.settledBy)}, ${sayTime(alert.settledAt ?? now, directory)}. ${sayBack(facts)}`,
          ];
    case 'misuse':
      return alert.state === 'open'
        ? [
            `${by} reviewed ${who}’s break-glass ${data.request}: misuse. ${who} is paused and holds nothing any more; what they were shown has to be changed.`,
          ]
        : [
            `Settled by ${directory.nameOf(alert.settledBy)}, ${sayTime(alert.settledAt ?? now, directory)}. ${sayBack(facts)}`,
          ];
    case 'review-owed':
    case 'review-late':
      return [sayReview(facts)];
    case 'glass-allowed':
      return [
        `${by} lets you, once, until ${sayTime(new Date(String(data.until)), directory)}, although ${data.request} isn’t reviewed.`,
      ];
    case 'cool-down':
      return [
        `${who} denied three confirmations within ten minutes. Nothing of theirs is confirmed until ${sayTime(new Date(String(data.until)), directory)}.`,
        `Ask ${who} by voice whether it was they who asked.`,
      ];
    case 'factor-failed':
      return [sayFailureToLeads(data.why as ProofFailure, who)];
    case 'target-stuck':
      return [
        `Keyturn can’t do at ${data.system} of ${data.clientName} what has to be done for ${data.client}/${data.account}: ${data.says}`,
        'It goes on trying, first of all with what has ended. Until then, what was lent there may still work: change it by hand if that can’t wait.',
      ];
    case 'rotated':
      return [
        `The password of ${data.client}/${data.account} is a new one since ${sayTime(alert.at, directory, now)}: read back at its system, where the old one is refused.`,
      ];
    case 'target-untrusted':
      return [
        `${data.says}`,
        `Keyturn sends nothing more to ${data.system} of ${data.clientName} until it shows again who it is. If its certificate or key was changed on purpose, write the new one into keyturn.yaml and apply it; if not, somebody may be in between.`,
      ];
    case 'identity-linked':
      return [`${chatOf(data)} acts as you from now on, confirmed by your second factor.`, NOT_YOU];
    case 'identity-ended':
      return [`${chatOf(data)} doesn’t act as you any more.`, NOT_YOU];
    case 'factor-offered':
      return alert.person === data.by
        ? ['Open the page and scan the code with an authenticator app. The offer lives for a day.']
        : [
            `${by} lets you enrol an authenticator. Open the page and scan the code with an authenticator app. The offer lives for a day.`,
            NOT_YOU,
          ];
    case 'factor-added':
      return [
        data.replaced
          ? 'Codes of the new authenticator count from now on; those of the former one don’t any more.'
          : 'Its codes confirm what you do from now on.',
        NOT_YOU,
      ];
    case 'factor-ended':
      return [alert.person === data.by ? 'You ended it.' : `${by} ended it.`, NOT_YOU];
    case 'ssh-key-added':
      return [
        `${data.fingerprint} opens sessions of yours from now on, after you have pressed Connect.`,
        NOT_YOU,
      ];
    case 'ssh-key-ended':
      return [`${data.fingerprint} opens nothing any more, and what it had opened is cut.`, NOT_YOU];
    case 'applied':
      return [sayApplied(facts)];
    case 'proposed':
      return sayProposed(facts);
    default:
      return alert.kind satisfies never;
  }
}

const NOT_YOU = 'If you know nothing of this, tell a lead at once.';

function chatOf(data: AlertFacts['alert']['data']): string {
  const chat = data.platform === 'slack' ? 'Slack' : 'Teams';
  return `The ${chat} account ${data.userId} of ${data.workspace}`;
}

function sayReview({ alert, review, directory, now }: AlertFacts): string {
  const who = directory.nameOf(alert.person);
  if (!review) return `${alert.data.request} of ${who} waits for its review.`;
  const account = `${review.client}/${review.account}`;
  if (review.state !== 'owed')
    return `${review.request} (${account}, by ${who}) was reviewed by ${directory.nameOf(review.reviewer)}: ${review.state}.`;
  const due = sayTime(review.dueAt, directory, now);
  return alert.kind === 'review-late'
    ? `${who} broke the glass for ${account} (${review.request}); the review was due ${due}. Somebody else has to say whether it was justified.`
    : `${who} broke the glass for ${account} (${review.request}). Say by ${due} whether it was justified.`;
}

function actions(facts: AlertFacts, viewer: PersonId | null): Action[] {
  const { alert } = facts;
  if (alert.kind === 'proposed') return proposalActions(facts, viewer);
  if (pauses(alert))
    return [{ kind: 'button', act: 'resume', label: 'Let them act again', id: alert.id, style: 'primary' }];
  if (facts.review?.state === 'owed' && (alert.kind === 'review-owed' || alert.kind === 'review-late'))
    return [{ kind: 'button', act: 'review', label: 'Review', id: facts.review.request, style: 'primary' }];
  if (alert.kind === 'factor-offered')
    return [
      { kind: 'button', act: 'enrol', label: 'Enrol', id: String(alert.data.factor), style: 'primary' },
    ];
  return [];
}

/** Who was offboarded meanwhile doesn't come back by it. */
function sayBack({ alert, directory }: AlertFacts): string {
  const who = directory.nameOf(alert.person);
  const isHere = alert.person !== null && directory.person(alert.person) !== undefined;
  return isHere ? `${who} may act again.` : `${who} was offboarded.`;
}
