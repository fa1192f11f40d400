/** The payloads that Slack sends, as far as we look into them. What isn't of these shapes isn't read at all. */

import { z } from 'zod';
import { SOUGHT } from '../../core/cards/card.js';

export const id = z.string().regex(/^[\w.:-]{1,100}$/);
export const opaque = z.string().min(1).max(300);
export const url = z.url().max(1000);
export const user = z.object({ id, team_id: id.optional() });
const interaction = { team: z.object({ id }), user, trigger_id: opaque };

export const command = z.object({
  command: z.literal('/access'),
  team_id: id,
  user_id: id,
  channel_id: id,
  text: z.string().max(40_000),
  trigger_id: opaque,
  response_url: url,
});

export const shortcut = z.object({ ...interaction, callback_id: z.literal('request_access') });

export const picked = z.object({ value: z.string().min(1).max(150) });
const state = z.object({
  value: z.string().max(10_000).nullish(),
  selected_option: picked.nullish(),
});
const block = z.object({
  type: z.string(),
  block_id: z.string().min(1).max(255),
  element: z.object({ action_id: z.string().min(1).max(255) }).optional(),
});
export const view = z.object({
  id,
  type: z.enum(['modal', 'home']),
  callback_id: z.string(),
  private_metadata: z.string().max(3000),
  blocks: z.array(block).max(100),
  state: z.object({ values: z.record(z.string(), z.record(z.string(), state)) }),
});
export type View = z.infer<typeof view>;

export const action = z.object({
  type: z.string(),
  action_id: z.string().min(1).max(255),
  block_id: z.string().min(1).max(255),
  value: z.string().min(1).max(2000).optional(),
  selected_option: picked.nullish(),
});
export const actions = z.object({
  ...interaction,
  actions: z.array(action).length(1),
  container: z.object({ type: z.enum(['message', 'view']), channel_id: id.optional() }),
  response_url: url.optional(),
  view: view.optional(),
});

export const suggestion = z.object({
  team: z.object({ id }),
  user,
  action_id: z.enum(SOUGHT),
  value: z.string().max(1000),
  view,
});

export const submission = z.object({ ...interaction, trigger_id: opaque.optional(), view });
export const metadata = z.strictObject({ form: z.string().min(1).max(50), id: z.string().max(100) });

export const envelope = z.object({
  team_id: id,
  event_id: opaque,
  event: z.looseObject({ type: z.string() }),
});
export const message = z.object({
  channel_type: z.literal('im'),
  channel: id,
  user: id,
  team: id.optional(),
  text: z.string().max(40_000),
});

/** Read further by `profile`. */
export const changedUser = z.looseObject({ id });
