/** What somebody can do in a chat, and what they can be answered: the same for every platform. */

import type { Secret } from '../config/secret.js';
import type { AuditRow } from '../core/audit.js';
import type { Card, Form } from '../core/cards/card.js';
import type { Item } from '../core/cards/lists.js';
import type { DigestFacts } from '../core/digest-facts.js';
import type { Facts, ReportFacts, RequestFacts } from '../core/facts.js';
import type { LinkPurpose } from '../core/link.js';
import type { PersonId } from '../core/people.js';
import type { Ports } from '../core/ports.js';
import type { ReportData } from '../core/report-data.js';
import type { Prover } from '../mfa/prover.js';

/** Something a verified person did. What a button or a form carries is looked up and authorised again. */
export type Act =
  | { readonly act: 'typed'; readonly text: string }
  | { readonly act: 'press'; readonly button: string; readonly id: string }
  | { readonly act: 'choose'; readonly menu: string; readonly id: string; readonly value: string }
  /** A form's field changed, and the form wants drawing anew. */
  | { readonly act: 'fill'; readonly values: Values }
  | { readonly act: 'submit'; readonly form: string; readonly id: string; readonly values: Values };

export type Values = Readonly<Record<string, string | undefined>>;

/** Goes to the one who acted, alone. `done` needs no answer: the cards say it. */
export type Reply =
  | { readonly say: string }
  | { readonly card: Card }
  /** Several, each with buttons of its own. */
  | { readonly cards: readonly Card[] }
  | { readonly form: Form }
  | { readonly errors: Readonly<Record<string, string>> }
  /** A card comes to the person's own direct message; this says so where they are somewhere else. */
  | { readonly aside: string }
  | { readonly done: true };

/** What answering needs beyond acting. */
export interface Desk {
  readonly ports: Ports;
  facts(): Promise<Facts>;
  mine(person: PersonId): Promise<Item[]>;
  pending(): Promise<RequestFacts[]>;
  trail(request: string): Promise<AuditRow[]>;
  /** The counts of a report, and its newest rows. */
  report(facts: ReportFacts, most: number): Promise<ReportData>;
  digest(): Promise<DigestFacts>;
  /** A fresh link: its public handle, the hash that is stored, and the address that only its owner gets. */
  freshLink(page: LinkPurpose | 'enrol' | 'report' | 'sessions'): {
    readonly id: string;
    readonly tokenHash: string;
    readonly url: string;
  };
  /** What starts a session, once: its public handle, the hash that is stored, and what only its owner types. */
  freshTicket(): { readonly id: string; readonly tokenHash: string; readonly token: string };
  /** Where sessions begin; null where this process has no entrance for them. */
  bastion(): { readonly host: string; readonly port: number; readonly fingerprint: string } | null;
  /** A one-time code that a contact has typed, sealed for the one page that it goes to. */
  sealCode(
    place: { readonly client: string; readonly link: string; readonly n: number },
    code: Secret,
  ): Promise<string>;
  readonly prover: Pick<Prover, 'order' | 'advance' | 'enterCode' | 'prompt' | 'another'>;
}
