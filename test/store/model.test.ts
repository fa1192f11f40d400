import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Command, Outcome } from '../../src/core/command.js';
import { perform, performInBrowser } from '../../src/core/perform.js';
import { endWhatIsDue } from '../../src/jobs/clock.js';
import { verifyChains } from '../../src/store/audit.js';
import { shiftClock } from '../../src/store/deployment.js';
import { fresh } from '../../src/store/fresh.js';
import { type House, KINDS, type Kind, OFFERS, openHouse } from '../support/house.js';
import { grantOf, isGranted, Model, type ModelRequest } from '../support/model.js';
import { type Act, breaks, histories, type OnRequest } from '../support/model-acts.js';
import { castOf, enter } from '../support/model-cast.js';
import { brokenLaws, layDownLaws, type Stored, stored } from '../support/model-laws.js';
import { ACCOUNTS, LEADS, type ModelAccount, PEOPLE } from '../support/model-world.js';

const STEP = 420;
/** Histories of 25 to 40 acts each: ten thousand acts in all, most of them where an act takes a few milliseconds. */
const HISTORIES: Readonly<Record<Kind, number>> = { embedded: 60, server: 260 };

/** From here on an act is done to whatever request there is. */
const ANY = 6;
const FITTING: Readonly<Record<OnRequest['kind'], (r: ModelRequest, now: number) => boolean>> = {
  ...{ approve: waits, deny: waits, cancel: waits, extend: isGranted, return: isGranted, revoke: isGranted },
  ...{ reveal: isGranted, justified: owes, misuse: owes },
  allow: (r, now) => owes(r) && now >= (r.review?.dueAt ?? 0),
};
function waits(r: ModelRequest) {
  return r.state === 'pending';
}
function owes(r: ModelRequest) {
  return r.review?.state === 'owed';
}

const HOLDERS: ReadonlySet<OnRequest['kind']> = new Set(['cancel', 'extend', 'return', 'reveal']);
const OWES: ReadonlySet<OnRequest['kind']> = new Set(['justified', 'misuse', 'allow']);

type Real = { readonly ok: boolean; readonly said: string };

/** One history of random acts by people of its own; ids of the real requests beside the model's. */
class Run {
  readonly model = new Model();
  readonly ids = new Map<ModelRequest, string>();
  constructor(
    readonly house: House,
    readonly people: ReadonlyMap<string, string>,
  ) {}

  async step(a: Act): Promise<void> {
    if (a.kind === 'advance') {
      await shiftClock(this.house.database, a.steps * STEP);
      this.model.now += a.steps * STEP;
    } else if (a.kind === 'settle') {
      await this.#settle();
    } else if ('which' in a) {
      const request = this.#chosen(a);
      if (request) await this.#onRequest(a, request);
    } else {
      await this.#other(a);
    }
  }

