/** A small model of Keyturn, written apart from it: what each act must come to, and what must never be. */

import { ACCOUNTS, AUDITORS, CONTACTS, LEADS, type ModelAccount } from './model-world.js';

const SHORTEST = 300;
const LONGEST = 14_400;
const DECIDE_WITHIN = 3600;
const GLASS_REASON = 15;
const ALLOWED = 3600;

export interface ModelRequest {
  readonly kind: 'ask' | 'glass' | 'extend';
  readonly account: string;
  readonly by: string;
  readonly seconds: number;
  readonly decideBy: number;
  /** The grant that it asks more time for. */
  readonly of: ModelRequest | null;
  readonly escalateAt: number | null;
  escalated: boolean;
  readonly votes: Map<string, number>;
  state: 'pending' | 'granted' | 'over';
  /** How long the grant is in all. */
  given: number;
  endsAt: number;
  /** The versions of the password that its holder was shown. */
  readonly shown: Set<number>;
  /** Who has to change the password because of it; null: nobody. */
  task: { readonly assignee: string | null } | null;
  /** What a break-glass owes. */
  review: { readonly dueAt: number; state: 'owed' | 'justified' | 'misuse'; allowedUntil: number } | null;
}

type Born = Pick<ModelRequest, 'kind' | 'account' | 'by' | 'seconds' | 'of' | 'decideBy'>;

/** Time is in seconds since the model began; only `advance` moves it. Every verb says whether it goes through. */
export class Model {
  readonly requests: ModelRequest[] = [];
  readonly swept = new Set<string>();
  readonly #heirs = new Map<string, string | null>();
  /** How many incidents about somebody wait to be settled. */
  readonly #incidents = new Map<string, number>();
  readonly #versions = new Map<string, number>();
  /** The leads whose offboarding one other lead has asked for. */
  readonly #sweeps = new Map<string, { readonly by: string; readonly heir: string | null }>();
  now = 0;

