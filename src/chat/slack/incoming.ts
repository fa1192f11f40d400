/** What Slack sent, read strictly: a missing, blank or unexpected field makes the whole of it unreadable. */

import { z } from 'zod';
import type { Sought } from '../../core/cards/card.js';
import type { Values } from '../act.js';
import * as shape from './shapes.js';
import { asTyped, unescaped } from './text.js';

/** Who did it, as the signed payload says: the user, and the team that this user belongs to. */
export interface Who {
  readonly userId: string;
  /** Null where Slack didn't say: then nobody vouches for the user. */
  readonly team: string | null;
}

/** A modal as it stands on somebody's screen. */
export interface Window {
  readonly id: string;
  /** The block in which each field stands, by the field's id. */
  readonly blockOf: ReadonlyMap<string, string>;
  readonly inputs: readonly string[];
}

export type Incoming =
  | { kind: 'command'; who: Who; trigger: string; responseUrl: string; direct: boolean; text: string }
  | { kind: 'shortcut'; who: Who; trigger: string }
  | {
      kind: 'press';
      who: Who;
      trigger: string;
      responseUrl: string | null;
      /** In the bot's own direct message, where cards to this person stand too. */
      direct: boolean;
      /** In their Home tab. */
      home: boolean;
      button: string;
      id: string;
    }
  | {
      kind: 'choose';
      who: Who;
      trigger: string;
      responseUrl: string | null;
      direct: boolean;
      home: boolean;
      menu: string;
      id: string;
      value: string;
    }
  | { kind: 'fill'; who: Who; trigger: string; window: Window; values: Values }
  | { kind: 'search'; who: Who; what: Sought; typed: string; values: Values }
  | {
      kind: 'submit';
      who: Who;
      trigger: string | null;
      window: Window;
      form: string;
      id: string;
      values: Values;
    }
  | { kind: 'message'; who: Who; event: string; channel: string; text: string }
  | { kind: 'home'; who: Who; event: string }
  | { kind: 'user'; event: string; user: unknown }
  /** Nothing to do but acknowledge: a link that was followed, our own message. */
  | { kind: 'nothing' }
  /** The payload is for another workspace. */
  | { kind: 'elsewhere'; responseUrl: string | null; command: boolean }
  | { kind: 'unreadable'; responseUrl: string | null; command: boolean };

/** Reads one payload for one workspace. Never throws. */
export function readIncoming(body: unknown, team: string): Incoming {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const found = teamOf(fields);
  const back = {
    responseUrl: shape.url.safeParse(fields.response_url).data ?? null,
    command: typeof fields.command === 'string',
  };
  if (typeof found === 'string' && found !== '' && found !== team) return { kind: 'elsewhere', ...back };
  try {
    return read(fields);
  } catch (error) {
    if (error instanceof z.ZodError) return { kind: 'unreadable', ...back };
    throw error;
  }
}

/** Commands and events name the team at the top, everything else in an object of its own. */
function teamOf(fields: Record<string, unknown>): unknown {
  if ('command' in fields || fields.type === 'event_callback') return fields.team_id;
  return (fields.team as { id?: unknown } | null | undefined)?.id;
}

function read(body: Record<string, unknown>): Incoming {
  if ('command' in body) return readCommand(shape.command.parse(body));
  switch (body.type) {
    case 'shortcut': {
      const { user, trigger_id } = shape.shortcut.parse(body);
      return { kind: 'shortcut', who: whoIs(user), trigger: trigger_id };
    }
    case 'block_actions':
      return readAction(shape.actions.parse(body));
    case 'block_suggestion': {
      const { user, action_id, value, view } = shape.suggestion.parse(body);
      return { kind: 'search', who: whoIs(user), what: action_id, typed: value, values: valuesOf(view) };
    }
    case 'view_submission':
      return readSubmission(shape.submission.parse(body));
    case 'event_callback':
      return readEvent(shape.envelope.parse(body));
    default:
      throw new z.ZodError([]);
  }
}

