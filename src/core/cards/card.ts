/**
 * What people read, as a closed vocabulary. Each chat renders every element of
 * it, in this order and in these words; a renderer ends in `never`.
 */

import type { Colour } from '../accounts.js';

/**
 * `said` is ours or the operator's configuration's; `typed` came from a person and is shown literally; `code` is there to be
 * copied, so it is one line, shown literally and set apart.
 */
export type Text = { readonly said: string } | { readonly typed: string } | { readonly code: string };

/** `Account: Front desk PC`. */
export interface Row {
  readonly label: string;
  readonly text: Text;
}

/** What pressing does. The id that a button carries is opaque and opens nothing by itself. */
export type ButtonAct =
  | 'approve'
  | 'deny'
  | 'cancel'
  | 'break-glass'
  | 'review'
  | 'allow-glass'
  | 'reveal'
  | 'connect'
  | 'end-session'
  | 'end-ssh-key'
  | 'extend'
  | 'return'
  | 'revoke'
  | 'new-secret'
  | 'confirm-browser'
  | 'not-me'
  | 'prompt'
  | 'code'
  | 'give-code'
  | 'another-way'
  | 'resume'
  | 'apply-proposal'
  | 'refuse-proposal'
  | 'enrol'
  | 'add-factor'
  | 'end-factor'
  | 'end-identity'
  | 'report'
  | 'sweep-result'
  | 'offboard'
  | 'drop-sweep'
  | 'show'
  | 'ask';

export interface Button {
  readonly kind: 'button';
  readonly act: ButtonAct;
  readonly label: string;
  readonly id: string;
  readonly style?: 'primary' | 'danger';
}

/** A short menu; the value is what the person chose, checked like anything typed. */
export interface Menu {
  readonly kind: 'menu';
  readonly act: 'approve-for';
  readonly label: string;
  readonly id: string;
  readonly choices: readonly Choice[];
}

/** Opens a page of ours in the browser. Only ever in an answer that one person alone sees. */
export interface Way {
  readonly kind: 'way';
  readonly label: string;
  readonly url: string;
}

export type Action = Button | Menu | Way;

export interface Choice {
  readonly label: string;
  readonly value: string;
}

/** One of the operator's local days in a picture, with what was granted, denied and taken by break-glass on it. */
export interface PictureDay {
  /** As `2026-11-23`. */
  readonly day: string;
  readonly grants: number;
  readonly denials: number;
  readonly breakGlass: number;
}

/** Days as bars, oldest first. Each chat draws it; who can't be shown it reads `alt`. */
export interface DaysPicture {
  readonly kind: 'days';
  readonly title: string;
  readonly days: readonly PictureDay[];
  /** The picture in one full sentence of ours. */
  readonly alt: string;
}

export interface Card {
  /** Whose account this is about, shown first, with its colour; null where no client is concerned. */
  readonly client: { readonly name: string; readonly colour: Colour } | null;
  readonly title: string;
  readonly rows: readonly Row[];
  /** What stands below the rows: who has spoken, who is still needed, what is true now. */
  readonly lines: readonly Text[];
  /** Stands below the lines. */
  readonly picture?: DaysPicture;
  readonly actions: readonly Action[];
  /** What a notification on a locked phone says after the client's name; absent: the title and the first row. */
  readonly summary?: string;
  /** Somebody asked to see it whole: long texts are not folded. */
  readonly unfolded?: true;
  /** Small print. */
  readonly note?: string;
}

/** What a search field looks through: clients, one client's accounts, all that this person may take by break-glass, or staff. */
export const SOUGHT = ['client', 'account', 'glass', 'heir'] as const;
export type Sought = (typeof SOUGHT)[number];

export interface Field {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly optional?: boolean;
  readonly input:
    | { readonly kind: 'line'; readonly most: number; readonly placeholder?: string }
    | { readonly kind: 'text'; readonly most: number; readonly placeholder?: string }
    | {
        readonly kind: 'choice';
        readonly choices: readonly Choice[];
        readonly chosen?: string;
        readonly redraws?: boolean;
      }
    | {
        readonly kind: 'search';
        readonly what: Sought;
        readonly chosen?: Choice;
        readonly redraws?: boolean;
      };
}

/** Something to fill in. `id` is the subject's opaque id, or empty. */
export interface Form {
  readonly form:
    | 'ask'
    | 'break-glass'
    | 'review'
    | 'extend'
    | 'deny'
    | 'revoke'
    | 'code'
    | 'give-code'
    | 'offboard';
  readonly id: string;
  readonly title: string;
  readonly submit: string;
  readonly lines: readonly Text[];
  readonly fields: readonly Field[];
}

export function said(text: string): Text {
  return { said: text };
}

export function typed(text: string): Text {
  return { typed: text };
}

export function code(text: string): Text {
  return { code: text };
}

/** Any text as it reads, whoever wrote it. */
export function plain(text: Text): string {
  if ('said' in text) return text.said;
  return 'typed' in text ? text.typed : text.code;
}
