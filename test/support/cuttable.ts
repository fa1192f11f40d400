/** A TCP line to a target that a test can take down, silence, or cut in the middle of any exchange. */

import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Cuttable {
  readonly host: string;
  readonly port: number;
  /**
   * Drops what is open. From then on `drops` resets whoever connects, and `silent` accepts them and never says
   * a word, as a firewall that swallows packets does.
   */
  takeDown(how: 'drops' | 'silent'): void;
  bringUp(): void;
  /**
   * The n-th piece that passes from now on, in either direction and over every connection, is swallowed and all
   * connections are reset with it; then the line works again. n counts from 1. TLS handshakes are pieces too.
   */
  cutAt(n: number): void;
  /** Whether the cut came. One that hasn't come yet is forgotten. */
  mend(): boolean;
  close(): Promise<void>;
}

/** Opens a line to `target` on a free port of this machine. */
export async function cuttable(target: { readonly host: string; readonly port: number }): Promise<Cuttable> {
  const open = new Set<Socket>();
  let state: 'up' | 'drops' | 'silent' = 'up';
  let left = Number.POSITIVE_INFINITY;
  let cut = false;

  const dropAll = () => {
    for (const socket of open) socket.resetAndDestroy();
  };
  const passes = () => {
    left -= 1;
    if (left > 0) return true;
    left = Number.POSITIVE_INFINITY;
    cut = true;
    dropAll();
    return false;
  };

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    keep(open, near);
    if (state === 'drops') return void near.resetAndDestroy();
    if (state === 'silent') return void near.resume();
    const far = connect({ ...target, allowHalfOpen: true, noDelay: true });
    keep(open, far);
    forward(near, far, passes);
    forward(far, near, passes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { address, port } = server.address() as AddressInfo;

  return {
    host: address,
    port,
    takeDown(how) {
      state = how;
      dropAll();
    },
    bringUp() {
      state = 'up';
      dropAll();
    },
    cutAt(n) {
      left = n;
      cut = false;
    },
    mend() {
      left = Number.POSITIVE_INFINITY;
      return cut;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      dropAll();
      await closed;
    },
  };
}

function keep(open: Set<Socket>, socket: Socket): void {
  open.add(socket);
  socket.on('close', () => open.delete(socket));
}

function forward(from: Socket, to: Socket, passes: () => boolean): void {
  from.on('data', (piece) => {
    if (!passes() || to.destroyed) return;
    if (to.write(piece)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
  from.on('end', () => to.end());
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroy());
}
