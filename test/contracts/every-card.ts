/** A card and a form of every kind that core makes, each in the states in which its words differ. */

import type { Alert, AlertKind } from '../../src/core/alert.js';
import { alertCard } from '../../src/core/cards/alert-card.js';
import { type Card, type Form, said } from '../../src/core/cards/card.js';
import { codeCard, giveCodeForm } from '../../src/core/cards/code-card.js';
import { codeForm, confirmCard, promptCard } from '../../src/core/cards/confirm-card.js';
import { connectCard } from '../../src/core/cards/connect-card.js';
import { requestCopies } from '../../src/core/cards/copies.js';
import { changedCard, endingCard } from '../../src/core/cards/ending-card.js';
import { extendForm } from '../../src/core/cards/extend-form.js';
import { askForm, reasonForm } from '../../src/core/cards/forms.js';
import { glassForm, reviewForm } from '../../src/core/cards/glass-form.js';
import { homeCards } from '../../src/core/cards/home-card.js';
import { enrolCard, linkCard } from '../../src/core/cards/identity-card.js';
import { abuseCard, browserCard, wayCard } from '../../src/core/cards/link-card.js';
import { helpCard, mineCard, pendingCard, showCard } from '../../src/core/cards/lists.js';
import { sshKeysCard } from '../../src/core/cards/ssh-keys-card.js';
import { taskCard } from '../../src/core/cards/task-card.js';
import type { CodeAsk } from '../../src/core/code-window.js';
import { Directory } from '../../src/core/directory.js';
import type { AlertFacts, LinkFacts, PersonFacts, ProofFacts, RequestFacts } from '../../src/core/facts.js';
import type { Grant, Revocation } from '../../src/core/grant.js';
import type { Person } from '../../src/core/people.js';
import type { Proof } from '../../src/core/proof.js';
import type { Review } from '../../src/core/review.js';
import type { Session } from '../../src/core/session.js';
import type { SshKey } from '../../src/core/ssh-key.js';
import { ASKED, GRANTED } from '../fixtures/born.js';
import { CAST } from '../fixtures/cast.js';
import { DIGESTS } from '../fixtures/digests.js';
import { MONTH } from '../fixtures/pictures.js';
import { SWEEP_FORM, SWEEPS } from '../fixtures/sweeps.js';
import { reportCards } from './report-cards.js';

export const HOSTILE =
  '**b** _i_ `c` <at>Lena Falk</at> <b onclick=x>y</b> [go](https://a.example) <!channel> :tada: {{DATE(2026-11-23T14:03:00Z, SHORT)}} $\u007bname} \u202egnp.exe עברית 👩‍👩‍👧 &lt;at&gt;\n# head\n- Asked by  Lena Falk';

const people: Person[] = CAST.people.map((p) => ({ ...p, id: p.name.split(' ')[0] as string }));
export const directory = new Directory({
  ...CAST,
  ...{ version: 1, timezone: 'UTC', operator: 'Northwind IT', people },
  policies: CAST.policies.map((p) => ({ ...p, version: 1 })),
});
const now = new Date('2026-11-23T14:03:00Z');
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const basics = {
  ...{ now, directory, paused: [] },
  offers: {
    ...{ mode: 'local' as const, factors: ['duo_push', 'totp'] as const },
    ...{ deliveries: ['reveal'] as const, reachableClients: ['delta'] },
  },
};

export function request(account: string, more: Partial<RequestFacts['request']> = {}): RequestFacts {
  const [client = '', id = ''] = account.split('/');
  const accountNow = directory.account(client, id);
  return {
    ...basics,
    ...{
      secret: { version: 1, by: null, at: now },
      seed: null,
      live: [],
      pending: [],
      decisions: [],
      grant: null,
    },
    ...{ revocation: null, exposures: [], dueOnAccount: [], links: [], confirming: [], accountNow },
    ...{ extensions: [], review: null, glassSpent: false, tickets: [], sessions: [], sessionUses: [] },
    request: {
      ...{ id: 'R-8F3KQ2', client, account: id, requester: 'Tess', seconds: 7200, reason: HOSTILE },
      ...{ ticket: 'T-204', delivery: 'reveal', policy: accountNow?.policy ?? '', policyVersion: 1 },
      ...{ state: 'pending', version: 1, askedAt: now, decideBy: later(60), endedAt: null, endedBy: null },
      ...ASKED,
      ...more,
    },
    client: directory.client(client),
    policyNow: accountNow && directory.policy(accountNow.policy),
  };
}

