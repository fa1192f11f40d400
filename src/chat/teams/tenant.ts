/** One tenant: its bot, how activities reach it, and its voice. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
// From its own file: the package's index brings planners, tokenizers and OpenAI along, for half a second of every start.
import { Application } from '@microsoft/teams-ai/lib/Application.js';
import { ActivityTypes, type TurnContext } from 'botbuilder';
import type { TeamsTenant } from '../../config/config.js';
import type { ChatProfile } from '../../core/identify.js';
import { TenantAdapter } from './adapter.js';
import { Connector } from './connector.js';
import { diagnose } from './diagnose.js';
import { type Envelope, isAct } from './guard.js';
import { receive } from './http.js';
import { Listener } from './listen.js';
import { BotLogin } from './login.js';
import { Presence } from './presence.js';
import { findByEmail, loadProfile } from './profile.js';
import type { Room, TeamsOptions } from './room.js';
import { Sender } from './send.js';

const DRAIN_MS = 5000;
const WARN_EVERY_MS = 60_000;
/** Under this key a turn holds what the guard has read. */
const READ = Symbol('envelope');
/** Teams' server for whom nothing else is known of: learn.microsoft.com, "Send proactive messages". */
const ANYWHERE = 'https://smba.trafficmanager.net/teams/';
const SEARCH_ANSWER = 'application/vnd.microsoft.search.searchResponse';

export class TenantChat {
  readonly room: Room;
  readonly path: string;
  readonly #adapter: TenantAdapter;
  readonly #app: Application;
  readonly #listener: Listener;
  readonly #presence: Presence;
  readonly #underWay = new Set<Promise<void>>();
  #warnedAt = Number.NEGATIVE_INFINITY;

  /** @throws where a secret that vouches for the bot is empty. */
  constructor(entry: TeamsTenant, options: TeamsOptions) {
    if (entry.appPassword.reveal().trim() === '')
      throw new Error(`chat.teams ${entry.tenant}: app_password is empty`);
    this.room = roomOf(entry, options);
    this.path = `/api/messages/${entry.tenant}`;
    this.#listener = new Listener(this.room);
    this.#presence = new Presence(this.room, this.#listener);
    this.#adapter = new TenantAdapter(
      entry,
      this.room.connector.login,
      options.endpoints.botOpenidMetadataUrl,
    );
    this.#app = new Application({
      adapter: this.#adapter,
      removeRecipientMention: false,
      startTypingTimer: false,
      longRunningMessages: false,
    });
    this.#route();
  }

  /**
   * teams-ai routes, and answers nothing: where a card it was given has a refresh, it writes that card
   * over everybody's, so every answer to a click is sent here before it returns.
   */
  #route(): void {
    const app = this.#app;
    app.adaptiveCards.actionExecute(
      async ({ activity: { name, value } }) =>
        name === 'adaptiveCard/action' && value?.action?.type === 'Action.Execute',
      async (context) => {
        await answerInvoke(context, await this.#listener.action(readOf(context)));
        return '';
      },
    );
    app.adaptiveCards.search(
      async ({ activity }) => activity.name === 'application/search',
      async (context) => {
        const results = await this.#listener.search(readOf(context));
        await answerInvoke(context, { statusCode: 200, type: SEARCH_ANSWER, value: { results } });
        return [];
      },
    );
    for (const name of ['task/fetch', 'task/submit'] as const) {
      const route = name === 'task/fetch' ? app.taskModules.fetch : app.taskModules.submit;
      route.call(
        app.taskModules,
        async ({ activity }) => activity.name === name,
        async (context) => {
          await answerInvoke(context, await this.#listener.dialog(readOf(context)));
          // Nothing at all it would take for the end of the dialog, and answer once more.
          return 'answered';
        },
      );
    }
    app.activity(ActivityTypes.Message, async (context) => {
      await this.#listener.message(readOf(context), context.activity);
    });
    app.activity(ActivityTypes.InstallationUpdate, (context) => this.#presence.installation(readOf(context)));
    app.activity(ActivityTypes.ConversationUpdate, (context) => this.#presence.members(readOf(context)));
  }

  /** Answers a request to this tenant's path. */
  receive(req: IncomingMessage, res: ServerResponse): void {
    const work = receive(req, res, {
      expected: {
        tenant: this.room.tenant,
        appId: this.room.entry.appId,
        serviceUrl: this.room.endpoints.botServiceUrl,
      },
      adapter: this.#adapter,
      turn: (context, envelope) => this.#turn(context, envelope),
      unverified: this.room.onUnverified,
      disbelieved: (why) => this.#disbelieved(why),
      fault: (error) => void this.#listener.fault(error, 'an activity from Teams failed'),
    });
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  /** Once a minute at most: strangers may try as often as they like, and the log is ours. */
  #disbelieved(why: string): void {
    const now = performance.now();
    if (now - this.#warnedAt < WARN_EVERY_MS) return;
    this.#warnedAt = now;
    this.room.log.warn({ tenant: this.room.tenant, why }, 'an activity was not believed to be from Teams');
  }

  async #turn(context: TurnContext, envelope: Envelope): Promise<void> {
    context.turnState.set(READ, envelope);
    // Whoever acts is answered, also where this can't be kept now.
    if (isAct(envelope.type))
      await this.#presence
        .heard(envelope)
        .catch((error) => void this.#listener.fault(error, 'where somebody spoke could not be kept'));
    await this.#app.run(context);
  }

  find(email: string): Promise<ChatProfile | null> {
    return findByEmail(this.room, email);
  }

  diagnose() {
    return diagnose(this.room);
  }

  /** Lets what is under way come to its end. */
  async stop(): Promise<void> {
    const answered = Promise.allSettled([...this.#underWay]).then(() => this.#listener.settled());
    await Promise.race([answered, pause(DRAIN_MS, undefined, { ref: false })]);
  }
}

function readOf(context: TurnContext): Envelope {
  return context.turnState.get<Envelope>(READ);
}

async function answerInvoke(context: TurnContext, body: object): Promise<void> {
  await context.sendActivity({ type: ActivityTypes.InvokeResponse, value: { status: 200, body } });
}

function roomOf(entry: TeamsTenant, { tenants: _, conversations: kept, ...options }: TeamsOptions): Room {
  const { tenant, appId } = entry;
  const conversations = kept(tenant);
  const { now, timeoutMs } = options;
  const login = new BotLogin(entry, { url: options.endpoints.botLoginUrl, now, timeoutMs });
  const connector = new Connector(login, timeoutMs);
  const serviceUrl = options.endpoints.botServiceUrl ?? ANYWHERE;
  const sender = new Sender({
    ...{ tenant, appId, connector, conversations, serviceUrl },
    ...{ requestsChannel: entry.requestsChannel, log: options.log },
  });
  const profile = (userId: string) => loadProfile({ entry, connector, conversations, serviceUrl }, userId);
  return { ...options, entry, tenant, conversations, connector, serviceUrl, sender, profile };
}