  /** Mostly one to which the act may be done: the newest, or one of those before it. */
  #chosen({ kind, which }: OnRequest): ModelRequest | undefined {
    const fitting = this.model.requests.filter((r) => FITTING[kind](r, this.model.now));
    return which < ANY && fitting.length > 0
      ? fitting.at(-1 - (which % fitting.length))
      : this.model.requests.at(-1 - which);
  }

  async #settle(): Promise<void> {
    while ((await endWhatIsDue(this.house.database, this.house.ports)) > 0);
    this.model.settle();
  }

  async #other(a: Exclude<Act, OnRequest | { kind: 'advance' | 'settle' }>): Promise<void> {
    // What is past its time but not yet on record still blocks a key; the worker is never that late.
    if (a.kind === 'ask' || a.kind === 'glass') await this.#settle();
    const { model } = this;
    switch (a.kind) {
      case 'ask':
        return this.#born(a, model.ask(a.by, a.account, a.seconds), {
          ...{ verb: 'ask', ...placeOf(a.account), seconds: a.seconds, reason: 'a reason', ticket: null },
        });
      case 'glass': {
        const { by, account } = this.#breaker(a);
        return this.#born({ ...a, by }, model.glass(by, account, a.seconds, a.reason), {
          ...{ verb: 'break-glass', ...placeOf(account), seconds: a.seconds, ticket: null },
          reason: 'x'.repeat(a.reason),
        });
      }
      case 'resume': {
        const who = a.who ?? PEOPLE.find(model.paused);
        if (who === undefined) return;
        const id =
          (await this.#one(`select id from keyturn.alerts where person = $1 and state = 'open'`, who)) ??
          'A-NONE';
        return this.#same(a, model.resume(a.by, who), await this.#act(a.by, { verb: 'resume', id }));
      }
      case 'change': {
        const { client, account } = placeOf(a.account);
        const version =
          ((await this.house.ports.store.accountFacts(client, account)).secret?.version ?? 0) + 1;
        const sealed = { client, account, version, sealed: 'sealed', by: this.#id(a.by), at: new Date() };
        return this.#same(
          a,
          model.change(a.by, a.account),
          await this.#act(a.by, { verb: 'set-secret', sealed }),
        );
      }
      default:
        return this.#leave(a);
    }
  }

  async #leave(a: Extract<Act, { kind: 'offboard' | 'drop' }>): Promise<void> {
    const who = a.kind === 'drop' ? (a.who ?? PEOPLE.find(this.model.waits)) : this.#leaver(a);
    if (who === undefined) return;
    const sweep = await this.#one(
      `select id from keyturn.sweeps where person = $1 and state = 'waiting'`,
      who,
    );
    const id = sweep ?? 'S-NONE22';
    if (a.kind === 'drop')
      return this.#same(a, this.model.drop(a.by, who), await this.#act(a.by, { verb: 'drop-sweep', id }));
    const onCard = a.onCard && this.model.waits(who);
    const heir = a.heir === null ? null : this.#id(a.heir);
    const command: Command = onCard
      ? { verb: 'confirm-sweep', id }
      : { verb: 'offboard', person: this.#id(who), heir };
    const expected = this.model.offboard(a.by, who, onCard ? undefined : a.heir);
    return this.#same(a, expected, await this.#act(a.by, command));
  }

  #breaker({ who, again }: Extract<Act, { kind: 'glass' }>) {
    const owing = again === null ? undefined : this.model.requests.findLast(owes);
    return breaks.filter(({ by }) => by === owing?.by).at(again ?? 0) ?? who;
  }

  #leaver({ who, rather }: Extract<Act, { kind: 'offboard' }>): string {
    const { requests, swept } = this.model;
    const holder = () => requests.findLast((r) => (waits(r) || isGranted(r)) && !swept.has(r.by))?.by;
    const assignee = () => requests.findLast((r) => r.task)?.task?.assignee;
    return (rather === 'holder' ? holder() : rather === 'assignee' ? assignee() : null) ?? who;
  }

  async #onRequest(a: OnRequest, r: ModelRequest): Promise<void> {
    if (a.kind === 'approve' || a.kind === 'extend') await this.#settle();
    const by = a.by ?? this.#suited(a, r);
    const id = this.ids.get(r) as string;
    if (a.kind === 'extend') {
      const command: Command = { verb: 'extend', id, seconds: a.seconds, reason: 'still at it' };
      return this.#born({ ...a, by }, this.model.extend(by, r, a.seconds), command);
    }
    const expected = this.#expected(a, by, r);
    const real = a.kind === 'reveal' ? await this.#reveal(by, id) : await this.#act(by, commandOf(a, id));
    this.#same({ ...a, by, of: r }, expected, real);
  }

  /** Whose act it is: the holder's, or one of those who decide or review. */
  #suited({ kind, which }: OnRequest, r: ModelRequest): string {
    if (HOLDERS.has(kind)) return r.by;
    const { steps, escalate, glass } = ACCOUNTS[r.account] as ModelAccount;
    const deciding = [...steps.flatMap(({ who }) => who), ...(r.escalated ? (escalate?.to ?? []) : [])];
    const them = OWES.has(kind) ? [...LEADS, ...(glass?.notify ?? [])] : deciding;
    const others = them.filter((who) => who !== r.by && !r.votes.has(who) && !this.model.swept.has(who));
    return others[which % others.length] ?? r.by;
  }

  #expected(a: Exclude<OnRequest, { kind: 'extend' }>, by: string, r: ModelRequest): boolean {
    switch (a.kind) {
      case 'approve':
        return this.model.approve(by, r, a.seconds);
      case 'return':
      case 'revoke':
        return this.model.end(by, r, a.kind);
      case 'justified':
      case 'misuse':
        return this.model.review(by, r, a.kind);
      default:
        return this.model[a.kind](by, r);
    }
  }

  /** An act of which a request may be born. */
  async #born(a: { readonly by: string }, expected: boolean, command: Command): Promise<void> {
    const real = await this.#act(a.by, command);
    this.#same(a, expected, real);
    if (real.ok) this.ids.set(this.model.requests.at(-1) as ModelRequest, real.said);
  }

  #same(a: object, expected: boolean, real: Real): void {
    expect(real.ok, `${JSON.stringify(a)}: ${real.said}`).toBe(expected);
  }

  async #act(by: string, command: Command): Promise<Real> {
    return realOf(await perform(this.house.ports, { person: this.#id(by), via: 'slack' }, command));
  }

  /** From the press to the showing; ok only if the secret came out. */
  async #reveal(by: string, id: string): Promise<Real> {
    const link = { id: fresh.linkId(), tokenHash: fresh.linkId() };
    const pressed = await this.#act(by, { verb: 'press-reveal', id, link });
    if (!pressed.ok) return pressed;
    const browse = (command: Parameters<typeof performInBrowser>[2]) =>
      performInBrowser(this.house.ports, link.tokenHash, command);
    await browse({ verb: 'ask-browser', browserHash: 'b', number: '47' });
    await this.#act(by, { verb: 'confirm-browser', link: link.id, itIsMe: true });
    return realOf(await browse({ verb: 'claim', browserHash: 'b' }));
  }

  #id = (name: string) => this.people.get(name) as string;

  async #one(text: string, who: string): Promise<string | null> {
    const rows = await this.house.database.run<{ id: string }>({ name: text.slice(0, 40), text }, [
      this.#id(who),
    ]);
    return rows[0]?.id ?? null;
  }

  /** What must hold now, read back from the database; and that it is what the model says. */
  async check(a: Act): Promise<void> {
    expect(await brokenLaws(this.house, [...this.people.values()]), `after ${JSON.stringify(a)}`).toEqual([]);
    const rows = await stored(this.house, [...this.ids.values()]);
    const [found, told] = [new Map<string, object>(), new Map<string, object>()];
    for (const [request, id] of this.ids) {
      found.set(id, foundOf(rows.get(id) as Stored, request));
      told.set(id, this.#told(request));
    }
    expect(found, `after ${JSON.stringify(a)}`).toEqual(told);
  }

  #told(r: ModelRequest) {
    const kept = { waits: r.state === 'pending', escalated: r.escalated, review: r.review?.state ?? null };
    if (r.kind === 'extend') return kept;
    const task = r.task ? r.task.assignee && this.#id(r.task.assignee) : undefined;
    return { ...kept, held: isGranted(r), given: grantOf(r).given, task };
  }
}

