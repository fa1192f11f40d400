/** A desk whose store is a few arrays: what people see in Slack is tested without a database. */

import type { Desk } from '../../../src/chat/act.js';
import type { AuditRow } from '../../../src/core/audit.js';
import type { Change, Guard, Write } from '../../../src/core/change.js';
import { type DeclaredDirectory, Directory } from '../../../src/core/directory.js';
import type {
  AccountFacts,
  Facts,
  GlassFacts,
  LinkFacts,
  PersonFacts,
  RequestFacts,
} from '../../../src/core/facts.js';
import {
  type Exposure,
  type Grant,
  grantIdOf,
  type Revocation,
  requestIdOf,
} from '../../../src/core/grant.js';
import type { Link } from '../../../src/core/link.js';
import type { CustodyFacts, LinkBy, Store } from '../../../src/core/ports.js';
import type { Decision, Request } from '../../../src/core/request.js';
import { CAST } from '../../fixtures/cast.js';

export class MemoryDesk implements Desk, Store {
  directory: Directory;
  readonly requests = new Map<string, Request>();
  readonly decisions: Decision[] = [];
  readonly grants = new Map<string, Grant>();
  readonly revocations = new Map<string, Revocation>();
  readonly links = new Map<string, Link>();
  readonly exposures: Exposure[] = [];
  readonly audit: AuditRow[] = [];
  /** Milliseconds that every commit takes; for answers that come late. */
  slow = 0;
  /** The next commit throws. */
  broken: Error | null = null;
  #ids = 0;

  constructor(declared: DeclaredDirectory = CAST) {
    const people = declared.people.map((p) => ({ ...p, id: `p-${p.name.split(' ')[0]?.toLowerCase()}` }));
    this.directory = new Directory({
      ...declared,
      ...{ version: 1, timezone: 'UTC', operator: 'Northwind IT', people },
      policies: declared.policies.map((p) => ({ ...p, version: 1 })),
    });
  }

  readonly ports = {
    store: this as Store,
    fresh: {
      requestId: () => `R-${this.#next()}`,
      linkId: () => `L-${this.#next()}`,
      exposureId: () => `E-${this.#next()}`,
      proofId: () => `C-${this.#next()}`,
      factorId: () => `F-${this.#next()}`,
      alertId: () => `A-${this.#next()}`,
      proposalId: () => `V-${this.#next()}`,
      sweepId: () => `S-${this.#next()}`,
      visitId: () => `W-${this.#next()}`,
      rotationId: () => `N-${this.#next()}`,
      codeAskId: () => `K-${this.#next()}`,
      sessionId: () => `X-${this.#next()}`,
      sshKeyId: () => `H-${this.#next()}`,
      ticketId: () => `T-${this.#next()}`,
    },
    pause: async () => {},
  };

  async sealCode(): Promise<never> {
    throw new Error('nobody is asked for a code here');
  }

  /** No factor is configured here: nobody is asked for one. */
  readonly prover = {
    order: [],
    advance: async () => undefined,
    enterCode: async () => ({ refused: { code: 'proof-stale' } }) as const,
    prompt: async () => ({ refused: { code: 'proof-stale' } }) as const,
    another: async () => ({ refused: { code: 'no-other-way' } }) as const,
  };

  async personFacts(person: string): Promise<PersonFacts> {
    const ways = { factors: [], sshKeys: [], identities: [] };
    const nothing = { proofs: [], ...ways, alertKeys: [], isUnproven: true };
    return { ...(await this.facts()), person, ...nothing };
  }

  async sshKeyFacts(person: string) {
    return { ...(await this.personFacts(person)), isTaken: false };
  }

  async admissionFacts() {
    return null;
  }

  async sessionFacts() {
    return null;
  }

  bastion() {
    return null;
  }

  freshTicket() {
    const n = this.#next();
    return { id: `T-${n}`, tokenHash: `ticket hash ${n}`, token: `ticket ${n}` };
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

  async visitFacts() {
    return null;
  }

  async report(): Promise<never> {
    throw new Error('these tests ask for no report');
  }

  #next(): string {
    this.#ids += 1;
    return `TEST${String(this.#ids).padStart(2, '0')}`;
  }

  freshLink() {
    const id = this.ports.fresh.linkId();
    return { id, tokenHash: `hash of ${id}`, url: `https://keys.example/reveal#token-of-${id}` };
  }

  async facts(): Promise<Facts> {
    return {
      now: new Date(),
      directory: this.directory,
      paused: [],
      offers: { mode: 'local', factors: [], deliveries: ['reveal'], reachableClients: ['delta'] },
    };
  }

