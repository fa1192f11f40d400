/** What is there to see in a fake Teams: messages, cards, dialogs; and waiting for them. */
import { EventEmitter } from 'node:events';
import type { TeamsState } from '../page/teams-contract.js';
import { until } from '../until.js';
import { actionsOf, inputsOf, textOf } from './cards/read.js';
import { screenOf } from './human/state.js';
import type { Toast } from './screens.js';
import type { Tenant } from './tenant.js';
import type { CallRecord, Change, Delivered, Dialog, Message } from './types.js';

export interface TeamsEvents {
  change: [Change];
  call: [CallRecord];
  delivered: [Delivered];
  stop: [];
}

/** Emits `change` whenever anybody's screen may look different, `call` after a bot's call, `delivered` after a delivery. */
export abstract class TeamsReading extends EventEmitter<TeamsEvents> {
  readonly tenants = new Map<string, Tenant>();

  tenant(id: string): Tenant {
    const tenant = this.tenants.get(id);
    if (!tenant) throw new Error(`there is no tenant ${id}`);
    return tenant;
  }

  /** The chat between somebody and the bot, as they see it: cards that the bot answered to them alone included. */
  chat(tenant: string, user: string): Message[] {
    return this.tenant(tenant).visible(this.chatId(tenant, user), user);
  }

  /** The id of that chat; the same in every run. */
  chatId(tenant: string, user: string): string {
    return this.tenant(tenant).chatOf(user).id;
  }

  /** A channel's messages, in order, threads among them: as everybody sees them, or as one person does. */
  channel(tenant: string, id: string, user?: string): Message[] {
    const all = this.tenant(tenant);
    if (user !== undefined) return all.visible(id, user);
    return all.history(all.conversation(id).id).filter((one) => !one.deleted);
  }

  /** The words of a message in reading order, one line a text: its own, its card's, and the note below the card. */
  reads({ text, card, note }: Pick<Message, 'text' | 'card' | 'note'>): string {
    return [text, card && textOf(card), note?.text].filter(Boolean).join('\n');
  }

  /** The labels of the buttons that can be pressed on a card. */
  buttons({ card }: Pick<Message, 'card'> | Dialog): string[] {
    return card ? actionsOf(card).map((one) => one.title) : [];
  }

  /** What can be filled in on a card. */
  inputs({ card }: Pick<Message, 'card'> | Dialog): ReturnType<typeof inputsOf> {
    return card ? inputsOf(card) : [];
  }

  /** The dialog that is open on somebody's screen. */
  dialog(tenant: string, user: string): Dialog | undefined {
    return this.tenant(tenant).screens.dialog(user);
  }

  /** Passing warnings on somebody's screen. */
  toasts(tenant: string, user: string): readonly Toast[] {
    return this.tenant(tenant).screens.toasts(user);
  }

  /** What the page shows one person. */
  screen(tenant: string, user: string): TeamsState | undefined {
    return screenOf(this.tenant(tenant), user);
  }

  /** Resolves with the first truthy answer, looking again after everything that happens; no polling. */
  until<T>(look: () => T, timeoutMs = 5000): Promise<NonNullable<T>> {
    return until(this, look, timeoutMs);
  }

  /** Hears of every change. Returns how to stop that. */
  onChange(listener: (change: Change) => void): () => void {
    this.on('change', listener);
    return () => void this.off('change', listener);
  }
}