const denied: RequestFacts = {
  ...request('acme/router', { state: 'denied', endedBy: 'Lena', endedAt: now }),
  decisions: [
    {
      request: 'R-8F3KQ2',
      person: 'Lena',
      verdict: 'deny',
      seconds: null,
      reason: HOSTILE,
      proof: null,
      at: now,
    },
  ],
};

function granted(state: Grant['state'], more: Partial<Grant> = {}): RequestFacts {
  const grant: Grant = {
    ...{ id: 'G-8F3KQ2', request: 'R-8F3KQ2', client: 'acme', account: 'router', holder: 'Tess' },
    ...{
      delivery: 'reveal',
      seconds: 1800,
      exclusive: true,
      state,
      outcome: null,
      version: 1,
      activeAt: now,
    },
    ...{ endsAt: later(30), endedAt: null, endedBy: null, endReason: null, ...GRANTED, ...more },
  };
  return { ...request('acme/router', { state: 'approved' }), grant };
}

const active = granted('active');
const revocation: Revocation = {
  ...{ grant: 'G-8F3KQ2', client: 'acme', account: 'router', kind: 'manual', state: 'due', version: 1 },
  ...{ assignee: 'Lena', dueAt: later(10), doneAt: null, doneBy: null, proof: null },
  ...{ undo: null, tried: 0, triedAt: null, trouble: null },
};
const revoked: RequestFacts = {
  ...granted('ended', { outcome: 'revoked', endedAt: later(10), endedBy: 'Lena', endReason: HOSTILE }),
  revocation,
};

function link(state: LinkFacts['link']['state'], fails = 0): LinkFacts {
  const known: LinkFacts['link'] = {
    purpose: 'reveal',
    ...{ id: 'L-1', tokenHash: 'h', grant: 'G-8F3KQ2', person: 'Tess', state },
    ...{
      browserHash: 'b',
      number: '47',
      fails,
      proof: null,
      createdAt: now,
      expiresAt: later(10),
      version: 1,
    },
  };
  return { ...active, link: known, proof: null, codeWindow: null, codeAsks: [] };
}

/** A client's contact is asked for a one-time code. */
function codeAsk(state: CodeAsk['state'], more: Partial<CodeAsk> = {}): CodeAsk {
  return {
    ...{ id: 'K-0123456789AB', link: 'L-1', n: 1, state, askedAt: now, untilAt: later(5), sealed: null },
    ...{ typedBy: null, typedAt: null, handedAt: null, version: 1, ...more },
  };
}
const byNoor = { typedBy: 'Noor', typedAt: now };

const person: PersonFacts = {
  ...basics,
  ...{ person: 'Tess', proofs: [], factors: [], sshKeys: [], alertKeys: [], isUnproven: false },
  identities: [
    {
      ...{ platform: 'teams', workspace: 'tenant-1', userId: 'aad-1', person: 'Tess' },
      ...{ linkedAt: now, provenAt: now, endedAt: null },
    },
  ] as unknown as PersonFacts['identities'],
};

function proof(more: Partial<Proof>): ProofFacts {
  const facts = [
    ['Client', 'Acme Dental'],
    ['Account', 'Router'],
    ['Why', HOSTILE],
    ['Asked by', 'Tess Tran'],
  ];
  const known = {
    ...{ id: 'C-1', person: 'Lena', act: 'approve', subjectKind: 'request', subjectId: 'R-8F3KQ2' },
    ...{ subjectVersion: 1, terms: '', client: 'acme', facts, number: null, command: null, via: 'teams' },
    ...{ identity: null, state: 'waiting', method: 'duo_push', wish: null, txid: 't', code: '123456' },
    ...{ stateHash: null, sends: 1, fails: 0, evidence: null, failure: null, said: null, askedAt: now },
    ...{ pushedAt: now, promptedAt: null, expiresAt: later(5), settledAt: null, version: 1, ...more },
  } as unknown as Proof;
  return { ...person, proof: known };
}

