/** What concerns the configuration. */

import { type ConfigurationCommand, judgeConfiguration } from '../apply.js';
import type { Actor } from '../people.js';
import type { Ports } from '../ports.js';
import { type Attempt, onRecord } from './record.js';

/** `done` is the version that is in force from here on, or the proposal that was made or refused. */
export async function attemptConfiguration(
  ports: Ports,
  actor: Actor,
  command: ConfigurationCommand,
): Promise<Attempt> {
  const asked = command.verb === 'apply' ? null : command.id;
  const facts = await ports.store.configurationFacts(asked);
  const born = { proposal: ports.fresh.proposalId(), alert: ports.fresh.alertId() };
  const judged = judgeConfiguration(facts, actor, command, born);
  const subject = facts.proposal?.id ?? 'keyturn.yaml';
  const attempted = onRecord(facts, actor, command.verb, 'operator', subject, judged);
  const next = 'change' in judged ? judged.change?.configuration : undefined;
  if (next) return { ...attempted, id: String(next.version) };
  return command.verb === 'apply' ? { ...attempted, id: born.proposal } : attempted;
}
