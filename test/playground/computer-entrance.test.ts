/** Who may open a terminal of the played computer, and what it says to nonsense. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Entrance } from '../../src/playground/computer/entrance.js';

let server: Server;
let entrance: Entrance;
let host: string;

beforeAll(async () => {
  entrance = new Entrance({ bastion: () => null, database: { port: 1 } });
  server = createServer();
  server.on('upgrade', (request, socket, head) => {
    if (!entrance.upgrade(request, socket, head)) socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  entrance.stop();
  await new Promise((resolve) => server.close(resolve));
});

/** How the door answers: `open`, or the status it refuses with. */
function knocks(headers: Record<string, string>, path = '/play/terminal'): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://${host}${path}`, { headers });
    socket.on('open', () => {
      resolve('open');
      socket.close();
    });
    socket.on('unexpected-response', (_request, { statusCode }) => resolve(String(statusCode)));
    socket.on('error', () => undefined);
  });
}

test('only the page of this machine opens a terminal', async () => {
  expect(await knocks({ origin: `http://${host}` })).toBe('open');
  expect(await knocks({})).toBe('403');
  expect(await knocks({ origin: 'null' })).toBe('403');
  expect(await knocks({ origin: 'http://127.0.0.1' })).toBe('403');
  expect(await knocks({ origin: 'https://evil.example' })).toBe('403');
  expect(await knocks({ origin: 'http://evil.example', host: 'evil.example' })).toBe('403');
  expect(await knocks({ origin: `http://${host}`, 'sec-fetch-site': 'cross-site' })).toBe('403');
  expect(await knocks({ origin: `http://${host}` }, '/play/terminal/')).toBe('404');
});

/** Says these words, and gives how it ended and what was shown until then. */
function says(...words: readonly unknown[]): Promise<{ code: number; shown: string }> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://${host}/play/terminal`, { headers: { origin: `http://${host}` } });
    let shown = '';
    socket.on('message', (part) => {
      shown += String(part);
    });
    socket.on('open', () => {
      for (const word of words) socket.send(typeof word === 'string' ? word : JSON.stringify(word));
    });
    socket.on('close', (code) => resolve({ code, shown }));
  });
}

const START = { kind: 'start', handed: null, columns: 80, rows: 24 };

test.each([
  ['nothing that can be read', ['{']],
  ['a key before it has begun', [{ kind: 'type', text: 'a' }]],
  ['a second beginning', [START, START]],
  ['a size that no terminal has', [{ ...START, columns: 1e9 }]],
  ['a field that isn’t known', [{ ...START, run: 'sh' }]],
  ['an unknown word', [START, { kind: 'run', command: 'sh' }]],
])('it ends at %s', async (_what, words) => {
  expect((await says(...words)).code).toBe(1008);
});

test('it reaches nothing but this process’s own bastion and database, and runs nothing else', async () => {
  const lines = [
    'ssh -p 22 root@127.0.0.1',
    'psql "host=127.0.0.1 port=5432 dbname=a user=b"',
    'cat /etc/passwd',
    'exit',
  ];
  const { code, shown } = await says(START, { kind: 'type', text: `${lines.join('\r')}\r` });
  expect(code).toBe(1000);
  expect(shown).toContain('reaches only\r\nnothing: no bastion is open');
  expect(shown).toContain('reaches only\r\n127.0.0.1 port 1');
  expect(shown).toContain('This computer is played');
});
