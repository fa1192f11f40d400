/** Every "no", worded once: what is so, and what to do next. */

import type { Directory } from '../directory.js';
import type { Unlendable } from '../lendable.js';
import type { ProofState } from '../proof.js';
import type { Refusal } from '../refusals.js';
import { sayFailure, sayProven } from './say-proof.js';
import { sayEstate } from './say-sweep.js';
import { list, sayDelivery, sayDuration, sayStep, sayTime } from './words.js';

type Said = { [R in Refusal as R['code']]: (refusal: R, directory: Directory, client: string) => string };

const SAID: Said = {
  'unknown-account': (r) =>
    `There is no account "${r.typed}" that you may ask for. Type /access to see what there is.`,
  'unknown-id': (r) =>
    `I don't know "${r.typed}". Ids look like R-8F3KQ2 and stand on the card; /access mine and /access pending list them.`,
  nobody: () =>
    'I don’t know you as one of the people of this Keyturn. Ask a lead to add you to its configuration.',
  'not-linked': (r) => NOT_LINKED[r.why],
  'link-first': () =>
    'This chat account isn’t linked yet: your second factor completes it. Type /access link, and confirm it on your phone.',
  auditor: () => 'As an auditor you can read everything here, but not ask or decide.',
  'may-not-ask': (r) => `${r.account} isn't yours to ask for. A lead can tell you who may.`,
  'not-lendable': (r, d) =>
    `${r.account} can't be lent now: ${list(r.because.map((u) => sayUnlendable(u, d)))}.`,
  'already-pending': (r) =>
    `You have asked for this already: ${r.request} waits for a decision. Cancel it first if you want something else.`,
  'already-holding': (r, d) =>
    `You hold this already: ${r.grant}${r.until ? `, until ${sayTime(r.until, d)}` : ''}. Press ${r.delivery === 'ssh' ? 'Connect' : 'Reveal'} on its card.`,
  out: (r, d) =>
    `${d.nameOf(r.holder)} has it${r.until ? ` until ${sayTime(r.until, d)}` : ''} (${r.grant.id}), and it is lent to one person at a time. Ask again then, or ask ${d.nameOf(r.holder)} to return it early.`,
  'bad-duration': (r) =>
    `The time has to be between ${sayDuration(r.shortest)} and ${sayDuration(r.longest)}, written like 30m, 1h or 1h30m.`,
  'no-reason': () => 'Say why, in a few words: the approvers decide by it, and it stays on record.',
  'too-long': (r) =>
    `The ${r.field} is too long: ${r.was} characters, and at most ${r.most} fit. Shorten it and send it again.`,
  'holds-secret': (r) =>
    `The ${r.field} seems to hold ${r.looksLike}. Nothing was stored. Take it out and ask again; if it is real, change it, because this chat has seen it.`,
  'ticket-required': () =>
    'This account needs a ticket: add it as #12345 to what you type, or fill in the field.',
  'bad-ticket': () => 'A ticket is one word of up to 40 letters, digits, dots and dashes, like #T-20455.',
  'client-name': (r) =>
    `Type the client's name to confirm whom this is for: it is ${r.name}. Use the form (/access) for this account.`,
  'not-offered': (r) => `This account doesn't arrive by ${r.delivery} in this version of Keyturn.`,
  'nothing-to-show': (r) =>
    `${r.grant} has no password: your own login is in the group until its end. Sign in with your own password.`,
  'nothing-to-connect': (r) => `${r.grant} isn’t delivered as a session: there is nothing to connect to.`,
  'bastion-closed': () =>
    'The SSH entrance of this Keyturn isn’t open yet. Press again in a few seconds; if it stays shut, its log says why: tell a lead.',
  'not-admitted': () => 'This opens nothing. Press Connect on the card of your access for a new ticket.',
  'session-over': (r) => `${r.session} is over already.`,
  'bad-ssh-key': (r) => BAD_SSH_KEY[r.why],
  'ssh-key-known': () => 'This key is registered for you already.',
  'too-many-ssh-keys': (r) =>
    `You have ${r.most} keys, and that is the most. End one first: type /access ssh-key.`,
  'no-ssh-key': () => 'There is no such key any more. Type /access ssh-key to see what there is.',
  'no-login': (r) =>
    `This group is lent to your own login on ${r.system}, and the configuration names none for ${r.email}. Ask a lead to add it under logins.`,
  'cannot-rotate': (r) =>
    `Keyturn can’t change the password of ${r.account} by itself: no connector reaches its system, or the configuration doesn’t name its sign-in name.`,
  'rotating-already': (r) => `${r.account} is having its password changed already.`,
  'step-unmeetable': (r, d, client) =>
    `Nobody could approve this: it needs ${sayStep(r.from, r.need, client, d)}, and without you there ${r.have === 0 ? 'is nobody' : r.have === 1 ? 'is only one' : `are only ${r.have}`}. Somebody else has to ask, or a lead has to change the policy.`,
  'own-request': () => 'It is your own request: somebody else has to decide it. You can cancel it.',
  'not-approver': () =>
    'You are not one of those who decide this request. Its card names who is still needed.',
  'already-decided': (r) =>
    r.verdict === 'approve'
      ? 'You have approved this already. An approval can’t be withdrawn; revoke the grant instead.'
      : 'You have denied this already.',
  'request-over': (r, d) => `Too late: ${r.request} ${OVER[r.state](r.by === null ? null : d.nameOf(r.by))}.`,
  'longer-than-asked': (r) =>
    `You can shorten the time, not lengthen it: the request is for ${sayDuration(r.asked)}.`,
  'no-more-time': (r) =>
    `${r.grant} can’t be made longer: its policy allows ${sayDuration(r.most)} in all. Ask anew when it has ended.`,
  'beyond-total': (r) =>
    `At most ${sayDuration(r.left)} more can be given: the policy allows ${sayDuration(r.most)} in all.`,
  'nothing-to-extend': (r) => `Too late: ${r.grant} has ended, so there is nothing to make longer.`,
  'requester-lost-right': (r) =>
    `The one who asked may no longer have ${r.account}, so this can't be approved. Deny it, or leave it to lapse.`,
  'may-not-set': (r) => `Only a lead or the owner of ${r.account} puts its password into custody.`,
  'not-requester': () => 'Only the one who asked can cancel a request. You can deny it, if you may decide.',
  'not-holder': () => 'Only the holder of a grant can do that.',
  'may-not-revoke': () => 'Only leads and those who may approve such a request can revoke it.',
  'grant-over': (r) =>
    `${r.grant} is over (${r.outcome}): nothing more is served from it. Ask again if you still need it.`,
  'link-over': () =>
    'This link opens nothing any more. Press the button on the card in your chat for a new one.',
  'link-not-yours': () => 'This link is somebody else’s, and only they can confirm it.',
  'not-confirmed': () =>
    'This browser isn’t confirmed yet. Press the button with its number in your own chat.',
  'other-browser': () =>
    'Another browser has opened this link already. If that wasn’t you, press “It isn’t me” in your chat and make a new link.',
  'codes-over': () =>
    'The time for codes is up: five minutes after the showing. Press Reveal in your chat for a new link.',
  'code-over': () =>
    'That code isn’t needed any more: it was asked for anew, handed over, or its time is up.',
  'code-not-yours': (r, d) =>
    `Only those at ${d.client(r.client)?.name ?? r.client} who approve can type this code, and nobody for themselves.`,
  'bad-code': () =>
    'A code has six to eight digits, and nothing else. Type the one that your authenticator shows now.',
  'nobody-gives': (r, d) =>
    `Nobody at ${d.client(r.client)?.name ?? r.client} can be asked for the code: nobody else there approves.`,
  'asked-enough': (r) =>
    `The code was asked for ${r.most} times after this showing. Press Reveal in your chat for a new link.`,
  'no-codes-kept': (r) =>
    r.heldBy === 'contacts'
      ? `The codes of ${r.account} are its client’s own (totp_held_by: contacts), so Keyturn takes no seed of them.`
      : `${r.account} has no codes of Keyturn’s: write totp: true at it in keyturn.yaml and apply that first.`,
  'no-task': () => 'There is nothing to change for this grant.',
  'task-not-yours': (r, d) => `This is ${d.nameOf(r.assignee)}’s task; a lead can do it too.`,
  'task-done': () => 'This is done already: the password has been changed.',
  'same-secret': () =>
    'That is the password that was shown. Change it at the target first, then enter the new one.',
  'bad-secret': (r) => `A password has between 1 and ${r.most} characters and no line breaks.`,
  paused: () =>
    'You are paused until a lead has looked into what happened. You can return what you hold; nothing else of yours is asked, approved or shown.',
  'requester-paused': (r, d) =>
    `${d.nameOf(r.person)} is paused, and nothing of theirs can be approved until a lead has looked into what happened.`,
  'proof-stale': () =>
    'What was confirmed is not this, or not any more, so nothing was done. Press the button again to confirm it anew.',
  'confirm-first': (r) =>
    `You are being asked about ${r.act === 'approve' ? r.subject : sayProven(r.act)} already. Answer that first, then press again: you are asked about one thing at a time.`,
  'confirming-already': () =>
    'You are being asked to confirm this already: look at your phone, and at your direct message with Keyturn.',
  'confirm-not-yours': () => 'This question is somebody else’s, and only they can answer it.',
  'cooling-down': (r, d) =>
    `Three confirmations of yours were denied within ten minutes, so nothing of yours can be confirmed until ${sayTime(r.until, d)}. If it wasn’t you who asked for them, tell a lead now: somebody may be using your chat account.`,
  'too-many-codes': () =>
    'Too many wrong codes. Nothing was done; wait ten minutes, then start again. The leads have been told.',
  'wrong-code': (r) =>
    `That code isn’t right. Type the six digits that your authenticator shows now; each code counts once. ${r.left === 1 ? 'One more try is' : `${r.left} more tries are`} left.`,
  'no-other-way': () =>
    'You have no other second factor. Ask a lead to type “/access enrol” with your e-mail address for an authenticator.',
  'factor-failed': (r) => sayFailure(r.failure),
  'not-proven': () =>
    'The policy asks for your second factor by now, and this browser was let in without it. Press the button on the card in your chat for a new link.',
  'not-confirmed-by': (r) => r.said ?? NOT_CONFIRMED[r.state] ?? 'It was not confirmed, so nothing was done.',
  'leads-only': () => 'Only a lead can do that.',
  'own-incident': () => 'It is about you: another lead has to settle it.',
  'proposal-waits': (r) =>
    `You have proposed this already, and ${r.proposal} waits for another lead: they press Apply on its card, or run keyturn apply with the same file and --as their own address.`,
  'own-proposal': (r) => `${r.proposal} is your own: another lead has to apply or refuse it.`,
  'proposal-over': (r, d) => `Too late: ${r.proposal} ${SETTLED[r.state](d.nameOf(r.by))}.`,
  'settled-already': () => 'This is settled already; there is nothing left to do.',
  'unknown-person': (r) =>
    `I know nobody called “${r.typed}”. Type the e-mail address as it is in the configuration.`,
  'no-codes-here': () =>
    'Authenticator codes are not switched on here: totp is not in mfa.order of the configuration.',
  'has-factor': (r, d) => `${d.nameOf(r.person)} has an authenticator already.`,
  'no-factor-yet': () => 'There is no such authenticator any more. Type /access link to see what there is.',
  'enrol-over': () =>
    'This page opens nothing any more. Press the button in your chat for a new one, or ask a lead to type “/access enrol” with your e-mail address.',
  'identity-ended': () => 'This chat account is not linked any more. Type /access link to see what is.',
  'no-break-glass': (r) =>
    `${r.account} can’t be taken by break-glass by you. Ask for it; a lead can tell you who may break the glass.`,
  'short-reason': (r) =>
    `Say more about the emergency, in at least ${r.least} characters: somebody reviews it afterwards and goes by it.`,
  'review-late': (r, d) =>
    `Your break-glass ${r.request} should have been reviewed by ${sayTime(r.since, d)}, and until it is you can’t break the glass again. Ask a lead to review it, or to press “Allow one more” on its card.`,
  'no-review': (r) => `${r.request} owes no review: it is no break-glass.`,
  'own-review': () => 'It is your own break-glass: somebody else has to review it.',
  'not-reviewer': () => 'Only leads and those who are told of such a break-glass review it.',
  'review-not-late': (r) => `${r.request} still waits for its review in time, so nothing is in the way.`,
  'reviewed-already': (r, d) => `${r.request} was reviewed already, by ${d.nameOf(r.by)}: ${r.verdict}.`,
  'may-not-report': () =>
    'There is no such report for you. Leads and auditors read every report, everybody else on the staff their own (report person and your own e-mail address), and those who approve for a client that client’s.',
  'unknown-report': (r) =>
    `There is nothing called “${r.typed}”, and there never was. Write an account as client/account, a client by its id, a person by their e-mail address.`,
  'bad-day': (r) => `“${r.typed}” is no day. Write a day like 2026-11-23.`,
  'bad-span': (r) => `${r.from} is after ${r.to}. The first day comes first, and both are in the report.`,
  'report-typed': () =>
    'Write it like: report account acme/front-desk, report person lena@your-company.example or report client acme; after it, if you like, the first and the last day: 2026-11-01 2026-11-23.',
  'unknown-session': () =>
    'There is no such recording for you. Leads and auditors see every session’s, everybody else on the staff their own.',
  'session-live': () =>
    'This session goes on still, and only leads watch it live. Its recording is here when it is over.',
  'digest-not-yours': () =>
    'The digest is for leads, and for those to whom the configuration sends it. Type /access pending to see what waits for you.',
  'several-people': (r) => `Several people are called “${r.typed}”. Type the e-mail address instead.`,
  'own-offboarding': () => 'It is about you: another lead has to do it.',
  'last-lead': () =>
    'You are the only lead, and without a lead nobody could run this. Make somebody else a lead first (keyturn apply).',
  'no-second-lead': (r, d) =>
    `${d.nameOf(r.person)} is a lead, and that takes two other leads. Make somebody else a lead first (keyturn apply). Where ${d.nameOf(r.person)} has left, have their chat account deactivated: that counts as the second word.`,
  'swept-already': (r, d) => `${d.nameOf(r.person)} was offboarded already.`,
  'sweep-waits': (r) =>
    `You have asked for this already, and ${r.sweep} waits for another lead: they press Confirm offboarding on its card, or run keyturn offboard with --as their own address.`,
  'sweep-over': (r) => `Too late: ${r.sweep} ${SWEPT[r.state]}.`,
  'heir-needed': (r, d) =>
    `Say who takes over: ${d.nameOf(r.person)} leaves ${sayEstate(r.accounts, r.tasks)} behind.`,
  'bad-heir': (r, d) =>
    `${d.nameOf(r.heir)} can’t take over: it has to be somebody else of the staff, who may act and isn’t an auditor.`,
  'other-heir': (r, d) =>
    `${r.sweep} names ${r.heir === null ? 'nobody' : d.nameOf(r.heir)} as the one who takes over, and a second word is for the same. Confirm that, or drop it and ask anew.`,
  repeated: () => 'This arrived before and was acted on then. Nothing was done twice.',
  busy: () => 'Many people act on this at this moment, and nothing was changed. Try again.',
};

