/** A stand-in for the played Slack: it keeps the page's contract in memory, with a bot of a few lines. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Block } from '../../src/playground/page/blocks/types.js';
import type { ClockView } from '../../src/playground/page/clock-contract.js';
import type { Message, Outcome, SlackState, Values, View } from '../../src/playground/page/slack-contract.js';
import { type AuditEvent, type Cast, playgroundPage } from '../../src/playground/page-server.js';
import { type Ask, clients, gallery, grantCard, linkCard, requestCard, requestForm } from './cards.js';
import { cast as plainCast, teamNames } from './cast.js';

/** Another played service that people use. */
interface Played {
  serveHumans(req: IncomingMessage, res: ServerResponse): Promise<boolean>;
}

type Given = Record<string, unknown> & { team: string; user: string; kind: string };
type Kept = Omit<Message, 'ephemeral'> & { channel: string; only?: string };

const BOT = { id: 'U0KEYTURN', name: 'Keyturn', isBot: true };

export class StandIn {
  readonly acts: Given[] = [];
  #messages: Kept[] = [];
  readonly #views = new Map<string, View>();
  readonly #homes = new Map<string, View>();
  readonly #toasts = new Map<string, { id: string; text: string }[]>();
  readonly #streams = new Set<ServerResponse>();
  readonly #audit: AuditEvent[] = [];
  #ask: Ask | undefined;
  #clock = Math.floor(Date.now() / 1000) - 600;
  readonly #server: Server;
  whole = true;
  readonly #windings = [{ at: 0, ahead: 0 }];

  /** @param other served from the page's own origin, as in local mode. */
  constructor(cast: Cast = plainCast, other?: Played) {
    const clock = { view: () => this.#clockView(), wind: async (seconds: number) => this.wind(seconds) };
    const audit = async () => ({ whole: this.whole, events: this.#audit });
    const page = playgroundPage({ cast, audit, clock });
    this.#server = createServer(async (req, res) => {
      if (page(req, res) || (await other?.serveHumans(req, res))) return;
      await this.#serve(req, res);
    });
    for (const { user, chat } of cast.people)
      if (chat === 'slack') this.post(`D-${user}`, 'Hello. Type `/access help` to see what I do.');
  }

  async start(port = 0): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(port, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  stop(): Promise<unknown> {
    this.#server.closeAllConnections();
    return new Promise((done) => this.#server.close(done));
  }

  post(channel: string, text: string, blocks: readonly Block[] = [], only?: string, from = BOT): void {
    this.#clock += 1;
    const at = new Date(this.#clock * 1000).toISOString();
    const ts = `${this.#clock}.000100`;
    this.#messages.push({ channel, ts, from, text, blocks, edited: false, at, ...(only && { only }) });
    this.#changed();
  }

  showGallery(): void {
    this.post('D-U0SANA', 'Everything', gallery);
  }

  /** The clock goes on; whoever listens hears of it. */
  wind(seconds: number): void {
    this.#windings.push({ at: Date.now(), ahead: (this.#windings.at(-1)?.ahead ?? 0) + seconds * 1000 });
    this.#tell({ team: 'T0NORTHWIND', users: [], clock: this.#clockView() });
  }

  #clockView(): ClockView {
    return { timezone: 'America/Chicago', windings: this.#windings };
  }

  toast(user: string, text: string): void {
    this.#toasts.set(user, [{ id: `N${Date.now()}`, text }]);
    this.#changed();
  }

  #changed(): void {
    for (const team of ['T0NORTHWIND', 'T0DELTA']) this.#tell({ team });
  }

  #tell(change: object): void {
    for (const stream of this.#streams) stream.write(`event: change\ndata: ${JSON.stringify(change)}\n\n`);
  }

  #record(actor: string, action: string, subject: string, detail: AuditEvent['detail']): void {
    const chain = 'Acme Dental';
    const seq = this.#audit.length + 1;
    this.#audit.unshift({ chain, seq, at: new Date().toISOString(), actor, action, subject, detail });
  }

  async #serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', 'http://x');
    const json = (value: unknown) =>
      res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (url.pathname === '/play/slack/state') return void json(this.#state(url.searchParams));
    if (url.pathname === '/play/slack/stream') {
      res.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
      this.#streams.add(res);
      return void req.on('close', () => this.#streams.delete(res));
    }
    if (url.pathname !== '/play/slack/act') return void res.writeHead(404).end();
    let body = '';
    for await (const chunk of req) body += chunk;
    json(this.#act(JSON.parse(body) as Given));
    this.#changed();
  }

  #state(query: URLSearchParams): SlackState {
    const [team = '', user = ''] = [query.get('team') ?? '', query.get('user') ?? ''];
    const channels =
      team === 'T0NORTHWIND'
        ? [
            ['C0ACCESS', 'access-requests'],
            ['C0ALERTS', 'alerts'],
          ]
        : [];
    const of = (channel: string) =>
      this.#messages
        .filter((message) => message.channel === channel && (!message.only || message.only === user))
        .map(({ only, channel: _, ...message }) => ({ ...message, ephemeral: only !== undefined }));
    return {
      team: { id: team, name: teamNames[team] ?? team },
      me: { id: user, name: nameOf(user) },
      channels: [
        ...channels.map(([id = '', name = '']) => ({ id, name, kind: 'channel' as const, messages: of(id) })),
        { id: `D-${user}`, name: 'Keyturn', kind: 'dm', messages: of(`D-${user}`) },
      ],
      view: this.#views.get(user) ?? null,
      toasts: this.#toasts.get(user) ?? [],
      home: this.#homes.get(user) ?? null,
    };
  }

  #act(given: Given): Outcome {
    this.acts.push(given);
    const { user, kind } = given;
    if (kind === 'slash') return this.#slash(user, String(given.channel), String(given.text));
    if (kind === 'message') {
      // Slack writes what was typed with its three escapes.
      const text = String(given.text)
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;');
      this.post(String(given.channel), text, [], undefined, { id: user, name: nameOf(user), isBot: false });
    } else if (kind === 'shortcut') this.#views.set(user, requestForm('V1'));
    else if (kind === 'close') this.#views.delete(user);
    else if (kind === 'home') this.#homes.set(user, { id: `H-${user}`, blocks: gallery.slice(0, 3) });
    else if (kind === 'options')
      return {
        ok: true,
        options: clients.filter(({ text }) =>
          text.text.toLowerCase().includes(String(given.value).toLowerCase()),
        ),
      };
    else if (kind === 'select' && given.actionId === 'client') this.#pickClient(user, given);
    else if (kind === 'submit') return this.#submit(user, given.values as Values);
    else if (kind === 'click') return this.#click(user, String(given.actionId));
    return { ok: true };
  }

  #pickClient(user: string, given: Given): void {
    const option = given.selectedOption as { value: string } | null;
    this.#views.set(user, requestForm('V1', option?.value));
  }

  #slash(user: string, channel: string, text: string): Outcome {
    if (text === '' || text === 'request') this.#views.set(user, requestForm('V1'));
    else if (text === 'slow')
      return { ok: false, error: 'The app did not answer within 3 seconds (operation_timeout).' };
    else if (/^\S+\/\S+/.test(text)) this.#asked(user, text.split(/\s+/).slice(2).join(' '));
    else this.post(channel, 'You can type `/access mine`, `/access pending` or *`/access help`*.', [], user);
    return { ok: true };
  }

