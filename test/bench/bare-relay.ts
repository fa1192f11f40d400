/** ssh2 and nothing else: whoever comes is let in and joined to the same thing at the target. */

import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2 from 'ssh2';
import { newKey } from '../../src/connectors/ssh/keys.js';
import { tellMemory } from './memory.js';

const [host = '', port = '', username = '', password = ''] = process.argv.slice(2);
const users = new Map<string, () => void>();
const hostKeys = [newKey().reveal()];

const server = new ssh2.Server({ hostKeys }, (user) => {
  const target = new ssh2.Client();
  const reached = new Promise<void>((resolve) => void target.once('ready', () => resolve()));
  target.connect({ host, port: Number(port), username, password });
  const end = () => {
    user.end();
    target.end();
  };
  for (const side of [user, target]) side.on('error', () => undefined).on('close', end);
  user.on('authentication', (context) => {
    users.set(context.username, end);
    context.accept();
  });
  user.on('session', (accept) => {
    const session = accept();
    let pty: ssh2.PseudoTtyInfo | undefined;
    session.on('pty', (yes, _no, info) => {
      pty = info;
      yes?.();
    });
    const joined = (channel: ssh2.ServerChannel) => (error: Error | undefined, up: ssh2.ClientChannel) => {
      if (error) return end();
      join(channel, up);
    };
    session.on('shell', (yes) => {
      const channel = yes();
      reached.then(() => target.shell(pty ?? false, joined(channel)));
    });
    session.on('exec', (yes, _no, { command }) => {
      const channel = yes();
      reached.then(() => target.exec(command, joined(channel)));
    });
    session.on('subsystem', (yes, _no, { name }) => {
      const channel = yes() as unknown as ssh2.ServerChannel;
      reached.then(() => target.subsys(name, joined(channel)));
    });
  });
});

function join(channel: ssh2.ServerChannel, up: ssh2.ClientChannel): void {
  (channel as Duplex).pipe(up as Duplex).pipe(channel as Duplex, { end: false });
  up.on('exit', (code: number | null) => channel.exit(code ?? 255));
  up.on('close', () => channel.end());
}

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ port });
});
process.on('message', (what) => {
  if (what === 'memory') tellMemory();
  else users.get(String(what))?.();
});
process.on('disconnect', () => process.exit(0));