  live = (r: ModelRequest) => r.kind !== 'extend' && r.state === 'granted' && this.now < r.endsAt;
  pending = (r: ModelRequest) => r.state === 'pending' && this.now < r.decideBy;
  paused = (who: string) => (this.#incidents.get(who) ?? 0) > 0;
  version = (account: string) => this.#versions.get(account) ?? 1;
  waits = (who: string) => this.#sweeps.has(who);

  /** If it goes through, the model remembers it. */
  ask(by: string, account: string, seconds: number): boolean {
    const { asks, exclusive } = accountOf(account);
    const here = this.requests.filter((r) => r.account === account);
    const fits = seconds >= SHORTEST && seconds <= LONGEST;
    const busy = here.some((r) => r.by === by && (this.pending(r) || this.live(r)));
    const out = exclusive && here.some(this.live);
    if (!this.#acts(by) || !asks.includes(by) || !fits || busy || out || !this.#canBeMet(by, account))
      return false;
    this.#ask({ kind: 'ask', account, by, seconds, of: null, decideBy: this.now + DECIDE_WITHIN });
    return true;
  }

  /** More time for a grant; `r` may also be an earlier extension of it. */
  extend(by: string, r: ModelRequest, seconds: number): boolean {
    const grant = grantOf(r);
    const { asks, most } = accountOf(r.account);
    const waiting = this.requests.some(
      (o) => o.account === r.account && o.by === by && o.state === 'pending',
    );
    const fits = seconds >= SHORTEST && seconds <= most - grant.given;
    const may = this.#acts(by) && grant.by === by && asks.includes(by) && this.live(grant);
    if (!may || waiting || !fits || !this.#canBeMet(by, r.account)) return false;
    const decideBy = Math.min(this.now + DECIDE_WITHIN, grant.endsAt);
    this.#ask({ kind: 'extend', account: r.account, by, seconds, of: grant, decideBy });
    return true;
  }

  glass(by: string, account: string, seconds: number, reason: number): boolean {
    const { glass, exclusive } = accountOf(account);
    const here = this.requests.filter((r) => r.account === account);
    if (!this.#acts(by) || !glass?.may.includes(by) || reason < GLASS_REASON) return false;
    const out = here.some((r) => this.live(r) && (exclusive || r.by === by));
    if (seconds < SHORTEST || seconds > glass.most || out) return false;
    const owed = this.requests.flatMap(({ by: who, review }) =>
      who === by && review?.state === 'owed' ? [review] : [],
    );
    const allowed = owed.filter((review) => this.now < review.allowedUntil);
    if (allowed.length === 0 && owed.some((review) => this.now >= review.dueAt)) return false;
    for (const review of allowed) review.allowedUntil = this.now;
    for (const r of here) if (r.by === by && r.state === 'pending' && r.kind === 'ask') r.state = 'over';
    const taken = this.#remember({ kind: 'glass', account, by, seconds, of: null, decideBy: this.now });
    taken.review = { dueAt: this.now + glass.within, state: 'owed', allowedUntil: 0 };
    this.#grant(taken);
    return true;
  }

  review(by: string, r: ModelRequest, verdict: 'justified' | 'misuse'): boolean {
    const may = LEADS.includes(by) || accountOf(r.account).glass?.notify.includes(by);
    if (!this.#acts(by) || !may || by === r.by || r.review?.state !== 'owed') return false;
    r.review.state = verdict;
    if (verdict === 'justified') return true;
    for (const one of this.requests) if (one.by === r.by && isGranted(one)) this.#end(one);
    this.#incidents.set(r.by, (this.#incidents.get(r.by) ?? 0) + 1);
    return true;
  }

  /** A lead lets somebody break glass once more although a review is late. */
  allow(by: string, r: ModelRequest): boolean {
    const late = r.review?.state === 'owed' && this.now >= r.review.dueAt;
    if (!this.#leads(by) || by === r.by || !late || !r.review) return false;
    r.review.allowedUntil = this.now + ALLOWED;
    return true;
  }

  resume(by: string, who: string): boolean {
    if (!this.#leads(by) || by === who || !this.paused(who)) return false;
    this.#incidents.set(who, (this.#incidents.get(who) ?? 0) - 1);
    return true;
  }

  approve(by: string, r: ModelRequest, seconds: number | undefined): boolean {
    const { asks, exclusive } = accountOf(r.account);
    const out =
      r.kind === 'ask' && exclusive && this.requests.some((o) => o.account === r.account && this.live(o));
    const fits = seconds === undefined || (seconds >= SHORTEST && seconds <= r.seconds);
    const theirs = asks.includes(r.by) && this.#here(r.by) && !this.paused(r.by);
    if (!this.#mayDecide(by, r) || out || !fits || !theirs) return false;
    r.votes.set(by, seconds ?? r.seconds);
    this.#count(r);
    return true;
  }

  deny(by: string, r: ModelRequest): boolean {
    if (!this.#mayDecide(by, r)) return false;
    r.state = 'over';
    return true;
  }

  cancel(by: string, r: ModelRequest): boolean {
    // A request whose time is up can still be taken back until the clock's worker has put its lapse on record.
    if (by !== r.by || !this.#here(by) || r.state !== 'pending') return false;
    r.state = 'over';
    return true;
  }

  end(by: string, r: ModelRequest, how: 'return' | 'revoke'): boolean {
    const grant = grantOf(r);
    const returns = by === grant.by && this.#here(by);
    const revokes =
      this.#leads(by) || (this.#acts(by) && by !== r.by && this.#deciders(r).flat().includes(by));
    if (!(how === 'return' ? returns : revokes) || !isGranted(grant)) return false;
    this.#end(grant);
    return true;
  }

  reveal(by: string, r: ModelRequest): boolean {
    const { asks, glass } = accountOf(r.account);
    const may = r.kind === 'glass' ? glass?.may.includes(by) : asks.includes(by);
    const grant = grantOf(r);
    if (!this.#acts(by) || !may || by !== grant.by || !this.live(grant)) return false;
    grant.shown.add(this.version(r.account));
    return true;
  }

  /** A new password of an account: whoever had to change it is done. */
  change(by: string, account: string): boolean {
    if (!this.#leads(by) && !(this.#acts(by) && this.#owner(account) === by)) return false;
    this.#versions.set(account, this.version(account) + 1);
    for (const r of this.requests) if (r.account === account) r.task = null;
    return true;
  }

  /** @param heir undefined: whoever the first lead named. */
  offboard(by: string, who: string, heir: string | null | undefined): boolean {
    const leads = LEADS.filter(this.#here);
    const isLead = leads.includes(who);
    const asked = this.#sweeps.get(who);
    const counts = asked && asked.by !== by && leads.includes(asked.by) && !this.paused(asked.by);
    if (!this.#leads(by) || by === who || !this.#here(who)) return false;
    if (isLead && (leads.length < 3 || asked?.by === by)) return false;
    const chosen = (heir === undefined && counts ? asked.heir : heir) ?? null;
    if (isLead && counts && chosen !== asked.heir) return false;
    const leaves = this.#owned(who).length + this.requests.filter((r) => r.task?.assignee === who).length;
    const takesOver = chosen !== null && chosen !== who && !CONTACTS.includes(chosen) && this.#acts(chosen);
    if (chosen === null ? leaves > 0 : !takesOver) return false;
    if (isLead && !counts) this.#sweeps.set(who, { by, heir: chosen });
    else this.#sweep(who, chosen);
    return true;
  }

  /** A lead says that somebody whose offboarding waits is still here. */
  drop(by: string, who: string): boolean {
    return this.#leads(by) && by !== who && this.#here(who) && this.#sweeps.delete(who);
  }

  /** The clock's worker has run: what is past its time is over, and others hear of what nobody decided. */
  settle(): void {
    for (const r of this.requests) {
      if (isGranted(r) && !this.live(r)) this.#end(r);
      if (r.state === 'pending' && !this.pending(r)) r.state = 'over';
      if (r.state === 'pending' && r.escalateAt !== null && this.now >= r.escalateAt) r.escalated = true;
    }
  }

  #here = (who: string) => !this.swept.has(who);
  #acts = (who: string) => this.#here(who) && !this.paused(who) && !AUDITORS.includes(who);
  #leads = (who: string) => LEADS.includes(who) && this.#acts(who);

  /** Each step with everybody whose word may count in it now. */
  #deciders(r: Pick<ModelRequest, 'account' | 'escalated' | 'by'>): string[][] {
    const { steps, escalate } = accountOf(r.account);
    const others = r.escalated && escalate?.mayDecide ? escalate.to : [];
    return steps.map(({ who, own }) =>
      (own ? who : [...new Set([...who, ...others])]).filter((p) => p !== r.by && this.#here(p)),
    );
  }

  #canBeMet(by: string, account: string): boolean {
    const steps = this.#deciders({ account, by, escalated: false });
    return seats(steps, [...new Set(steps.flat())]) === steps.length;
  }

  #mayDecide(by: string, r: ModelRequest): boolean {
    const inVain = r.of !== null && !this.live(r.of);
    const may = this.#acts(by) && this.#deciders(r).flat().includes(by);
    return may && !inVain && this.pending(r) && !r.votes.has(by);
  }

  #remember(born: Born): ModelRequest {
    const after = born.kind === 'glass' ? undefined : accountOf(born.account).escalate?.after;
    const told = after === undefined ? null : this.now + after;
    const request: ModelRequest = {
      ...born,
      ...{
        votes: new Map(),
        state: 'pending',
        given: 0,
        endsAt: 0,
        shown: new Set(),
        task: null,
        review: null,
      },
      ...{ escalated: false, escalateAt: told !== null && told < born.decideBy ? told : null },
    };
    this.requests.push(request);
    return request;
  }

  #ask(born: Born): void {
    this.#count(this.#remember(born));
  }

  /** The words of those who may still decide; the shortest time wins. */
  #count(r: ModelRequest): void {
    const steps = this.#deciders(r);
    const heard = [...r.votes.keys()].filter((who) => steps.flat().includes(who));
    if (seats(steps, heard) < steps.length) return;
    this.#grant(r, Math.min(r.seconds, ...heard.map((who) => r.votes.get(who) as number)));
  }

  #grant(r: ModelRequest, seconds = r.seconds): void {
    r.state = 'granted';
    const grant = grantOf(r);
    grant.endsAt = (r.of ? grant.endsAt : this.now) + seconds;
    grant.given += seconds;
  }

  #end(grant: ModelRequest): void {
    grant.state = 'over';
    for (const r of this.requests) if (r.of === grant && r.state === 'pending') r.state = 'over';
    if (grant.shown.has(this.version(grant.account))) grant.task = { assignee: this.#changer(grant) };
  }

  #changer({ account, by }: ModelRequest): string | null {
    const leads = LEADS.filter(this.#here);
    return this.#owner(account) ?? leads.find((who) => who !== by) ?? leads[0] ?? null;
  }

  /** Whose an account is, whoever took over from whom. */
  #owner(account: string): string | null {
    let who = accountOf(account).owner ?? null;
    while (who !== null && this.swept.has(who)) who = this.#heirs.get(who) ?? null;
    return who;
  }

  #owned = (who: string) => Object.keys(ACCOUNTS).filter((account) => this.#owner(account) === who);

  /** Nothing of theirs works from here on, and what they leave behind is the heir's. */
  #sweep(who: string, heir: string | null): void {
    this.swept.add(who);
    this.#heirs.set(who, heir);
    this.#incidents.delete(who);
    this.#sweeps.delete(who);
    for (const r of this.requests) {
      if (r.by === who && isGranted(r)) this.#end(r);
      if (r.by === who && r.state === 'pending') r.state = 'over';
      if (r.task?.assignee === who) r.task = { assignee: heir };
    }
  }
}

export const isGranted = (r: ModelRequest) => r.kind !== 'extend' && r.state === 'granted';
export const grantOf = (r: ModelRequest) => r.of ?? r;
const accountOf = (account: string) => ACCOUNTS[account] as ModelAccount;

/** How many steps can be filled, each by another person. */
export function seats(steps: readonly (readonly string[])[], people: readonly string[]): number {
  const [step, ...rest] = steps;
  if (!step) return 0;
  const with_ = step
    .filter((p) => people.includes(p))
    .map(
      (p) =>
        1 +
        seats(
          rest,
          people.filter((q) => q !== p),
        ),
    );
  return Math.max(seats(rest, people), ...with_, 0);
}