const glassReview: Review = {
  ...{ request: 'R-8F3KQ2', client: 'delta', account: 'registrar', person: 'Tess', state: 'owed' },
  ...{
    at: now,
    dueAt: later(480),
    remindAt: later(240),
    reminders: 0,
    allowedBy: null,
    allowedUntilAt: null,
  },
  ...{ reviewer: null, note: null, settledAt: null, version: 1 },
};

const SSH_KEY: SshKey = {
  ...{ id: 'H-1', person: 'Tess', fingerprint: `SHA256:${'a'.repeat(43)}`, kind: 'ssh-ed25519' },
  ...{
    comment: HOSTILE.slice(0, 60),
    state: 'active',
    proof: 'C-1',
    addedAt: now,
    endedAt: null,
    version: 1,
  },
};
const SESSION: Session = {
  ...{ id: 'X-8F3KQ2', grant: 'G-8F3KQ2', client: 'acme', account: 'router', person: 'Tess' },
  ...{ ticket: 'T-1', key: null, address: '203.0.113.7', owner: 'a', secretVersion: 1, idleSeconds: 900 },
  ...{
    state: 'open',
    why: null,
    openedAt: now,
    seenAt: now,
    endedAt: null,
    endAskedAt: null,
    endAskedBy: null,
  },
  ...{ recordingHash: null, recordingBytes: null, recordingEvents: null, version: 1 },
};

const ALERTS: Readonly<Record<AlertKind, Record<string, unknown>>> = {
  misuse: { request: 'R-8F3KQ2', by: 'Lena' },
  'review-owed': { request: 'R-8F3KQ2', told: ['Lena'] },
  'review-late': { request: 'R-8F3KQ2', told: ['Lena'] },
  'glass-allowed': { request: 'R-8F3KQ2', by: 'Lena', until: later(60).toISOString() },
  fraud: { act: 'approve', facts: [['Why', HOSTILE]], via: 'teams', userId: '<at>u</at>', workspace: 'w' },
  'cool-down': { act: 'approve', facts: [['Why', HOSTILE]], via: 'teams', until: later(10).toISOString() },
  'factor-failed': { why: 'unreachable' },
  rotated: { client: 'acme', account: 'router' },
  'target-stuck': { client: 'acme', clientName: 'Acme', account: 'router', system: 'acme-ad', says: HOSTILE },
  'target-untrusted': {
    client: 'acme',
    clientName: 'Acme',
    account: 'router',
    system: 'acme-ad',
    says: HOSTILE,
  },
  'identity-linked': { platform: 'teams', userId: 'aad-1', workspace: 'tenant-1' },
  'identity-ended': { platform: 'slack', userId: 'U1', workspace: 'T1' },
  'factor-offered': { factor: 'F-1', by: 'Lena' },
  'factor-added': { replaced: true },
  'factor-ended': { by: 'Lena' },
  'ssh-key-added': { by: 'Tess', fingerprint: SSH_KEY.fingerprint },
  'ssh-key-ended': { by: 'Tess', fingerprint: SSH_KEY.fingerprint },
  applied: { version: 2, by: 'Lena', proposer: 'Omar', lines: ['+ account acme/*x*', HOSTILE] },
  proposed: { lines: [HOSTILE] },
};

function alert(kind: AlertKind): AlertFacts {
  const known: Alert = {
    ...{ id: 'A-1', kind, person: 'Tess', key: 'k', data: ALERTS[kind], at: now, version: 1 },
    ...{ state: kind === 'fraud' ? 'open' : 'told', settledAt: null, settledBy: null },
  };
  const proposal = { id: 'V-1', state: 'waiting', proposer: 'Tess', settledBy: null, settledAt: null };
  const isReview = kind === 'review-owed' || kind === 'review-late';
  return {
    ...basics,
    alert: known,
    proposal: kind === 'proposed' ? (proposal as never) : null,
    review: isReview ? glassReview : null,
  };
}

