/** One grant of one account with its link, in memory, under the rules that the real store keeps in a transaction. */

import { Secret } from '../../src/config/secret.js';
import type { Change, Guard, Write } from '../../src/core/change.js';
import type { CodeAsk, CodesHeldBy, CodeWindow } from '../../src/core/code-window.js';
import { giveCode, newestAsk } from '../../src/core/codes.js';
import { Directory } from '../../src/core/directory.js';
import type { LinkFacts, VisitFacts } from '../../src/core/facts.js';
import { type Exposure, type Grant, isLive, type Revocation } from '../../src/core/grant.js';
import { LINK_TRANSITIONS, type Link, type LinkPurpose } from '../../src/core/link.js';
import type { Person } from '../../src/core/people.js';
import type { Policy } from '../../src/core/policy.js';
import type { CustodyFacts, LinkBy, Ports, Store } from '../../src/core/ports.js';
import type { Request } from '../../src/core/request.js';
import { confirmBrowser } from '../../src/core/reveal.js';
import type { CodeDesk } from '../../src/web/code-acts.js';
import type { SecretPlace } from '../../src/web/link-acts.js';
import { hashToken, newToken } from '../../src/web/token.js';
import { ASKED, GRANTED } from '../fixtures/born.js';

const START = new Date('2026-03-02T14:00:00Z');
const PEOPLE: Person[] = [
  { id: 'p-tess', email: 'tess@northwind.example', name: 'Tess Tran', kind: 'staff', tier: 'L2' },
  { id: 'p-lena', email: 'lena@northwind.example', name: 'Lena Falk', kind: 'staff', tier: 'lead' },
];
const POLICY: Policy = {
  id: 'one-lead',
  version: 1,
  approvals: [{ from: 'leads', need: 1 }],
  durations: [3600],
  decideWithin: 3600,
  ticket: 'optional',
  confirmClientName: false,
  linkSeconds: 600,
  mfa: { approve: false, reveal: false, break_glass: false },
};

export class World implements Store, CodeDesk {
  now = START;
  directory = new Directory({
    version: 1,
    timezone: 'UTC',
    operator: 'Northwind IT',
    people: PEOPLE,
    groups: {},
    policies: [POLICY],
    clients: [
      { id: 'acme', name: 'Acme Dental', engagement: 'managed', colour: 'green', staff: [], domains: [] },
    ],
    accounts: [
      {
        client: 'acme',
        id: 'front-desk',
        name: 'Front desk PC, local admin',
        kind: 'password',
        username: '.\\acmeadmin',
        mayRequest: ['L2'],
        deliver: ['reveal'],
        policy: 'one-lead',
        exclusive: true,
        totp: false,
        settings: {},
      },
    ],
  });
  token = newToken();
  link: Link;
  grant: Grant;
  revocation: Revocation | null = null;
  exposures: Exposure[] = [];
  /** By version: what was sealed, in the clear, for the tests alone. */
  passwords = new Map<number, string>([[1, 'Zq0O-1lI|7#mK w']]);
  /** The seed of the account's one-time codes, as it was sealed; null where it has none. */
  seed: string | null = null;
  codeWindow: CodeWindow | null = null;
  codeAsks: CodeAsk[] = [];
  commits: Change[] = [];
  reads = 0;
  failing: Error | null = null;

  constructor(purpose: LinkPurpose = 'reveal') {
    const end = purpose === 'new-secret';
    this.grant = {
      id: 'G-8F3KQ2',
      request: 'R-8F3KQ2',
      client: 'acme',
      account: 'front-desk',
      holder: 'p-tess',
      delivery: 'reveal',
      seconds: 3600,
      exclusive: true,
      state: end ? 'ended' : 'active',
      outcome: end ? 'returned' : null,
      version: 1,
      activeAt: START,
      endsAt: new Date(START.getTime() + 3_600_000),
      endedAt: null,
      endedBy: null,
      endReason: null,
      ...GRANTED,
    };
    if (end) this.revocation = dueFor(this.grant);
    this.link = {
      id: 'L-1',
      tokenHash: hashToken(this.token),
      purpose,
      grant: this.grant.id,
      person: end ? 'p-lena' : 'p-tess',
      state: 'open',
      browserHash: null,
      number: null,
      fails: 0,
      proof: null,
      createdAt: START,
      expiresAt: new Date(START.getTime() + 600_000),
      version: 1,
    };
  }

  /** No factor is configured here: the owner's chat is the one way in. */
  readonly prover = {
    order: [],
    enterCode: async () => ({ refused: { code: 'proof-stale' } }) as const,
    prompt: async () => ({ refused: { code: 'proof-stale' } }) as const,
    another: async () => ({ refused: { code: 'no-other-way' } }) as const,
    finish: async () => ({ facts: null, outcome: { refused: { code: 'proof-stale' } } }) as const,
  };

