/** People who do whatever occurs to them, all at once, with whatever proofs lie about: their own, others', old ones. */

import { another, sending } from '../../src/core/ask-factor.js';
import type { Command, Outcome } from '../../src/core/command.js';
import type { Actor } from '../../src/core/people.js';
import { perform, performInBrowser, performOnProof } from '../../src/core/perform.js';
import type { Ports } from '../../src/core/ports.js';
import { actorOf } from '../../src/core/proof.js';
import { failed, moot, wrongCode } from '../../src/core/settle-proof.js';
import { fresh } from '../../src/store/fresh.js';
import type { Act } from './crowd-acts.js';
import type { House } from './house.js';
import { allow, hasty, ring, settle } from './proving.js';

type Phone = Extract<Act, { kind: 'carry' }>['phone'];

interface Waiting {
  readonly proof: string;
  readonly command: Command;
}
interface Opened {
  readonly id: string;
  readonly tokenHash: string;
}

export class Crowd {
  readonly requests: string[] = [];
  readonly links: Opened[] = [];
  readonly proofs: Waiting[] = [];
  readonly #replicas: readonly Ports[];
  #turn = 0;

  constructor(
    private readonly house: House,
    replicas: readonly Ports[],
  ) {
    this.#replicas = replicas.map(hasty);
  }

  /** Something to decide and something to reveal, so that the first acts meet it. */
  async begin(): Promise<void> {
    for (const name of ['Theo', 'Sana', 'Maya', 'Tess']) await this.#ask(name, 'shared');
    await this.#ask('Tess', 'free');
  }

