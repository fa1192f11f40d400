/** The way to a session: an answer to the one who pressed, never stored, never shown to anybody else. */

import type { RequestFacts } from '../facts.js';
import { WINDOW_SECONDS } from '../ticket.js';
import { type Card, code, said } from './card.js';
import { accountName, clientOf } from './request-card.js';
import { sayDuration } from './words.js';

export interface ConnectWay {
  readonly host: string;
  readonly port: number;
  /** `SHA256:…` of the bastion's own host key. */
  readonly fingerprint: string;
  /** What is typed where a password is asked for. */
  readonly ticket: string;
}

/** @param waits whether their factor has to say yes first: until then the ticket opens nothing. */
export function connectCard(facts: RequestFacts, way: ConnectWay, waits: boolean): Card {
  const { host, port, fingerprint, ticket } = way;
  const grant = facts.grant?.id ?? facts.request.id;
  const long = sayDuration(Math.min(WINDOW_SECONDS, facts.policyNow?.linkSeconds ?? WINDOW_SECONDS));
  return {
    client: clientOf(facts),
    title: accountName(facts),
    rows: [
      { label: 'Paste this into a terminal', text: code(`ssh -p ${port} ${grant}@${host}`) },
      { label: 'Ticket, when it asks', text: code(ticket) },
      { label: 'Its host key', text: code(fingerprint) },
    ],
    lines: [
      ...(waits ? [said(WAITS)] : []),
      said(
        `The ticket works once, for you alone, within ${long}. A key that you have registered (/access ssh-key) needs none. Pressing Connect again ends this ticket.`,
      ),
    ],
    actions: [],
    note: grant,
  };
}

const WAITS =
  'It works once you have confirmed it with your second factor: your phone asks, and my direct message to you says how.';
