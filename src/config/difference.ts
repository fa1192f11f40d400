/** What a changed configuration would do, in words, and which of it makes access easier. */

import { fullName } from '../core/accounts.js';
import type { DeclaredDirectory } from '../core/directory.js';
import { type Aspect, type Described, isSame, listAspect } from './difference/aspects.js';
import {
  describeAccount,
  describeClient,
  describeSystem,
  type PolicyComparison,
} from './difference/lendables.js';
import { describePerson } from './difference/people.js';
import { describePolicy } from './difference/policies.js';
import { describeChat, describeMfa, describeOperator, type Settings } from './difference/settings.js';

export interface Difference {
  readonly change: 'added' | 'removed' | 'changed';
  readonly noun:
    | 'person'
    | 'group'
    | 'policy'
    | 'client'
    | 'system'
    | 'account'
    | 'operator'
    | 'mfa'
    | 'chat';
  readonly name: string;
  /** Completes the noun and the name: "policy one-lead: approvals need 1 of leads → none". */
  readonly text: string;
  /** Fewer approvals, longer times, more people who may ask or approve, less proof or less noise. */
  readonly loosens: boolean;
}

/**
 * Everything that differs, thing by thing and setting by setting; empty when nothing does.
 * Without a `before` everything is added and nothing loosens, as there was nothing to loosen.
 */
export function differences(before: DeclaredDirectory | null, after: DeclaredDirectory): Difference[] {
  const eased = (from: string, to: string) => before !== null && policyEases(before, from, after, to);
  return compare(before && things(before, eased), things(after, eased));
}

/** The same for what stands at the top of the file, as written: the digest, second factors and chats. */
export function settingDifferences(before: Settings | null, after: Settings): Difference[] {
  // Somebody always runs it: there is nothing to tell of that at first.
  const operators = before ? compare(operatorThing(before), operatorThing(after)) : [];
  return [...operators, ...compare(before && settingThings(before), settingThings(after))];
}

function operatorThing({ operator }: Settings): Map<string, Thing> {
  if (!operator) return new Map();
  return byName([{ noun: 'operator', name: 'itself', ...describeOperator(operator) }]);
}

function compare(before: ReadonlyMap<string, Thing> | null, now: ReadonlyMap<string, Thing>): Difference[] {
  const then = before ?? new Map<string, Thing>();
  const found = [...now].flatMap(([key, thing]) => {
    const old = then.get(key);
    return old === undefined ? [added(thing, before !== null)] : changes(old, thing);
  });
  const gone = [...then].filter(([key]) => !now.has(key)).map(([, thing]) => removed(thing));
  return [...found, ...gone];
}

/** One line a difference, loosening ones marked; "Nothing changes." when there are none. */
export function printDifferences(list: readonly Difference[]): string {
  if (list.length === 0) return 'Nothing changes.';
  const signs = { added: '+', removed: '-', changed: '~' } as const;
  const lines = list.map((it) => `${signs[it.change]} ${it.text}${it.loosens ? '   (loosens)' : ''}`);
  const loosening = list.filter((it) => it.loosens).length;
  const count = `${list.length} ${list.length === 1 ? 'change' : 'changes'}`;
  const verb = loosening === 1 ? 'makes' : 'make';
  const loose = loosening === 0 ? 'none makes access easier' : `${loosening} ${verb} access easier`;
  return [...lines, `${count}, ${loose}.`].join('\n');
}

interface Thing extends Described {
  readonly noun: Difference['noun'];
  readonly name: string;
}

function things(directory: DeclaredDirectory, eased: PolicyComparison): Map<string, Thing> {
  const { people, groups, policies, clients, systems, accounts } = directory;
  const list: Thing[] = [
    ...people.map((it) => ({ noun: 'person' as const, name: it.email, ...describePerson(it) })),
    ...Object.entries(groups).map(([name, members]) => ({ noun: 'group' as const, name, ...group(members) })),
    ...policies.map((it) => ({ noun: 'policy' as const, name: it.id, ...describePolicy(it) })),
    ...clients.map((it) => ({ noun: 'client' as const, name: it.id, ...describeClient(it) })),
    ...systems.map((it) => ({
      noun: 'system' as const,
      name: `${it.client}/${it.id}`,
      ...describeSystem(it),
    })),
    ...accounts.map((it) => ({
      noun: 'account' as const,
      name: fullName(it),
      ...describeAccount(it, eased),
    })),
  ];
  return byName(list);
}

function settingThings({ mfa, chat }: Settings): Map<string, Thing> {
  const slack = chat?.slack ?? [];
  const teams = chat?.teams ?? [];
  return byName([
    ...(mfa ? [{ noun: 'mfa' as const, name: 'of everybody', ...describeMfa(mfa) }] : []),
    ...slack.map((it) => ({ noun: 'chat' as const, name: `Slack ${it.team}`, ...describeChat(it) })),
    ...teams.map((it) => ({ noun: 'chat' as const, name: `Teams ${it.tenant}`, ...describeChat(it) })),
  ]);
}

function byName(list: readonly Thing[]): Map<string, Thing> {
  return new Map(list.map((thing) => [`${thing.noun} ${thing.name}`, thing]));
}

function group(members: readonly string[]): Described {
  return {
    summary: members.join(', '),
    opensWhenAdded: false,
    aspects: [listAspect('members', members, 'more')],
  };
}

function added({ noun, name, summary, opensWhenAdded }: Thing, after: boolean): Difference {
  const text = `${noun} ${name}: new (${summary})`;
  return { change: 'added', noun, name, text, loosens: after && opensWhenAdded };
}

function removed({ noun, name, summary, opensWhenGone = false, ofItsGoing }: Thing): Difference {
  const text = `${noun} ${name}: gone (was ${summary})${ofItsGoing === undefined ? '' : `; ${ofItsGoing}`}`;
  return { change: 'removed', noun, name, text, loosens: opensWhenGone };
}

function changes(before: Thing, after: Thing): Difference[] {
  const { noun, name } = after;
  return changedAspects(before, after).map(([old, aspect]) => {
    const text = `${noun} ${name}: ${aspect.name} ${old.words} → ${aspect.words}`;
    return { change: 'changed', noun, name, text, loosens: aspect.loosens(old.value as never) };
  });
}

function changedAspects(before: Described, after: Described): [Aspect, Aspect][] {
  return after.aspects.flatMap((aspect, index): [Aspect, Aspect][] => {
    const old = before.aspects[index];
    return old === undefined || isSame(old.value, aspect.value) ? [] : [[old, aspect]];
  });
}

/** Whether an account that goes from one policy to another becomes easier to get. */
function policyEases(before: DeclaredDirectory, from: string, after: DeclaredDirectory, to: string): boolean {
  const old = before.policies.find((policy) => policy.id === from);
  const now = after.policies.find((policy) => policy.id === to);
  // What can't be compared is for a person to look at.
  if (old === undefined || now === undefined) return true;
  const changed = changedAspects(describePolicy(old), describePolicy(now));
  return changed.some(([was, is]) => is.loosens(was.value as never));
}
