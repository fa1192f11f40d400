/** Fewer and larger writes: ssh2 hands every packet to the system by itself, which costs more than to encrypt it. */

import type { Socket } from 'node:net';

/** Whatever one read from any of these sockets brings about on them goes out together, in the same turn of the event loop. */
export function gather(sockets: readonly Socket[]): void {
  // Before ssh2's own listener, which passes on at once what it has read.
  for (const from of sockets)
    from.prependListener('data', () => {
      for (const to of sockets) to.cork();
      setImmediate(() => {
        for (const to of sockets) to.uncork();
      });
    });
}