  async accountFacts(client: string, account: string): Promise<CustodyFacts> {
    const here = (row: { client: string; account: string }) =>
      row.client === client && row.account === account;
    return {
      ...(await this.facts()),
      secret: { version: 1, by: null, at: new Date(0) },
      seed: null,
      live: [...this.grants.values()].filter((g) => here(g) && g.state !== 'ended'),
      pending: [...this.requests.values()].filter((r) => here(r) && r.state === 'pending'),
      dueOnAccount: [...this.revocations.values()].filter((r) => here(r) && r.state !== 'done'),
    };
  }

  async glassFacts(client: string, account: string): Promise<GlassFacts & CustodyFacts> {
    return { ...(await this.accountFacts(client, account)), owed: [] };
  }

  async digest(): Promise<never> {
    throw new Error('nobody is told of the day here');
  }

  async sweepFacts(): Promise<never> {
    throw new Error('nobody leaves here');
  }

  async targetFacts(): Promise<never> {
    throw new Error('no chat asks for targets here');
  }

  async sweepStory(): Promise<never> {
    throw new Error('nobody leaves here');
  }

  async reviewFacts(): Promise<never> {
    throw new Error('nobody reviews anything here');
  }

  async requestFacts(id: string): Promise<RequestFacts | null> {
    const request = this.requests.get(requestIdOf(id.toUpperCase()));
    if (!request) return null;
    const grant = this.grants.get(grantIdOf(request.id)) ?? null;
    const facts: AccountFacts = await this.accountFacts(request.client, request.account);
    const accountNow = this.directory.account(request.client, request.account);
    return {
      ...(facts as CustodyFacts),
      ...{ request, grant, accountNow },
      decisions: this.decisions.filter((d) => d.request === request.id),
      revocation: grant ? (this.revocations.get(grant.id) ?? null) : null,
      exposures: this.exposures.filter((e) => e.grant === grant?.id),
      links: [...this.links.values()].filter((l) => l.grant === grant?.id),
      confirming: [],
      ...{ tickets: [], sessions: [], sessionUses: [] },
      extensions: [],
      glassSpent: false,
      review: null,
      client: this.directory.client(request.client),
      policyNow: accountNow && this.directory.policy(accountNow.policy),
    };
  }

  async linkFacts(by: LinkBy): Promise<LinkFacts | null> {
    // Nobody is asked for a code here.
    if ('ask' in by) return null;
    const link = [...this.links.values()].find((l) =>
      'id' in by ? l.id === by.id : l.tokenHash === by.tokenHash,
    );
    const facts = link ? await this.requestFacts(link.grant) : null;
    return link && facts ? { ...facts, link, proof: null, codeWindow: null, codeAsks: [] } : null;
  }

  async commit(change: Change): Promise<'done' | 'moved'> {
    if (this.slow > 0) await new Promise((resolve) => setTimeout(resolve, this.slow));
    if (this.broken) {
      const { broken } = this;
      this.broken = null;
      throw broken;
    }
    if (!change.guards.every((guard) => this.#holds(guard))) return 'moved';
    for (const write of change.writes) this.#write(write);
    for (const event of change.audit)
      this.audit.push({ ...event, seq: this.audit.length + 1, at: new Date(), hash: '' });
    return 'done';
  }

  #holds(guard: Guard): boolean {
    if (guard.noun === 'live-grant') return this.grants.get(guard.id)?.state === 'active';
    return true;
  }

  #write(write: Write): void {
    switch (write.put) {
      case 'request':
        return void this.requests.set(write.row.id, write.row);
      case 'decision':
        return void this.decisions.push(write.row);
      case 'grant':
        return void this.grants.set(write.row.id, write.row);
      case 'revocation':
        return void this.revocations.set(write.row.grant, write.row);
      case 'link':
        return void this.links.set(write.row.id, write.row);
      case 'exposure':
        return void this.exposures.push(write.row);
      case 'secret':
      case 'identity':
      case 'proof':
      case 'factor':
      case 'alert':
      case 'delivery':
        return;
    }
  }

  async mine(person: string) {
    return [...this.requests.values()]
      .filter((request) => request.requester === person)
      .map((request) => ({
        request,
        grant: this.grants.get(grantIdOf(request.id)) ?? null,
        sessions: [],
      }));
  }

  async pending(): Promise<RequestFacts[]> {
    const waiting = [...this.requests.values()].filter((r) => r.state === 'pending');
    return (await Promise.all(waiting.map((r) => this.requestFacts(r.id)))).filter((f) => f !== null);
  }

  async trail(request: string): Promise<AuditRow[]> {
    return this.audit.filter((row) => row.subject === request || row.subject === grantIdOf(request));
  }
}
