/** Port forwarding, for accounts that allow it: TCP through the target, both ways. What goes through it is not recorded. */

import type ssh2 from 'ssh2';
import type { Host, OpenChannel } from './channel.js';
import { pump, socketOf } from './flow.js';

export interface Forwarding extends Host {
  /** Whether one more channel may be opened; keeps count of it until it is closed. */
  add(channel: OpenChannel, closed: (act: () => void) => void): boolean;
}

/** Lets this connection forward ports. Where it isn’t called, all of that is refused. */
export function allowForwarding(user: ssh2.Connection, host: Forwarding): void {
  user.on('tcpip', (accept, reject, { srcIP, srcPort, destIP, destPort }) => {
    withTarget(host, reject, (target) =>
      target.forwardOut(srcIP, srcPort, destIP, destPort, (error, up) => {
        if (error) reject();
        else join(host, target, accept(), up);
      }),
    );
  });
  user.on('request', (accept, reject, name, info) => {
    const refuse = () => reject?.();
    if (!('bindAddr' in info)) return refuse();
    const { bindAddr, bindPort } = info;
    withTarget(host, refuse, (target) => {
      if (name === 'tcpip-forward')
        target.forwardIn(bindAddr, bindPort, (error, port) => (error ? refuse() : accept?.(port)));
      else if (name === 'cancel-tcpip-forward')
        target.unforwardIn(bindAddr, bindPort, ((error?: Error) =>
          error ? refuse() : accept?.()) as ssh2.Callback);
      else refuse();
    });
  });
  host.upstream.then((target) =>
    target.on('tcp connection', ({ destIP, destPort, srcIP, srcPort }, accept, reject) => {
      user.forwardOut(destIP, destPort, srcIP, srcPort, (error, down) => {
        if (error) reject();
        else join(host, target, down, accept());
      });
    }),
  );
}

function withTarget(host: Host, refuse: () => void, act: (target: ssh2.Client) => void): void {
  host.upstream.then(act).catch(refuse);
}

function join(host: Forwarding, target: ssh2.Client, down: ssh2.Channel, up: ssh2.Channel): void {
  const close = () => {
    down.close();
    up.close();
  };
  const channel: OpenChannel = {
    cut() {
      close();
      return false;
    },
    waiting: () => ({ fromUser: down.readableLength, fromTarget: up.readableLength }),
  };
  for (const each of [down, up]) each.on('error', () => {});
  if (!host.add(channel, (act) => down.on('close', act))) {
    close();
    return;
  }
  const tap = () => host.pass(() => {});
  // Not end(): on the bastion’s side ssh2 would close both ways with it.
  const over = (to: ssh2.Channel) => () => void to.write('', () => to.eof());
  pump(down, up, socketOf(target), tap, over(up));
  pump(up, down, host.socket, tap, over(down));
  up.on('close', () => {
    down.end();
    down.resume();
  });
  down.on('close', () => {
    up.close();
    up.resume();
  });
}
