/** A small model of Keyturn, written apart from it: what each act must come to, and what must never be. */

export const ACCOUNTS: Readonly<Record<string, { steps: string[][]; exclusive: boolean }>> = {
  'acme/front-desk': { steps: [['Lena', 'Omar']], exclusive: true },
  'acme/shared': { steps: [['Lena', 'Omar']], exclusive: false },
  'acme/router': {
    steps: [
      ['Lena', 'Omar'],
      ['Sana', 'Theo'],
    ],
    exclusive: true,
  },
  'acme/safe': {
    steps: [
      ['Lena', 'Omar'],
      ['Lena', 'Omar'],
    ],
    exclusive: true,
  },
  'acme/free': { steps: [], exclusive: true },
  'delta/registrar': { steps: [['Lena', 'Omar'], ['Noor']], exclusive: true },
};

const LEADS = ['Lena', 'Omar'];
const MAY_ASK = ['Tess', 'Maya', 'Sana', 'Theo', ...LEADS];
const DECIDE_WITHIN = 3600;

export interface ModelRequest {
  readonly account: string;
  readonly by: string;
  readonly seconds: number;
  readonly decideBy: number;
  readonly votes: Map<string, number>;
  state: 'pending' | 'granted' | 'over';
  endsAt: number;
  shown: boolean;
}

/** Time is in seconds since the model began; only `advance` moves it. */
export class Model {
  readonly requests: ModelRequest[] = [];
  now = 0;

  live = (r: ModelRequest) => r.state === 'granted' && this.now < r.endsAt;
  pending = (r: ModelRequest) => r.state === 'pending' && this.now < r.decideBy;

  /** Whether the ask goes through; if so, the model remembers it. */
  ask(by: string, account: string, seconds: number): boolean {
    const { steps, exclusive } = ACCOUNTS[account] as (typeof ACCOUNTS)[string];
    const here = this.requests.filter((r) => r.account === account);
    const others = steps.map((s) => s.filter((p) => p !== by));
    const may =
      MAY_ASK.includes(by) &&
      seconds >= 300 &&
      seconds <= 14_400 &&
      !here.some((r) => r.by === by && (this.pending(r) || this.live(r))) &&
      !(exclusive && here.some(this.live)) &&
      seats(others, [...new Set(others.flat())]) === steps.length;
    if (!may) return false;
    const request: ModelRequest = {
      account,
      by,
      seconds,
      decideBy: this.now + DECIDE_WITHIN,
      votes: new Map(),
      state: 'pending',
      endsAt: 0,
      shown: false,
    };
    this.requests.push(request);
    if (steps.length === 0) this.#grant(request);
    return true;
  }

  approve(by: string, r: ModelRequest, seconds: number | undefined): boolean {
    const { steps, exclusive } = ACCOUNTS[r.account] as (typeof ACCOUNTS)[string];
    const out = exclusive && this.requests.some((o) => o.account === r.account && this.live(o));
    const fits = seconds === undefined || (seconds >= 300 && seconds <= r.seconds);
    if (!this.#mayDecide(by, r) || out || !fits) return false;
    r.votes.set(by, seconds ?? r.seconds);
    if (seats(steps, [...r.votes.keys()]) === steps.length) this.#grant(r);
    return true;
  }

  deny(by: string, r: ModelRequest): boolean {
    if (!this.#mayDecide(by, r)) return false;
    r.state = 'over';
    return true;
  }

  cancel(by: string, r: ModelRequest): boolean {
    // A request whose time is up can still be taken back until the clock's worker has put its lapse on record.
    if (by !== r.by || r.state !== 'pending') return false;
    r.state = 'over';
    return true;
  }

  end(by: string, r: ModelRequest, how: 'return' | 'revoke'): boolean {
    const { steps } = ACCOUNTS[r.account] as (typeof ACCOUNTS)[string];
    const may =
      how === 'return' ? by === r.by : LEADS.includes(by) || (by !== r.by && steps.flat().includes(by));
    if (!may || r.state !== 'granted') return false;
    r.state = 'over';
    return true;
  }

  reveal(by: string, r: ModelRequest): boolean {
    if (by !== r.by || !this.live(r)) return false;
    r.shown = true;
    return true;
  }

  /** The clock's worker has run: what is past its time is over. */
  settle(): void {
    for (const r of this.requests) {
      if (r.state === 'pending' && !this.pending(r)) r.state = 'over';
      if (r.state === 'granted' && !this.live(r)) r.state = 'over';
    }
  }

  #mayDecide(by: string, r: ModelRequest): boolean {
    const { steps } = ACCOUNTS[r.account] as (typeof ACCOUNTS)[string];
    return by !== r.by && steps.flat().includes(by) && this.pending(r) && !r.votes.has(by);
  }

  #grant(r: ModelRequest): void {
    r.state = 'granted';
    r.endsAt = this.now + Math.min(r.seconds, ...r.votes.values());
  }
}

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
