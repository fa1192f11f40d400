/** Factors and failures in words: what was asked, why it came to nothing, and what to do next. */

import type { Directory } from '../directory.js';
import type { Method, Proof, ProofFailure, ProvenAct } from '../proof.js';

const FACTORS: Record<Method, string> = {
  duo_push: 'Duo push',
  duo_universal: 'Duo’s own page',
  totp: 'an authenticator’s code',
};

export function sayFactor(method: unknown): string {
  return FACTORS[method as Method] ?? 'a second factor';
}

const ACTS: Record<ProvenAct, string> = {
  approve: 'an approval',
  'break-glass': 'a break-glass',
  review: 'a review',
  'allow-glass': 'one more break-glass',
  reveal: 'letting a browser in',
  connect: 'opening the way to a session',
  'add-ssh-key': 'an SSH key',
  'end-ssh-key': 'ending an SSH key',
  link: 'linking a chat account',
  enrol: 'an authenticator',
  'offer-factor': 'allowing an authenticator',
  'end-factor': 'ending an authenticator',
  'end-identity': 'unlinking a chat account',
  resume: 'letting somebody act again',
  offboard: 'an offboarding',
  keep: 'dropping an offboarding',
  apply: 'a configuration',
  'set-secret': 'a password put into custody',
  rotate: 'a new password at its system',
  'rotate-keys': 'new data keys',
  visit: 'opening a report',
  'export-audit': 'an export of the audit trail',
};

export function sayProven(act: unknown): string {
  return ACTS[act as ProvenAct] ?? String(act);
}

/** A headline of the push: Duo shows it first. */
export function headlineOf({ act }: Pick<Proof, 'act'>): string {
  const heads: Record<ProvenAct, string> = {
    approve: 'Approve access',
    'break-glass': 'Break the glass',
    review: 'Review a break-glass',
    'allow-glass': 'Allow one more break-glass',
    reveal: 'Show a password',
    connect: 'Connect by SSH',
    'add-ssh-key': 'Register an SSH key',
    'end-ssh-key': 'End an SSH key',
    link: 'Link a chat account',
    enrol: 'Enrol an authenticator',
    'offer-factor': 'Allow an authenticator',
    'end-factor': 'End an authenticator',
    'end-identity': 'Unlink a chat account',
    resume: 'Let somebody act again',
    offboard: 'Offboard somebody',
    keep: 'Drop an offboarding',
    apply: 'Change the configuration',
    'set-secret': 'Store a password',
    rotate: 'Change a password',
    'rotate-keys': 'Rewrap the data keys',
    visit: 'Open a report',
    'export-audit': 'Export the audit trail',
  };
  return heads[act];
}

const NEXT = 'Nothing was done.';

/** Why a factor failed, to the person who was asked. */
export function sayFailure(failure: ProofFailure | null): string {
  switch (failure) {
    case 'unreachable':
    case 'too-slow':
    case 'aborted':
      return `Duo can’t be reached now, and without it nothing is confirmed. ${NEXT} Try again in a minute; the leads have been told.`;
    case 'untrusted':
      return `Duo’s certificate is not one to trust, so it was not believed. ${NEXT} The leads have been told; try later.`;
    case 'rate-limited':
      return `Duo asks for patience. ${NEXT} Try again in a minute.`;
    case 'refused':
      return `Duo doesn’t accept Keyturn’s keys or what it asked. ${NEXT} The leads have been told: “keyturn doctor” says what to set right.`;
    case 'garbage':
      return `Duo answered with something that it doesn’t document, so it was not believed. ${NEXT} The leads have been told.`;
    case 'bypass':
      return `Duo would let you pass without any factor (bypass), and that proves nothing here. ${NEXT} Ask your Duo administrator to make your account active; the leads have been told.`;
    case 'barred':
      return `Duo says that your account is disabled or locked. ${NEXT} Ask your Duo administrator; the leads have been told.`;
    case 'not-enrolled':
    case 'no-factor':
      return `You have no second factor that Keyturn can ask. ${NEXT} Enrol your phone in Duo, or ask a lead to type “/access enrol” with your e-mail address; the leads have been told.`;
    case 'no-push':
      return `No device of yours takes a push. ${NEXT} Ask your Duo administrator to activate Duo Mobile on your phone; the leads have been told.`;
    case 'unverified':
      return `Pushes have to be verified with a number here, and Duo offered none for you. ${NEXT} Ask your Duo administrator to switch on verified push; the leads have been told.`;
    case 'wrong-state':
    case 'other-person':
    case 'stale':
      return `What came back from Duo was not for you and this act now. ${NEXT} Start again; the leads have been told.`;
    case 'too-many-codes':
      return `Too many wrong codes. ${NEXT} Wait ten minutes, then try again; the leads have been told.`;
    case 'lost':
      return `Keyturn was interrupted twice while it asked your phone. ${NEXT} Try again.`;
    case null:
      return NEXT;
    default:
      return failure satisfies never;
  }
}

/** The same to the leads: who, what, and what they can do. */
export function sayFailureToLeads(failure: ProofFailure, who: string): string {
  switch (failure) {
    case 'unreachable':
    case 'too-slow':
    case 'aborted':
      return `Duo could not be reached when ${who} had to confirm something. While it is away nothing protected can be done by push; authenticators still work.`;
    case 'untrusted':
      return `Duo’s certificate was not one to trust when ${who} had to confirm something. Somebody may stand between Keyturn and Duo: look at the network first.`;
    case 'rate-limited':
      return `Duo asked for patience when ${who} had to confirm something.`;
    case 'refused':
      return `Duo refused Keyturn’s call. Run “keyturn doctor”: it says which setting is wrong.`;
    case 'garbage':
      return `Duo’s answer was not one that it documents. Run “keyturn doctor”, and look at Duo’s status page.`;
    case 'bypass':
      return `${who} has bypass status in Duo and was refused. Set the account to active in Duo’s admin panel.`;
    case 'barred':
      return `${who} is disabled or locked out in Duo and was refused. If that is a mistake, unlock the account in Duo’s admin panel.`;
    case 'not-enrolled':
    case 'no-factor':
      return `${who} has no second factor and was refused. Enrol them in Duo, or type “/access enrol” with their e-mail address.`;
    case 'no-push':
      return `No device of ${who} takes a push, and no other way is configured for them.`;
    case 'unverified':
      return `Pushes have to be verified here (duo_push.verified: required), and Duo offered ${who} no number. Switch on verified push for them in Duo.`;
    case 'wrong-state':
    case 'other-person':
    case 'stale':
      return `What came back from Duo was not for ${who} and their act. It was refused.`;
    case 'too-many-codes':
      return `${who} typed too many wrong codes. If it wasn’t they who typed, have their chat account locked.`;
    case 'lost':
      return `Keyturn was interrupted twice while it asked ${who}’s phone.`;
    default:
      return failure satisfies never;
  }
}

/** Whose turn it is, in the words of the card that others see: `Lena Falk is confirming on their phone.` */
export function sayConfirming(people: readonly string[], directory: Directory): string | null {
  if (people.length === 0) return null;
  const names = people.map((id) => directory.nameOf(id));
  return names.length === 1
    ? `${names[0]} is confirming.`
    : `${names.slice(0, -1).join(', ')} and ${names.at(-1)} are confirming.`;
}
