/** What is there to see in a fake Slack: messages, modals, screens; and waiting for them. */
import { EventEmitter } from 'node:events';
import { until } from '../until.js';
import type { CallRecord } from './api/web-api.js';
import { type PageState, screenOf } from './human/state.js';
import type { Change, Message, View } from './types.js';
import type { Workspace } from './workspace.js';

/** Emits `change` whenever anybody's screen may look different, `call` after each call of the Web API. */
export abstract class SlackReading extends EventEmitter<{ change: [Change]; call: [CallRecord]; stop: [] }> {
  readonly workspaces = new Map<string, Workspace>();

  workspace(team: string): Workspace {
    const workspace = this.workspaces.get(team);
    if (!workspace) throw new Error(`there is no workspace ${team}`);
    return workspace;
  }

  /** A channel's messages that everybody in it sees, in order. */
  messages(team: string, channel: string): Message[] {
    return this.history(team, channel).filter((message) => !message.deleted && !message.ephemeralFor);
  }

  /** All of them: deleted and ephemeral too. */
  history(team: string, channel: string): readonly Message[] {
    return this.workspace(team).history(channel);
  }

  /** The id of somebody's direct message with the app; the same in every run. */
  dmId(team: string, user: string): string {
    return this.workspace(team).dmOf(user).id;
  }

  /** The direct message between somebody and the app. */
  dm(team: string, user: string): Message[] {
    return this.messages(team, this.dmId(team, user));
  }

  /** What only this person sees, in every channel, oldest first. */
  ephemerals(team: string, user: string): Message[] {
    const workspace = this.workspace(team);
    return [...workspace.channels.keys()]
      .flatMap((channel) => workspace.history(channel))
      .filter((message) => message.ephemeralFor === user && !message.deleted)
      .sort((a, b) => (a.ts < b.ts ? -1 : 1));
  }

  /** The modal on top of somebody's screen. */
  view(team: string, user: string): View | undefined {
    return this.workspace(team).screens.top(user)?.view;
  }

  /** The messages under its inputs. */
  viewErrors(team: string, user: string): Readonly<Record<string, string>> {
    return this.workspace(team).screens.top(user)?.errors ?? {};
  }

  home(team: string, user: string): View | undefined {
    return this.workspace(team).screens.home(user);
  }

  /** What the page shows one person. */
  screen(team: string, user: string): PageState | undefined {
    return screenOf(this.workspace(team), user);
  }

  /** Resolves with the first truthy answer, looking again after each change; no polling. */
  until<T>(look: () => T, timeoutMs = 5000): Promise<NonNullable<T>> {
    return until(this, look, timeoutMs);
  }
}
