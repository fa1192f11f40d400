/** What concerns one person's own browser: the way to the page, and the question whether that browser is theirs. */

import type { LinkFacts, RequestFacts } from '../facts.js';
import { LINK_FAILURES, type Link, type LinkPurpose } from '../link.js';
import { factorDue } from '../reveal.js';
import { type Action, type Card, said } from './card.js';
import { accountName, clientOf } from './request-card.js';
import { sayDuration } from './words.js';

/** The link itself: an answer to the one who pressed, never stored, never shown to anybody else. */
export function wayCard(facts: RequestFacts, purpose: LinkPurpose, url: string, seconds: number): Card {
  const opens = purpose === 'reveal' ? 'shows the password once' : 'takes the new password';
  return {
    client: clientOf(facts),
    title: accountName(facts),
    rows: [],
    lines: [said(`This link ${opens}, for you alone. It lives ${sayDuration(seconds)}; a new one ends it.`)],
    actions: [{ kind: 'way', label: purpose === 'reveal' ? 'Open the reveal page' : 'Open the page', url }],
  };
}

/** Asks the link's owner whether the browser that shows this number is theirs. */
export function browserCard(facts: LinkFacts): Card {
  const { link } = facts;
  const shows = link.purpose === 'reveal';
  // Where a factor is due the phone asks, and the number stands there and in the browser alone.
  const asked = link.state === 'asked' && facts.now < link.expiresAt && !factorDue(facts);
  const number = link.number ?? '';
  return {
    client: clientOf(facts),
    title: accountName(facts),
    rows: [],
    lines: asked
      ? [
          said(
            `A browser that shows the number ${number} wants ${shows ? 'the password' : 'to enter the new password'}. Press only if that number is on your own screen now.`,
          ),
        ]
      : [said(isAbused(link) ? ABUSED : LINK_SAYS[link.state](shows))],
    actions: asked
      ? entranceActions(link.id, `${shows ? 'Show' : 'Enter'} it in this browser, ${number}`)
      : [],
    note: link.grant,
  };
}

/** What the owner of a link or a visit can say of the browser that asks. */
export function entranceActions(id: string, yes: string): Action[] {
  return [
    { kind: 'button', act: 'confirm-browser', label: yes, id, style: 'primary' },
    { kind: 'button', act: 'not-me', label: 'It isn’t me', id, style: 'danger' },
  ];
}

const LINK_SAYS = {
  open: () => 'This link has not been opened.',
  asked: () => 'This link has run out. Press the button on the card again for a new one.',
  confirmed: (shows: boolean) =>
    `Confirmed. Go on in your browser${shows ? ' and press “Show the password”' : ''}.`,
  spent: (shows: boolean) =>
    shows ? 'The password was shown in your browser.' : 'The new password is in custody.',
  dead: () => 'This link opens nothing any more.',
};

const ABUSED =
  'Somebody else had this link, so it is dead and has shown nothing. The alerts channel was told.';

/** Dead by failures, or because its owner said that the browser wasn't theirs. */
export function isAbused(link: Link): boolean {
  return link.state === 'dead' && link.fails >= LINK_FAILURES;
}

/** For the alerts channel: a link that was meant for one person came into other hands. */
export function abuseCard(facts: LinkFacts): Card {
  const { link, directory } = facts;
  const owner = directory.nameOf(link.person);
  return {
    client: clientOf(facts),
    title: 'A link in other hands',
    rows: [
      { label: 'Account', text: said(accountName(facts)) },
      { label: 'Meant for', text: said(owner) },
    ],
    lines: [
      said(`Another browser than ${owner}’s tried to use a one-time link. It is dead and has shown nothing.`),
      said(`Ask ${owner} where it went; "/access show ${facts.request.id}" has the trail.`),
    ],
    actions: [],
    note: link.grant,
  };
}
