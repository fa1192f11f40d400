/** What the one who confirms reads, alone: where to look, what to type, and in the end what came of it. */

import { anotherMethod } from '../ask-factor.js';
import type { ProofFacts } from '../facts.js';
import { pushWait } from '../fatigue.js';
import { isOpen, type Proof } from '../proof.js';
import { type Action, type Card, type Form, said, type Text, typed } from './card.js';
import { sayFailure } from './say-proof.js';

export function confirmCard(facts: ProofFacts): Card {
  const { proof, directory } = facts;
  const client = proof.client === null ? undefined : directory.client(proof.client);
  const asks = isOpen(proof, facts.now) && proof.state !== 'allowed';
  return {
    client: client ? { name: client.name, colour: client.colour } : null,
    title: title(facts, asks),
    rows: [],
    // The number last, so that it stands nearest to the thumb.
    lines: [typed(inOneLine(proof)), ...lines(facts, asks)],
    actions: asks ? actions(facts) : [],
    ...(proof.code !== null && asks ? { summary: 'Confirm on your phone' } : {}),
    note: noteOf(proof),
  };
}

/** What it is about, short: the phone shows the whole. The client stands above already. */
function inOneLine({ act, facts }: Proof): string {
  if (act !== 'approve') return facts.map(([label, value]) => `${label}: ${value}`).join(' · ');
  return facts
    .filter(([label]) => label !== 'Client' && label !== 'Why')
    .map(([label, value]) => (label === 'Asked by' ? `asked by ${value}` : value))
    .join(' · ');
}

function title({ proof }: ProofFacts, asks: boolean): string {
  if (asks)
    return proof.method === 'totp' || proof.method === 'duo_universal'
      ? 'Confirm it'
      : 'Confirm on your phone';
  switch (proof.state) {
    case 'allowed':
    case 'spent':
      return 'Confirmed';
    case 'denied':
    case 'fraud':
      return 'Denied on your phone';
    default:
      return 'Not confirmed';
  }
}

function lines(facts: ProofFacts, asks: boolean): Text[] {
  const { proof } = facts;
  if (asks) return asking(facts).map(said);
  switch (proof.state) {
    case 'allowed':
      return [said('It is being done now.')];
    case 'spent':
      return [said(DONE[proof.act] ?? 'It was done.')];
    case 'denied':
      return [
        said(
          'Nothing was done, and you are not asked again by itself. Press the button again if you do want it.',
        ),
      ];
    case 'fraud':
      return [
        said(
          'Nothing was done. You reported that you hadn’t asked for it, so you are paused and the leads are told: somebody may be using your chat account.',
        ),
      ];
    case 'failed':
      return [said(sayFailure(proof.failure))];
    case 'void':
      return [said(proof.said ?? 'It could not be done any more.')];
    default:
      return [
        said(
          'There was no answer in time, so nothing was done. Press the button again to be asked once more.',
        ),
      ];
  }
}

const DONE: Partial<Record<Proof['act'], string>> = {
  approve: 'Your approval is recorded.',
  'break-glass': 'The access is yours: its card has the button. Everybody who has to know has been told.',
  review: 'Your review is recorded.',
  'allow-glass': 'They may break the glass once more, within the hour.',
  connect: 'The way is open for ten minutes: paste the line and type the ticket that you were shown.',
  'add-ssh-key': 'The key is registered: while the way to a session is open, it needs no ticket.',
  'end-ssh-key': 'The key has ended, and what it had opened is cut.',
  link: 'This chat account is linked to you. Now send what you wanted once more.',
  resume: 'They may act again.',
  offboard:
    'Your word counts. The card of the offboarding says what has ended, or who has to confirm it too.',
  keep: 'The offboarding is dropped.',
  'offer-factor': 'The authenticator may be enrolled: its page is a button in their own chat.',
};

function asking(facts: ProofFacts): string[] {
  const { proof } = facts;
  switch (proof.method) {
    case null:
      return [hasToWait(facts) ? PHONE_LATER : 'Your phone is about to ask …'];
    case 'duo_push':
      return proof.code === null
        ? ['Approve it in Duo Mobile. Deny there what you didn’t press yourself.']
        : [`Type ${proof.code} in Duo Mobile. Deny there what you didn’t press yourself.`];
    case 'duo_universal':
      return ['Confirm on Duo’s own page: the button makes an address that is good for five minutes.'];
    case 'totp':
      return ['Type the six digits that your authenticator shows.'];
    default:
      return proof.method satisfies never;
  }
}

/** Said the same on the page of a link. */
export const PHONE_LATER =
  'Your phone was asked a moment ago, so it asks about this in up to 30 seconds. There are at least 30 seconds between two questions.';

/** Whether the phone's turn comes only after a while. */
export function hasToWait(facts: ProofFacts): boolean {
  const { state, sends } = facts.proof;
  return state === 'asked' && sends === 0 && pushWait(facts) > 0;
}

function actions(facts: ProofFacts): Action[] {
  const { id, method } = facts.proof;
  const has = anotherMethod(facts, facts.offers.factors) !== null;
  const another: Action[] = has ? [{ kind: 'button', act: 'another-way', label: 'Another way', id }] : [];
  switch (method) {
    case null:
      return hasToWait(facts) ? another : [];
    case 'duo_push':
      return another;
    case 'duo_universal':
      return [{ kind: 'button', act: 'prompt', label: 'Open Duo', id, style: 'primary' }, ...another];
    case 'totp':
      return [{ kind: 'button', act: 'code', label: 'Type the code', id, style: 'primary' }, ...another];
    default:
      return method satisfies never;
  }
}

function noteOf(proof: Proof): string {
  const from: Record<Proof['via'], string> = {
    slack: 'asked in Slack',
    teams: 'asked in Teams',
    web: 'asked in a browser',
    cli: 'asked at the command line',
  };
  return from[proof.via];
}

/** The address of Duo's own page, for this person alone. */
export function promptCard(facts: ProofFacts, url: string): Card {
  return {
    client: null,
    title: 'Confirm on Duo’s page',
    rows: facts.proof.facts.map(([label, value]) => ({ label, text: typed(value) })),
    lines: [said('This address is for you alone, works once and for five minutes.')],
    actions: [{ kind: 'way', label: 'Confirm with Duo', url }],
  };
}

/** Where the digits of an authenticator are typed. */
export function codeForm({ proof }: ProofFacts): Form {
  return {
    form: 'code',
    id: proof.id,
    title: 'Confirm it',
    submit: 'Confirm',
    lines: proof.facts.map(([label, value]) => typed(`${label}: ${value}`)),
    fields: [
      {
        id: 'code',
        label: 'Code',
        hint: 'The six digits that your authenticator shows now',
        input: { kind: 'line', most: 12, placeholder: '123456' },
      },
    ],
  };
}
