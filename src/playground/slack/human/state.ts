/** One person's screen as data: what the page shows, and nothing that this person may not see. */
import { fields, isFields, text } from '../../values.js';
import type { Fields, Message, View } from '../types.js';
import { slackbot, type Workspace } from '../workspace.js';

export interface PageMessage {
  readonly ts: string;
  readonly from: { readonly id: string; readonly name: string; readonly isBot: boolean };
  readonly text: string;
  readonly blocks: readonly Fields[];
  readonly attachments: readonly Fields[];
  readonly ephemeral: boolean;
  readonly edited: boolean;
  readonly at: string;
}

export interface PageState {
  readonly team: { readonly id: string; readonly name: string };
  readonly me: { readonly id: string; readonly name: string };
  readonly channels: readonly {
    readonly id: string;
    readonly name: string;
    readonly kind: 'channel' | 'dm';
    readonly messages: readonly PageMessage[];
  }[];
  readonly view: (View & { errors?: Readonly<Record<string, string>> }) | null;
  readonly toasts: readonly { readonly id: string; readonly text: string }[];
  readonly home: View | null;
}

/** The screen of one person, or undefined when there is no such person. */
export function screenOf(workspace: Workspace, userId: string): PageState | undefined {
  const me = workspace.users.get(userId);
  if (!me) return undefined;
  const dm = workspace.dmOf(userId);
  const mine = [...workspace.channels.values()].filter(
    (one) => one.kind === 'channel' && !one.isArchived && one.members.has(userId),
  );
  const top = workspace.screens.top(userId);
  const bot = workspace.users.get(workspace.options.botUserId);
  return {
    team: { id: workspace.team, name: workspace.options.name },
    me: { id: me.id, name: me.name },
    channels: [...mine, dm].map((channel) => ({
      id: channel.id,
      name: channel.kind === 'dm' ? (bot?.name ?? 'app') : channel.name,
      kind: channel.kind,
      messages: workspace.visible(channel.id, userId).map((message) => shown(workspace, message, userId)),
    })),
    view: top ? { ...top.view, ...(Object.keys(top.errors).length > 0 ? { errors: top.errors } : {}) } : null,
    toasts: workspace.screens.toasts(userId),
    home: workspace.screens.home(userId) ?? null,
  };
}

/** A picture in a message that this person may see; undefined where there is none such. */
export function pictureFor(workspace: Workspace, userId: string, file: string) {
  const sees = [...workspace.channels.keys()]
    .flatMap((channel) => workspace.visible(channel, userId))
    .some(({ blocks }) => blocks.some((block) => fileIn(block) === file));
  return sees ? workspace.files.picture(file) : undefined;
}

const fileIn = (block: Fields): string => text(fields(block.slack_file).id);

/** Slack's own clients know where a file is; the page is told. */
function withAddress(block: Fields, team: string, user: string): Fields {
  if (block.type !== 'image' || !isFields(block.slack_file)) return block;
  const where = new URLSearchParams({ team, user, id: fileIn(block) });
  return { ...block, image_url: `/play/slack/file?${where}` };
}

function shown(workspace: Workspace, message: Message, userId: string): PageMessage {
  const from = workspace.users.get(message.user);
  const name = message.user === slackbot ? 'Slackbot' : (from?.name ?? message.user);
  return {
    ts: message.ts,
    from: { id: message.user, name, isBot: message.bot },
    text: message.text,
    blocks: message.blocks.map((block) => withAddress(block, workspace.team, userId)),
    attachments: message.attachments,
    ephemeral: message.ephemeralFor !== undefined,
    edited: message.edited,
    at: new Date(message.at).toISOString(),
  };
}
