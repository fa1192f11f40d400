/** The forms that people fill in, worded once; each chat draws them its own way. */

import { type Account, fullName } from '../accounts.js';
import type { Directory } from '../directory.js';
import type { Facts, RequestFacts } from '../facts.js';
import { LONGEST_REASON } from '../free-text.js';
import { offeredDeliveries, unlendable } from '../lendable.js';
import type { Person } from '../people.js';
import { type Choice, type Field, type Form, said, type Text } from './card.js';
import { accountName } from './request-card.js';
import { sayUnlendable } from './say-refusal.js';
import { list, sayDelivery, sayDuration, sayStep } from './words.js';

/** Lists longer than this are searched, not cut off (Slack shows at most 100 options). */
export const MOST_CHOICES = 100;

/** The accounts that this person may ask for and that can be lent, by client and name. */
export function askable(person: Person, facts: Facts, client?: string): Account[] {
  return facts.directory.accounts.filter(
    (a) =>
      (client === undefined || a.client === client) &&
      facts.directory.mayAsk(person, a) &&
      unlendable(a, facts.directory, facts.offers).length === 0,
  );
}

/** What this person may ask for but can't be lent, and why: said on the form, so that nobody wonders. */
export function notLendable(person: Person, facts: Facts, client?: string): string[] {
  return facts.directory.accounts
    .filter((a) => (client === undefined || a.client === client) && facts.directory.mayAsk(person, a))
    .flatMap((a) => {
      const why = unlendable(a, facts.directory, facts.offers);
      return why.length === 0
        ? []
        : [`${a.name}: ${list(why.map((u) => sayUnlendable(u, facts.directory)))}`];
    });
}

export interface Chosen {
  readonly client?: string | undefined;
  readonly account?: string | undefined;
}

/** The request form. The account's list follows the client, how and how long follow the account. */
export function askForm(person: Person, facts: Facts, chosen: Chosen): Form {
  const accounts = askable(person, facts);
  const clients = [...new Set(accounts.map((a) => a.client))];
  const client = chosen.client ?? (clients.length === 1 ? clients[0] : undefined);
  const offered = accounts.filter((a) => a.client === client);
  const account =
    offered.find((a) => a.id === chosen.account) ?? (offered.length === 1 ? offered[0] : undefined);
  const fields = [clientField(clients, client, facts.directory)];
  if (client !== undefined && offered.length > 0) fields.push(accountField(offered, account));
  if (account) fields.push(...accountFields(account, facts));
  return {
    form: 'ask',
    id: '',
    title: 'Request access',
    submit: 'Ask',
    lines: formLines(person, facts, accounts.length, client, account),
    fields,
  };
}

function formLines(
  person: Person,
  facts: Facts,
  count: number,
  client: string | undefined,
  account: Account | undefined,
): Text[] {
  if (count === 0) {
    const why = notLendable(person, facts).slice(0, 8);
    return [said('There is nothing that you can ask for now.'), ...why.map(said)];
  }
  if (account) return [said(sayPolicy(account, facts.directory))];
  const cannot = client === undefined ? [] : notLendable(person, facts, client).slice(0, 6);
  return cannot.length === 0
    ? []
    : [said('Not on offer in this version:'), ...cannot.map((c) => said(`• ${c}`))];
}

/** Who will have to approve: said before anybody asks. */
export function sayPolicy(account: Account, directory: Directory): string {
  const policy = directory.policy(account.policy);
  if (!policy || policy.approvals.length === 0)
    return 'Nobody has to approve this; it is on record all the same.';
  return `Needs ${list(policy.approvals.map((s) => sayStep(s.from, s.need, account.client, directory)))}.`;
}

function clientField(clients: string[], chosen: string | undefined, directory: Directory): Field {
  const choices = clients.map((id): Choice => ({ label: directory.client(id)?.name ?? id, value: id }));
  const picked = choices.find((c) => c.value === chosen);
  return { id: 'client', label: 'Client', input: choose('client', choices, picked) };
}

function accountField(accounts: Account[], chosen: Account | undefined): Field {
  const choices = accounts.map((a): Choice => ({ label: a.name, value: fullName(a) }));
  const picked = choices.find((c) => chosen !== undefined && c.value === fullName(chosen));
  return { id: 'account', label: 'Account', input: choose('account', choices, picked) };
}

function choose(what: 'client' | 'account', choices: Choice[], chosen: Choice | undefined): Field['input'] {
  if (choices.length > MOST_CHOICES)
    return { kind: 'search', what, redraws: true, ...(chosen ? { chosen } : {}) };
  return { kind: 'choice', choices, redraws: true, ...(chosen ? { chosen: chosen.value } : {}) };
}

function accountFields(account: Account, facts: Facts): Field[] {
  const policy = facts.directory.policy(account.policy);
  const durations = policy?.durations ?? [];
  const deliveries = offeredDeliveries(account, facts.offers);
  const fields: Field[] = [];
  if (deliveries.length > 1) {
    const choices = deliveries.map((d) => ({ label: sayDelivery(d), value: d }));
    fields.push({
      id: 'how',
      label: 'How',
      input: { kind: 'choice', choices, chosen: deliveries[0] as string },
    });
  }
  fields.push({
    id: 'long',
    label: 'How long',
    input: {
      kind: 'choice',
      choices: durations.map((s) => ({ label: sayDuration(s), value: String(s) })),
      chosen: String(durations[0] ?? ''),
    },
  });
  fields.push({
    id: 'why',
    label: 'Why',
    hint: 'The approvers decide by it, and it stays on record. Never put a password here.',
    input: { kind: 'text', most: LONGEST_REASON, placeholder: 'What is wrong, and what will you do?' },
  });
  fields.push({
    id: 'ticket',
    label: 'Ticket',
    optional: policy?.ticket !== 'required',
    input: { kind: 'line', most: 41, placeholder: 'T-20455' },
  });
  if (policy?.confirmClientName) {
    const name = facts.directory.client(account.client)?.name ?? account.client;
    fields.push({
      id: 'name',
      label: `Type the client's name: ${name}`,
      hint: 'So that nobody asks for the wrong client by mistake.',
      input: { kind: 'line', most: 200 },
    });
  }
  return fields;
}

/** Asks for a reason before a Deny or a Revoke. */
export function reasonForm(form: 'deny' | 'revoke', facts: RequestFacts): Form {
  const { request, directory, client } = facts;
  const who = directory.nameOf(request.requester);
  const about = `${client?.name ?? request.client}: ${accountName(facts)}, ${who}`;
  const deny = form === 'deny';
  return {
    form,
    id: deny ? request.id : (facts.grant?.id ?? request.id),
    title: deny ? 'Deny this request' : 'Revoke this access',
    submit: deny ? 'Deny' : 'Revoke',
    lines: [said(about), said(deny ? 'One denial ends the request.' : 'Access ends at once.')],
    fields: [
      {
        id: 'why',
        label: 'Why',
        hint: `${who} will read this.`,
        input: { kind: 'text', most: LONGEST_REASON },
      },
    ],
  };
}