/** The same of a stored request, in the model's words. */
function foundOf(row: Stored, { kind }: ModelRequest) {
  const kept = { waits: row.state === 'pending', escalated: row.escalated, review: row.review };
  if (kind === 'extend') return kept;
  const task = row.revocation !== null && row.revocation !== 'done' ? row.assignee : undefined;
  return { ...kept, held: row.grant === 'active', given: row.given ?? 0, task };
}

function placeOf(name: string) {
  const [client = '', account = ''] = name.split('/');
  return { client, account };
}

function realOf(outcome: Outcome): Real {
  return 'done' in outcome ? { ok: true, said: outcome.done } : { ok: false, said: JSON.stringify(outcome) };
}

function commandOf(a: Exclude<OnRequest, { kind: 'extend' | 'reveal' }>, id: string): Command {
  switch (a.kind) {
    case 'approve':
      return { verb: 'approve', id, ...(a.seconds === undefined ? {} : { seconds: a.seconds }) };
    case 'justified':
    case 'misuse':
      return { verb: 'review', id, verdict: a.kind, note: 'a note' };
    case 'allow':
      return { verb: 'allow-glass', id };
    case 'deny':
    case 'revoke':
      return { verb: a.kind, id, reason: 'no' };
    default:
      return { verb: a.kind, id };
  }
}

/** Past everything that former people had, so that nothing of theirs is in the way. */
async function begin(house: House, troupe: number): Promise<Run> {
  await shiftClock(house.database, 7 * 86_400);
  while ((await endWhatIsDue(house.database, house.ports)) > 0);
  return new Run(house, await enter(house, troupe));
}

describe.each(KINDS)('random acts by random people at random times, on the %s database', (kind) => {
  test('whatever happens comes to what the model says, no law is broken, and every chain is whole', async () => {
    const house = await openHouse(kind, castOf(0), { ...OFFERS, reachableClients: ['delta'] });
    const numRuns = Number(process.env.KEYTURN_MODEL_RUNS ?? HISTORIES[kind]);
    let troupe = 0;
    try {
      await layDownLaws(house);
      await fc.assert(
        fc.asyncProperty(histories, async (acts) => {
          const run = await begin(house, ++troupe);
          for (const a of acts) {
            await run.step(a);
            await run.check(a);
          }
        }),
        // A shorter history with the same fault would be looked for until the test has no time left to tell of it.
        { numRuns, endOnFailure: process.env.KEYTURN_MODEL_SHRINK === undefined },
      );
      expect((await verifyChains(house.database)).filter((c) => c.brokenAt !== null)).toEqual([]);
    } finally {
      await house.close();
    }
  }, 300_000);
});