const NOT_CONFIRMED: Partial<Record<ProofState, string>> = {
  asked: 'You are still being asked; look at your phone.',
  waiting: 'You are still being asked; look at your phone.',
  denied: 'It was denied on your phone, so nothing was done. You are not asked again by itself.',
  fraud:
    'You reported that you hadn’t asked for it. Nothing was done, you are paused, and the leads have been told.',
  timeout: 'There was no answer in time, so nothing was done. Ask again when your phone is at hand.',
};

const OVER = {
  pending: () => 'still waits',
  approved: () => 'is approved already',
  denied: (by: string | null) => `was denied${by ? ` by ${by}` : ''}`,
  cancelled: (by: string | null) => `was cancelled${by ? ` by ${by}` : ''}`,
  lapsed: () => 'has lapsed, because nobody decided in time',
};

const BAD_SSH_KEY = {
  private:
    'That is a private key, and nobody but its owner’s own computer should ever see it. Nothing was stored; this chat has seen it, so make a new one and use this one nowhere any more.',
  unreadable: 'I can’t read this as a public key. Paste the one line of the file that ends in .pub.',
  unknown: 'Keys of this kind don’t count here. Make one with: ssh-keygen -t ed25519',
  weak: 'This key is too short: an RSA key needs 3072 bits. Better make one with: ssh-keygen -t ed25519',
  taken: 'This key can’t be registered for you. Make one of your own with: ssh-keygen -t ed25519',
};

