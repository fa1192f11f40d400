/**
 * Addresses an app may answer to for half an hour, five times.
 * docs.slack.dev/interactivity/handling-user-interaction#message_responses
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer, readBody, readFields } from '../../http.js';
import { isTrue, keepNewest, parsed, token } from '../../values.js';
import { contentOf, SlackError } from '../api/call.js';
import type { Fields, Message } from '../types.js';
import type { Workspace } from '../workspace.js';

interface Entry {
  readonly workspace: Workspace;
  readonly channel: string;
  readonly user: string;
  readonly at: number;
  uses: number;
  /** What replace_original and delete_original act on. */
  original?: string;
}

export const responseUrlLife = 30 * 60_000;
export const responseUrlUses = 5;

export class ResponseUrls {
  readonly #entries = new Map<string, Entry>();

  constructor(
    readonly now: () => number,
    readonly base: () => string,
  ) {}

  issue(workspace: Workspace, user: string, channel: string, original?: Message): string {
    const id = `${workspace.team}/${token(16)}/${token(24)}`;
    const entry: Entry = { workspace, channel, user, at: this.now(), uses: 0 };
    if (original) entry.original = original.ts;
    this.#entries.set(id, entry);
    keepNewest(this.#entries);
    return `${this.base()}/response/${id}`;
  }

  /** Answers a POST to `/response/<id>`. */
  async serve(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
    const body = await readBody(request);
    const entry = this.#entries.get(id);
    if (!entry || entry.uses >= responseUrlUses || this.now() - entry.at > responseUrlLife)
      return answer(response, 404, { ok: false, error: 'expired_url' });
    const read = readFields(body, request.headers['content-type'] ?? '');
    const given = typeof read === 'string' ? {} : ((parsed(read.payload) as Fields | undefined) ?? read);
    try {
      apply(entry, given);
      entry.uses += 1;
      answer(response, 200, { ok: true });
    } catch (error) {
      if (!(error instanceof SlackError)) throw error;
      answer(response, 400, { ok: false, error: error.code, ...error.extra });
    }
  }
}

function apply(entry: Entry, given: Fields): void {
  const { workspace, channel } = entry;
  const original = entry.original ? workspace.find(channel, entry.original) : undefined;
  if (isTrue(given.delete_original)) {
    if (!original) throw new SlackError('message_not_found');
    workspace.amend(original, { deleted: true });
    return;
  }
  if (isTrue(given.replace_original) && original) {
    const { text, blocks, attachments } = contentOf(given, workspace.files);
    workspace.amend(original, { text, blocks: blocks ?? [], attachments: attachments ?? [] });
    return;
  }
  const message = say(entry, given);
  entry.original ??= message.ts;
}

/** A new message: for the one who acted, unless `response_type` says `in_channel`. */
function say(entry: Entry, given: Fields): Message {
  return sayAs(entry.workspace, entry.channel, entry.user, given);
}

/** Posts what an app answered, to one person or to everybody in the channel. */
export function sayAs(workspace: Workspace, channel: string, user: string, given: Fields): Message {
  const { text, blocks, attachments } = contentOf(given, workspace.files);
  return workspace.post({
    channel,
    user: workspace.options.botUserId,
    bot: true,
    text,
    ...(blocks ? { blocks } : {}),
    ...(attachments ? { attachments } : {}),
    ...(given.response_type === 'in_channel' ? {} : { ephemeralFor: user }),
  });
}
