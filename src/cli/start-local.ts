/** `start --local`: plays everything on this machine and opens one page. */

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { startApp } from '../app.js';
import { createLog } from '../config/logging.js';
import { processVariables } from '../config/variables.js';
import { startLocal as play } from '../playground/local.js';
import { untilStopped } from './signals.js';

const FOLDER = '.keyturn';

export async function startLocal(): Promise<number> {
  const variables = processVariables();
  const port = await freePort(Number(variables.PORT ?? 3000));
  const pagePort = await freePort(port + 1);
  const sshPort = await freePort(Number(variables.SSH_PORT ?? 2222));
  const local = await play({
    folder: FOLDER,
    port,
    pagePort,
    sshPort,
    log: createLog(variables.LOG_LEVEL ?? 'warn'),
    start: startApp,
  });
  console.log(`\n  Keyturn plays Northwind IT here. Open\n\n      ${local.url}\n`);
  console.log(`  Everything is made up and stays in ./${FOLDER}. Ctrl-C stops it.\n`);
  if (process.stdout.isTTY && variables.CI === undefined) openInBrowser(local.url);
  await untilStopped();
  await local.stop();
  return 0;
}

/** The wished port, or one that is free. */
function freePort(wished: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', () => (wished === 0 ? reject(new Error('no port is free')) : resolve(freePort(0))));
    server.listen(wished, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : wished));
    });
  });
}

/** Best effort: the address is printed anyway. */
function openInBrowser(url: string): void {
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open';
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}
