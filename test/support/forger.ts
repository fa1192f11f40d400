/** Somebody with the running role's password: what they could try by straight SQL, past everything that is TypeScript. */

import { randomBytes } from 'node:crypto';
import type { ProofState } from '../../src/core/proof.js';
import { codeOf, type Database } from '../../src/store/driver.js';
import type { House } from './house.js';

const WAY: readonly ProofState[] = ['asked', 'waiting', 'allowed', 'spent'];

export interface Forged {
  readonly by?: string;
  readonly act?: string;
  readonly kind?: string;
  readonly subject?: string;
  readonly state?: ProofState;
}

export class Forger {
  private constructor(
    private readonly database: Database,
    /** Ids by first name. */
    readonly people: Readonly<Record<string, string>>,
    /** Tess asks for an account that a lead approves; nobody has decided. */
    readonly request: string,
    /** Tess holds this one. */
    readonly grant: string,
  ) {}

  static async in(house: House): Promise<Forger> {
    const { directory } = await house.ports.facts.facts();
    const people = Object.fromEntries(directory.people.map((p) => [p.name.split(' ')[0], p.id]));
    const asked = { verb: 'ask', client: 'acme', seconds: 600, reason: 'why', ticket: null } as const;
    const pending = await house.act('Tess', { ...asked, account: 'front-desk' });
    const free = await house.act('Tess', { ...asked, account: 'free' });
    if (!('done' in pending && 'done' in free)) throw new Error(JSON.stringify([pending, free]));
    return new Forger(house.database, people, pending.done, free.done.replace('R', 'G'));
  }

  run(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    return this.database.run({ name: '', text }, values);
  }

  /** The SQLSTATE by which a statement is refused. */
  refused(text: string, values: unknown[] = []): Promise<string> {
    return this.run(text, values).then(
      () => 'went through',
      (error) => codeOf(error),
    );
  }

  id(letter: string): string {
    return `${letter}-${randomBytes(6).toString('hex')}`;
  }

  /** A proof as it would come about, up to this state; by itself Lena's of her approval, and spent. */
  async proof(more: Forged = {}): Promise<string> {
    const id = this.id('C');
    const by = this.people[more.by ?? 'Lena'];
    // A person has one open question at a time.
    const open = `person = $1 and state in ('asked', 'waiting', 'allowed')`;
    await this.run(`update keyturn.proofs set state = 'void' where ${open}`, [by]);
    await this.run(
      `insert into keyturn.proofs (id, person, act, subject_kind, subject_id, subject_version, terms, facts, via, state,
         sends, fails, asked_at, expires_at, version) values ($1, $2, $3, $4, $5, 1, '', '[]', 'slack', 'asked', 0, 0,
         keyturn.now(), keyturn.now() + interval '5 minutes', 1)`,
      [id, by, more.act ?? 'approve', more.kind ?? 'request', more.subject ?? this.request],
    );
    for (const state of WAY.slice(1, WAY.indexOf(more.state ?? 'spent') + 1))
      await this.run(`update keyturn.proofs set state = $2, method = 'totp', evidence = $1 where id = $1`, [
        id,
        state,
      ]);
    return id;
  }

  /** One of Tess, by which a browser is let in at this link. */
  lettingIn(link: string, more: Forged = {}): Promise<string> {
    return this.proof({ by: 'Tess', act: 'reveal', kind: 'link', subject: link, ...more });
  }

  /** Lena approves the request. */
  approve(proof: string | null): Promise<string> {
    const text = `insert into keyturn.decisions values ($1, $2, 'approve', null, null, keyturn.now(), $3)`;
    return this.refused(text, [this.request, this.people.Lena, proof]);
  }

  /** A link of Tess's grant in this state, with the proof that let its browser in. */
  async link(state: 'asked' | 'confirmed' | 'spent'): Promise<{ id: string; proof: string | null }> {
    const id = this.id('L');
    await this.run(`update keyturn.links set state = 'dead' where state in ('open', 'asked', 'confirmed')`);
    await this.run(
      `insert into keyturn.links (id, token_hash, purpose, "grant", person, state, fails, created_at, expires_at, version)
       values ($1, $1, 'reveal', $2, $3, 'open', 0, keyturn.now(), keyturn.now() + interval '10 minutes', 1)`,
      [id, this.grant, this.people.Tess],
    );
    const asked = `state = 'asked', browser_hash = 'b', number = '47'`;
    await this.run(`update keyturn.links set ${asked} where id = $1`, [id]);
    if (state === 'asked') return { id, proof: null };
    const proof = await this.lettingIn(id);
    await this.run(`update keyturn.links set state = 'confirmed', proof = $2 where id = $1`, [id, proof]);
    if (state === 'spent') await this.run(`update keyturn.links set state = 'spent' where id = $1`, [id]);
    return { id, proof };
  }

  letIn(link: string, proof: string | null): Promise<string> {
    return this.refused(`update keyturn.links set state = 'confirmed', proof = $2 where id = $1`, [
      link,
      proof,
    ]);
  }

  /** The password of Tess's grant is shown to her. */
  show(proof: string | null, account = 'free'): Promise<string> {
    return this.refused(
      `insert into keyturn.exposures (id, "grant", client, account, person, secret_version, at, proof)
       values ($1, $2, 'acme', $3, $4, 1, keyturn.now(), $5)`,
      [this.id('E'), this.grant, account, this.people.Tess, proof],
    );
  }

  /** Lena lets Theo enrol an authenticator. */
  offer(id: string, proof: string | null): Promise<string> {
    return this.refused(
      `insert into keyturn.factors (id, person, kind, state, offered_by, proof, fails, offered_at, expires_at, version)
       values ($1, $2, 'totp', 'offered', $3, $4, 0, keyturn.now(), keyturn.now() + interval '1 day', 1)`,
      [id, this.people.Theo, this.people.Lena, proof],
    );
  }

  /** Theo's authenticator, in use. */
  async factor(): Promise<string> {
    const id = this.id('F');
    const of = { act: 'offer-factor', kind: 'person', subject: this.people.Theo as string };
    await this.offer(id, await this.proof(of));
    await this.run(`update keyturn.factors set state = 'trying', sealed = 'sealed' where id = $1`, [id]);
    return id;
  }

  /** A push that Omar says he never asked for: it waits for another lead. */
  async incident(): Promise<string> {
    const id = this.id('A');
    await this.run(
      `insert into keyturn.alerts (id, kind, person, key, data, state, at, version)
       values ($1, 'fraud', $2, $1, '{}', 'open', keyturn.now(), 1)`,
      [id, this.people.Omar],
    );
    return id;
  }
}
