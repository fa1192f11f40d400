/** What the browser page talks to: `/play/teams/state`, `/stream` and `/act`. Loopback and same origin only. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TeamsAct, TeamsOutcome } from '../../page/teams-contract.js';
import { answerAtDoor } from '../../play-door.js';
import { fields, text } from '../../values.js';
import type { Action } from '../cards/read.js';
import type { Tenant } from '../tenant.js';
import type { Change, Fields, Seen } from '../types.js';
import type { Humans, Saying } from './human.js';
import { Impossible } from './impossible.js';
import { screenOf } from './state.js';

export interface PlayContext {
  readonly tenants: ReadonlyMap<string, Tenant>;
  readonly humans: (tenant: string) => Humans;
  /** `end` is called when the fake stops. Returns how to leave. */
  readonly subscribe: (listener: (change: Change) => void, end: () => void) => () => void;
}

/** Answers one request below `/play/teams/`. */
export function servePlay(
  context: PlayContext,
  request: IncomingMessage,
  response: ServerResponse,
  verb: string,
): Promise<void> {
  const door = {
    state: (query: URLSearchParams) => {
      const tenant = context.tenants.get(query.get('tenant') ?? '');
      return tenant && screenOf(tenant, query.get('user') ?? '');
    },
    nobody: 'No such person in that tenant.',
    act: async (given: Fields) => ({ ...(await act(context, given)) }),
    subscribe: context.subscribe,
  };
  return answerAtDoor(door, request, response, verb);
}

async function act(context: PlayContext, given: Fields): Promise<TeamsOutcome> {
  if (!context.tenants.has(text(given.tenant))) return { ok: false, error: 'There is no such tenant.' };
  try {
    return await perform(context.humans(text(given.tenant)), given);
  } catch (error) {
    if (!(error instanceof Impossible)) throw error;
    return { ok: false, error: error.message };
  }
}

type Act = (humans: Humans, given: Fields, user: string) => Promise<TeamsOutcome>;

const acts: Readonly<Record<TeamsAct['kind'], Act>> = {
  message: async (humans, given, user) => {
    const conversation = text(given.conversation);
    return outcome(await humans.says(user, ...typed(humans.tenant, conversation, text(given.text))));
  },
  execute: async (humans, given, user) => {
    const how = { inputs: fields(given.inputs) };
    const what = (action: Action) => isMeant(action, text(given.verb), fields(given.data));
    const seen = isInDialog(given)
      ? await humans.dialogs.submits(user, what, how)
      : await humans.presses(user, whereOf(given), what, how);
    return outcome(seen);
  },
  search: async (humans, given, user) => {
    const place = isInDialog(given) ? 'dialog' : whereOf(given);
    const how = { inputs: fields(given.inputs) };
    const found = await humans.searches(user, place, text(given.dataset), text(given.query), how);
    return { ...outcome(found), choices: found.choices };
  },
  close: async (humans, _given, user) => outcome(humans.dialogs.closes(user)),
};

async function perform(humans: Humans, given: Fields): Promise<TeamsOutcome> {
  const kind = text(given.kind);
  const does = Object.hasOwn(acts, kind) ? acts[kind as TeamsAct['kind']] : undefined;
  if (!does) throw new Impossible(`Nobody can “${kind}” here.`);
  return does(humans, given, text(given.user));
}

const isInDialog = (given: Fields): boolean => given.dialog === true;

const whereOf = (given: Fields) => ({ conversation: text(given.conversation), id: text(given.message) });

/** What is typed in a channel reaches the bot where it begins with its name: `@Keyturn mine`. */
function typed(tenant: Tenant, conversation: string, words: string): [string, Saying] {
  const name = `@${tenant.botName} `;
  return words.startsWith(name)
    ? [words.slice(name.length), { conversation, mention: true }]
    : [words, { conversation }];
}

/** The very button, not one that merely has these data among others. */
function isMeant(action: Action, verb: string, data: Fields): boolean {
  const keys = new Set([...Object.keys(action.data), ...Object.keys(data)]);
  const same = [...keys].every((key) => JSON.stringify(action.data[key]) === JSON.stringify(data[key]));
  return same && action.verb === verb;
}

/** `errors` below inputs say that nothing was sent. */
function outcome({ ok, error, errors }: Seen): TeamsOutcome {
  return { ok, ...(error ? { error } : {}), ...(errors ? { errors } : {}) };
}
