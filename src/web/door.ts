/** A link or a visit, as the steps that all their pages share need it: who wants in, who is asked, and how. */

import type { Outcome } from '../core/command.js';
import type { Directory } from '../core/directory.js';
import type { BrowserAsk, Entrance } from '../core/entrance.js';
import type { LinkFacts, VisitFacts } from '../core/facts.js';
import type { PersonId } from '../core/people.js';
import { performInBrowser, performOnVisit } from '../core/perform.js';
import type { Ports } from '../core/ports.js';
import type { Proof } from '../core/proof.js';
import type { Refusal } from '../core/refusals.js';
import { factorDue, linkRefusal } from '../core/reveal.js';
import { askVisit, visitFactorDue, visitRefusal } from '../core/visit-browser.js';

export interface Door extends Entrance {
  readonly id: string;
  readonly person: PersonId;
  /** The newest that was asked to let a browser in. */
  readonly proof: Proof | null;
  /** Whether the person's factor lets a browser in, rather than their word in chat. */
  readonly factorDue: boolean;
  /** Why it opens nothing now; null where it may. */
  readonly over: Refusal | null;
  /** Whose words a refusal is said in; empty where no client is concerned. */
  readonly client: string;
  readonly directory: Directory;
  readonly now: Date;
}

/** One kind of door: how one is found, and how a browser asks at it. */
export interface Doors {
  find(by: { readonly tokenHash: string } | { readonly id: string }): Promise<Door | null>;
  /** With the door as it was judged by. */
  ask(
    tokenHash: string,
    asked: BrowserAsk,
  ): Promise<{ readonly outcome: Outcome; readonly door: Door | null }>;
}

export function linkDoor(facts: LinkFacts): Door {
  const { link, proof, directory, now, request } = facts;
  const over = linkRefusal(facts);
  return { ...link, proof, factorDue: factorDue(facts), over, client: request.client, directory, now };
}

export function visitDoor(facts: VisitFacts): Door {
  const { visit, proof, directory, now, about } = facts;
  const over = visitRefusal(facts);
  return {
    ...visit,
    proof,
    factorDue: visitFactorDue(facts),
    over,
    client: about?.client ?? '',
    directory,
    now,
  };
}

export function linkDoors(ports: Ports): Doors {
  return {
    find: async (by) => orNull(await ports.store.linkFacts(by), linkDoor),
    ask: async (tokenHash, asked) => {
      const watch = watchFacts(ports);
      const outcome = await performInBrowser(watch.ports, tokenHash, { verb: 'ask-browser', ...asked });
      return { outcome, door: orNull(watch.facts, linkDoor) };
    },
  };
}

export function visitDoors(ports: Ports): Doors {
  return {
    find: async (by) => orNull(await ports.store.visitFacts(by), visitDoor),
    ask: async (tokenHash, asked) => {
      let door: Door | null = null;
      const outcome = await performOnVisit(ports, tokenHash, (facts) => {
        door = visitDoor(facts);
        return askVisit(facts, asked);
      });
      return { outcome, door };
    },
  };
}

function orNull<T, U>(value: T | null, make: (value: T) => U): U | null {
  return value === null ? null : make(value);
}

/** Ports that keep the facts of a link that were last judged by, and prepare what is needed before each judging. */
export function watchFacts(ports: Ports, prepare?: (facts: LinkFacts) => Promise<void>) {
  const { store } = ports;
  const linkFacts: Ports['store']['linkFacts'] = async (by) => {
    watch.facts = await store.linkFacts(by);
    if (watch.facts) await prepare?.(watch.facts);
    return watch.facts;
  };
  // The same store in everything else, whatever it is made of.
  const watched = new Proxy(store, {
    get: (whole, name: keyof Ports['store']) => (name === 'linkFacts' ? linkFacts : whole[name].bind(whole)),
  });
  const watch = { facts: null as LinkFacts | null, ports: { ...ports, store: watched } };
  return watch;
}
