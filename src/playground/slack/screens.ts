/** What is open on people's screens: trigger ids, modals in their stacks, App Home, passing notices. */

import { keepNewest, list, newId, text, token } from '../values.js';
import { completed, stateOf } from './blocks/read.js';
import type { Fields, OpenView, StateValues, View } from './types.js';

/** A right to open a modal: three seconds, once, for one person. */
interface Trigger {
  readonly user: string;
  readonly at: number;
  /** Came from inside a modal: only then may a view be pushed on it. */
  readonly fromModal: boolean;
  used: boolean;
}

/** Slack: "trigger_id expires three seconds after it was issued". */
export const triggerLife = 3000;
/** Slack: a modal holds at most three views. */
export const stackLimit = 3;

export class Screens {
  readonly #triggers = new Map<string, Trigger>();
  readonly #stacks = new Map<string, OpenView[]>();
  readonly #homes = new Map<string, View>();
  readonly #toasts = new Map<string, { id: string; text: string }[]>();

  constructor(
    readonly team: string,
    readonly appId: string,
    readonly botId: string,
    readonly now: () => number,
    readonly changed: (users?: readonly string[]) => void,
  ) {}

  issueTrigger(user: string, fromModal = false): string {
    const at = this.now();
    const id = `${Math.floor(at * 1000)}.${Math.floor(Math.random() * 1e12)}.${token(32)}`;
    this.#triggers.set(id, { user, at, fromModal, used: false });
    keepNewest(this.#triggers);
    return id;
  }

  /** Spends a trigger id, or says why not in Slack's word. */
  spendTrigger(id: string): Trigger | 'invalid_trigger_id' | 'exchanged_trigger_id' | 'expired_trigger_id' {
    const trigger = this.#triggers.get(id);
    if (!trigger) return 'invalid_trigger_id';
    if (trigger.used) return 'exchanged_trigger_id';
    if (this.now() - trigger.at > triggerLife) return 'expired_trigger_id';
    trigger.used = true;
    return trigger;
  }

  stack(user: string): readonly OpenView[] {
    return this.#stacks.get(user) ?? [];
  }

  top(user: string): OpenView | undefined {
    return this.stack(user).at(-1);
  }

  home(user: string): View | undefined {
    return this.#homes.get(user);
  }

  /** Any view by its id: an open modal or somebody's home. */
  find(viewId: string): OpenView | undefined {
    for (const stack of this.#stacks.values()) {
      const found = stack.find((open) => open.view.id === viewId);
      if (found) return found;
    }
    for (const [user, view] of this.#homes) if (view.id === viewId) return { user, view, errors: {} };
    return undefined;
  }

  findExternal(externalId: string): OpenView | undefined {
    const all = [...this.#stacks.values()].flat();
    const homes = [...this.#homes].map(([user, view]) => ({ user, view, errors: {} }));
    return [...all, ...homes].find((open) => open.view.external_id === externalId && externalId !== '');
  }

  open(user: string, given: Fields): View {
    const view = this.#view(given, {});
    this.#set(user, [{ user, view, errors: {} }]);
    return view;
  }

  push(user: string, given: Fields): View {
    const stack = this.stack(user);
    const view = this.#view(given, {
      root_view_id: stack[0]?.view.id,
      previous_view_id: stack.at(-1)?.view.id,
    });
    this.#set(user, [...stack, { user, view, errors: {} }]);
    return view;
  }

  /** Puts new content into an open view; what was typed stays where ids stay. */
  update(open: OpenView, given: Fields): View {
    const { id, root_view_id, previous_view_id, state } = open.view;
    const view = this.#view(given, { id, root_view_id, previous_view_id }, state.values);
    this.#replace({ user: open.user, view, errors: {} });
    return view;
  }

  publish(user: string, given: Fields): View {
    const before = this.#homes.get(user);
    const view = this.#view(given, { id: before?.id }, before?.state.values);
    this.#homes.set(user, view);
    this.changed([user]);
    return view;
  }

  /** What somebody typed or picked, before the app hears of it. */
  fill(open: OpenView, values: StateValues): OpenView {
    const merged: StateValues = { ...open.view.state.values };
    for (const [block, actions] of Object.entries(values)) merged[block] = { ...merged[block], ...actions };
    const next = { ...open, view: { ...open.view, state: { values: merged } } };
    this.#replace(next);
    return next;
  }

  showErrors(viewId: string, errors: Readonly<Record<string, string>>): void {
    const open = this.find(viewId);
    if (open) this.#replace({ ...open, errors });
  }

  /** Takes the view off its stack with everything above it. */
  closeView(viewId: string): void {
    for (const [user, stack] of this.#stacks) {
      const at = stack.findIndex((open) => open.view.id === viewId);
      if (at >= 0) this.#set(user, stack.slice(0, at));
    }
  }

  clear(user: string): void {
    this.#set(user, []);
  }

  toast(user: string, words: string): void {
    const toasts = this.#toasts.get(user) ?? [];
    // A screen shows the last few; older ones have faded.
    this.#toasts.set(user, [...toasts, { id: newId('N'), text: words }].slice(-5));
    this.changed([user]);
  }

  toasts(user: string): readonly { id: string; text: string }[] {
    return this.#toasts.get(user) ?? [];
  }

  #set(user: string, stack: OpenView[]): void {
    this.#stacks.set(user, stack);
    this.changed([user]);
  }

  #replace(next: OpenView): void {
    if (next.view.type === 'home') {
      this.#homes.set(next.user, next.view);
      this.changed([next.user]);
    } else {
      this.#set(
        next.user,
        this.stack(next.user).map((open) => (open.view.id === next.view.id ? next : open)),
      );
    }
  }

  #view(
    given: Fields,
    place: {
      id?: string | undefined;
      root_view_id?: string | undefined;
      previous_view_id?: string | null | undefined;
    },
    before: StateValues = {},
  ): View {
    const id = place.id ?? newId('V');
    const blocks = completed(list(given.blocks));
    return {
      title: null,
      close: null,
      submit: null,
      clear_on_close: false,
      submit_disabled: false,
      ...given,
      id,
      team_id: this.team,
      type: given.type === 'home' ? 'home' : 'modal',
      blocks,
      private_metadata: text(given.private_metadata),
      callback_id: text(given.callback_id),
      external_id: text(given.external_id),
      notify_on_close: given.notify_on_close === true,
      hash: `${Math.floor(this.now() / 1000)}.${token(8)}`,
      state: { values: stateOf({ text: '', blocks }, before) },
      root_view_id: place.root_view_id ?? id,
      previous_view_id: place.previous_view_id ?? null,
      app_id: this.appId,
      app_installed_team_id: this.team,
      bot_id: this.botId,
    };
  }
}
