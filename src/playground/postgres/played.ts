/** The played client's database as a whole: its door, and a real server behind it, filled and thrown away at the end. */

import type { Secret } from '../../config/secret.js';
import { fillBooks } from './books.js';
import { type DatabaseDoor, openDatabaseDoor } from './door.js';
import { startPostgres } from './server.js';

/** Somebody who has just started has better use for the processor; who knocks meanwhile waits so long. */
const LATER_MS = 3_000;

export interface PlayedDatabase {
  readonly port: number;
  /** Lets in whoever knocks; `keyturn` is what Keyturn itself signs in with. */
  open(keyturn: Secret): void;
  stop(): Promise<void>;
}

/** @param file where its port is kept from one start to the next. */
export async function openPlayedDatabase(file: string): Promise<PlayedDatabase> {
  const door: DatabaseDoor = await openDatabaseDoor(file);
  let later: NodeJS.Timeout | undefined;
  return {
    port: door.port,
    open: (keyturn) => {
      later = setTimeout(() => door.open(() => startBooks(keyturn)), LATER_MS).unref();
    },
    stop: () => {
      clearTimeout(later);
      return door.stop();
    },
  };
}

async function startBooks(keyturn: Secret) {
  if (process.platform === 'win32') throw new Error('it is played on Linux and macOS only');
  const server = await startPostgres({ prefix: 'keyturn-books-' });
  try {
    await fillBooks(server.url, keyturn);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { port: Number(new URL(server.url).port), stop: () => server.stop() };
}