  #asked(user: string, reason: string): void {
    this.#ask = {
      id: 'R-8F3KQ2',
      client: 'Acme Dental',
      account: 'Front desk PC, local admin',
      duration: '30m',
      reason,
      by: user,
    };
    const card = requestCard(this.#ask, 'Needed: *1 of leads*', true);
    for (const channel of ['C0ACCESS', 'D-U0LENA']) this.post(channel, 'Acme Dental: a request', card);
    this.post(`D-${user}`, 'Asked. Lena or Omar decide; you hear it here.');
    this.#record(nameOf(user), 'asked for', 'acme/front-desk', {
      request: 'R-8F3KQ2',
      how: 'reveal',
      duration: '30m',
    });
  }

  #submit(user: string, values: Values): Outcome {
    const view = this.#views.get(user);
    const why = values.why?.why?.value ?? '';
    if (view && why.length < 5) this.#views.set(user, { ...view, errors: { why: 'Say a little more.' } });
    else {
      this.#views.delete(user);
      this.#asked(user, why);
    }
    return { ok: true };
  }

  #click(user: string, action: string): Outcome {
    const ask = this.#ask;
    if (!ask || !['approve', 'deny', 'reveal', 'return_early'].includes(action)) return { ok: true };
    if (action === 'approve' && user === ask.by) {
      this.post('C0ACCESS', 'You asked for this yourself: somebody else must approve it.', [], user);
      return { ok: true };
    }
    if (action === 'approve') {
      this.#update('Acme Dental: a request', requestCard(ask, `✅ <@${user}> approved`, false));
      this.post(`D-${ask.by}`, 'Acme Dental: yours', grantCard(ask, true));
      this.#record(nameOf(user), 'approved', 'R-8F3KQ2', 'the whole 30m');
    }
    if (action === 'deny')
      this.#update('Acme Dental: a request', requestCard(ask, `⛔ <@${user}> denied`, false));
    if (action === 'reveal') this.post(`D-${user}`, 'Your link', linkCard);
    if (action === 'return_early') this.#update('Acme Dental: yours', grantCard(ask, false));
    if (action !== 'approve') this.#record(nameOf(user), action.replace('_', ' '), 'R-8F3KQ2', null);
    return { ok: true };
  }

  #update(text: string, blocks: readonly Block[]): void {
    this.#messages = this.#messages.map((message) =>
      message.text === text ? { ...message, blocks } : message,
    );
  }
}

function nameOf(user: string): string {
  return plainCast.people.find((person) => person.user === user)?.name ?? user;
}
