/** The card of an offboarding: what waits for a lead's word, what ended, and what has to be changed, filling in as it is. */

import type { SweepStory } from '../facts.js';
import type { PersonId } from '../people.js';
import { AUTOMATIC_AN_HOUR } from '../sweep.js';
import { type Action, type Card, type Row, said } from './card.js';
import { asKinds, sayCounts, sayEstate } from './say-sweep.js';
import { count, list, names, sayTime } from './words.js';

/** @param viewer whose own copy it is; null for a channel's, which nobody in particular reads. */
export function sweepCard(story: SweepStory, viewer: PersonId | null): Card {
  const { sweep, directory, client } = story;
  const theirs = client === null ? undefined : directory.client(client);
  return {
    client: theirs ? { name: theirs.name, colour: theirs.colour } : null,
    title: title(story),
    rows: rows(story),
    lines: lines(story).map(said),
    actions: actions(story, viewer),
    summary: `${title(story)}: ${directory.nameOf(sweep.person)}`,
    note: sweep.id,
  };
}

function title({ sweep }: SweepStory): string {
  switch (sweep.state) {
    case 'waiting':
      if (sweep.origin === 'lead') return 'Offboarding: a second lead';
      return sweep.accessEndedAt === null ? 'Has somebody left?' : 'Somebody has left';
    case 'running':
      return 'Offboarded: passwords to change';
    case 'done':
      return 'Offboarded';
    case 'dropped':
      return 'Offboarding dropped';
    default:
      return sweep.state satisfies never;
  }
}

function rows({ sweep, directory }: SweepStory): Row[] {
  const heir = sweep.heir === null ? [] : [{ label: 'Takes over', text: said(directory.nameOf(sweep.heir)) }];
  return [{ label: 'Person', text: said(nameOf(directory.nameOf(sweep.person))) }, ...heir];
}

/** The card says more of their leaving than the two words behind a name. */
function nameOf(name: string): string {
  return name.replace(/ \(left\)$/, '');
}

function lines(story: SweepStory): string[] {
  const { sweep } = story;
  switch (sweep.state) {
    case 'waiting':
      return [...whyItWaits(story), ...passwordLines(story)];
    case 'running':
    case 'done':
      return [...whatEnded(story), ...passwordLines(story), ...owedLine(story)];
    case 'dropped':
      return [whatWasDropped(story)];
    default:
      return sweep.state satisfies never;
  }
}

function whyItWaits(story: SweepStory): string[] {
  const { sweep, holds } = story;
  const holding = `They hold: ${sayCounts(asKinds(holds))}.`;
  if (sweep.origin === 'lead') {
    const ended = sweep.accessEndedAt === null ? 'Nothing has ended yet.' : saidEnded(story);
    return [`${sayWord(story)} They are a lead, so a second lead has to confirm it. ${ended}`, holding];
  }
  const also =
    sweep.proposer === null
      ? []
      : [`${sayWord(story)} They are a lead, so a second lead has to confirm it too.`];
  if (sweep.accessEndedAt !== null)
    return [
      `Their account was ${sweep.why}, so their access ended at once: ${sayCounts(story.counts)}. They are paused until a lead has spoken.`,
      ...also,
      'Confirm it and the rest ends. If they are still here, say so: they link their chat anew, and ask anew.',
    ];
  return [
    `Their account was ${sweep.why}. ${whyNotEnded(story)}`,
    holding,
    ...also,
    'Confirm it, or say that they are still here.',
  ];
}

/** More than three within an hour: who they are, so that a mistake is seen at once. */
function whyNotEnded({ sweep, directory, together }: SweepStory): string {
  if (together.length > AUTOMATIC_AN_HOUR)
    return `More than ${AUTOMATIC_AN_HOUR} left within the hour: ${names(together, directory, 6, 'and')}. That may be a mistake, or somebody’s doing, so nothing but this account’s link ended.`;
  return directory.isLead(sweep.person)
    ? 'No other lead could put it right, so nothing but this account’s link ended.'
    : 'Nothing but this account’s link ended.';
}

function saidEnded({ sweep, directory, now }: SweepStory): string {
  return `Their access ended ${sayTime(sweep.accessEndedAt as Date, directory, now)}, as their chat says that they have left.`;
}

function sayWord({ sweep, directory }: SweepStory): string {
  return `${directory.nameOf(sweep.proposer)} wants them offboarded.`;
}

function whatEnded(story: SweepStory): string[] {
  const { sweep, directory, counts, now } = story;
  const at = sayTime(sweep.accessEndedAt ?? sweep.at, directory, now);
  const by = list(
    [sweep.proposer, sweep.confirmer].flatMap((id) => (id === null ? [] : [directory.nameOf(id)])),
  );
  const estate = sayEstate(counts.account ?? 0, counts.task ?? 0);
  const heir = sweep.heir === null ? 'nobody' : directory.nameOf(sweep.heir);
  const votes = counts.vote ?? 0;
  return [
    `Nothing of theirs works since ${at}. Ended: ${sayCounts(counts)}. Confirmed by ${by}.`,
    ...(estate === '' ? [] : [`${estate} went to ${heir}.`]),
    ...(votes === 0 ? [] : [`Their word no longer counts on ${count(votes, 'request')}.`]),
  ];
}

const MOST_UNCHANGED = 4;

/** "2 of 5 passwords changed", and whose task the others are. */
function passwordLines({ passwords, unchanged, directory, now }: SweepStory): string[] {
  const { total, changed } = passwords;
  if (total === 0) return [];
  const shown = unchanged.slice(0, MOST_UNCHANGED).map(({ client, account, since, assignee }) => {
    const name = directory.account(client, account)?.name ?? account;
    const who = assignee === null ? 'nobody’s task yet' : directory.nameOf(assignee);
    return `• ${directory.client(client)?.name ?? client}, ${name}: ${who}; known since ${sayTime(since, directory, now)}`;
  });
  const more = total - changed - shown.length;
  return [
    `${changed} of ${count(total, 'password')} changed, of those that they were shown.`,
    ...shown,
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

function owedLine({ owed }: SweepStory): string[] {
  return owed.length === 0 ? [] : [`Still owed: the review of ${list(owed)}.`];
}

function whatWasDropped({ sweep, directory, droppedBy }: SweepStory): string {
  const who = directory.nameOf(droppedBy);
  const name = nameOf(directory.nameOf(sweep.person));
  const rest =
    sweep.accessEndedAt === null
      ? 'Nothing but a chat account’s link had ended.'
      : 'What had ended stays ended: they link their chat anew and ask anew.';
  return `${who} says that ${name} is still here. ${sweep.origin === 'lead' && sweep.accessEndedAt === null ? 'Nothing had ended.' : rest}`;
}

function actions({ sweep }: SweepStory, viewer: PersonId | null): Action[] {
  const { id } = sweep;
  if (sweep.state === 'running' || sweep.state === 'done')
    return [{ kind: 'button', act: 'sweep-result', label: 'Result', id }];
  if (sweep.state !== 'waiting') return [];
  const drop: Action = { kind: 'button', act: 'drop-sweep', label: 'They are still here', id };
  if (viewer !== null && viewer === sweep.proposer) return [drop];
  return [{ kind: 'button', act: 'offboard', label: 'Confirm offboarding', id, style: 'danger' }, drop];
}
