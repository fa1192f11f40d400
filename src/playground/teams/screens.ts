/** What is on one person's screen alone: their view of a card, a dialog, passing warnings. */
import type { Dialog, Fields, Note } from './types.js';

/** What an invoke's answer changed for the one who pressed. */
export interface View {
  readonly card?: Fields;
  readonly note?: Note;
}

export interface Toast {
  readonly id: string;
  readonly text: string;
}

/** A screen keeps this many warnings. */
const mostToasts = 5;

export class Screens {
  readonly #views = new Map<string, Map<string, View>>();
  readonly #dialogs = new Map<string, Dialog>();
  readonly #toasts = new Map<string, Toast[]>();
  #count = 0;

  constructor(readonly changed: (users: readonly string[]) => void) {}

  viewOf(user: string, message: string): View {
    return this.#views.get(message)?.get(user) ?? {};
  }

  /** A new answer replaces the note of the one before; the card stays where the answer brought none. */
  setView(user: string, message: string, view: View): void {
    const views = this.#views.get(message) ?? new Map<string, View>();
    const { card } = this.viewOf(user, message);
    views.set(user, { ...(card ? { card } : {}), ...view });
    this.#views.set(message, views);
    this.changed([user]);
  }

  forgetViews(message: string): void {
    this.#views.delete(message);
  }

  dialog(user: string): Dialog | undefined {
    return this.#dialogs.get(user);
  }

  setDialog(user: string, dialog: Dialog | undefined): void {
    if (dialog) this.#dialogs.set(user, dialog);
    else this.#dialogs.delete(user);
    this.changed([user]);
  }

  toasts(user: string): readonly Toast[] {
    return this.#toasts.get(user) ?? [];
  }

  toast(user: string, text: string): void {
    this.#count += 1;
    const all = [...this.toasts(user), { id: String(this.#count), text }];
    this.#toasts.set(user, all.slice(-mostToasts));
    this.changed([user]);
  }
}