function whoIs({ id, team_id }: z.infer<typeof shape.user>): Who {
  return { userId: id, team: team_id ?? null };
}

function readCommand(body: z.infer<typeof shape.command>): Incoming {
  return {
    kind: 'command',
    who: { userId: body.user_id, team: body.team_id },
    trigger: body.trigger_id,
    responseUrl: body.response_url,
    direct: body.channel_id.startsWith('D'),
    text: unescaped(body.text),
  };
}

function readAction({ container, view, ...body }: z.infer<typeof shape.actions>): Incoming {
  const [used] = body.actions as [z.infer<typeof shape.action>];
  const basics = { who: whoIs(body.user), trigger: body.trigger_id };
  const responseUrl = body.response_url ?? null;
  const direct = container.channel_id?.startsWith('D') ?? false;
  const home = view?.type === 'home';
  // The second "show" of a card is `show:2`: Slack wants each action_id once.
  const act = used.action_id.replace(/:\d+$/, '');
  if (container.type === 'view' && view === undefined) throw new z.ZodError([]);
  if (view?.type === 'modal') {
    // Only the request form is drawn anew while it is filled in.
    if (view.callback_id !== 'ask') return { kind: 'nothing' };
    const value = used.selected_option?.value ?? undefined;
    const values = { ...valuesOf(view), [used.action_id]: value };
    return { kind: 'fill', ...basics, window: windowOf(view), values };
  }
  if (used.type === 'button') {
    if (act === 'way') return { kind: 'nothing' };
    return {
      kind: 'press',
      ...basics,
      responseUrl,
      direct,
      home,
      button: act,
      id: shape.opaque.parse(used.value),
    };
  }
  const menu = /^menu:([a-z-]{1,50}):(.{1,100})$/.exec(used.block_id);
  if (used.type !== 'static_select' || menu?.[1] !== act) throw new z.ZodError([]);
  const { value } = shape.picked.parse(used.selected_option);
  return { kind: 'choose', ...basics, responseUrl, direct, home, menu: act, id: menu[2] as string, value };
}

function readSubmission({ view, user, trigger_id }: z.infer<typeof shape.submission>): Incoming {
  const { form, id } = shape.metadata.parse(parsed(view.private_metadata));
  if (form !== view.callback_id) throw new z.ZodError([]);
  return {
    kind: 'submit',
    who: whoIs(user),
    trigger: trigger_id ?? null,
    window: windowOf(view),
    form,
    id,
    values: valuesOf(view),
  };
}

function readEvent({ team_id, event_id, event }: z.infer<typeof shape.envelope>): Incoming {
  if (event.type === 'user_change')
    return { kind: 'user', event: event_id, user: shape.changedUser.parse(event.user) };
  if (event.type === 'app_home_opened') {
    if (event.tab !== 'home') return { kind: 'nothing' };
    // The envelope's team is the workspace that the app is in, and only its own people have the tab.
    return { kind: 'home', event: event_id, who: { userId: shape.id.parse(event.user), team: team_id } };
  }
  // Bots' messages (ours too), edits, joins and what is said in channels are no words to us.
  const words = event.type === 'message' && event.channel_type === 'im';
  if (!words || 'bot_id' in event || 'subtype' in event) return { kind: 'nothing' };
  const { user, team: theirs, channel, text } = shape.message.parse(event);
  const who = { userId: user, team: theirs ?? null };
  return { kind: 'message', event: event_id, who, channel, text: asTyped(text) };
}

function windowOf(view: shape.View): Window {
  const inputs = view.blocks.filter((block) => block.type === 'input');
  return {
    id: view.id,
    blockOf: new Map(inputs.map((block) => [block.element?.action_id ?? '', block.block_id])),
    inputs: inputs.map((block) => block.block_id),
  };
}

/** What stands in the fields, by the field's id, which is its element's action_id. */
function valuesOf(view: shape.View): Values {
  const states = Object.values(view.state.values).flatMap((block) => Object.entries(block));
  return Object.fromEntries(
    states.map(([field, state]) => [field, state.selected_option?.value ?? state.value ?? undefined]),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
