/** What keyturn.yaml says of a system behind a webhook. */

import { z } from 'zod';
import type { System } from '../../core/accounts.js';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

const shape = z.object({ url: z.string().max(2000) });

/** @throws Error naming what is wrong, without the address: somebody may have put a password into it. */
export function urlOf(system: System): URL {
  const read = shape.safeParse(system.settings);
  const url = read.success && URL.canParse(read.data.url) ? new URL(read.data.url) : null;
  const encrypted = url?.protocol === 'https:';
  const local = url?.protocol === 'http:' && LOOPBACK.includes(url.hostname);
  if (url && (encrypted || local) && url.username === '' && url.password === '' && url.hash === '')
    return url;
  throw new Error(
    `System ${system.client}/${system.id} needs a url that begins with https://, without a password: http:// is only for this machine.`,
  );
}