  /** Each act comes to whichever replica is next. */
  get #ports(): Ports {
    return this.#replicas[this.#turn++ % this.#replicas.length] as Ports;
  }

  async do(a: Act): Promise<void> {
    switch (a.kind) {
      case 'ask':
        return this.#ask(a.by, a.account);
      case 'reveal':
        return this.#reveal(a);
      case 'open':
      case 'claim':
        return this.#onLink(a);
      case 'approve':
      case 'press':
      case 'confirm':
        return this.#command(a);
      default:
        return this.#onProof(a);
    }
  }

  async #ask(name: string, id: string): Promise<void> {
    const asked = { verb: 'ask', client: 'acme', account: id, seconds: 3600 } as const;
    const outcome = await this.#as(await this.house.as(name), { ...asked, reason: 'why', ticket: null });
    if ('done' in outcome) this.requests.push(outcome.done);
  }

  async #command(a: Extract<Act, { kind: 'approve' | 'press' | 'confirm' }>): Promise<void> {
    const actor = await this.house.as(a.by);
    const id = at(this.requests, a.which);
    const link = at(this.links, a.which);
    if (a.kind === 'approve' && id) await this.#approve(actor, id, a);
    if (a.kind === 'press' && id) await this.#press(actor, id);
    if (a.kind === 'confirm' && link)
      await this.#as(actor, { verb: 'confirm-browser', link: link.id, itIsMe: a.itIsMe });
  }

  async #approve(actor: Actor, id: string, a: Extract<Act, { kind: 'approve' }>): Promise<void> {
    const command = { verb: 'approve', id, ...(a.seconds ? { seconds: a.seconds } : {}) } as const;
    const outcome = await this.#as(actor, command);
    if ('confirm' in outcome && a.crowd)
      await this.#carry({ proof: outcome.confirm, command }, a.phone, a.crowd);
  }

  async #press(actor: Actor, id: string): Promise<Opened> {
    const link = { id: fresh.linkId(), tokenHash: fresh.linkId() };
    if ('done' in (await this.#as(actor, { verb: 'press-reveal', id, link }))) this.links.push(link);
    return link;
  }

  async #onLink(a: Extract<Act, { kind: 'open' | 'claim' }>): Promise<void> {
    const link = at(this.links, a.which);
    if (!link) return;
    const browserHash = a.browser;
    const command =
      a.kind === 'open'
        ? ({ verb: 'ask-browser', browserHash, number: '47' } as const)
        : ({ verb: 'claim', browserHash } as const);
    await times(a.kind === 'claim' ? a.crowd : 1, () =>
      performInBrowser(this.#ports, link.tokenHash, command),
    );
  }

  async #reveal({ which: n, phone, crowd: many }: Extract<Act, { kind: 'reveal' }>): Promise<void> {
    const id = at(this.requests, n);
    const facts = id === undefined ? null : await this.#ports.store.requestFacts(id);
    if (!facts || !id) return;
    const holder: Actor = { person: facts.request.requester, via: 'slack' };
    const link = await this.#press(holder, id);
    const asked = { verb: 'ask-browser', browserHash: 'mine', number: '47' } as const;
    await performInBrowser(this.#ports, link.tokenHash, asked);
    const confirm = { verb: 'confirm-browser', link: link.id, itIsMe: true } as const;
    const outcome = await this.#as(holder, confirm);
    if ('confirm' in outcome) await this.#carry({ proof: outcome.confirm, command: confirm }, phone, many);
    await times(many, () =>
      performInBrowser(this.#ports, link.tokenHash, { verb: 'claim', browserHash: 'mine' }),
    );
  }

  async #onProof(a: Extract<Act, { kind: 'ring' | 'answer' | 'another' | 'use' | 'carry' }>): Promise<void> {
    const waiting = at(this.proofs, a.which);
    const facts = waiting && (await this.#ports.store.proofFacts({ id: waiting.proof }));
    if (!waiting || !facts) return;
    const { proof } = waiting;
    const actor = 'by' in a && a.by ? await this.house.as(a.by) : actorOf(facts.proof);
    switch (a.kind) {
      case 'ring':
        await performOnProof(this.#ports, { id: proof }, sending);
        await ring(this.#ports, proof, a.method);
        return;
      case 'answer':
        if (a.rings) await ring(this.#ports, proof, a.phone.method);
        return this.#answer(proof, a.phone, actor);
      case 'another':
        await performOnProof(this.#ports, { id: proof }, (f) => another(f, actor, a.method));
        return;
      case 'use': {
        const { command } = (a.for === null ? null : at(this.proofs, a.for)) ?? waiting;
        return times(a.crowd, () => this.#as(actor, command, proof));
      }
      case 'carry':
        return this.#carry(waiting, a.phone, a.crowd);
    }
  }

  async #answer(proof: string, { says, evidence }: Phone, actor: Actor): Promise<void> {
    const on = (judge: Parameters<typeof performOnProof>[2]) =>
      performOnProof(this.#ports, { id: proof }, judge);
    switch (says) {
      case 'allowed':
        return void (await allow(this.#ports, proof, evidence));
      case 'failed':
        return void (await on((f) => failed(f, 'unreachable', fresh.alertId())));
      case 'wrong':
        return void (await on((f) => wrongCode(f, actor, fresh.alertId())));
      case 'void':
        return void (await on((f) => moot(f, 'It can’t be done any more.')));
      default:
        await settle(this.#ports, proof, says);
    }
  }

  /** From the phone to the act, which so many do at once. */
  async #carry({ proof, command }: Waiting, phone: Phone, many: number): Promise<void> {
    const facts = await this.#ports.store.proofFacts({ id: proof });
    if (!facts) return;
    const actor = actorOf(facts.proof);
    await ring(this.#ports, proof, phone.method);
    await this.#answer(proof, phone, actor);
    await times(many, () => this.#as(actor, command, proof));
  }

  async #as(actor: Actor, command: Command, proof?: string): Promise<Outcome> {
    const outcome = await perform(this.#ports, actor, command, proof);
    if ('confirm' in outcome) this.proofs.push({ proof: outcome.confirm, command });
    return outcome;
  }
}

function at<T>(all: readonly T[], back: number): T | undefined {
  return all.at(-1 - (back % Math.max(1, all.length)));
}

async function times(many: number, act: () => Promise<unknown>): Promise<void> {
  await Promise.all(Array.from({ length: many }, act));
}
