/** People who sit in sessions, and see when the last of them comes. */

import ssh2 from 'ssh2';

/** One connection with one channel open in it. */
export interface User {
  /** When the target last said something, by `performance.now()`. */
  lastByte(): number;
  /** The next whole line that it says, and when it came. */
  hears(matching: RegExp): Promise<{ readonly line: string; readonly at: number }>;
  types(text: string): void;
  /** Resolves once the connection is gone. */
  readonly gone: Promise<void>;
  leave(): void;
}

/** What is opened: a command, or an idle terminal where there is none. @throws where nobody is let in */
export async function enter(port: number, username: string, typed: string, command?: string): Promise<User> {
  const client = new ssh2.Client();
  const gone = new Promise<void>((resolve) => void client.on('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    client.once('ready', () => resolve());
    client.on('error', reject);
    client.connect({ host: '127.0.0.1', port, username, password: typed, hostVerifier: () => true });
  });
  const channel = await new Promise<ssh2.ClientChannel>((resolve, reject) => {
    const opened: ssh2.ClientCallback = (error, open) => (error ? reject(error) : resolve(open));
    if (command === undefined) client.shell(opened);
    else client.exec(command, opened);
  });
  const types = (text: string) => void channel.write(text);
  return { ...heard(channel), types, gone, leave: () => void client.end() };
}

type Awaited = (line: string, at: number) => boolean;

function heard(channel: ssh2.ClientChannel): Pick<User, 'lastByte' | 'hears'> {
  let [last, rest] = [Number.NaN, ''];
  const awaited = new Set<Awaited>();
  channel.on('data', (data: Buffer) => {
    last = performance.now();
    const lines = (rest + data.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) for (const each of awaited) if (each(line, last)) awaited.delete(each);
  });
  // Keyturn's last words come here: they are not the target's.
  channel.stderr.resume();
  return {
    lastByte: () => last,
    hears: (matching) =>
      new Promise((resolve) => {
        awaited.add((line, at) => {
          if (!matching.test(line)) return false;
          resolve({ line, at });
          return true;
        });
      }),
  };
}
