/** A registered key: it opens while the way is open, and then what an editor, a copy and a second window need; alone it opens nothing. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Brokered, openBrokered, sessionsOf } from '../support/brokered.js';
import { connects, returns } from '../support/sessions.js';
import { newKeyPair } from '../support/ssh-bastion.js';

describe('with a key of one’s own', () => {
  let at: Brokered;
  let options: string[];
  beforeAll(async () => {
    at = await openBrokered({ phones: {} });
    const key = await newKeyPair(at.programs, 'ed25519', 'own');
    options = ['PreferredAuthentications=publickey', `IdentityFile=${key.path}`];
    const tess = at.world.person('Tess');
    await tess.types(`ssh-key ${key.public}`);
    await tess.confirmsOnPhone(key.fingerprint.slice(0, 20));
    await tess.receives('An SSH key was registered for you');
  }, 120_000);
  afterAll(() => at.close());

  const runs = (grant: string, command: string) =>
    at.programs.run('ssh', [`${grant}@127.0.0.1`, command], { options });

  test('one press and one yes on the phone, and ssh, scp and a second window need no more; the key alone is refused', async () => {
    const tess = at.world.person('Tess');
    const grant = await at.takes(tess);
    const alone = await runs(grant, 'id');
    expect(alone.code).toBe(255);
    expect(alone.stderr).toContain('Permission denied');

    await at.world.wait(31);
    await connects(tess, grant);
    expect((await runs(grant, 'id')).code).toBe(255);
    await tess.confirmsOnPhone(grant);
    await tess.receives('The way is open for ten minutes', grant);
    const window = at.programs.start('ssh', [`${grant}@127.0.0.1`, 'echo begun; exec cat'], { options });
    await window.shows(/begun/);

    // Long after the ten minutes, beside what is open, and from the same place.
    await at.world.wait(15 * 60);
    await writeFile(join(at.programs.folder, 'notes.txt'), 'for the server');
    const copy = await at.programs.run('scp', ['-q', 'notes.txt', `${grant}@127.0.0.1:notes.txt`], {
      options,
    });
    expect(copy.code, copy.stderr).toBe(0);
    expect((await runs(grant, 'cat notes.txt')).stdout.toString()).toBe('for the server');

    window.child.stdin.end();
    expect((await window.finished).code).toBe(0);
    // Within the idle limit one may come back; after it the key alone is nothing again.
    expect((await runs(grant, 'id -un')).stdout.toString()).toBe('ops\n');
    await expect
      .poll(async () => (await sessionsOf(at.world, grant)).filter(({ state }) => state === 'open'))
      .toEqual([]);
    await at.world.wait(15 * 60 + 1);
    const late = await runs(grant, 'id');
    expect([late.code, late.stderr]).toEqual([255, alone.stderr]);
    await returns(tess, grant);
  }, 60_000);

  test('ended by its owner it opens nothing any more, and what it had opened is cut', async () => {
    const tess = at.world.person('Tess');
    const grant = await at.takes(tess);
    await at.world.wait(31);
    await connects(tess, grant);
    await tess.confirmsOnPhone(grant);
    await tess.receives('The way is open for ten minutes', grant);
    const window = at.programs.start('ssh', [`${grant}@127.0.0.1`, 'echo begun; exec cat'], { options });
    await window.shows(/begun/);
    const [label] = /End \S+/.exec(await tess.hears('ssh-key')) ?? [];
    await at.world.wait(31);
    await tess.presses(label as string);
    await tess.confirmsOnPhone('SHA256:');
    expect((await window.finished).code).toBe(255);
    expect((await runs(grant, 'id')).code).toBe(255);
    await returns(tess, grant);
  }, 60_000);
});
