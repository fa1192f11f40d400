/** What the played Slack tells the page, and what the page does to it. */

import type { Block, Choice, OptionGroup, Plain } from './blocks/types.js';

/** A card with a colour bar. */
export interface Attachment {
  readonly color?: string;
  readonly text?: string;
  readonly blocks?: readonly Block[];
}

export interface Message {
  readonly ts: string;
  readonly from: { readonly id: string; readonly name: string; readonly isBot: boolean };
  readonly text: string;
  readonly blocks?: readonly Block[] | null;
  readonly attachments?: readonly Attachment[] | null;
  readonly ephemeral: boolean;
  readonly edited: boolean;
  /** ISO time. */
  readonly at: string;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'channel' | 'dm';
  readonly messages: readonly Message[];
}

/** The state of one input, as in Slack's `view.state.values`. */
export interface ElementState {
  readonly type: string;
  readonly value?: string | null;
  readonly selected_option?: Choice | null;
  readonly selected_options?: readonly Choice[];
}

export type Values = Readonly<Record<string, Readonly<Record<string, ElementState>>>>;

export interface View {
  readonly id: string;
  readonly title?: Plain | string | null;
  readonly submit?: Plain | string | null;
  readonly close?: Plain | string | null;
  readonly blocks: readonly Block[];
  readonly errors?: Readonly<Record<string, string>> | null;
  /** What the inputs hold as far as Slack knows. */
  readonly state?: { readonly values: Values } | null;
}

/** One person's whole Slack. */
export interface SlackState {
  readonly team: { readonly id: string; readonly name: string };
  readonly me: { readonly id: string; readonly name: string };
  readonly channels: readonly Channel[];
  readonly view: View | null;
  readonly toasts: readonly { readonly id: string; readonly text: string }[];
  readonly home: View | null;
}

/** Where a click or a choice happens. */
export type Place = { readonly channel: string; readonly ts: string } | { readonly viewId: string };

type OnElement = Partial<{ channel: string; ts: string; viewId: string }> & {
  readonly blockId: string;
  readonly actionId: string;
};

/** Everything a person can do in the played Slack. */
export type Act =
  | { readonly kind: 'slash'; readonly channel: string; readonly command: string; readonly text: string }
  | { readonly kind: 'message'; readonly channel: string; readonly text: string }
  | { readonly kind: 'shortcut'; readonly callbackId: string }
  /** Opens the app's Home. */
  | { readonly kind: 'home' }
  | ({ readonly kind: 'click' } & OnElement)
  /** Holds a choice, several, or a text; Slack tells the app where the block says so. */
  | ({
      readonly kind: 'select';
      readonly selectedOption?: Choice | readonly Choice[] | null;
      readonly value?: string | null;
    } & OnElement)
  | ({ readonly kind: 'options'; readonly value: string } & OnElement)
  | { readonly kind: 'submit'; readonly viewId: string; readonly values: Values }
  | { readonly kind: 'close'; readonly viewId: string };

/** The answer to an act; an `options` act brings its options along. */
export interface Outcome {
  readonly ok: boolean;
  readonly error?: string;
  readonly options?: readonly Choice[];
  readonly option_groups?: readonly OptionGroup[];
}
