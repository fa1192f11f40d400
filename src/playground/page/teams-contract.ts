/** What the played Teams tells the page, and what the page does to it. */

/** An Adaptive Card, or what a search answers: as it goes over the wire. */
export type Json = Readonly<Record<string, unknown>>;

export interface TeamsMessage {
  readonly id: string;
  readonly from: { readonly id: string; readonly name: string; readonly isBot: boolean };
  readonly text: string;
  /** The card as this person sees it: the shared one, or what the bot answered to them alone. */
  readonly card: Json | null;
  /** What Teams shows below the card to the one who pressed: the bot's short answer, or Teams' own complaint. */
  readonly note: { readonly kind: 'message' | 'error'; readonly text: string } | null;
  readonly edited: boolean;
  /** ISO time. */
  readonly at: string;
}

export interface TeamsConversation {
  readonly id: string;
  readonly name: string;
  readonly kind: 'personal' | 'channel';
  readonly messages: readonly TeamsMessage[];
}

/** A dialog (task module). */
export interface TeamsDialog {
  readonly title: string;
  readonly card?: Json;
  /** An answer of words alone. */
  readonly message?: string;
  /** What went wrong in it. */
  readonly error?: string;
}

/** One person's whole Teams. */
export interface TeamsState {
  readonly tenant: { readonly id: string; readonly name: string };
  readonly me: { readonly id: string; readonly name: string };
  /** The chat with the bot first. */
  readonly conversations: readonly TeamsConversation[];
  readonly dialog: TeamsDialog | null;
  readonly toasts: readonly { readonly id: string; readonly text: string }[];
}

/** Where a card stands: in a message, or in the dialog. */
type OnCard = { readonly conversation: string; readonly message: string } | { readonly dialog: true };

/** What stands in a card's inputs, by their ids. */
export type Inputs = Readonly<Record<string, string>>;

/** Everything a person can do in the played Teams. */
export type TeamsAct =
  | { readonly kind: 'message'; readonly conversation: string; readonly text: string }
  /** Presses an Action.Execute (in a message) or an Action.Submit or Execute (in a dialog) that stands on the card. */
  | ({
      readonly kind: 'execute';
      readonly verb: string;
      readonly data: Json;
      readonly inputs: Inputs;
    } & OnCard)
  /** Types into a choice set that asks the bot for its choices (`Data.Query`). */
  | ({
      readonly kind: 'search';
      readonly dataset: string;
      readonly query: string;
      readonly inputs: Inputs;
    } & OnCard)
  | { readonly kind: 'close' };

/** The answer to an act; a `search` brings its choices along. */
export interface TeamsOutcome {
  readonly ok: boolean;
  readonly error?: string;
  /** Below each input that kept the client from sending anything. */
  readonly errors?: Readonly<Record<string, string>>;
  readonly choices?: readonly { readonly title: string; readonly value: string }[];
}
