/** Who may know that a request exists at all. */

import type { RequestFacts } from './facts.js';
import type { Actor } from './people.js';
import { escalatedTo, mayDecide } from './policy.js';
import { mayReview } from './review-glass.js';

/**
 * Whether the actor may know that this request exists. Contacts know their own
 * client's only; staff know those of clients they work for or decide on; leads
 * and auditors know all.
 */
export function mayKnowOf(facts: RequestFacts, actor: Actor): boolean {
  if (actor.via === 'system') return true;
  const { request, directory, policyNow } = facts;
  const person = directory.person(actor.person);
  if (!person) return false;
  if (person.kind === 'contact') return person.client === request.client;
  if (person.role === 'auditor' || person.tier === 'lead' || request.requester === person.id) return true;
  const client = directory.client(request.client);
  if (client && directory.serves(person, client)) return true;
  if (mayReview(facts, person.id)) return true;
  if (!policyNow) return false;
  const asked = [...mayDecide(policyNow, request, directory), ...escalatedTo(policyNow, request, directory)];
  return asked.includes(person.id);
}
