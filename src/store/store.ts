/** The database as core sees it. */

import { setTimeout as wait } from 'node:timers/promises';
import type { Offers } from '../core/lendable.js';
import type { Ports, Store } from '../core/ports.js';
import { commit } from './commit.js';
import { DirectoryCache } from './directory.js';
import type { Database } from './driver.js';
import { FactsReader } from './facts.js';
import { fresh } from './fresh.js';

/** Core's ports over one database. */
export interface StorePorts extends Ports {
  readonly facts: FactsReader;
}

/**
 * @param onCommit called after every commit that went through: the outbox may have work.
 */
export function storePorts(database: Database, offers: Offers, onCommit: () => void): StorePorts {
  const facts = new FactsReader(database, new DirectoryCache(database), offers);
  const store: Store = {
    accountFacts: (client, account) => facts.ofAccount(client, account),
    glassFacts: (client, account, person) => facts.ofGlass(client, account, person),
    requestFacts: (id) => facts.ofRequest(id),
    reviewFacts: (id) => facts.ofReview(id),
    linkFacts: (by) => facts.ofLink(by),
    reportFacts: (page, reader) => facts.ofReport(page, reader),
    visitFacts: (by, days) => facts.ofVisit(by, days),
    personFacts: (person) => facts.ofPerson(person),
    sshKeyFacts: (person, fingerprint) => facts.ofSshKey(person, fingerprint),
    admissionFacts: (by) => facts.ofAdmission(by),
    sessionFacts: (id) => facts.ofSession(id),
    proofFacts: (by) => facts.ofProof(by),
    factorFacts: (by) => facts.ofFactor(by),
    alertFacts: (id) => facts.ofAlert(id),
    configurationFacts: (proposal) => facts.ofConfiguration(proposal),
    sweepFacts: (by) => facts.ofSweep(by),
    targetFacts: (client, account) => facts.ofTarget(client, account),
    sweepStory: (id) => facts.ofStory(id),
    commit: async (change) => {
      const outcome = await commit(database, change);
      if (outcome === 'done') onCommit();
      return outcome;
    },
  };
  // Jittered, so that a crowd on one request doesn't march in step; never above a fifth of a second.
  const pause = (attempt: number) => wait(Math.random() * Math.min(200, 4 * attempt));
  return { store, fresh, pause, facts };
}