  get ports(): Ports {
    let n = 0;
    const fresh = {
      requestId: () => 'R-1',
      linkId: () => 'L-2',
      exposureId: () => `X-${++n}`,
      proofId: () => `P-${++n}`,
      factorId: () => `F-${++n}`,
      alertId: () => `A-${++n}`,
      sweepId: () => 'S-000001',
      visitId: () => 'W-1',
      rotationId: () => 'N-1',
      proposalId: () => `V-${++n}`,
      codeAskId: () => `K-${++n}`,
      sessionId: () => `X-${++n}`,
      sshKeyId: () => `H-${++n}`,
      ticketId: () => `T-${++n}`,
    };
    return { store: this, fresh, pause: () => new Promise((resolve) => setImmediate(resolve)) };
  }

  /** The account signs in with one-time codes too, of this seed or of the client's own contact. */
  signsInWithCodes(heldBy: CodesHeldBy, seed: string | null = null): void {
    this.seed = seed;
    const { version, timezone, operator, people, clients, accounts } = this.directory;
    const codes = heldBy === 'keyturn' ? { totp: true } : { totpHeldBy: heldBy };
    const contact = { id: 'p-ada', email: 'ada@acme.example', name: 'Ada Acme', kind: 'contact' } as const;
    this.directory = new Directory({
      ...{ version, timezone, operator, clients, groups: {}, policies: [POLICY] },
      people: [...people, { ...contact, client: 'acme', approves: true }],
      accounts: accounts.map((account) => ({ ...account, ...codes })),
    });
  }

  /** Ada types the code in her chat. */
  async types(code: string): Promise<void> {
    const facts = this.facts();
    const judged = giveCode(facts, newestAsk(facts) as CodeAsk, { person: 'p-ada', via: 'slack' }, code);
    if (!('change' in judged) || !judged.change) throw new Error(JSON.stringify(judged));
    await this.commit(judged.change);
  }

  async openLogin(): Promise<never> {
    throw new Error('no login is made for a grant here');
  }

  async openCode(_place: object, sealed: string): Promise<Secret> {
    return new Secret(sealed);
  }

  get newest(): number {
    return Math.max(0, ...this.passwords.keys());
  }

  later(seconds: number): void {
    this.now = new Date(this.now.getTime() + seconds * 1000);
  }

  /** What pressing the button in the owner's chat does. */
  async confirm(itIsMe = true): Promise<void> {
    const judged = confirmBrowser(this.facts(), { person: this.link.person, via: 'slack' }, itIsMe);
    if (!('change' in judged) || !judged.change) throw new Error(JSON.stringify(judged));
    await this.commit(judged.change);
  }

  /** Somebody revokes: every link of the grant is dead in the same transaction. */
  revoke(): void {
    this.grant = { ...this.grant, state: 'ended', outcome: 'revoked', version: this.grant.version + 1 };
    this.link = { ...this.link, state: 'dead', version: this.link.version + 1 };
  }

  async openSecret(_client: string, account: string, version: number): Promise<Secret> {
    if (account.startsWith('totp:') && this.seed !== null) return new Secret(this.seed);
    const found = this.passwords.get(version);
    if (found === undefined) throw new Error(`no version ${version}`);
    return new Secret(found);
  }

  async sealSecret(secret: Secret, place: SecretPlace): Promise<string> {
    return JSON.stringify({ ...place, sealed: Buffer.from(secret.reveal()).toString('hex') });
  }

  async accountFacts(): Promise<CustodyFacts> {
    return this.facts();
  }

  async requestFacts() {
    return this.facts();
  }

  async linkFacts(by: LinkBy): Promise<LinkFacts | null> {
    this.reads++;
    await new Promise((resolve) => setImmediate(resolve));
    if (this.failing) throw this.failing;
    const found = 'tokenHash' in by && by.tokenHash === this.link.tokenHash;
    if ('id' in by && by.id === this.link.id) return this.facts();
    return found ? this.facts() : null;
  }

  /** No factor is ever due here: nobody asks for any of these. */
  async personFacts(): Promise<never> {
    throw new Error('nobody has a factor here');
  }

  async sshKeyFacts(): Promise<never> {
    throw new Error('nobody registers a key here');
  }

  async admissionFacts() {
    return null;
  }

  async sessionFacts() {
    return null;
  }

  async proofFacts() {
    return null;
  }

  async factorFacts() {
    return null;
  }