const SWEPT = {
  running: 'is done already, but for passwords that have to be changed',
  done: 'is done already',
  dropped: 'was dropped, because they are still here',
};

const SETTLED = {
  applied: (by: string) => `was applied by ${by}`,
  refused: (by: string) => `was refused by ${by}`,
  stale: () => 'is stale, because the configuration has changed since. Propose it again with keyturn apply',
};

const NOT_LINKED = {
  guest: 'Guests of this workspace can’t use Keyturn. Ask from a full account.',
  bot: 'Bots can’t use Keyturn.',
  external: 'Your account belongs to another workspace, and this one can’t vouch for it. Ask from your own.',
  deactivated: 'This account is deactivated.',
  unknown: 'The chat could not say who you are. Try again in a minute; if it stays so, tell a lead.',
  'no-email':
    'Your chat account has no confirmed e-mail address, so I can’t tell who you are. Confirm it and try again.',
  nobody:
    'I don’t know you as one of the people of this Keyturn. If you should be, ask a lead to add you to its configuration.',
  'other-identity':
    'Another account of this workspace is linked to this person already. End that link first: type /access link there.',
};

export function sayUnlendable(why: Unlendable, directory: Directory): string {
  switch (why.why) {
    case 'delivery':
      return `it arrives by ${list(why.deliver.map(sayDelivery), 'or')}, which this version doesn't offer yet`;
    case 'no-connector':
      return `Keyturn can’t do what it needs on the system ${why.system}`;
    case 'no-seed':
      return `the seed of its one-time codes isn't in custody yet (a lead puts it there with: keyturn secret set ${why.account} --totp)`;
    case 'codes-unreachable':
      return `${directory.client(why.client)?.name ?? why.client}'s own people have its one-time codes, and none of them who approves has a chat that this version speaks`;
    case 'mfa':
      return `its policy ${why.policy} asks for a second factor, and none is configured (mfa.order)`;
    case 'contacts-unreachable':
      return `${directory.client(why.client)?.name ?? why.client}'s own people have to approve, and they have no chat that this version speaks`;
    case 'no-policy':
      return `its policy ${why.policy} doesn't exist`;
    case 'no-secret':
      return `its password isn't in custody yet (a lead puts it there with: keyturn secret set ${why.account})`;
    default:
      return why satisfies never;
  }
}

/** The one sentence for a refusal. `client` is the id of the client it concerns, where there is one. */
export function sayRefusal(refusal: Refusal, directory: Directory, client = ''): string {
  const say = SAID[refusal.code] as (r: Refusal, d: Directory, c: string) => string;
  return say(refusal, directory, client);
}