/** Nobody was asked, and nobody has reviewed it in time; of a client that has people of its own. */
const broken: RequestFacts = {
  ...request('delta/registrar', { kind: 'break-glass', state: 'approved', proof: 'C-1' }),
  grant: { ...(active.grant as Grant), client: 'delta', account: 'registrar' },
  review: { ...glassReview, dueAt: now },
};

const rows = (n: number) =>
  Array.from({ length: n }, (_, at) => ({
    ...{ seq: at + 1, at: now, actor: 'Lena', action: 'decision.deny', data: { reason: HOSTILE } },
    ...{ subject: 'R-8F3KQ2', hash: '' },
  })) as never[];
const items = Array.from({ length: 20 }, (_, n) => ({
  request: active.request,
  grant: active.grant,
  sessions: n === 0 ? [SESSION] : [],
}));

/** A live session, and a second one that a lead is ending. */
const inSession: RequestFacts = {
  ...granted('active', { delivery: 'ssh' }),
  sessions: [SESSION, { ...SESSION, id: 'X-000002', endAskedAt: now, endAskedBy: 'Lena' }],
  sessionUses: [{ secretVersion: 1, count: 2, cut: 0 }],
};
const cut: RequestFacts = {
  ...revoked,
  grant: { ...(revoked.grant as Grant), delivery: 'ssh' },
  revocation: { ...revocation, kind: 'nothing', state: 'done', assignee: null, doneAt: now },
  sessionUses: [{ secretVersion: 1, count: 2, cut: 1 }],
};
const bastion = { host: 'keys.example', port: 2222, fingerprint: SSH_KEY.fingerprint, ticket: '7Q3KD-0000' };
const url = 'https://keys.example/reveal#token';

const copies = (name: string, facts: RequestFacts): [string, Card][] =>
  requestCopies(facts).map(({ kind, place, card }) => [`${name}: ${kind} ${JSON.stringify(place)}`, card]);

/** As the daily digest is: what happened in words, thirty days in a picture. */
export const WITH_PICTURE: Card = {
  ...{ client: null, title: 'Daily digest', picture: MONTH, note: 'Monday, 23 November 2026' },
  rows: [{ label: 'Yesterday', text: said('11 granted, 2 denied') }],
  lines: [{ typed: HOSTILE }, said('Nothing waits for a review.')],
  actions: [{ kind: 'button', act: 'show', label: 'Show R-8F3KQ2', id: 'R-8F3KQ2' }],
};

/** More time of what Tess holds, which ends soon. */
const ending: RequestFacts = {
  ...active,
  now: later(25),
  grant: { ...(active.grant as Grant), warnedAt: later(20) },
  policyNow: { ...(active.policyNow as NonNullable<RequestFacts['policyNow']>), maxTotal: 14_400 },
  secret: { version: 2, by: 'Lena', at: later(10) },
};
const wanted = {
  ...ending.request,
  ...{ id: 'R-M0RE22', kind: 'extend', extends: 'G-8F3KQ2', state: 'pending', seconds: 1800 },
  ...{ escalateAt: later(5), escalatedAt: later(20) },
} as RequestFacts['request'];
const longer: RequestFacts = {
  ...ending,
  request: wanted,
  extensions: [wanted],
  policyNow: {
    ...(ending.policyNow as NonNullable<RequestFacts['policyNow']>),
    escalate: { after: 300, to: 'L3', mayDecide: false },
  },
};
const given = { ...wanted, state: 'approved', endedAt: later(21) } as RequestFacts['request'];
const known = { directory, mayAsk: true, counts: { held: 7, asked: 1, waiting: 12 } };

