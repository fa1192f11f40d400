/** One Slack workspace: its Bolt app, how deliveries reach it, and its voice. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { App, HTTPReceiver, type Receiver, webApi } from '@slack/bolt';
import type { Logger } from 'pino';
import type { SlackWorkspace } from '../../config/config.js';
import { gated, type Passed } from './gate.js';
import { type Arrived, receive } from './http.js';
import { Listener } from './listen.js';
import { slackLogger } from './log.js';
import { loadProfile } from './profile.js';
import type { Room, SlackOptions } from './room.js';
import { Sender } from './send.js';
import { Socket } from './socket.js';

const TIMEOUT_MS = 5000;
const DRAIN_MS = 5000;
const NOTHING_TO_RUN = { start: async () => {}, stop: async () => {} };

export class WorkspaceChat {
  readonly room: Room;
  /** Where Slack delivers by HTTP; null in Socket Mode. */
  readonly path: string | null;
  readonly #connection: { start(): Promise<void>; stop(): Promise<void> };
  readonly #http: HTTPReceiver | null;
  readonly #underWay = new Set<Promise<void>>();

  /** @throws where a secret that vouches for Slack is empty. */
  constructor(workspace: SlackWorkspace, options: SlackOptions) {
    if (workspace.botToken.reveal().trim() === '')
      throw new Error(`chat.slack ${workspace.team}: bot_token is empty`);
    this.room = roomOf(workspace, options);
    const appToken = workspace.appToken?.reveal() ?? '';
    if (appToken === '') {
      this.path = `/slack/events/${workspace.team}`;
      this.#http = httpReceiver(workspace, this.path, options.log);
      this.#connection = NOTHING_TO_RUN;
      this.#join(this.#http);
    } else {
      const socket = new Socket(appToken, apiOptions(options, 1), options.log);
      this.path = null;
      this.#http = null;
      this.#connection = socket;
      this.#join(socket.receiver);
    }
  }

  /** Bolt verifies and routes; the gate reads; the listener does. */
  #join(inner: Receiver): void {
    const listener = new Listener(this.room);
    const receiver = gated(inner, {
      team: this.room.team,
      turnAway: (turned, ack) => listener.turnAway(turned, ack),
      fault: (error) => void listener.fault(error, 'a delivery from Slack failed'),
    });
    const { workspace } = this.room;
    const app = new App({
      receiver,
      // No call to Slack at start: a bad token or an outage must not keep the rest from starting.
      authorize: async () => ({ botToken: workspace.botToken.reveal() }),
      logger: slackLogger(this.room.log),
      clientOptions: apiOptions(this.room, 2),
      convoStore: false,
      // What bots say is left out by the gate, which needs no call to learn who we are.
      ignoreSelf: false,
    });
    app.error(async (error) => {
      throw error;
    });
    const take = ({ context }: { context: object }) => {
      const { incoming, ack, arrivedAt } = (context as { passed: Passed }).passed;
      return this.#carry(listener.take(incoming, ack, arrivedAt));
    };
    app.command('/access', take);
    app.shortcut('request_access', take);
    app.action({ type: 'block_actions' }, take);
    app.options({ type: 'block_suggestion' }, take);
    app.view({ type: 'view_submission' }, take);
    app.event(/^(message|user_change|app_home_opened)$/, take);
  }

  async #carry(work: Promise<void>): Promise<void> {
    this.#underWay.add(work);
    try {
      await work;
    } finally {
      this.#underWay.delete(work);
    }
  }

  /** Answers a request to this workspace's path. */
  receive(req: IncomingMessage, res: ServerResponse): void {
    if (this.#http) void receive(this.#http, req, res, this.room.onUnverified);
  }

  start(): Promise<void> {
    return this.#connection.start();
  }

  /** Stops listening, and lets what is under way come to its end. */
  async stop(): Promise<void> {
    await this.#connection.stop();
    await Promise.race([Promise.allSettled([...this.#underWay]), pause(DRAIN_MS, undefined, { ref: false })]);
  }
}

function httpReceiver(workspace: SlackWorkspace, path: string, log: Logger) {
  const signingSecret = workspace.signingSecret.reveal();
  if (signingSecret.trim() === '')
    throw new Error(`chat.slack ${workspace.team}: signing_secret is empty, so nothing could be verified`);
  return new HTTPReceiver({
    signingSecret,
    customPropertiesExtractor: (request) => ({ arrivedAt: (request as unknown as Arrived).arrivedAt }),
    endpoints: [path],
    logger: slackLogger(log, 'debug'),
    // The gate has logged it; without a 200 Slack sends an event again.
    processEventErrorHandler: async ({ response }) => {
      if (!response.headersSent) response.writeHead(500).end();
      return true;
    },
  });
}

function roomOf(workspace: SlackWorkspace, { workspaces: _, ...options }: SlackOptions): Room {
  const token = workspace.botToken.reveal();
  const web = new webApi.WebClient(token, apiOptions(options, 1));
  const once = new webApi.WebClient(token, apiOptions(options, 0));
  const sender = new Sender(workspace.team, once, options.log, options.now);
  const profile = (userId: string) => loadProfile(web, workspace, userId, options.log);
  return { ...options, workspace, team: workspace.team, web, sender, profile };
}

function apiOptions({ apiUrl, log }: Pick<SlackOptions, 'apiUrl' | 'log'>, retries: number) {
  return {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    timeout: TIMEOUT_MS,
    retryConfig: { retries, minTimeout: 200 },
    // Waiting out a rate limit is the outbox's work; meanwhile nobody should hang on a click.
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: slackLogger(log),
  };
}
