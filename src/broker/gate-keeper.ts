/** The gate as one replica keeps it: every admission is judged by core in the transaction that puts it on record. */

import { randomUUID } from 'node:crypto';
import type { Logger } from '../config/logging.js';
import type { Secret } from '../config/secret.js';
import type { SessionFacts } from '../core/facts.js';
import { performAtGate, performOnSession } from '../core/perform.js';
import type { KnockedWith, Ports } from '../core/ports.js';
import { admit } from '../core/session-admit.js';
import { endSession, type Recorded, recordSession, wrongHostKey } from '../core/session-end.js';
import { sshWay } from '../core/ssh-way.js';
import type { Database } from '../store/driver.js';
import { isKeyOfHolder } from '../store/sessions.js';
import type { Gate, Opening, Passage, Recorder, SessionEnd } from './gate.js';
import { SessionWatch } from './session-watch.js';
import { hashTicket } from './ticket-token.js';

export interface GateDesk {
  readonly database: Database;
  readonly ports: Ports;
  readonly openSecret: (client: string, account: string, version: number) => Promise<Secret>;
  /** Begins the recording of an admitted session; where it can't be begun, there is no session. */
  readonly openRecorder: (facts: SessionFacts) => Promise<Recorder>;
  /** Somebody who showed nothing that is known: counted, because they grow no chain. */
  readonly onUnverified: () => void;
  readonly log: Logger;
}

const GRANT = /^G-[0-9A-Z]{6}$/i;
const FINGERPRINT = /^SHA256:[A-Za-z0-9+/]{43}=?$/;

export class GateKeeper implements Gate {
  readonly #desk: GateDesk;
  /** This replica's name among those that carry sessions, until it stops. */
  readonly #owner = randomUUID();
  readonly #watch: SessionWatch;

  constructor(desk: GateDesk) {
    this.#desk = desk;
    this.#watch = new SessionWatch({
      database: desk.database,
      log: desk.log,
      endLost: (id) => this.#end(id, 'bastion-stopped'),
    });
  }

  /** Puts the sessions on record as ended that a dead replica has left behind, at once and from then on. */
  start(): Promise<void> {
    return this.#watch.start();
  }

  /** Hears of nothing any more: for after the bastion has ended its sessions. */
  stop(): Promise<void> {
    return this.#watch.stop();
  }

  async admit(opening: Opening): Promise<Passage | null> {
    const by = knockedWith(opening);
    const { credential, address } = opening;
    if (!by) return this.#unverified();
    const outcome = await performAtGate(this.#desk.ports, by, (facts, id) =>
      admit(facts, { id, address, by: credential.kind, owner: this.#owner }),
    );
    if (!('done' in outcome)) {
      const refused = 'refused' in outcome ? outcome.refused : null;
      return refused?.code === 'not-admitted' && !refused.isKnown ? this.#unverified() : null;
    }
    const id = outcome.done;
    this.#watch.carries(id);
    let failing: SessionEnd = 'target-refused';
    try {
      const { facts, ...way } = await this.#way(id);
      failing = 'not-recordable';
      return { ...way, recorder: await this.#desk.openRecorder(facts) };
    } catch (err) {
      this.#desk.log.error({ err, session: id }, 'a session could not be begun');
      await this.ended(id, failing);
      return null;
    }
  }

  /** The secret is opened only now: the admission is on record, whatever comes of it. */
  async #way(id: string): Promise<Omit<Passage, 'recorder'> & { readonly facts: SessionFacts }> {
    const { ports, openSecret } = this.#desk;
    const facts = await ports.store.sessionFacts(id);
    const way = facts?.accountNow && sshWay(facts.accountNow, facts.directory);
    if (!facts || !way) throw new Error(`the way of session ${id} is gone`);
    const { session } = facts;
    return {
      facts,
      session: id,
      grant: session.grant,
      ...way,
      idleSeconds: session.idleSeconds,
      secret: await openSecret(session.client, session.account, session.secretVersion),
    };
  }

  async knowsKey(grant: string, fingerprint: string): Promise<boolean> {
    if (!GRANT.test(grant) || !FINGERPRINT.test(fingerprint)) return false;
    return isKeyOfHolder(this.#desk.database, grant, fingerprint.replace(/=$/, ''));
  }

  watch(session: string, cut: (why: SessionEnd) => void): () => void {
    return this.#watch.watch(session, cut);
  }

  /** Where the database can't be told now, whoever finds the session left behind says so later. */
  async ended(session: string, why: SessionEnd): Promise<void> {
    this.#watch.drops(session);
    await this.#end(session, why);
  }

  async #end(session: string, why: SessionEnd): Promise<void> {
    await performOnSession(this.#desk.ports, session, (facts) => endSession(facts, why)).catch((err) =>
      this.#desk.log.error({ err, session, why }, 'the end of a session is not on record yet'),
    );
  }

  async wrongHostKey(session: string, shown: readonly string[]): Promise<void> {
    const { ports } = this.#desk;
    await performOnSession(ports, session, (facts) => wrongHostKey(facts, shown, ports.fresh.alertId()));
  }

  /** A recording is whole: its hash goes on the audit trail with the session's end. Repeated, it does nothing. */
  async recorded(session: string, recorded: Recorded): Promise<void> {
    await performOnSession(this.#desk.ports, session, (facts) => recordSession(facts, recorded));
  }

  #unverified(): null {
    this.#desk.onUnverified();
    return null;
  }
}

/** What is looked up of an opening; null where nothing can be: its grant or what it shows is misshapen. */
function knockedWith({ grant, credential, address }: Opening): KnockedWith | null {
  if (!GRANT.test(grant) || address === '' || address.length > 100) return null;
  if (credential.kind === 'ticket') {
    const tokenHash = hashTicket(credential.ticket);
    return tokenHash === null ? null : { grant, address, tokenHash };
  }
  const { fingerprint } = credential;
  return FINGERPRINT.test(fingerprint)
    ? { grant, address, fingerprint: fingerprint.replace(/=$/, '') }
    : null;
}
