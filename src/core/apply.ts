/** Applying a configuration: at once where nothing in it makes access easier, else by the words of two leads. */

import type { Alert } from './alert.js';
import { event } from './audit.js';
import { onPhone } from './cards/phone-facts.js';
import type { Change, Write } from './change.js';
import type { ConfigurationFacts } from './facts.js';
import { change, type Judged, refuse, whoActs } from './judged.js';
import type { Actor, Person } from './people.js';
import type { Needs } from './proof.js';
import { type ConfigurationFile, loosens, type Proposal, shortSeal, shownLines } from './proposal.js';
import { provenBy, type Spent, spend } from './prove.js';
import type { Refusal } from './refusals.js';

/** What somebody wants done with the configuration. */
export type ConfigurationCommand =
  | { readonly verb: 'apply'; readonly file: ConfigurationFile }
  /** Another lead's word on a proposal, with their proof. */
  | { readonly verb: 'apply-proposal'; readonly id: string }
  | { readonly verb: 'refuse-proposal'; readonly id: string };

/** Ids for what may be born. */
interface Born {
  readonly proposal: string;
  readonly alert: string;
}

/** @param facts with the proposal that the command names; for `apply`, with the one that waits. */
export function judgeConfiguration(
  facts: ConfigurationFacts,
  actor: Actor,
  command: ConfigurationCommand,
  born: Born,
): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  if (!facts.directory.isLead(who.person.id)) return refuse({ code: 'leads-only' });
  switch (command.verb) {
    case 'apply':
      return applyFile(facts, actor, who.person, command.file, born);
    case 'apply-proposal':
      return applyProposal(facts, actor, who.person, command.id, born);
    case 'refuse-proposal':
      return refuseProposal(facts, actor, command.id);
  }
}

function applyFile(
  facts: ConfigurationFacts,
  actor: Actor,
  lead: Person,
  file: ConfigurationFile,
  born: Born,
): Judged {
  const { proposal: waiting } = facts;
  const isSame =
    waiting !== null && waiting.seal === file.seal && waiting.base === facts.configuration.version;
  if (isSame && waiting.proposer === actor.person)
    return refuse({ code: 'proposal-waits', proposal: waiting.id });
  if (isSame) return applyProposal(facts, actor, lead, waiting.id, born);
  const spent = spend(facts, actor, isDue(facts), needsOf(facts, file, lead, waiting));
  if (!('writes' in spent)) return spent;
  const needsAnother = loosens(file) && facts.directory.leads().length > 1;
  const stale = waiting ? [settled(facts, actor, waiting, 'stale', null)] : [];
  return needsAnother
    ? { change: propose(facts, actor, spent, file, stale, born) }
    : { change: inForce(facts, actor, spent, file, stale, born.alert) };
}

function applyProposal(
  facts: ConfigurationFacts,
  actor: Actor,
  lead: Person,
  id: string,
  { alert }: Born,
): Judged {
  const { proposal } = facts;
  const cannot = whyNotSettle(facts, actor, id);
  if (cannot || !proposal) return refuse(cannot ?? { code: 'unknown-id', typed: id });
  if (facts.paused.includes(proposal.proposer))
    return refuse({ code: 'requester-paused', person: proposal.proposer });
  const spent = spend(facts, actor, isDue(facts), needsOf(facts, proposal, lead, null));
  if (!('writes' in spent)) return spent;
  const done = settled(facts, actor, proposal, 'applied', spent.proof);
  return { change: inForce(facts, actor, spent, proposal, [done], alert) };
}

/** A refusal lessens nothing and gives nothing, so it takes no proof. */
function refuseProposal(facts: ConfigurationFacts, actor: Actor, id: string): Judged {
  const { proposal } = facts;
  const cannot = whyNotSettle(facts, actor, id);
  if (cannot || !proposal) return refuse(cannot ?? { code: 'unknown-id', typed: id });
  const row = settled(facts, actor, proposal, 'refused', null);
  return {
    change: change(facts, {
      writes: [{ put: 'proposal', row }],
      audit: [
        event(actor, 'operator', 'directory.refused', proposal.id, {
          digest: proposal.digest,
          proposer: proposal.proposer,
        }),
      ],
      notices: [{ about: 'alert', id: proposal.alert }],
    }),
  };
}

function whyNotSettle(
  { proposal, configuration }: ConfigurationFacts,
  actor: Actor,
  id: string,
): Refusal | null {
  if (!proposal) return { code: 'unknown-id', typed: id };
  const { state, base } = proposal;
  if (state !== 'waiting')
    return { code: 'proposal-over', proposal: proposal.id, state, by: proposal.settledBy };
  if (base !== configuration.version)
    return { code: 'proposal-over', proposal: proposal.id, state: 'stale', by: null };
  return proposal.proposer === actor.person ? { code: 'own-proposal', proposal: proposal.id } : null;
}

