/** What a grant makes at its account's system, and what its end undoes there: remembered with the grant, whatever the configuration says by then. */

import type { Notice } from './change.js';

/** What has to stand at the system while the grant lives. */
export type Target =
  /** A login is in a group: the holder's own, or one that is made for the grant. */
  | {
      readonly kind: 'elevation';
      readonly system: string;
      readonly group: string;
      readonly login: string;
      readonly as: 'own' | 'jit';
    }
  /** A login that is switched off at rest is switched on. */
  | { readonly kind: 'login'; readonly system: string; readonly login: string };

/** Facts read at a system: they go on record, and never hold a secret. */
export type ReadBack = Readonly<Record<string, string | number | boolean | null>>;

/** What stands there by now. */
export interface Made {
  /** The password of a login that was made for the grant, sealed; null of any other. It is stored before the login is made. */
  readonly sealed: string | null;
  /** The instant, as ISO text, at which the system ends it by itself where it can; null until it stands. */
  readonly until: string | null;
  readonly readBack: ReadBack | null;
  /** Why it doesn't stand yet, as people read it. */
  readonly trouble: string | null;
}

/** Nothing stands yet. */
export const UNMADE: Made = { sealed: null, until: null, readBack: null, trouble: null };

/** What Keyturn does by itself at the end of a grant. At least one of them. */
export interface Undo {
  readonly withdraw?: Extract<Target, { kind: 'elevation' }>;
  readonly disable?: Extract<Target, { kind: 'login' }>;
  /** The password of this version was shown: a later one has to take its place. */
  readonly rotate?: { readonly version: number };
}

/** A system may end by itself what a grant made, but never before the grant: by so much later. */
export const MARGIN_SECONDS = 300;

/** A login that is made for a grant: `G-8F3KQ2` → `kt-8f3kq2`. Orphans are found by such names. */
export function jitLogin(grant: string): string {
  return `kt-${grant.slice(2).toLowerCase()}`;
}

/** The grant that a login was made for, by its name; null where it isn't one of Keyturn's. */
export function grantOfJitLogin(login: string): string | null {
  const match = /^kt-([0-9a-hjkmnp-tv-z]{6})$/.exec(login.toLowerCase());
  return match?.[1] === undefined ? null : `G-${match[1].toUpperCase()}`;
}

/** That there is work at the system of this account: the outbox brings it to what is recorded. */
export function aboutTarget({ client, account }: { client: string; account: string }): Notice {
  return { about: 'target', id: `${client}/${account}` };
}
