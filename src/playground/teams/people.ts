/** What people do in a fake Teams, by tenant and object id. */
import type { What } from './cards/read.js';
import type { Filling } from './human/dialogs.js';
import type { Humans, Pressing, Saying } from './human/human.js';
import type { Installing } from './human/membership.js';
import type { Where } from './human/reach.js';
import { TeamsReading } from './reading.js';
import type { Found, Seen, TeamsUser } from './types.js';

/** Each act resolves with what that person saw. An act that nobody could do rejects with `Impossible`. */
export abstract class TeamsPeople extends TeamsReading {
  /** The hands of a tenant's people. */
  abstract humans(tenant: string): Humans;

  /** Says something to the bot, or in a channel (`conversation`, with `mention` for the bot to hear it). */
  async says(tenant: string, user: string, words: string, how?: Saying): Promise<Seen> {
    return this.humans(tenant).says(user, words, how);
  }

  /** Presses a button on a card as this person sees it: by title, verb or id. */
  async presses(tenant: string, user: string, message: Where, what: What, how?: Pressing): Promise<Seen> {
    return this.humans(tenant).presses(user, message, what, how);
  }

  /** Types into a choice set that asks the bot; `input` is its id or its dataset. */
  async searches(
    tenant: string,
    user: string,
    where: Where | 'dialog',
    search: { input: string; typed: string } & Pick<Pressing, 'inputs' | 'tamper'>,
  ): Promise<Found> {
    const { input, typed, ...how } = search;
    return this.humans(tenant).searches(user, where, input, typed, how);
  }

  /** Presses a button in the dialog that is open. */
  async submitsDialog(tenant: string, user: string, what: What, how?: Filling): Promise<Seen> {
    return this.humans(tenant).dialogs.submits(user, what, how);
  }

  async closesDialog(tenant: string, user: string): Promise<Seen> {
    return this.humans(tenant).dialogs.closes(user);
  }

  /** Installs the app for oneself, or in a channel's team. */
  async installs(tenant: string, user: string, how?: Installing): Promise<Seen> {
    return this.humans(tenant).membership.installs(user, how);
  }

  async uninstalls(tenant: string, user: string, how?: Installing): Promise<Seen> {
    return this.humans(tenant).membership.uninstalls(user, how);
  }

  /** Wants to hear nothing more from the bot. It isn't told, only refused. */
  async blocks(tenant: string, user: string): Promise<Seen> {
    return this.humans(tenant).membership.blocks(user, true);
  }

  async unblocks(tenant: string, user: string): Promise<Seen> {
    return this.humans(tenant).membership.blocks(user, false);
  }

  /** Becomes a member of a channel, by their own hand or somebody else's. */
  async joins(tenant: string, user: string, channel: string, by = user): Promise<Seen> {
    return this.humans(tenant).membership.joins(user, channel, by);
  }

  /** Is a member of a channel no more. */
  async parts(tenant: string, user: string, channel: string, by = user): Promise<Seen> {
    return this.humans(tenant).membership.parts(user, channel, by);
  }

  /** The tenant's admin deactivates the account. The bot isn't told: it finds nobody any more. */
  async leaves(tenant: string, user: string): Promise<Seen> {
    return this.humans(tenant).membership.leaves(user);
  }

  /** The directory says something else of a person: another name or e-mail, or that they are a guest. */
  async changes(tenant: string, user: string, change: Partial<Omit<TeamsUser, 'id'>>): Promise<Seen> {
    return this.humans(tenant).membership.changes(user, change);
  }
}
