/** The door of the played database, where there is nothing behind it. */

import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { Secret } from '../../src/config/secret.js';
import { openPostgres } from '../../src/connectors/postgres/index.js';
import { openDatabaseDoor } from '../../src/playground/postgres/door.js';
import { inTemporaryFolder } from '../support/temporary.js';

const cannot = async () => {
  throw new Error('A real Postgres takes something that is not installed.');
};

test('says to whoever knocks why the database isn’t there, and begins only once', async () => {
  await inTemporaryFolder(async (folder) => {
    const door = await openDatabaseDoor(join(folder, 'port'));
    let begun = 0;
    door.open(() => {
      begun += 1;
      return cannot();
    });
    try {
      for (const ssl of [false, { rejectUnauthorized: false }]) {
        const client = new pg.Client({
          host: '127.0.0.1',
          port: door.port,
          user: 'a',
          password: 'b',
          database: 'c',
          ssl,
        });
        await expect(client.connect()).rejects.toThrow(
          /can’t run on this computer: A real Postgres takes|does not support SSL/,
        );
      }
      expect(begun).toBe(1);
      const settings = { url: `postgres://keyturn@127.0.0.1:${door.port}/books` };
      const system = { id: 'books', client: 'beacon', type: 'postgres', settings };
      const connector = openPostgres({ system, secret: async () => new Secret('x') } as never);
      await expect(connector.jitLogins?.()).rejects.toThrow(
        /PostgreSQL at 127\.0\.0\.1:\d+ says: the played database can’t run on this computer: .*Keyturn tries again\./,
      );
    } finally {
      await door.stop();
    }
  });
});

test('is at the same port again, and lets nobody wait who leaves', async () => {
  await inTemporaryFolder(async (folder) => {
    const file = join(folder, 'port');
    const door = await openDatabaseDoor(file);
    const client = new pg.Client({
      host: '127.0.0.1',
      port: door.port,
      user: 'a',
      password: 'b',
      database: 'c',
    });
    const knocking = client.connect().then(
      () => 'in',
      () => 'sent away',
    );
    await door.stop();
    expect(await knocking).toBe('sent away');
    const again = await openDatabaseDoor(file);
    expect(again.port).toBe(door.port);
    await again.stop();
  });
});