export const EVERY_CARD: readonly (readonly [string, Card])[] = [
  ...DIGESTS,
  ...SWEEPS,
  ...reportCards(revoked),
  ...copies('one lead', request('acme/front-desk')),
  ...copies('two groups', request('acme/router')),
  ...copies('two organisations', request('delta/registrar')),
  ...copies('lapsed', request('acme/router', { state: 'lapsed' })),
  ...copies('denied', denied),
  ...copies('granted', active),
  ...copies('revoked', revoked),
  ...copies('in session', inSession),
  ...copies('sessions were cut', cut),
  ['sessions that a lead may end', showCard(inSession, rows(2), 'deciders', true)],
  ['the way to a session', connectCard(inSession, bastion, false)],
  ['the way to a session, once confirmed', connectCard(inSession, bastion, true)],
  ['SSH keys', sshKeysCard({ ...person, sshKeys: [SSH_KEY] })],
  ['no SSH key', sshKeysCard(person)],
  ['link, with a key', linkCard({ ...person, sshKeys: [SSH_KEY] }, [])],
  ...copies('ending soon', ending),
  ...copies('ending soon, more asked for', { ...ending, extensions: [wanted] }),
  ...copies('more time, told to others', longer),
  ...copies('more time given', { ...longer, request: given, extensions: [given] }),
  ...copies('more time lapsed', { ...longer, request: { ...wanted, state: 'lapsed' } }),
  ['what was warned of is later now', endingCard(ending, 'ending-9')],
  ['changed once more', changedCard(ending, 'changed-1')],
  ...homeCards({ ...known, held: [active], asked: [longer], waiting: [longer] }).map(
    (card, n) => [`home ${n}`, card] as const,
  ),
  ...copies('broken', broken),
  ...copies('reviewed', {
    ...broken,
    review: { ...glassReview, state: 'misuse', reviewer: 'Lena', note: HOSTILE, settledAt: now },
  }),
  [
    'task done',
    taskCard({ ...revoked, revocation: { ...revocation, state: 'done', doneBy: 'Lena', doneAt: now } }),
  ],
  ['the whole trail', showCard(active, rows(6), 'deciders')],
  ['a way', wayCard(active, 'reveal', url, 600)],
  ['a browser', browserCard(link('asked'))],
  ['a dead link', browserCard(link('dead', 5))],
  ['a code is asked for', codeCard(link('spent'), codeAsk('asked'))],
  ['a code was typed', codeCard(link('spent'), codeAsk('typed', { ...byNoor, sealed: 'sealed' }))],
  ['a code was handed over', codeCard(link('spent'), codeAsk('handed', { ...byNoor, handedAt: now }))],
  ['a code that nobody typed', codeCard(link('spent'), codeAsk('over'))],
  ['a code that nobody took', codeCard(link('spent'), codeAsk('over', byNoor))],
  ['abuse', abuseCard(link('dead', 5))],
  ['confirm by push', confirmCard(proof({}))],
  ['confirm by code', confirmCard(proof({ method: 'totp', code: null }))],
  ['confirm on a page', confirmCard(proof({ method: 'duo_universal', code: null }))],
  ['confirmed', confirmCard(proof({ state: 'spent' }))],
  ['denied on the phone', confirmCard(proof({ state: 'fraud' }))],
  ['prompt', promptCard(proof({}), url)],
  ['enrol', enrolCard(url)],
  ['link', linkCard(person, ['duo_push', 'totp'])],
  ['help', helpCard(HOSTILE)],
  ['mine', mineCard(items, directory, now)],
  ['pending', pendingCard(items, directory, now)],
  ['nothing pending', pendingCard([], directory, now)],
  ['a picture', WITH_PICTURE],
  ...(Object.keys(ALERTS) as AlertKind[]).map((kind) => [kind, alertCard(alert(kind), 'Lena')] as const),
];

const tess = people.find((p) => p.id === 'Tess') as Person;
const asks = (client?: string, account?: string) => askForm(tess, basics, { client, account });

export const EVERY_FORM: readonly (readonly [string, Form])[] = [
  ['ask', asks()],
  ['ask, client chosen', asks('acme')],
  ['ask, account chosen', asks('acme', 'router')],
  ['deny', reasonForm('deny', request('acme/router'))],
  ['revoke', reasonForm('revoke', active)],
  ['more time', extendForm(ending)],
  ['break-glass', glassForm(tess, basics)],
  ['review', reviewForm(broken)],
  SWEEP_FORM,
  ['code', codeForm(proof({ method: 'totp' }))],
  ['give a code', giveCodeForm(link('spent'), codeAsk('asked'))],
  ['nothing to ask for', { ...asks(), fields: [], lines: [said('There is nothing.')] }],
];
