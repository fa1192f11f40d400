/** What people do in a fake Slack, by team and user. */
import type { Humans, What } from './human/human.js';
import type { Offered } from './human/seen.js';
import { SlackReading } from './reading.js';
import type { Fields, Place, Seen } from './types.js';

/** Each act resolves with what that person saw. An act that nobody could do rejects with `Impossible`. */
export abstract class SlackPeople extends SlackReading {
  /** The hands of a team's people. */
  abstract humans(team: string): Humans;

  /** Types a slash command in a channel. */
  slash(team: string, user: string, channel: string, command: string, text = ''): Promise<Seen> {
    return this.humans(team).slash(user, channel, command, text);
  }

  /** Presses a button: by action id or label; `place` may be an old copy of a message. */
  async click(team: string, user: string, place: Place, what: What): Promise<Seen> {
    return this.humans(team).click(user, place, what);
  }

  /** Picks in a select (an option, or the value of one on offer), or types into a dispatching input. */
  async select(team: string, user: string, place: Place, what: What, chosen: unknown): Promise<Seen> {
    return this.humans(team).select(user, place, what, chosen);
  }

  /** Types into an external select and gets what the app offers. */
  async options(team: string, user: string, place: Place, what: What, typed: string): Promise<Offered> {
    return this.humans(team).options(user, place, what, typed);
  }

  /** Submits a modal. `values[blockId][actionId]` is an element state, a typed text, or an option's value. */
  async submit(viewId: string, values: Record<string, Record<string, unknown>> = {}): Promise<Seen> {
    const { team, user } = this.#holder(viewId);
    return this.humans(team).submit(user, viewId, values);
  }

  /** Closes a modal; `cleared` closes the whole stack, as the ✕ does. */
  async close(viewId: string, cleared = false): Promise<Seen> {
    const { team, user } = this.#holder(viewId);
    return this.humans(team).close(user, viewId, cleared);
  }

  #holder(viewId: string): { team: string; user: string } {
    for (const [team, workspace] of this.workspaces) {
      const open = workspace.screens.find(viewId);
      if (open) return { team, user: open.user };
    }
    throw new Error(`no open view ${viewId}`);
  }

  /** Runs a global shortcut. */
  shortcut(team: string, user: string, callbackId: string): Promise<Seen> {
    return this.humans(team).shortcut(user, callbackId);
  }

  /** Says something in a channel or in the direct message with the app (`dmId`). */
  async message(team: string, user: string, channel: string, text: string): Promise<Seen> {
    return this.humans(team).message(user, channel, text);
  }

  /** Opens the app's Home tab. */
  async openHome(team: string, user: string): Promise<Seen> {
    return this.humans(team).openHome(user);
  }

  /** The workspace's admin deactivates somebody. */
  async deactivate(team: string, user: string): Promise<Seen> {
    return this.humans(team).change(user, { deleted: true });
  }

  async changeEmail(team: string, user: string, email: string): Promise<Seen> {
    return this.humans(team).change(user, { email });
  }

  /** Delivers any event of the Events API. */
  event(team: string, event: Fields): Promise<Seen> {
    return this.humans(team).event(event);
  }
}
