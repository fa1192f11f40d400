/** A person's own ways in: the chat accounts that act as them, and the factors that confirm it. */

import { activeFactor } from '../factor.js';
import type { PersonFacts } from '../facts.js';
import { identityId } from '../identify.js';
import { duoName, type Method } from '../proof.js';
import { type Action, type Card, said, type Text } from './card.js';
import { keyEndings, keyLines } from './ssh-keys-card.js';
import { sayTime } from './words.js';

/** @param order the factors that are configured, in the order in which they are asked. */
export function linkCard(facts: PersonFacts, order: readonly Method[]): Card {
  return {
    client: null,
    title: 'My linked accounts and factors',
    rows: [],
    lines: [...chatLines(facts, order), ...factorLines(facts, order), ...keyLines(facts)],
    actions: [...endings(facts), ...keyEndings(facts), ...adding(facts, order)],
    note: facts.directory.person(facts.person)?.email ?? '',
  };
}

function chatLines({ identities, directory }: PersonFacts, order: readonly Method[]): Text[] {
  return identities.map((identity) => {
    const { platform, workspace, userId, linkedAt, provenAt } = identity;
    const chat = platform === 'slack' ? 'Slack' : 'Teams';
    const since = sayTime(provenAt ?? linkedAt, directory);
    const how =
      provenAt !== null
        ? `linked ${since}, confirmed by your second factor`
        : order.length === 0
          ? `linked ${since} by its confirmed e-mail`
          : 'not completed yet: the next thing you do there asks for your second factor';
    return said(`${chat} ${userId} in ${workspace}: ${how}`);
  });
}

function factorLines(facts: PersonFacts, order: readonly Method[]): Text[] {
  const person = facts.directory.person(facts.person);
  if (order.length === 0 || !person) return [said('No second factor is configured here.')];
  const lines: Text[] = [];
  if (order.includes('duo_push') || order.includes('duo_universal'))
    lines.push(said(`Duo: as ${duoName(person)}. Your phones there are managed in Duo.`));
  const own = activeFactor(facts.factors);
  if (own)
    lines.push(said(`Authenticator: since ${sayTime(own.activeAt ?? own.offeredAt, facts.directory)}.`));
  else if (order.includes('totp')) lines.push(said('Authenticator: none.'));
  return lines;
}

function endings(facts: PersonFacts): Action[] {
  const chats = facts.identities.map((identity): Action => {
    const label = `Unlink ${identity.userId}`;
    return { kind: 'button', act: 'end-identity', label, id: identityId(identity), style: 'danger' };
  });
  const own = activeFactor(facts.factors);
  if (!own) return chats;
  return [
    ...chats,
    { kind: 'button', act: 'end-factor', label: 'End the authenticator', id: own.id, style: 'danger' },
  ];
}

function adding(facts: PersonFacts, order: readonly Method[]): Action[] {
  if (!order.includes('totp')) return [];
  const label = activeFactor(facts.factors) ? 'Replace the authenticator' : 'Add an authenticator';
  return [{ kind: 'button', act: 'add-factor', label, id: facts.person }];
}

/** The address of the page where an authenticator is enrolled. */
export function enrolCard(url: string): Card {
  return {
    client: null,
    title: 'Enrol an authenticator',
    rows: [],
    lines: [said('This address is for you alone; a new one ends it. Have your authenticator app ready.')],
    actions: [{ kind: 'way', label: 'Open the page', url }],
  };
}
