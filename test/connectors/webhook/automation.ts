/** The operator’s side of the webhook, over real HTTP, written from the protocol alone, and what can be wrong with it. */

import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = Record<string, unknown>;

export interface Request {
  readonly header: string;
  readonly text: string;
  readonly body: Json;
}

/** What an automation could do instead of answering as it should. */
export type Instead = (request: Request, response: ServerResponse) => void;

export interface Automation {
  readonly host: string;
  readonly port: number;
  readonly people: Map<string, string>;
  readonly groups: Map<string, Set<string>>;
  /** Everything that was asked, in order. */
  readonly asked: Request[];
  /** For the next requests of this act; null: as it should again. */
  answerWith(instead: Instead | null): void;
  close(): Promise<void>;
}

export async function startAutomation(key: string): Promise<Automation> {
  const people = new Map<string, string>();
  const groups = new Map<string, Set<string>>();
  const asked: Request[] = [];
  let instead: Instead | null = null;
  const server = createServer(async (incoming, response) => {
    const request = await read(incoming);
    asked.push(request);
    if (instead) return instead(request, response);
    if (!fits(request, key)) return void response.writeHead(401).end();
    answer(response, { call: request.body.call, ...act(people, groups, request.body) }, key);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    people,
    groups,
    asked,
    answerWith(what) {
      instead = what;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with a signed body. */
export function answer(
  response: ServerResponse,
  body: Json,
  key: string,
  status = 200,
  ageSeconds = 0,
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'Keyturn-Signature': signature(text, key, ageSeconds) }).end(text);
}

export function signature(text: string, key: string, ageSeconds = 0): string {
  const t = Math.floor(Date.now() / 1000) - ageSeconds;
  return `t=${t},v1=${createHmac('sha256', key).update(`${t}.${text}`).digest('hex')}`;
}

async function read(incoming: IncomingMessage): Promise<Request> {
  let text = '';
  for await (const part of incoming) text += part;
  return { header: String(incoming.headers['keyturn-signature']), text, body: JSON.parse(text) as Json };
}

export function fits({ header, text }: Request, key: string): boolean {
  const [, t = '', v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  const fresh = Math.abs(Date.now() / 1000 - Number(t)) < 300;
  return fresh && createHmac('sha256', key).update(`${t}.${text}`).digest('hex') === v1;
}

function act(people: Map<string, string>, groups: Map<string, Set<string>>, asked: Json): Json {
  const [login, group] = [String(asked.login), String(asked.group)];
  const yes = (read_back: Json) => ({ done: true, read_back });
  const missing = (what: string) => ({ done: false, trouble: 'missing', message: `There is no ${what}.` });
  if (asked.act === 'verify')
    return yes({ works: people.get(login) === asked.password && asked.password !== '' });
  if (asked.act === 'rotate') {
    if (!people.has(login)) return missing('such login');
    people.set(login, String(asked.password));
    return yes({ login });
  }
  const members = groups.get(group);
  if (asked.act === 'elevate') {
    if (!members) return missing('such group');
    if (asked.as === 'jit') people.set(login, String(asked.password));
    if (!people.has(login)) return missing('such login');
    members.add(login);
  } else {
    members?.delete(login);
    if (asked.as === 'jit') people.delete(login);
  }
  return yes({ login, member: members?.has(login) ?? false });
}