  async alertFacts() {
    return null;
  }

  async configurationFacts(): Promise<never> {
    throw new Error('these tests ask for no configuration');
  }

  async reportFacts(): Promise<never> {
    throw new Error('these tests ask for no report');
  }

  async visitFacts(): Promise<VisitFacts | null> {
    return null;
  }

  /** Atomic: everything between the pause and the return happens at once. */
  async commit(change: Change): Promise<'done' | 'moved'> {
    await new Promise((resolve) => setImmediate(resolve));
    if (!change.guards.every((guard) => this.#holds(guard))) return 'moved';
    if (!change.writes.every((write) => this.#fits(write))) return 'moved';
    for (const write of change.writes) this.#write(write);
    this.commits.push(change);
    return 'done';
  }

  async glassFacts(): Promise<never> {
    throw new Error('nobody breaks the glass on a page');
  }

  async sweepFacts(): Promise<never> {
    throw new Error('nobody reviews anything on a page');
  }

  async targetFacts(): Promise<never> {
    throw new Error('no page asks for targets');
  }

  async sweepStory(): Promise<never> {
    throw new Error('nobody reviews anything on a page');
  }

  async reviewFacts(): Promise<never> {
    throw new Error('nobody reviews anything on a page');
  }

  facts(): LinkFacts {
    const { grant, now, directory } = this;
    const request: Request = {
      id: grant.request,
      client: grant.client,
      account: grant.account,
      requester: grant.holder,
      seconds: grant.seconds,
      reason: 'scanner driver',
      ticket: null,
      delivery: 'reveal',
      policy: POLICY.id,
      policyVersion: 1,
      state: 'approved',
      version: 1,
      askedAt: START,
      decideBy: now,
      endedAt: null,
      endedBy: null,
      ...ASKED,
    };
    const due = this.revocation && this.revocation.state !== 'done' ? [this.revocation] : [];
    return {
      now,
      directory,
      offers: { mode: 'local', factors: [], deliveries: ['reveal'], reachableClients: ['acme'] },
      paused: [],
      confirming: [],
      extensions: [],
      ...{ tickets: [], sessions: [], sessionUses: [] },
      glassSpent: false,
      review: null,
      seed: this.seed === null ? null : { version: 1, by: 'p-lena', at: START },
      secret: this.newest > 0 ? { version: this.newest, by: 'p-lena', at: START } : null,
      live: isLive(grant, now) ? [grant] : [],
      pending: [],
      request,
      decisions: [],
      grant,
      revocation: this.revocation,
      exposures: this.exposures,
      dueOnAccount: due,
      links: ['spent', 'dead'].includes(this.link.state) ? [] : [this.link],
      client: directory.client('acme'),
      accountNow: directory.account('acme', 'front-desk'),
      policyNow: POLICY,
      link: this.link,
      proof: null,
      codeWindow: this.codeWindow,
      codeAsks: this.codeAsks,
    };
  }

  #holds(guard: Guard): boolean {
    switch (guard.noun) {
      case 'live-grant':
        return isLive(this.grant, this.now);
      case 'live-link':
        return this.now < this.link.expiresAt;
      case 'secret':
        return guard.account.startsWith('totp:') || guard.version === this.newest;
      default:
        return true;
    }
  }

  #fits(write: Write): boolean {
    if (write.put === 'revocation') return write.row.version === (this.revocation?.version ?? 0) + 1;
    if (write.put !== 'link') return true;
    const from = this.link.state;
    const legal =
      from === write.row.state || LINK_TRANSITIONS.some(([a, b]) => a === from && b === write.row.state);
    return legal && write.row.version === this.link.version + 1;
  }

  #write(write: Write): void {
    if (write.put === 'link') this.link = write.row;
    if (write.put === 'exposure') this.exposures.push(write.row);
    if (write.put === 'code-window') this.codeWindow = write.row;
    if (write.put === 'code-ask')
      this.codeAsks = [...this.codeAsks.filter(({ id }) => id !== write.row.id), write.row];
    if (write.put === 'revocation') this.revocation = write.row;
    if (write.put === 'secret')
      this.passwords.set(
        write.row.version,
        Buffer.from(JSON.parse(write.row.sealed).sealed, 'hex').toString(),
      );
  }
}

function dueFor(grant: Grant): Revocation {
  return {
    grant: grant.id,
    client: grant.client,
    account: grant.account,
    kind: 'manual',
    state: 'due',
    assignee: 'p-lena',
    dueAt: START,
    doneAt: null,
    doneBy: null,
    proof: null,
    undo: null,
    tried: 0,
    triedAt: null,
    trouble: null,
    version: 1,
  };
}