function isDue(facts: ConfigurationFacts): boolean {
  return facts.offers.factors.length > 0;
}

function needsOf(
  { configuration, directory }: ConfigurationFacts,
  file: ConfigurationFile,
  lead: Person,
  replaced: Proposal | null,
): Needs {
  const easier = file.lines.filter((line) => line.loosens);
  return {
    act: 'apply',
    subject: { kind: 'configuration', id: shortSeal(file), version: configuration.version },
    terms: `${file.seal} over ${configuration.version} instead of ${replaced?.id ?? 'nothing'}`,
    client: null,
    facts: onPhone([
      ['Configuration', `version ${configuration.version + 1}, ${shortSeal(file)}`],
      ['Changes', String(file.lines.length)],
      ['Making access easier', String(easier.length)],
      ...easier.slice(0, 3).map(({ text }) => ['Easier', text] as const),
      ['Asked by', lead.name],
      ...(replaced
        ? [['In place of', `${replaced.id} of ${directory.nameOf(replaced.proposer)}`] as const]
        : []),
    ]),
  };
}

function settled(
  facts: ConfigurationFacts,
  actor: Actor,
  proposal: Proposal,
  state: 'applied' | 'refused' | 'stale',
  proof: string | null,
): Proposal {
  return {
    ...proposal,
    state,
    settledAt: facts.now,
    settledBy: actor.person,
    settledProof: proof,
    version: proposal.version + 1,
  };
}

function propose(
  facts: ConfigurationFacts,
  actor: Actor,
  spent: Spent,
  file: ConfigurationFile,
  stale: readonly Proposal[],
  born: Born,
): Change {
  const row: Proposal = {
    ...file,
    id: born.proposal,
    base: facts.configuration.version,
    proposer: actor.person,
    proof: spent.proof,
    alert: born.alert,
    state: 'waiting',
    at: facts.now,
    settledAt: null,
    settledBy: null,
    settledProof: null,
    version: 1,
  };
  const told = alertOf(facts, born.alert, 'proposed', row.id, {
    proposal: row.id,
    by: actor.person,
    lines: shownLines(file),
  });
  return change(facts, {
    writes: [
      ...spent.writes,
      ...stale.map(put),
      { put: 'alert', row: { ...told, person: actor.person } },
      put(row),
    ],
    audit: [
      event(actor, 'operator', 'directory.proposed', row.id, {
        ...onRecord(file),
        base: row.base,
        stale: stale.map((p) => p.id),
        ...provenBy(actor, spent),
      }),
    ],
    notices: [{ about: 'alert', id: told.id }, ...stale.map(noticeOf)],
  });
}

function inForce(
  facts: ConfigurationFacts,
  actor: Actor,
  spent: Spent,
  file: ConfigurationFile,
  closed: readonly Proposal[],
  alert: string,
): Change {
  const version = facts.configuration.version + 1;
  const proposal = closed.find((p) => p.state === 'applied');
  const told = alertOf(facts, alert, 'applied', String(version), {
    version,
    by: actor.person,
    proposer: proposal?.proposer ?? null,
    lines: shownLines(file),
    // Whoever was a lead until now hears of it, even where it is this that ends their being one.
    leads: facts.directory.leads().map((lead) => lead.id),
  });
  const data = {
    ...onRecord(file),
    version,
    ...(proposal ? { proposal: proposal.id, proposer: proposal.proposer } : {}),
    ...provenBy(actor, spent),
  };
  const made = change(facts, {
    writes: [...spent.writes, ...closed.map(put), { put: 'alert', row: told }],
    audit: [event(actor, 'operator', 'directory.applied', 'keyturn.yaml', data)],
    notices: [{ about: 'alert', id: told.id }, ...closed.map(noticeOf)],
  });
  const { document: written, operator, directory, digest } = file;
  const email = facts.directory.person(actor.person)?.email ?? null;
  return { ...made, configuration: { document: written, operator, directory, digest, version, email } };
}

function onRecord(file: ConfigurationFile) {
  return {
    changes: file.lines.map((line) => line.text).slice(0, 500),
    loosens: loosens(file),
    digest: file.digest,
  };
}

function put(row: Proposal): Write {
  return { put: 'proposal', row };
}

function noticeOf(row: Proposal) {
  return { about: 'alert', id: row.alert } as const;
}

function alertOf(
  facts: ConfigurationFacts,
  id: string,
  kind: 'proposed' | 'applied',
  key: string,
  data: Alert['data'],
): Alert {
  const born = { id, kind, person: null, key: `${kind} ${key}`, data, state: 'told' } as const;
  return { ...born, at: facts.now, settledAt: null, settledBy: null, version: 1 };
}
