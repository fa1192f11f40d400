/** A stand-in for the played Teams: it keeps the page's contract in memory, with a bot of a few lines. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type {
  Json,
  TeamsConversation,
  TeamsDialog,
  TeamsMessage,
  TeamsOutcome,
  TeamsState,
} from '../../src/playground/page/teams-contract.js';
import { requestCard, searchForm } from './teams-cards.js';

type Given = Record<string, unknown> & { tenant: string; user: string; kind: string };
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const BOT = { id: '28:bot', name: 'Keyturn', isBot: true };
const IVY = { id: 'aad-ivy', name: 'Ivy Ito', isBot: false };
export const CHAT = 'a:chat-ivy';
export const CHANNEL = '19:access@thread.tacv2';

export class TeamsStandIn {
  readonly acts: Given[] = [];
  /** What the next act is answered with, in place of what the bot does. */
  answer: TeamsOutcome | undefined;
  dialog: TeamsDialog | null = null;
  readonly #messages = new Map<string, Mutable<TeamsMessage>[]>([
    [CHAT, []],
    [CHANNEL, []],
  ]);
  readonly #toasts: { id: string; text: string }[] = [];
  readonly #streams = new Set<ServerResponse>();
  #clock = Date.now() - 600_000;

  /** Says something as the bot, and returns the message's id. */
  post(conversation: string, card: Json | null, text = '', from: TeamsMessage['from'] = BOT): string {
    const list = this.#messages.get(conversation) ?? [];
    const id = `m${list.length + 1}`;
    this.#clock += 1000;
    const at = new Date(this.#clock).toISOString();
    list.push({ id, from, text, card, note: null, edited: false, at });
    this.changed();
    return id;
  }

  /** Puts something else in a message's place. */
  update(conversation: string, id: string, change: Partial<TeamsMessage>): void {
    const message = this.#messages.get(conversation)?.find((one) => one.id === id);
    if (message) Object.assign(message, change);
    this.changed();
  }

  toast(text: string): void {
    this.#toasts.push({ id: `T${this.#toasts.length}`, text });
    this.changed();
  }

  changed(): void {
    for (const stream of this.#streams) stream.write('event: change\ndata: {"tenant":"tenant-beacon"}\n\n');
  }

  async serveHumans(req: IncomingMessage, res: ServerResponse): Promise<boolean> {
    const url = new URL(req.url ?? '/', 'http://x');
    if (!url.pathname.startsWith('/play/teams/')) return false;
    const json = (value: unknown) =>
      res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (url.pathname === '/play/teams/state') json(this.#state());
    else if (url.pathname === '/play/teams/stream') {
      res.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
      this.#streams.add(res);
      req.on('close', () => this.#streams.delete(res));
    } else {
      let body = '';
      for await (const chunk of req) body += chunk;
      json(this.#act(JSON.parse(body) as Given));
      this.changed();
    }
    return true;
  }

  #state(): TeamsState {
    const conversation = (id: string, name: string, kind: TeamsConversation['kind']) => ({
      ...{ id, name, kind },
      messages: this.#messages.get(id) ?? [],
    });
    return {
      tenant: { id: 'tenant-beacon', name: 'Beacon Law' },
      me: IVY,
      conversations: [conversation(CHAT, 'Keyturn', 'personal'), conversation(CHANNEL, 'IT desk', 'channel')],
      dialog: this.dialog,
      toasts: this.#toasts,
    };
  }

  #act(given: Given): TeamsOutcome {
    this.acts.push(given);
    const { answer } = this;
    this.answer = undefined;
    if (answer) return answer;
    if (given.kind === 'close') this.dialog = null;
    if (given.kind === 'message') this.#hear(String(given.conversation), String(given.text));
    if (given.kind === 'search') return { ok: true, choices: found(String(given.query)) };
    if (given.kind === 'execute') this.#press(given);
    return { ok: true };
  }

  #hear(conversation: string, text: string): void {
    this.post(conversation, null, text, IVY);
    if (text === 'request') this.post(conversation, searchForm);
    if (text === 'pending') this.post(conversation, requestCard('Waits for you.', true));
  }

  #press({ verb, conversation, message }: Given): void {
    if (verb !== 'approve') return;
    this.update(String(conversation), String(message), {
      card: requestCard('✅ Ivy Ito approved', false),
      edited: true,
      note: { kind: 'message', text: 'Approved.' },
    });
  }
}

/** More than Teams shows. */
function found(query: string) {
  return Array.from({ length: 20 }, (_, n) => ({
    title: `Client ${n + 1}`,
    value: `client-${n + 1}`,
  })).filter(({ title }) => title.toLowerCase().includes(query.toLowerCase()));
}
